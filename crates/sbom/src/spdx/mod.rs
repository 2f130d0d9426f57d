//! SPDX in JSON: 2.3 and 3.0 are written, 2.2, 2.3 and 3.0 are read.

mod graph_reader;
mod graph_writer;
mod reader;
mod writer;

pub(crate) use graph_reader::read_graph;
pub use graph_writer::write_graph;
pub(crate) use reader::read;
pub use writer::write;
