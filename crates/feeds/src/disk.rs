//! Writing so that a crash at any point leaves either the old file or the new one.
//!
//! A rename is atomic but not durable: the folder has to be brought to the disk too (fsync(2) of the directory).
//! Feeds are public, so files are made readable to everyone whatever the umask: another user can then assess with them.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::PermissionsExt;

use camino::Utf8Path;
use sha2::{Digest, Sha256};

use crate::download::hexadecimal;
use crate::error::{FeedError, folder_of};

/// Makes a folder and its parents; the folder itself is readable to everyone.
pub(crate) fn make_folder(path: &Utf8Path) -> Result<(), FeedError> {
    if path.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(path).map_err(|cause| FeedError::writing(path, cause))?;
    fs::set_permissions(path, Permissions::from_mode(0o755)).map_err(|cause| FeedError::writing(path, cause))
}

/// Replaces a small file in one step.
pub(crate) fn replace(path: &Utf8Path, bytes: &[u8]) -> Result<(), FeedError> {
    let new = path.with_extension("new");
    let written = OpenOptions::new().write(true).create(true).truncate(true).open(&new).and_then(|mut file| {
        file.write_all(bytes)?;
        file.set_permissions(Permissions::from_mode(0o644))?;
        file.sync_all()
    });
    if let Err(cause) = written {
        // What is left of it is of no use, and takes room where there may be none.
        let _ = fs::remove_file(&new);
        return Err(FeedError::writing(path, cause));
    }
    rename(&new, path)
}

/// Moves a file that is on the disk already to its place.
pub(crate) fn rename(from: &Utf8Path, to: &Utf8Path) -> Result<(), FeedError> {
    fs::set_permissions(from, Permissions::from_mode(0o644)).map_err(|cause| FeedError::writing(from, cause))?;
    fs::rename(from, to).map_err(|cause| FeedError::writing(to, cause))?;
    let folder = folder_of(to);
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|cause| FeedError::writing(folder, cause))
}

/// Removes a folder and all in it, if it is there.
pub(crate) fn remove_folder(path: &Utf8Path) -> Result<(), FeedError> {
    match fs::remove_dir_all(path) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => Err(FeedError::writing(path, cause)),
        _ => Ok(()),
    }
}

/// SHA-256 of a file, hexadecimal, and its size.
pub(crate) fn digest(path: &Utf8Path) -> Result<(String, u64), FeedError> {
    let mut file = File::open(path).map_err(|cause| FeedError::reading(path, cause))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    let mut bytes = 0;
    loop {
        let count = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(cause) if cause.kind() == ErrorKind::Interrupted => continue,
            Err(cause) => return Err(FeedError::reading(path, cause)),
        };
        hasher.update(buffer.get(..count).unwrap_or_default());
        bytes += count as u64;
    }
    Ok((hexadecimal(&hasher.finalize()), bytes))
}

/// Whether a file is there and is what it was when it was stored.
pub(crate) fn is_intact(path: &Utf8Path, expected_digest: &str, expected_bytes: u64) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() == expected_bytes)
        && digest(path).is_ok_and(|(digest, _)| digest == expected_digest)
}
