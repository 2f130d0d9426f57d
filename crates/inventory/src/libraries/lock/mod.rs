//! Lock files and manifests: what an installation would bring.
//!
//! One file per format, from bytes to [`super::found::Parsed`]; nothing here opens a file. Surprising: only exact
//! versions are taken. A range says what would do, not what is there.

mod cargo_lock;
mod format;
mod npm_version;
mod package_lock;
mod syntax;

pub use format::{LockFormat, parser_of};
