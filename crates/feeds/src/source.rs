//! Sources: what is fetched, and what for. What each is in detail stands in the table of [`crate::catalogue`].

use std::fmt;
use std::str::FromStr;

use assay_advisory::Platform;
use serde::{Deserialize, Serialize};

use crate::catalogue::{CATALOGUE, Content, NOTHING, Row, SourceFile};

/// One publisher's data about one platform, or about CVEs whatever the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The Debian security tracker: which source package versions are vulnerable, per release.
    DebianTracker,
    /// Ubuntu's advisories in OSV form.
    UbuntuOsv,
    /// Ubuntu's CVE tracker: text files, packed together on a mirror.
    UbuntuCveTracker,
    /// Alpine's security database.
    AlpineSecdb,
    /// Red Hat's advisories in OSV form.
    RedhatOsv,
    /// Red Hat's OVAL definitions, those without a fix among them.
    RedhatOval,
    /// Red Hat's VEX documents, one a line, on mirrors only.
    RedhatCsaf,
    /// AlmaLinux's advisories in OSV form.
    AlmalinuxOsv,
    /// Rocky Linux's advisories in OSV form.
    RockyOsv,
    /// Oracle Linux's OVAL definitions.
    OracleOval,
    /// Amazon Linux's update notices, on mirrors only.
    AmazonUpdateinfo,
    /// SUSE's advisories in OSV form.
    SuseOsv,
    /// openSUSE's advisories in OSV form.
    OpensuseOsv,
    /// Advisories of crates.io.
    OsvCratesIo,
    /// Advisories of Go.
    OsvGo,
    /// Advisories of Maven.
    OsvMaven,
    /// Advisories of npm.
    OsvNpm,
    /// Advisories of NuGet.
    OsvNuget,
    /// Advisories of Packagist.
    OsvPackagist,
    /// Advisories of PyPI.
    OsvPypi,
    /// Advisories of RubyGems.
    OsvRubygems,
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
    /// bzip2.
    Bzip2,
}

impl Packing {
    /// What is appended to the file's name.
    pub fn suffix(self) -> &'static str {
        match self {
            Packing::Plain => "",
            Packing::Xz => ".xz",
            Packing::Gzip => ".gz",
            Packing::Bzip2 => ".bz2",
        }
    }

    /// The packing that a file's name says.
    pub(crate) fn of_name(name: &str) -> Packing {
        if name.ends_with(".xz") {
            Packing::Xz
        } else if name.ends_with(".gz") {
            Packing::Gzip
        } else if name.ends_with(".bz2") {
            Packing::Bzip2
        } else {
            Packing::Plain
        }
    }
}

impl Source {
    /// Every source, in the order in which they are fetched: what verdicts need comes first.
    pub const ALL: [Source; 24] = [
        Source::DebianTracker,
        Source::UbuntuOsv,
        Source::UbuntuCveTracker,
        Source::AlpineSecdb,
        Source::RedhatOsv,
        Source::RedhatOval,
        Source::RedhatCsaf,
        Source::AlmalinuxOsv,
        Source::RockyOsv,
        Source::OracleOval,
        Source::AmazonUpdateinfo,
        Source::SuseOsv,
        Source::OpensuseOsv,
        Source::OsvCratesIo,
        Source::OsvGo,
        Source::OsvMaven,
        Source::OsvNpm,
        Source::OsvNuget,
        Source::OsvPackagist,
        Source::OsvPypi,
        Source::OsvRubygems,
        Source::CisaKev,
        Source::Epss,
        Source::CveRecords,
    ];

    /// Its name on the command line, in the status and as a folder.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What it is for, in a few words.
    pub fn purpose(self) -> &'static str {
        self.row().purpose
    }

    /// Whose packages it is about; absent for what is known of CVEs whatever the platform.
    pub fn platform(self) -> Option<Platform> {
        match self.row().content {
            Content::Advisories { platform, .. } => Some(platform),
            Content::Facts => None,
        }
    }

    /// The sources that say which packages of a platform are vulnerable.
    pub fn of_platform(platform: Platform) -> impl Iterator<Item = Source> {
        Source::ALL.into_iter().filter(move |source| source.platform() == Some(platform))
    }

    /// Whether hosts of its platform can be judged without it.
    pub fn need(self) -> Need {
        self.row().need
    }

    /// How it shows its age.
    pub fn cadence(self) -> Cadence {
        self.row().cadence
    }

    /// The most bytes that one of its files may have as transferred.
    pub fn max_file_bytes(self) -> u64 {
        self.row().max_file_mib * 1024 * 1024
    }

    pub(crate) fn files(self) -> &'static [SourceFile] {
        self.row().files
    }

    /// Whether its publisher offers one of its files at this address.
    pub(crate) fn is_publishers_address(self, address: &str) -> bool {
        self.files().iter().any(|file| file.official == Some(address))
    }

    pub(crate) fn row(self) -> &'static Row {
        // `ALL` and the table are in the order of the variants, which a test checks.
        CATALOGUE.get(self as usize).unwrap_or(&NOTHING)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The text names no source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no feed: use {}", names())]
pub struct ParseSourceError {
    /// What was given.
    pub text: String,
}

fn names() -> String {
    Source::ALL.map(Source::name).join(", ")
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
    fn every_source_has_a_row_with_its_name() {
        assert_eq!(CATALOGUE.len(), Source::ALL.len());
        for (index, source) in Source::ALL.into_iter().enumerate() {
            assert_eq!(source as usize, index);
            assert_eq!(source.name().parse(), Ok(source));
            assert_eq!(serde_json::to_value(source).unwrap(), source.name());
            assert!(!source.files().is_empty(), "{source}");
            for address in source.files().iter().filter_map(|file| file.official) {
                assert!(address.starts_with("https://"), "{address}");
            }
        }
        assert!("nvd".parse::<Source>().is_err());
    }
}
