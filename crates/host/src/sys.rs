//! The one place with `unsafe`: memory-mapping a file of Assay's own.
//!
//! Files of a target are never mapped: another process may cut them short, and a read beyond the end then kills the
//! reader (mmap(2), SIGBUS). What is mapped here is replaced by rename only, so its pages stay as they are.

#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::path::Path;

use memmap2::Mmap;

/// Maps a whole regular file of Assay's own data directory, read-only; an empty file maps to no bytes.
///
/// # Errors
///
/// When the file cannot be opened, is no regular file, or cannot be mapped.
pub fn map_file(path: &Path) -> io::Result<Mmap> {
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    // SAFETY: the mapping is private and read-only. Assay replaces its databases by rename and never writes to one that
    // exists, so the mapped inode does not change; who may write to the data directory may also replace the program.
    unsafe { Mmap::map(&file) }
}
