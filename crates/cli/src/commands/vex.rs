//! VEX documents that the user names: read whole before anything is assessed.

use std::io::Read as _;

use anyhow::{Context as _, bail};
use assay_advisory::Limits;
use assay_advisory::import::vex;
use assay_assess::VexFile;
use camino::{Utf8Path, Utf8PathBuf};

/// Largest document that is read, in bytes.
const MAX_BYTES: u64 = 64 << 20;

/// Reads the documents.
///
/// # Errors
///
/// When one cannot be read, or nothing in it can be used; names the file.
pub fn read(paths: &[Utf8PathBuf]) -> anyhow::Result<Vec<VexFile>> {
    paths.iter().map(|path| read_one(path)).collect()
}

fn read_one(path: &Utf8Path) -> anyhow::Result<VexFile> {
    let failed = || format!("failed to read the VEX document {path}");
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).with_context(failed)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).with_context(failed)?;
    if bytes.len() as u64 > MAX_BYTES {
        bail!("{path} is over the limit of {} MiB for VEX documents", MAX_BYTES >> 20);
    }
    let document = vex::read(&bytes, &Limits::default()).with_context(failed)?;
    Ok(VexFile { path: path.to_string(), document })
}
