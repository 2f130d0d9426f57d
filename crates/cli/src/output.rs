//! Output: `-o` arguments to stdout and files.

use std::io::Write as _;

use anyhow::Context as _;
use camino::Utf8Path;

/// Writes to stdout; a closed pipe comes back as an error of kind `BrokenPipe`.
///
/// # Errors
///
/// When stdout cannot be written.
pub fn print(text: impl AsRef<[u8]>) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_ref()).and_then(|()| stdout.flush()).context("failed to write to stdout")
}

/// Writes a file whole or not at all: a neighbour first, then a rename. A device or pipe is written to directly.
///
/// # Errors
///
/// When the folder does not exist, is not permitted or is full.
pub fn write_file(path: &Utf8Path, content: &[u8]) -> anyhow::Result<()> {
    let failed = || format!("failed to write {path}");
    let is_special = std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
    if is_special {
        return std::fs::write(path, content).with_context(failed);
    }
    let temporary = path.with_extension(format!("{}.tmp{}", path.extension().unwrap_or_default(), std::process::id()));
    let written = std::fs::File::create(&temporary)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&temporary, path));
    if written.is_err() {
        // The neighbour may not exist; what counts is the error that is returned.
        let _ = std::fs::remove_file(&temporary);
    }
    written.with_context(failed)
}
