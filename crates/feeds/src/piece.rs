//! Pieces: the files that could come into use, old and new ones alike, and where their bytes are now.

use assay_model::Timestamp;
use camino::{Utf8Path, Utf8PathBuf};

use crate::download::Download;
use crate::manifest::RawFile;
use crate::source::{Packing, Source};

/// Whether a piece is in use already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Novelty {
    InUse,
    New,
}

/// One file of a source.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    /// As the manifest has it, or would have it.
    pub(crate) file: RawFile,
    /// Name with packing.
    pub(crate) stored_name: String,
    /// Where its bytes are now.
    pub(crate) at: Utf8PathBuf,
    pub(crate) novelty: Novelty,
}

/// The start of a digest that goes into a file's name.
pub(crate) fn short(digest: &str) -> &str {
    digest.get(..16).unwrap_or(digest)
}

impl Piece {
    /// A file that is in use.
    pub(crate) fn in_use(folder: &Utf8Path, file: &RawFile) -> Piece {
        let suffix = Packing::of_name(file.path.as_str()).suffix();
        Piece {
            file: file.clone(),
            stored_name: format!("{}{suffix}", file.name),
            at: folder.join(&file.path),
            novelty: Novelty::InUse,
        }
    }

    /// A file that came. Its place has the digest in its name, so that it never replaces another content.
    pub(crate) fn new(source: Source, name: &str, download: Download, now: Timestamp) -> Piece {
        let path = format!("raw/{source}/{}-{}", short(&download.digest), download.name);
        Piece {
            file: RawFile {
                name: name.to_owned(),
                path: path.into(),
                origin: download.origin,
                fetched_at: now,
                published_at: download.published_at,
                etag: download.validators.etag,
                last_modified: download.validators.last_modified,
                digest: download.digest,
                bytes: download.bytes,
            },
            stored_name: download.name,
            at: download.path,
            novelty: Novelty::New,
        }
    }
}

/// What asking for the files of one source came to.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) source: Source,
    /// The files to put into use, if they can be trusted; sorted by name.
    pub(crate) pieces: Vec<Piece>,
    /// The files in use that are whole; sorted by name.
    pub(crate) in_use: Vec<Piece>,
    /// Files that could not be got, and why.
    pub(crate) problems: Vec<String>,
    /// Whether the mirror has at least one of its files.
    pub(crate) presence: Presence,
    pub(crate) fetched_bytes: u64,
}

/// Whether a mirror has a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// It was not asked for, or asking for it failed.
    Unknown,
    NotThere,
    There,
}

impl Candidate {
    /// A source that is not asked for: only what is in use.
    pub(crate) fn untouched(source: Source, in_use: Vec<Piece>) -> Candidate {
        Candidate {
            source,
            pieces: in_use.clone(),
            in_use,
            problems: Vec::new(),
            presence: Presence::Unknown,
            fetched_bytes: 0,
        }
    }

    /// Whether other content than that in use is to be put into use.
    pub(crate) fn is_changed(&self) -> bool {
        !has_same_content(&self.pieces, &self.in_use)
    }
}

/// Whether two sets of files, each sorted by name, have the same names and contents.
pub(crate) fn has_same_content(left: &[Piece], right: &[Piece]) -> bool {
    let content = |piece: &Piece| (piece.file.name.clone(), piece.file.digest.clone());
    left.iter().map(content).eq(right.iter().map(content))
}
