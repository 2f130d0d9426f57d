//! The manifest, `status.json`: what is in use, where it came from, and how the last attempt went.
//!
//! Replacing this one file is what puts new feeds into use: every other file has its digest in its name and is never
//! changed, so that a reader sees either the old set or the new one, and a crash leaves the old one.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read};

use assay_advisory::Scope;
use assay_model::Timestamp;
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use crate::canary::CanaryResult;
use crate::disk;
use crate::download::Validators;
use crate::error::FeedError;
use crate::source::Source;
use crate::status::FeedState;

/// Version of the manifest; a reader refuses any other.
pub(crate) const VERSION: u32 = 2;

const NAME: &str = "status.json";

/// The largest manifest that is read, in bytes; a real one has about 20 KiB.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// What is in use, and how it came there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    /// [`VERSION`].
    pub(crate) version: u32,
    /// Version of Assay that wrote it.
    pub(crate) written_by: String,
    /// By source; one that was never asked for is absent.
    pub(crate) sources: BTreeMap<Source, SourceRecord>,
    /// The compiled databases.
    pub(crate) databases: BTreeMap<Scope, CompiledFile>,
    /// The compiled facts about CVEs.
    pub(crate) enrichment: Option<CompiledFile>,
}

/// One source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceRecord {
    /// How the last attempt ended.
    pub(crate) state: FeedState,
    /// When the last attempt was.
    pub(crate) attempted_at: Timestamp,
    /// When what is in use was last known to be what the mirror has.
    pub(crate) checked_at: Option<Timestamp>,
    /// Records of what is in use.
    pub(crate) records: Option<u64>,
    /// Records of what is in use by scope, for a source of advisories.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) scopes: BTreeMap<Scope, u64>,
    /// How the canaries fared in what is in use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) canaries: Vec<CanaryResult>,
    /// Records of what was in use before.
    pub(crate) previous_records: Option<u64>,
    /// The date that the feed in use states itself, where it states one.
    pub(crate) stated_at: Option<Timestamp>,
    /// The files in use; empty when there are none.
    pub(crate) files: Vec<RawFile>,
}

/// One file as fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFile {
    /// The publisher's name for it, without packing.
    pub(crate) name: String,
    /// Where it is, relative to the folder of feeds.
    pub(crate) path: Utf8PathBuf,
    /// Where it came from.
    pub(crate) origin: String,
    /// When its content came.
    pub(crate) fetched_at: Timestamp,
    /// When it was published, where that is known.
    pub(crate) published_at: Option<Timestamp>,
    /// `ETag`.
    pub(crate) etag: Option<String>,
    /// `Last-Modified`.
    pub(crate) last_modified: Option<String>,
    /// SHA-256, hexadecimal.
    pub(crate) digest: String,
    /// Size.
    pub(crate) bytes: u64,
}

/// One compiled file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompiledFile {
    /// Where it is, relative to the folder of feeds.
    pub(crate) path: Utf8PathBuf,
    /// Version of Assay that compiled it.
    pub(crate) compiled_by: String,
    /// Records in it.
    pub(crate) records: u64,
    /// SHA-256, hexadecimal.
    pub(crate) digest: String,
    /// Size.
    pub(crate) bytes: u64,
}

impl RawFile {
    pub(crate) fn validators(&self) -> Validators {
        Validators { etag: self.etag.clone(), last_modified: self.last_modified.clone() }
    }
}

impl Default for Manifest {
    fn default() -> Manifest {
        Manifest {
            version: VERSION,
            written_by: env!("CARGO_PKG_VERSION").to_owned(),
            sources: BTreeMap::new(),
            databases: BTreeMap::new(),
            enrichment: None,
        }
    }
}

/// Only to tell a newer manifest from a damaged one.
#[derive(Deserialize)]
struct Head {
    version: u64,
}

impl Manifest {
    /// Where it is in the folder of feeds.
    pub(crate) fn path(folder: &Utf8Path) -> Utf8PathBuf {
        folder.join(NAME)
    }

    /// Reads it; an empty one when there is none.
    pub(crate) fn read(folder: &Utf8Path) -> Result<Manifest, FeedError> {
        let path = Manifest::path(folder);
        let file = match fs::File::open(&path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Manifest::default()),
            Err(cause) => return Err(FeedError::Read { path, cause }),
        };
        let mut bytes = Vec::new();
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|cause| FeedError::reading(&path, cause))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(damaged(path, format!("it has more than {MAX_BYTES} bytes").into()));
        }
        Manifest::parse(path, &bytes)
    }

    fn parse(path: Utf8PathBuf, bytes: &[u8]) -> Result<Manifest, FeedError> {
        match serde_json::from_slice(bytes) {
            Ok(Head { version }) if version == u64::from(VERSION) => {}
            Ok(Head { version }) if version < u64::from(VERSION) => {
                return Err(damaged(path, format!("it is of version {version}, of an older Assay").into()));
            }
            Ok(Head { version }) => return Err(FeedError::Incompatible { path, version, supported: VERSION }),
            Err(cause) => return Err(damaged(path, cause.into())),
        }
        let manifest: Manifest = match serde_json::from_slice(bytes) {
            Ok(manifest) => manifest,
            Err(cause) => return Err(damaged(path, cause.into())),
        };
        if let Some(outside) = manifest.paths().find(|path| !is_inside(path)) {
            return Err(damaged(path, format!("{outside} leads out of the folder").into()));
        }
        Ok(manifest)
    }

    /// Replaces it in one step that survives a crash.
    pub(crate) fn write(&self, folder: &Utf8Path) -> Result<(), FeedError> {
        let path = Manifest::path(folder);
        let bytes = serde_json::to_vec_pretty(self).map_err(|cause| FeedError::Compile { cause: cause.into() })?;
        disk::replace(&path, &bytes)
    }

    /// Every file that it refers to.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Utf8Path> {
        let raw = self.sources.values().flat_map(|record| record.files.iter().map(|file| file.path.as_path()));
        let compiled = self.databases.values().chain(&self.enrichment).map(|file| file.path.as_path());
        raw.chain(compiled)
    }
}

fn damaged(path: Utf8PathBuf, cause: Box<dyn std::error::Error + Send + Sync>) -> FeedError {
    FeedError::Corrupt { path, cause }
}

fn is_inside(path: &Utf8Path) -> bool {
    path.components().all(|component| matches!(component, Utf8Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Manifest, FeedError> {
        Manifest::parse("status.json".into(), text.as_bytes())
    }

    #[test]
    fn only_its_own_version_is_read() {
        let manifest = Manifest::default();
        let text = serde_json::to_string(&manifest).unwrap();
        assert_eq!(parse(&text).unwrap(), manifest);
        for (broken, is_newer) in [
            (text.replace("\"version\":2", "\"version\":3"), true),
            (text.replace("\"version\":2", "\"version\":99999999999"), true),
            (text.replace("\"version\":2", "\"version\":\"2\""), false),
            (text.replace("\"version\":2", "\"version\":1"), false),
            (text.replace("{\"version\"", "{\"shape\":1,\"version\""), false),
            (text.replacen('}', "", 1), false),
            (String::new(), false),
            ("[]".to_owned(), false),
        ] {
            match parse(&broken).unwrap_err() {
                FeedError::Incompatible { .. } => assert!(is_newer, "{broken}"),
                FeedError::Corrupt { .. } => assert!(!is_newer, "{broken}"),
                other => panic!("{broken}: {other}"),
            }
        }
    }

    #[test]
    fn its_paths_stay_inside() {
        for (path, expected) in [("compiled/a", true), ("/etc/passwd", false), ("../a", false), ("a/../../b", false)] {
            assert_eq!(is_inside(Utf8Path::new(path)), expected, "{path}");
        }
    }
}
