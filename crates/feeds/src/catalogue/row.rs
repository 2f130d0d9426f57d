//! A row of the catalogue: one source and its files.

use assay_advisory::Platform;

use crate::source::{Cadence, Need, Packing};

/// One file of a source, or one file per year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceFile {
    /// Folder on a mirror.
    pub(crate) folder: &'static str,
    /// Name without packing; `{year}` stands for every year since [`FIRST_NVD_YEAR`].
    pub(crate) name: &'static str,
    /// The name by which it is kept, which tells files of several folders apart.
    pub(crate) stored: &'static str,
    /// The packings to try on a mirror, in order.
    pub(crate) packings: &'static [Packing],
    /// Where its publisher offers it; absent for a file that only mirrors have.
    pub(crate) official: Option<&'static str>,
}

/// The NVD's first yearly feed; it holds all earlier years too.
pub(crate) const FIRST_NVD_YEAR: i16 = 2002;

/// The format of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The Debian security tracker's JSON.
    DebianTracker,
    /// OSV records in a zip archive.
    Osv,
    /// Alpine's security database.
    Secdb,
    /// Ubuntu's CVE tracker, a tar archive.
    UbuntuCveTracker,
    /// OVAL definitions.
    Oval,
    /// CSAF documents, one after the other.
    Csaf,
    /// Update notices of a repository; the stored name says of which release: `2023-updateinfo.xml`.
    Updateinfo,
}

/// What a source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Which packages of a platform are vulnerable.
    Advisories {
        /// Whose packages.
        platform: Platform,
        /// Its format.
        reader: Reader,
    },
    /// What is known of CVEs whatever the platform.
    Facts,
}

/// One source.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) content: Content,
    pub(crate) need: Need,
    pub(crate) cadence: Cadence,
    pub(crate) max_file_mib: u64,
    pub(crate) files: &'static [SourceFile],
}

/// Stands for a source without a row, which there is none of.
pub(crate) const NOTHING: Row = Row {
    name: "",
    purpose: "",
    content: Content::Facts,
    need: Need::Optional,
    cadence: Cadence::Irregular,
    max_file_mib: 0,
    files: &[],
};
