//! CycloneDX in JSON: version 1.6 is written, 1.2 to 1.7 are read.

mod reader;
mod writer;

pub(crate) use reader::read;
pub use writer::write;
