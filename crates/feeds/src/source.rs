//! Sources: what is fetched, from where, and what for. A table, so that adding a source is adding a row.
//!
//! A mirror has one folder per source with the source's own file names. The official site of the Debian tracker gives
//! a file that is called just `json`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One publisher's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The Debian security tracker: which source package versions are vulnerable, per release.
    DebianTracker,
    /// CISA's catalogue of known exploited vulnerabilities.
    CisaKev,
    /// FIRST's exploit prediction scores.
    Epss,
    /// CVSS scores: the NVD's yearly feeds, or CVE records of other publishers on a mirror.
    CveRecords,
}

/// Whether hosts can be judged without a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Without it there are no verdicts.
    Required,
    /// It refines severity and order.
    Optional,
}

/// How a source shows that it has stopped being kept up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cadence {
    /// It is published anew at least once a day: an old date of publication means a mirror that stands still.
    Daily,
    /// It changes when there is something to say: an old date of publication means nothing.
    Irregular,
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// xz.
    Xz,
    /// gzip.
    Gzip,
}

impl Packing {
    /// What is appended to the file's name.
    pub fn suffix(self) -> &'static str {
        match self {
            Packing::Plain => "",
            Packing::Xz => ".xz",
            Packing::Gzip => ".gz",
        }
    }

    /// The packing that a file's name says.
    pub(crate) fn of_name(name: &str) -> Packing {
        if name.ends_with(".xz") {
            Packing::Xz
        } else if name.ends_with(".gz") {
            Packing::Gzip
        } else {
            Packing::Plain
        }
    }
}

/// One file of a source, or one file per year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceFile {
    /// Folder on a mirror.
    pub(crate) folder: &'static str,
    /// Name without packing; `{year}` stands for every year since [`FIRST_NVD_YEAR`].
    pub(crate) name: &'static str,
    /// The packings to try on a mirror, in order.
    pub(crate) packings: &'static [Packing],
    /// Where its publisher offers it; absent for a file that only mirrors have.
    pub(crate) official: Option<&'static str>,
}

/// The NVD's first yearly feed; it holds all earlier years too.
pub(crate) const FIRST_NVD_YEAR: i16 = 2002;

const ANY_PACKING: &[Packing] = &[Packing::Plain, Packing::Xz, Packing::Gzip];

const DEBIAN_TRACKER: &[SourceFile] = &[SourceFile {
    folder: "debian-tracker",
    name: "json",
    packings: ANY_PACKING,
    official: Some("https://security-tracker.debian.org/tracker/data/json"),
}];

const CISA_KEV: &[SourceFile] = &[SourceFile {
    folder: "cisa-kev",
    name: "known_exploited_vulnerabilities.json",
    packings: ANY_PACKING,
    official: Some("https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"),
}];

const EPSS: &[SourceFile] = &[SourceFile {
    folder: "epss",
    name: "epss_scores-current.csv",
    packings: &[Packing::Gzip, Packing::Xz, Packing::Plain],
    official: Some("https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"),
}];

const CVE_RECORDS: &[SourceFile] = &[
    SourceFile {
        folder: "cve-records",
        name: "vulnrichment-slice.jsonl",
        packings: &[Packing::Xz, Packing::Gzip, Packing::Plain],
        official: None,
    },
    SourceFile {
        folder: "nvd",
        name: "nvdcve-2.0-{year}.json",
        packings: &[Packing::Gzip, Packing::Xz, Packing::Plain],
        official: Some("https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-{year}.json.gz"),
    },
];

const MIB: u64 = 1024 * 1024;

impl Source {
    /// Every source, in the order in which they are fetched: what verdicts need comes first.
    pub const ALL: [Source; 4] = [Source::DebianTracker, Source::CisaKev, Source::Epss, Source::CveRecords];

    /// Its name on the command line, in the status and as a folder.
    pub fn name(self) -> &'static str {
        match self {
            Source::DebianTracker => "debian-tracker",
            Source::CisaKev => "cisa-kev",
            Source::Epss => "epss",
            Source::CveRecords => "cve-records",
        }
    }

    /// What it is for, in a few words.
    pub fn purpose(self) -> &'static str {
        match self {
            Source::DebianTracker => "which Debian packages are vulnerable, and where they are fixed",
            Source::CisaKev => "which vulnerabilities are known to be exploited",
            Source::Epss => "how likely a vulnerability is to be exploited",
            Source::CveRecords => "CVSS scores of vulnerabilities",
        }
    }

    /// Whether hosts can be judged without it.
    pub fn need(self) -> Need {
        match self {
            Source::DebianTracker => Need::Required,
            Source::CisaKev | Source::Epss | Source::CveRecords => Need::Optional,
        }
    }

    /// How it shows its age.
    pub fn cadence(self) -> Cadence {
        match self {
            Source::DebianTracker | Source::Epss => Cadence::Daily,
            Source::CisaKev | Source::CveRecords => Cadence::Irregular,
        }
    }

    /// The most bytes that one of its files may have as transferred. In 2026 the tracker's file is about 75 MB, the
    /// largest yearly NVD feed 25 MB packed.
    pub fn max_file_bytes(self) -> u64 {
        match self {
            Source::DebianTracker | Source::CveRecords => 512 * MIB,
            Source::CisaKev => 64 * MIB,
            Source::Epss => 128 * MIB,
        }
    }

    pub(crate) fn files(self) -> &'static [SourceFile] {
        match self {
            Source::DebianTracker => DEBIAN_TRACKER,
            Source::CisaKev => CISA_KEV,
            Source::Epss => EPSS,
            Source::CveRecords => CVE_RECORDS,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The text names no source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no feed: use debian-tracker, cisa-kev, epss or cve-records")]
pub struct ParseSourceError {
    /// What was given.
    pub text: String,
}

impl FromStr for Source {
    type Err = ParseSourceError;

    fn from_str(text: &str) -> Result<Source, ParseSourceError> {
        Source::ALL
            .into_iter()
            .find(|source| source.name() == text)
            .ok_or_else(|| ParseSourceError { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_has_a_name_that_parses_and_an_https_address() {
        for source in Source::ALL {
            assert_eq!(source.name().parse(), Ok(source));
            assert_eq!(serde_json::to_value(source).unwrap(), source.name());
            let official = source.files().iter().filter_map(|file| file.official);
            assert!(official.clone().count() > 0, "{source}");
            for address in official {
                assert!(address.starts_with("https://"), "{address}");
            }
        }
        assert!("nvd".parse::<Source>().is_err());
    }
}
