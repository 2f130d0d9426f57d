//! Contents: the signed list of what a bundle holds.

use std::collections::{BTreeMap, BTreeSet};

use assay_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::manifest::RawFile;
use crate::source::{Packing, Source};

/// Tells the list from anything else that the same key may sign.
const KIND: &str = "assay-feeds-bundle";

const VERSION: u32 = 1;

/// The most files; a whole set has about 80.
const MAX_FILES: usize = 4096;

/// What a bundle holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleContents {
    pub(super) kind: String,
    pub(super) version: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// Version of Assay that made it.
    pub created_by: String,
    /// By source, when what is in it was last known to be its publisher's latest.
    pub checked_at: BTreeMap<Source, Timestamp>,
    /// The files, in the order in which they come.
    pub files: Vec<BundleFile>,
}

/// One file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleFile {
    /// Whose.
    pub source: Source,
    /// Where it is on a mirror.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub digest: String,
    /// When it was published, where that is known.
    pub published_at: Option<Timestamp>,
}

/// Only to tell a newer list from a wrong one.
#[derive(Deserialize)]
struct Head {
    kind: String,
    version: u64,
}

impl BundleContents {
    pub(super) fn new(created_at: Timestamp) -> BundleContents {
        BundleContents {
            kind: KIND.to_owned(),
            version: VERSION,
            created_at,
            created_by: env!("CARGO_PKG_VERSION").to_owned(),
            checked_at: BTreeMap::new(),
            files: Vec::new(),
        }
    }

    /// Reads a list whose signature is right. It may still be a mistake, or made with a stolen key.
    pub(super) fn parse(bytes: &[u8]) -> Result<BundleContents, String> {
        let head: Head = serde_json::from_slice(bytes).map_err(|error| format!("its list does not parse: {error}"))?;
        if head.kind != KIND {
            return Err("its list is of something else".to_owned());
        }
        if head.version != u64::from(VERSION) {
            return Err(format!("it is of version {}, this Assay reads {VERSION}", head.version));
        }
        let contents: BundleContents =
            serde_json::from_slice(bytes).map_err(|error| format!("its list does not parse: {error}"))?;
        contents.check()?;
        Ok(contents)
    }

    fn check(&self) -> Result<(), String> {
        if self.files.is_empty() || self.files.len() > MAX_FILES {
            return Err(format!("it lists {} files", self.files.len()));
        }
        let mut seen = BTreeSet::new();
        for BundleFile { source, path, bytes, digest, .. } in &self.files {
            if !is_place(*source, path) {
                return Err(format!("{source} has no file {:?}", path.chars().take(100).collect::<String>()));
            }
            if !seen.insert(path) {
                return Err(format!("it lists {path} twice"));
            }
            if *bytes > source.max_file_bytes() {
                return Err(format!("{path} has more than {} bytes", source.max_file_bytes()));
            }
            if digest.len() != 64 {
                return Err(format!("the digest of {path} is none"));
            }
            if !self.checked_at.contains_key(source) {
                return Err(format!("it does not say of when {source} is"));
            }
        }
        Ok(())
    }

    /// The sources that it has files of, sorted.
    pub fn sources(&self) -> Vec<Source> {
        self.files.iter().map(|file| file.source).collect::<BTreeSet<Source>>().into_iter().collect()
    }

    /// Size of all files, in bytes.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).fold(0, u64::saturating_add)
    }
}

/// Whether this is the place of a source's file on a mirror.
fn is_place(source: Source, path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    let plain = name.strip_suffix(Packing::of_name(name).suffix()).unwrap_or(name);
    is_named(source, folder, plain) || is_listed(source, folder, plain)
}

fn is_named(source: Source, folder: &str, plain: &str) -> bool {
    source.files().iter().any(|file| file.folder == folder && year_between(file.name, plain).is_some())
}

/// Any file of JSON lines in `cve-records`, as of a mirror that is a folder.
fn is_listed(source: Source, folder: &str, plain: &str) -> bool {
    let is_plain = plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    source == Source::CveRecords
        && folder == "cve-records"
        && is_plain
        && !plain.starts_with('.')
        && plain.ends_with(".jsonl")
}

/// Whether a name fits a pattern, and the four digits that stand for its `{year}`; empty where it has none.
fn year_between<'a>(pattern: &str, name: &'a str) -> Option<&'a str> {
    let Some((before, after)) = pattern.split_once("{year}") else { return (pattern == name).then_some("") };
    let year = name.strip_prefix(before)?.strip_suffix(after)?;
    (year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit())).then_some(year)
}

/// Where a stored file is on a mirror.
pub(super) fn place_of(source: Source, file: &RawFile) -> Option<String> {
    let suffix = Packing::of_name(file.path.as_str()).suffix();
    let named = source.files().iter().find_map(|row| {
        let year = year_between(row.stored, &file.name)?;
        Some(format!("{}/{}{suffix}", row.folder, row.name.replace("{year}", year)))
    });
    named.or_else(|| Some(format!("cve-records/{}{suffix}", file.name))).filter(|place| is_place(source, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_its_place_and_no_other() {
        for (source, path, expected) in [
            (Source::DebianTracker, "debian-tracker/json", true),
            (Source::DebianTracker, "debian-tracker/json.xz", true),
            (Source::DebianTracker, "debian-tracker/../json", false),
            (Source::DebianTracker, "/debian-tracker/json", false),
            (Source::DebianTracker, "json", false),
            (Source::Epss, "debian-tracker/json", false),
            (Source::AlpineSecdb, "alpine-secdb/v3.20/main.json", true),
            (Source::AlpineSecdb, "alpine-secdb/v3.20/../main.json", false),
            (Source::RockyOsv, "osv/Rocky Linux/all.zip", true),
            (Source::CveRecords, "nvd/nvdcve-2.0-2026.json.gz", true),
            (Source::CveRecords, "nvd/nvdcve-2.0-20x6.json.gz", false),
            (Source::CveRecords, "nvd/nvdcve-2.0-2026.json/x", false),
            (Source::CveRecords, "cve-records/any-slice.jsonl.xz", true),
            (Source::CveRecords, "cve-records/.jsonl", false),
            (Source::CveRecords, "cve-records/..", false),
            (Source::CveRecords, "cve-records/a\nb.jsonl", false),
        ] {
            assert_eq!(is_place(source, path), expected, "{source} {path}");
        }
    }

    fn check(change: impl Fn(&mut BundleContents), expected: &str) {
        let mut contents = BundleContents::new("2026-11-24T12:00:00Z".parse().unwrap());
        contents.checked_at.insert(Source::DebianTracker, contents.created_at);
        contents.files.push(BundleFile {
            source: Source::DebianTracker,
            path: "debian-tracker/json".to_owned(),
            bytes: 1,
            digest: "0".repeat(64),
            published_at: None,
        });
        change(&mut contents);
        let result = BundleContents::parse(&serde_json::to_vec(&contents).unwrap());
        assert_eq!(result.err().unwrap_or_default(), expected);
    }

    #[test]
    fn a_signature_does_not_excuse_everything() {
        check(|_| {}, "");
        check(|contents| contents.kind = "licence".to_owned(), "its list is of something else");
        check(|contents| contents.version = 2, "it is of version 2, this Assay reads 1");
        check(|contents| contents.files.clear(), "it lists 0 files");
        check(|contents| contents.files = vec![contents.files[0].clone(); 5000], "it lists 5000 files");
        check(|contents| contents.files.push(contents.files[0].clone()), "it lists debian-tracker/json twice");
        check(|contents| contents.files[0].bytes = u64::MAX, "debian-tracker/json has more than 536870912 bytes");
        check(|contents| contents.files[0].digest.clear(), "the digest of debian-tracker/json is none");
        check(|contents| contents.checked_at.clear(), "it does not say of when debian-tracker is");
        let path = "debian-tracker has no file \"../../etc/passwd\"";
        check(|contents| contents.files[0].path = "../../etc/passwd".to_owned(), path);
        assert!(BundleContents::parse(b"{").is_err());
    }
}
