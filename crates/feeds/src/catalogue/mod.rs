//! The catalogue of sources: where each comes from and how it is read.

mod alpine;
mod row;
mod table;

pub(crate) use row::{Content, FIRST_NVD_YEAR, NOTHING, Reader, Row, SourceFile};
pub(crate) use table::CATALOGUE;
