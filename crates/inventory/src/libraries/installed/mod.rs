//! Metadata of installed libraries, from bytes to [`super::found::Parsed`]; nothing here opens a file.

pub mod gemspec;
pub mod package_json;
pub mod python_metadata;
