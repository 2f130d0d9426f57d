//! Importing a bundle: its files are laid out as on a mirror, and come into use as any other feeds do.
//!
//! So they are parsed, counted, compared with what is in use and judged by their canaries: a signature says who made a
//! bundle, not that it is right. What is in use stays until then.

use assay_advisory::Platform;
use assay_model::Timestamp;
use camino::{Utf8Path, Utf8PathBuf};

use super::contents::BundleContents;
use super::error::BundleError;
use super::key::PublicKey;
use super::open::OpenBundle;
use crate::disk;
use crate::error::FeedError;
use crate::judge::Shrunk;
use crate::lock::Lock;
use crate::manifest::{Manifest, SourceRecord};
use crate::mirror::Mirror;
use crate::options::SyncOptions;
use crate::progress::Progress;
use crate::report::SyncReport;
use crate::source::Source;
use crate::status::digest_of;
use crate::store::FeedStore;

/// Where the files of a bundle lie while they are put into use, in the folder of feeds.
const UNPACKED: &str = "bundle";

/// How a bundle is imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundleImport {
    /// Whether to go back to older feeds than those in use.
    pub force: bool,
    /// What to do with a feed that has shrunk.
    pub shrunk: Shrunk,
    /// The platforms that are to be judged.
    pub platforms: Vec<Platform>,
}

impl FeedStore {
    /// Puts the feeds of a bundle into use. They are as old as they were where the bundle was made.
    ///
    /// # Errors
    ///
    /// When the bundle is refused: not signed with this key, altered, older than what is in use. What is in use is then as
    /// it was. And as [`FeedStore::sync`].
    pub async fn import_bundle(
        &self,
        path: &Utf8Path,
        key: &PublicKey,
        options: &BundleImport,
        progress: &dyn Progress,
        now: Timestamp,
    ) -> Result<SyncReport, BundleError> {
        let mut bundle = OpenBundle::open(path, key)?;
        disk::make_folder(self.folder())?;
        let lock = Lock::take(self.folder())?;
        let older = self.older(&bundle.contents)?;
        if !older.is_empty() && !options.force {
            return Err(BundleError::Downgrade { path: path.to_owned(), sources: older });
        }
        let unpacked = Unpacked::fresh(self.folder())?;
        let to = unpacked.path.clone();
        let reading = tokio::task::spawn_blocking(move || bundle.read_files(Some(&to)).map(|()| bundle.contents));
        let contents = reading.await.unwrap_or_else(|cause| Err(FeedError::Interrupted { cause }.into()))?;
        let as_of = contents.checked_at.iter().map(|(source, time)| (*source, (*time).min(now))).collect();
        let options = SyncOptions {
            mirror: Mirror::Directory(unpacked.path.clone()),
            sources: contents.sources(),
            platforms: options.platforms.clone(),
            shrunk: options.shrunk,
            as_of,
            ..SyncOptions::default()
        };
        Ok(self.sync_locked(lock, &options, progress, now).await?)
    }

    /// The sources of which other content, known to be current at a later time, is in use.
    fn older(&self, contents: &BundleContents) -> Result<Vec<Source>, FeedError> {
        let manifest = match Manifest::read(self.folder()) {
            // Nothing is in use then.
            Err(FeedError::Corrupt { .. }) => return Ok(Vec::new()),
            other => other?,
        };
        let is_older = |source: &Source| {
            let in_use = manifest.sources.get(source).filter(|record| !record.files.is_empty());
            let (Some(record), Some(checked_at)) = (in_use, contents.checked_at.get(source)) else { return false };
            time_of(record).is_some_and(|time| time > *checked_at) && !has_same_files(contents, *source, record)
        };
        Ok(contents.sources().into_iter().filter(is_older).collect())
    }
}

fn time_of(record: &SourceRecord) -> Option<Timestamp> {
    record.checked_at.or_else(|| record.files.iter().map(|file| file.fetched_at).max())
}

fn has_same_files(contents: &BundleContents, source: Source, record: &SourceRecord) -> bool {
    let of_source = contents.files.iter().filter(|file| file.source == source);
    let bundled = digest_of(of_source.map(|file| ("", file.digest.as_str())));
    bundled == digest_of(record.files.iter().map(|file| ("", file.digest.as_str())))
}

/// The folder of the unpacked files; it goes when the import ends, and what an earlier one left goes before.
struct Unpacked {
    path: Utf8PathBuf,
}

impl Unpacked {
    fn fresh(folder: &Utf8Path) -> Result<Unpacked, FeedError> {
        let unpacked = Unpacked { path: folder.join(UNPACKED) };
        disk::remove_folder(&unpacked.path)?;
        disk::make_folder(&unpacked.path)?;
        Ok(unpacked)
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        // What stays is removed by the next import.
        let _ = disk::remove_folder(&self.path);
    }
}
