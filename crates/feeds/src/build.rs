//! Building: from files that came to compiled databases, or to the reasons why they are not trusted.
//!
//! Everything is built beside what is in use.

use std::collections::BTreeMap;
use std::io::Write;

use assay_advisory::{AdvisoryError, FeedOrigin, Limits, Scope};
use assay_model::Timestamp;
use camino::Utf8PathBuf;
use sha2::{Digest, Sha256};

use crate::canary::CanaryResult;
use crate::disk;
use crate::download::hexadecimal;
use crate::error::{FeedError, in_full};
use crate::judge::{QuarantineReason, Shrunk};
use crate::manifest::CompiledFile;
use crate::piece::{Piece, short};
use crate::quarantine::Rejected;
use crate::source::Source;

/// What is to be in use of one source after a build.
#[derive(Clone, Debug)]
pub(crate) struct Settled {
    pub(crate) pieces: Vec<Piece>,
    /// Records in use; absent when nothing is.
    pub(crate) records: Option<u64>,
    /// Records in use by scope, for a source of advisories.
    pub(crate) scopes: BTreeMap<Scope, u64>,
    /// How the canaries fared, for a source of advisories.
    pub(crate) canaries: Vec<CanaryResult>,
    pub(crate) stated_at: Option<Timestamp>,
    pub(crate) rejected: Vec<Rejected>,
    /// Files in use that can no longer be read, and why.
    pub(crate) problems: Vec<String>,
}

/// A compiled file that waits to be put into its place.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) at: Utf8PathBuf,
    pub(crate) file: CompiledFile,
}

/// What a build came to. A compiled file is absent where the one in use is still right.
#[derive(Clone, Debug, Default)]
pub(crate) struct Build {
    pub(crate) settled: Vec<Settled>,
    /// All scopes of a platform, when they were compiled anew.
    pub(crate) databases: Option<BTreeMap<Scope, Compiled>>,
    pub(crate) enrichment: Option<Compiled>,
}

/// Where and by what rules to build.
#[derive(Clone, Debug)]
pub(crate) struct Workshop {
    /// The folder of feeds.
    pub(crate) folder: Utf8PathBuf,
    pub(crate) incoming: Utf8PathBuf,
    pub(crate) shrunk: Shrunk,
    pub(crate) limits: Limits,
}

impl Workshop {
    pub(crate) fn is_current(&self, file: &CompiledFile) -> bool {
        file.compiled_by == env!("CARGO_PKG_VERSION")
            && disk::is_intact(&self.folder.join(&file.path), &file.digest, file.bytes)
    }

    /// Writes a compiled file to the disk, not yet to its place.
    pub(crate) fn store(&self, name: &str, bytes: &[u8], records: u64) -> Result<Compiled, FeedError> {
        let digest = hexadecimal(&Sha256::digest(bytes));
        let at = self.incoming.join(format!("{name}.assaydb"));
        let written = std::fs::File::create(&at).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map_err(|cause| FeedError::writing(&at, cause))?;
        let path = format!("compiled/{name}-{}.assaydb", short(&digest)).into();
        let compiled_by = env!("CARGO_PKG_VERSION").to_owned();
        Ok(Compiled { at, file: CompiledFile { path, compiled_by, records, digest, bytes: bytes.len() as u64 } })
    }
}

/// Where a piece came from, as it is kept in what is compiled. The mirror is left out, so that the same content gives
/// the same bytes whichever way it came; the status has the address.
pub(crate) fn origin(source: Source, piece: &Piece) -> FeedOrigin {
    FeedOrigin {
        feed: source.name().to_owned(),
        source: format!("{source}/{}", piece.stored_name),
        fetched_at: piece.file.fetched_at,
        digest: piece.file.digest.clone(),
    }
}

pub(crate) fn does_not_parse(error: &AdvisoryError) -> QuarantineReason {
    QuarantineReason::DoesNotParse { detail: in_full(error) }
}
