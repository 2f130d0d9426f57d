//! Tar archives as layers of images use them: ustar, PAX and GNU, each with sparse files.
//!
//! Where two readers of tar may differ, this one does as Go's `archive/tar`: container runtimes unpack with it, and
//! what they see is what runs.

mod error;
mod header;
mod number;
mod pax;
mod reader;
mod sparse;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use error::TarError;
pub(crate) use reader::{TarBudget, TarEntry, TarKind, TarReader};
pub(crate) use sparse::{Data, Piece};
