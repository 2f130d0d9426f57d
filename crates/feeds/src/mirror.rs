//! Mirror: where the files come from, and which addresses each file may have there.
//!
//! An HTTP mirror cannot be listed, so its names are fixed; a folder can, so that any `*.jsonl` in `cve-records/` is
//! taken, save the overrides of NVD's data, which are of its shape but hold product names and no scores. The years of the NVD are asked for newest first: when the two newest are not there, no other one is.

use std::fmt;
use std::io::ErrorKind;
use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};
use reqwest::Url;

use crate::catalogue::{FIRST_NVD_YEAR, SourceFile};
use crate::error::FeedError;
use crate::source::{Packing, Source};

/// Where feeds are fetched from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mirror {
    /// Each publisher's own site, over HTTPS.
    #[default]
    Official,
    /// An HTTP server with one folder per source.
    Base(Url),
    /// A folder with one folder per source.
    Directory(Utf8PathBuf),
}

/// The text is no mirror.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no mirror: use an http or https address, a folder, or \"official\"")]
pub struct ParseMirrorError {
    /// What was given.
    pub text: String,
}

impl FromStr for Mirror {
    type Err = ParseMirrorError;

    /// `official`, an `http://` or `https://` address, `file:///folder`, or a folder.
    fn from_str(text: &str) -> Result<Mirror, ParseMirrorError> {
        let refused = || ParseMirrorError { text: text.to_owned() };
        if text == "official" {
            return Ok(Mirror::Official);
        }
        if let Some(path) = text.strip_prefix("file://") {
            return if path.starts_with('/') { Ok(Mirror::Directory(path.into())) } else { Err(refused()) };
        }
        if !text.contains("://") {
            return if text.is_empty() { Err(refused()) } else { Ok(Mirror::Directory(text.into())) };
        }
        let mut url = Url::parse(text).map_err(|_| refused())?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        if !is_web || url.query().is_some() || url.fragment().is_some() {
            return Err(refused());
        }
        // `Url::join` replaces what follows the last slash.
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Mirror::Base(url))
    }
}

impl fmt::Display for Mirror {
    /// The form that parses, without the password that an address may carry.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mirror::Official => f.write_str("official"),
            Mirror::Base(url) => f.write_str(&public_form(url)),
            Mirror::Directory(path) => f.write_str(path.as_str()),
        }
    }
}

/// An address as it may be stored and shown: without user name and password.
pub(crate) fn public_form(url: &Url) -> String {
    let mut shown = url.clone();
    // Both fail only for addresses that cannot have them.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.into()
}

/// Where one form of a file may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// On an HTTP server.
    Web(Url),
    /// On this machine.
    Path(Utf8PathBuf),
}

impl Location {
    /// As it is stored and shown.
    pub(crate) fn shown(&self) -> String {
        match self {
            Location::Web(url) => public_form(url),
            Location::Path(path) => path.to_string(),
        }
    }
}

/// One file to get: the first of the candidates that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// The file's name without packing, by which its last good form is found again.
    pub(crate) name: String,
    /// Location and name with packing.
    pub(crate) candidates: Vec<(Location, String)>,
    /// Which year it is of, for a file that exists once a year.
    pub(crate) year: Option<i16>,
}

/// The files of a source on a mirror, in the order in which to ask for them.
///
/// # Errors
///
/// When the mirror is a folder that cannot be listed.
pub(crate) fn requests(mirror: &Mirror, source: Source, this_year: i16) -> Result<Vec<Request>, FeedError> {
    let mut requests = Vec::new();
    for file in source.files() {
        let years = if file.name.contains("{year}") {
            (FIRST_NVD_YEAR..=this_year).rev().map(Some).collect()
        } else {
            vec![None]
        };
        for year in years {
            let candidates = candidates(mirror, file, year)?;
            if !candidates.is_empty() {
                requests.push(Request { name: with_year(file.stored, year), candidates, year });
            }
        }
    }
    if let (Mirror::Directory(root), Source::CveRecords) = (mirror, source) {
        add_listed(&mut requests, &root.join("cve-records"))?;
    }
    Ok(requests)
}

fn with_year(text: &str, year: Option<i16>) -> String {
    match year {
        Some(year) => text.replace("{year}", &year.to_string()),
        None => text.to_owned(),
    }
}

fn candidates(mirror: &Mirror, file: &SourceFile, year: Option<i16>) -> Result<Vec<(Location, String)>, FeedError> {
    let name = with_year(file.name, year);
    let stored = with_year(file.stored, year);
    let names = file.packings.iter().map(|packing| (format!("{name}{}", packing.suffix()), packing.suffix()));
    let found = match mirror {
        Mirror::Official => {
            let Some(address) = file.official else { return Ok(Vec::new()) };
            let address = with_year(address, year);
            let url = Url::parse(&address).map_err(|_| FeedError::Address { address: address.clone() })?;
            let packing = Packing::of_name(&address);
            vec![(Location::Web(url), format!("{stored}{}", packing.suffix()))]
        }
        Mirror::Base(base) => {
            let mut found = Vec::new();
            for (name, suffix) in names {
                let path = format!("{}/{name}", file.folder);
                let url = base.join(&path).map_err(|_| FeedError::Address { address: path })?;
                found.push((Location::Web(url), format!("{stored}{suffix}")));
            }
            found
        }
        Mirror::Directory(root) => {
            let place = |name: &str| Location::Path(root.join(file.folder).join(name));
            names.map(|(name, suffix)| (place(&name), format!("{stored}{suffix}"))).collect()
        }
    };
    Ok(found)
}

/// Adds every JSON lines file of a folder that is not asked for by name already.
fn add_listed(requests: &mut Vec<Request>, folder: &Utf8Path) -> Result<(), FeedError> {
    let entries = match folder.read_dir_utf8() {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(FeedError::Read { path: folder.to_owned(), cause }),
    };
    let mut names = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => names.push(entry.file_name().to_owned()),
            // A name that is no UTF-8 is not one of ours.
            Err(cause) if cause.kind() == ErrorKind::InvalidData => {}
            Err(cause) => return Err(FeedError::Read { path: folder.to_owned(), cause }),
        }
    }
    names.sort();
    for name in names {
        let plain = name.strip_suffix(Packing::of_name(&name).suffix()).unwrap_or(&name).to_owned();
        let is_known = requests.iter().any(|request| request.name == plain);
        let has_scores = plain.ends_with(".jsonl") && !plain.starts_with("nvd-data-overrides");
        if has_scores && !is_known {
            let candidates = vec![(Location::Path(folder.join(&name)), name)];
            requests.push(Request { name: plain, candidates, year: None });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_addresses(mirror: &str, source: Source, expected: &[&str]) {
        let requests = requests(&mirror.parse().unwrap(), source, 2003).unwrap();
        let found: Vec<String> = requests
            .iter()
            .flat_map(|request| request.candidates.iter().map(|(location, _)| location.shown()))
            .collect();
        assert_eq!(found, expected, "{mirror} {source}");
    }

    #[test]
    fn mirrors_parse() {
        for (text, shown) in [
            ("official", "official"),
            ("http://feeds.example/a", "http://feeds.example/a/"),
            ("https://user:secret@feeds.example", "https://feeds.example/"),
            ("/srv/feeds", "/srv/feeds"),
            ("file:///srv/feeds", "/srv/feeds"),
            ("feeds", "feeds"),
        ] {
            assert_eq!(text.parse::<Mirror>().unwrap().to_string(), shown);
        }
        for text in ["", "ftp://feeds.example/", "file://feeds", "https://", "http://a/?b=c"] {
            assert!(text.parse::<Mirror>().is_err(), "{text}");
        }
    }

    #[test]
    fn each_source_has_its_addresses() {
        check_addresses("official", Source::DebianTracker, &["https://security-tracker.debian.org/tracker/data/json"]);
        check_addresses(
            "http://a/b",
            Source::DebianTracker,
            &[
                "http://a/b/debian-tracker/json",
                "http://a/b/debian-tracker/json.xz",
                "http://a/b/debian-tracker/json.gz",
            ],
        );
        check_addresses(
            "official",
            Source::CveRecords,
            &[
                "https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-2003.json.gz",
                "https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-2002.json.gz",
            ],
        );
        check_addresses(
            "/nowhere",
            Source::Epss,
            &[
                "/nowhere/epss/epss_scores-current.csv.gz",
                "/nowhere/epss/epss_scores-current.csv.xz",
                "/nowhere/epss/epss_scores-current.csv",
            ],
        );
    }

    #[test]
    fn a_folder_is_listed() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        std::fs::create_dir(root.join("cve-records")).unwrap();
        for name in ["mine.jsonl.gz", "nvd-data-overrides.jsonl", "readme.txt", "vulnrichment-slice.jsonl.xz"] {
            std::fs::write(root.join("cve-records").join(name), "").unwrap();
        }
        let foreign = std::os::unix::ffi::OsStrExt::from_bytes(b"\xff.jsonl");
        std::fs::write(folder.path().join("cve-records").join::<&std::ffi::OsStr>(foreign), "").unwrap();
        let requests = requests(&Mirror::Directory(root.to_owned()), Source::CveRecords, 2002).unwrap();
        let names: Vec<&str> = requests.iter().map(|request| request.name.as_str()).collect();
        assert_eq!(names, ["vulnrichment-slice.jsonl", "nvdcve-2.0-2002.json", "mine.jsonl"]);
    }
}
