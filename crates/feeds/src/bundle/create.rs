//! Making a bundle of the feeds in use.

use std::fs::{self, File};
use std::io::{BufWriter, Write};

use assay_model::Timestamp;
use camino::{Utf8Path, Utf8PathBuf};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::archive;
use super::contents::{BundleContents, BundleFile, place_of};
use super::error::BundleError;
use super::key::SigningKey;
use super::open::{LIST, SIGNATURE};
use crate::disk;
use crate::error::FeedError;
use crate::manifest::Manifest;
use crate::source::Source;
use crate::store::FeedStore;

impl FeedStore {
    /// Writes the files in use of these sources, as they came, to one signed file. Those of which nothing is in use are
    /// left out. No network, and no lock.
    ///
    /// # Errors
    ///
    /// When none of them is in use, a stored file is damaged, or the bundle cannot be written.
    pub fn create_bundle(
        &self,
        to: &Utf8Path,
        sources: &[Source],
        key: &SigningKey,
        now: Timestamp,
    ) -> Result<BundleContents, BundleError> {
        let manifest = Manifest::read(self.folder())?;
        let mut contents = BundleContents::new(now);
        let mut stored = Vec::new();
        for (source, record) in manifest.sources.iter().filter(|(source, _)| sources.contains(source)) {
            let fetched_at = record.files.iter().map(|file| file.fetched_at).max();
            let Some(checked_at) = fetched_at.map(|fetched_at| record.checked_at.unwrap_or(fetched_at)) else {
                continue;
            };
            contents.checked_at.insert(*source, checked_at);
            for file in &record.files {
                let path = self.folder().join(&file.path);
                // What is damaged must not be signed.
                if !disk::is_intact(&path, &file.digest, file.bytes) {
                    let cause = "it is not what was stored".into();
                    return Err(FeedError::Corrupt { path, cause }.into());
                }
                let Some(place) = place_of(*source, file) else { continue };
                contents.files.push(BundleFile {
                    source: *source,
                    path: place,
                    bytes: file.bytes,
                    digest: file.digest.clone(),
                    published_at: file.published_at,
                });
                stored.push(path);
            }
        }
        if contents.files.is_empty() {
            return Err(BundleError::Nothing);
        }
        write(to, &contents, &stored, key)?;
        Ok(contents)
    }
}

fn write(
    to: &Utf8Path,
    contents: &BundleContents,
    stored: &[Utf8PathBuf],
    key: &SigningKey,
) -> Result<(), BundleError> {
    let list = serde_json::to_vec_pretty(contents).map_err(|cause| FeedError::Compile { cause: cause.into() })?;
    let signature = key.sign(&list)?;
    let new = Utf8PathBuf::from(format!("{to}.new"));
    let written = (|| {
        let mut out = GzEncoder::new(BufWriter::new(File::create(&new)?), Compression::default());
        archive::write_small(&mut out, LIST, &list)?;
        archive::write_small(&mut out, SIGNATURE, &signature)?;
        for (file, path) in contents.files.iter().zip(stored) {
            archive::write_file(&mut out, &file.path, file.bytes, &mut File::open(path)?)?;
        }
        archive::write_end(&mut out)?;
        let mut buffer = out.finish()?;
        buffer.flush()?;
        buffer.get_ref().sync_all()
    })();
    if let Err(cause) = written {
        let _ = fs::remove_file(&new);
        return Err(FeedError::writing(to, cause).into());
    }
    Ok(disk::rename(&new, to)?)
}
