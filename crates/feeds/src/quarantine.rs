//! Quarantine: what came but is not trusted, kept so that someone can look at it.
//!
//! Nothing ever reads it back. Only the newest few of each source are kept, so that a broken mirror cannot fill the disk.

use std::fs;

use assay_model::Timestamp;
use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;

use crate::disk;
use crate::error::FeedError;
use crate::judge::QuarantineReason;
use crate::piece::Piece;
use crate::source::Source;

const FOLDER: &str = "quarantine";

/// How many are kept for each source.
const KEPT: usize = 3;

/// A file that is not trusted, and why.
#[derive(Clone, Debug)]
pub(crate) struct Rejected {
    pub(crate) piece: Piece,
    pub(crate) reason: QuarantineReason,
}

#[derive(Serialize)]
struct Note {
    source: Source,
    quarantined_at: Timestamp,
    files: Vec<NoteFile>,
}

#[derive(Serialize)]
struct NoteFile {
    file: String,
    origin: String,
    digest: String,
    bytes: u64,
    reason: String,
}

/// Puts files aside, with a note `reason.json`; gives the folder, relative to the folder of feeds.
pub(crate) fn put_aside(
    folder: &Utf8Path,
    source: Source,
    rejected: &[Rejected],
    now: Timestamp,
) -> Result<Utf8PathBuf, FeedError> {
    let name = format!("{source}-{}", now.strftime("%Y%m%dT%H%M%SZ"));
    let relative = Utf8Path::new(FOLDER).join(name);
    let target = folder.join(&relative);
    // Two in one second: the later one replaces the earlier one, which has been reported.
    disk::remove_folder(&target)?;
    disk::make_folder(&folder.join(FOLDER))?;
    disk::make_folder(&target)?;
    let mut files = Vec::new();
    for Rejected { piece, reason } in rejected {
        disk::rename(&piece.at, &target.join(&piece.stored_name))?;
        files.push(NoteFile {
            file: piece.stored_name.clone(),
            origin: piece.file.origin.clone(),
            digest: piece.file.digest.clone(),
            bytes: piece.file.bytes,
            reason: reason.to_string(),
        });
    }
    let note = serde_json::to_vec_pretty(&Note { source, quarantined_at: now, files })
        .map_err(|cause| FeedError::Compile { cause: cause.into() })?;
    disk::replace(&target.join("reason.json"), &note)?;
    remove_old(&folder.join(FOLDER), source)?;
    Ok(relative)
}

/// Removes all but the newest ones of a source; the time in their names is their order.
fn remove_old(folder: &Utf8Path, source: Source) -> Result<(), FeedError> {
    let prefix = format!("{source}-");
    let mut names = Vec::new();
    for entry in folder.read_dir_utf8().map_err(|cause| FeedError::reading(folder, cause))? {
        let entry = entry.map_err(|cause| FeedError::reading(folder, cause))?;
        if entry.file_name().strip_prefix(&prefix).is_some_and(|time| time.starts_with(|c: char| c.is_ascii_digit())) {
            names.push(entry.file_name().to_owned());
        }
    }
    names.sort();
    for name in names.iter().rev().skip(KEPT) {
        let path = folder.join(name);
        fs::remove_dir_all(&path).map_err(|cause| FeedError::writing(&path, cause))?;
    }
    Ok(())
}
