//! The catalogue: where each source comes from and how it is read. Adding a source is adding a row.
//!
//! A mirror has the folders and file names that stand here. The official site of the Debian tracker gives a file that is
//! called just `json`. In 2026 the tracker's file is about 75 MB, the largest yearly NVD feed 25 MB packed.

use assay_advisory::Platform;
use assay_model::ecosystem::Ecosystem;

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

const ANY_PACKING: &[Packing] = &[Packing::Plain, Packing::Xz, Packing::Gzip];
const OVAL_PACKING: &[Packing] = &[Packing::Bzip2, Packing::Plain, Packing::Xz, Packing::Gzip];
const PLAIN: &[Packing] = &[Packing::Plain];

const fn secdb_file(
    folder: &'static str,
    name: &'static str,
    stored: &'static str,
    official: &'static str,
) -> SourceFile {
    SourceFile { folder, name, stored, packings: ANY_PACKING, official: Some(official) }
}

const ALPINE: &[SourceFile] = &[
    secdb_file("alpine-secdb/edge", "main.json", "edge-main.json", "https://secdb.alpinelinux.org/edge/main.json"),
    secdb_file(
        "alpine-secdb/edge",
        "community.json",
        "edge-community.json",
        "https://secdb.alpinelinux.org/edge/community.json",
    ),
    secdb_file("alpine-secdb/v3.24", "main.json", "v3.24-main.json", "https://secdb.alpinelinux.org/v3.24/main.json"),
    secdb_file(
        "alpine-secdb/v3.24",
        "community.json",
        "v3.24-community.json",
        "https://secdb.alpinelinux.org/v3.24/community.json",
    ),
    secdb_file("alpine-secdb/v3.23", "main.json", "v3.23-main.json", "https://secdb.alpinelinux.org/v3.23/main.json"),
    secdb_file(
        "alpine-secdb/v3.23",
        "community.json",
        "v3.23-community.json",
        "https://secdb.alpinelinux.org/v3.23/community.json",
    ),
    secdb_file("alpine-secdb/v3.22", "main.json", "v3.22-main.json", "https://secdb.alpinelinux.org/v3.22/main.json"),
    secdb_file(
        "alpine-secdb/v3.22",
        "community.json",
        "v3.22-community.json",
        "https://secdb.alpinelinux.org/v3.22/community.json",
    ),
    secdb_file("alpine-secdb/v3.21", "main.json", "v3.21-main.json", "https://secdb.alpinelinux.org/v3.21/main.json"),
    secdb_file(
        "alpine-secdb/v3.21",
        "community.json",
        "v3.21-community.json",
        "https://secdb.alpinelinux.org/v3.21/community.json",
    ),
    secdb_file("alpine-secdb/v3.20", "main.json", "v3.20-main.json", "https://secdb.alpinelinux.org/v3.20/main.json"),
    secdb_file(
        "alpine-secdb/v3.20",
        "community.json",
        "v3.20-community.json",
        "https://secdb.alpinelinux.org/v3.20/community.json",
    ),
    secdb_file("alpine-secdb/v3.19", "main.json", "v3.19-main.json", "https://secdb.alpinelinux.org/v3.19/main.json"),
    secdb_file(
        "alpine-secdb/v3.19",
        "community.json",
        "v3.19-community.json",
        "https://secdb.alpinelinux.org/v3.19/community.json",
    ),
    secdb_file("alpine-secdb/v3.18", "main.json", "v3.18-main.json", "https://secdb.alpinelinux.org/v3.18/main.json"),
    secdb_file(
        "alpine-secdb/v3.18",
        "community.json",
        "v3.18-community.json",
        "https://secdb.alpinelinux.org/v3.18/community.json",
    ),
    secdb_file("alpine-secdb/v3.17", "main.json", "v3.17-main.json", "https://secdb.alpinelinux.org/v3.17/main.json"),
    secdb_file(
        "alpine-secdb/v3.17",
        "community.json",
        "v3.17-community.json",
        "https://secdb.alpinelinux.org/v3.17/community.json",
    ),
    secdb_file("alpine-secdb/v3.16", "main.json", "v3.16-main.json", "https://secdb.alpinelinux.org/v3.16/main.json"),
    secdb_file(
        "alpine-secdb/v3.16",
        "community.json",
        "v3.16-community.json",
        "https://secdb.alpinelinux.org/v3.16/community.json",
    ),
    secdb_file("alpine-secdb/v3.15", "main.json", "v3.15-main.json", "https://secdb.alpinelinux.org/v3.15/main.json"),
    secdb_file(
        "alpine-secdb/v3.15",
        "community.json",
        "v3.15-community.json",
        "https://secdb.alpinelinux.org/v3.15/community.json",
    ),
    secdb_file("alpine-secdb/v3.14", "main.json", "v3.14-main.json", "https://secdb.alpinelinux.org/v3.14/main.json"),
    secdb_file(
        "alpine-secdb/v3.14",
        "community.json",
        "v3.14-community.json",
        "https://secdb.alpinelinux.org/v3.14/community.json",
    ),
    secdb_file("alpine-secdb/v3.13", "main.json", "v3.13-main.json", "https://secdb.alpinelinux.org/v3.13/main.json"),
    secdb_file(
        "alpine-secdb/v3.13",
        "community.json",
        "v3.13-community.json",
        "https://secdb.alpinelinux.org/v3.13/community.json",
    ),
    secdb_file("alpine-secdb/v3.12", "main.json", "v3.12-main.json", "https://secdb.alpinelinux.org/v3.12/main.json"),
    secdb_file(
        "alpine-secdb/v3.12",
        "community.json",
        "v3.12-community.json",
        "https://secdb.alpinelinux.org/v3.12/community.json",
    ),
    secdb_file("alpine-secdb/v3.11", "main.json", "v3.11-main.json", "https://secdb.alpinelinux.org/v3.11/main.json"),
    secdb_file(
        "alpine-secdb/v3.11",
        "community.json",
        "v3.11-community.json",
        "https://secdb.alpinelinux.org/v3.11/community.json",
    ),
    secdb_file("alpine-secdb/v3.10", "main.json", "v3.10-main.json", "https://secdb.alpinelinux.org/v3.10/main.json"),
    secdb_file(
        "alpine-secdb/v3.10",
        "community.json",
        "v3.10-community.json",
        "https://secdb.alpinelinux.org/v3.10/community.json",
    ),
];

/// Every source, in the order of [`crate::Source::ALL`].
pub(crate) const CATALOGUE: &[Row] = &[
    Row {
        name: "debian-tracker",
        purpose: "which Debian packages are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::Debian, reader: Reader::DebianTracker },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 512,
        files: &[SourceFile {
            folder: "debian-tracker",
            name: "json",
            stored: "json",
            packings: ANY_PACKING,
            official: Some("https://security-tracker.debian.org/tracker/data/json"),
        }],
    },
    Row {
        name: "ubuntu-osv",
        purpose: "which Ubuntu packages are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::Ubuntu, reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "osv/Ubuntu",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/Ubuntu/all.zip"),
        }],
    },
    Row {
        name: "ubuntu-cve-tracker",
        purpose: "Ubuntu's CVE tracker, on mirrors only",
        content: Content::Advisories { platform: Platform::Ubuntu, reader: Reader::UbuntuCveTracker },
        need: Need::Optional,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "ubuntu-cve-tracker",
            name: "ubuntu-cve-tracker.tar",
            stored: "ubuntu-cve-tracker.tar",
            packings: ANY_PACKING,
            official: None,
        }],
    },
    Row {
        name: "alpine-secdb",
        purpose: "which Alpine packages have which fixes",
        content: Content::Advisories { platform: Platform::Alpine, reader: Reader::Secdb },
        need: Need::Required,
        cadence: Cadence::Irregular,
        max_file_mib: 64,
        files: ALPINE,
    },
    Row {
        name: "redhat-osv",
        purpose: "which packages of Red Hat Enterprise Linux are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::RedHat, reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "osv/Red Hat",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/Red%20Hat/all.zip"),
        }],
    },
    Row {
        name: "redhat-oval",
        purpose: "which packages of Red Hat Enterprise Linux have no fix yet, or never will",
        content: Content::Advisories { platform: Platform::RedHat, reader: Reader::Oval },
        need: Need::Optional,
        cadence: Cadence::Daily,
        max_file_mib: 512,
        files: &[
            SourceFile {
                folder: "redhat-oval/RHEL6",
                name: "rhel-6-including-unpatched.oval.xml",
                stored: "rhel-6-including-unpatched.oval.xml",
                packings: OVAL_PACKING,
                official: Some(
                    "https://www.redhat.com/security/data/oval/v2/RHEL6/rhel-6-including-unpatched.oval.xml.bz2",
                ),
            },
            SourceFile {
                folder: "redhat-oval/RHEL7",
                name: "rhel-7-including-unpatched.oval.xml",
                stored: "rhel-7-including-unpatched.oval.xml",
                packings: OVAL_PACKING,
                official: Some(
                    "https://www.redhat.com/security/data/oval/v2/RHEL7/rhel-7-including-unpatched.oval.xml.bz2",
                ),
            },
            SourceFile {
                folder: "redhat-oval/RHEL8",
                name: "rhel-8-including-unpatched.oval.xml",
                stored: "rhel-8-including-unpatched.oval.xml",
                packings: OVAL_PACKING,
                official: Some(
                    "https://www.redhat.com/security/data/oval/v2/RHEL8/rhel-8-including-unpatched.oval.xml.bz2",
                ),
            },
            SourceFile {
                folder: "redhat-oval/RHEL9",
                name: "rhel-9-including-unpatched.oval.xml",
                stored: "rhel-9-including-unpatched.oval.xml",
                packings: OVAL_PACKING,
                official: Some(
                    "https://www.redhat.com/security/data/oval/v2/RHEL9/rhel-9-including-unpatched.oval.xml.bz2",
                ),
            },
        ],
    },
    Row {
        name: "redhat-csaf",
        purpose: "Red Hat's VEX documents, on mirrors only",
        content: Content::Advisories { platform: Platform::RedHat, reader: Reader::Csaf },
        need: Need::Optional,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "redhat-csaf",
            name: "csaf_vex.jsonl",
            stored: "csaf_vex.jsonl",
            packings: ANY_PACKING,
            official: None,
        }],
    },
    Row {
        name: "almalinux-osv",
        purpose: "which AlmaLinux packages are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::AlmaLinux, reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 256,
        files: &[SourceFile {
            folder: "osv/AlmaLinux",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/AlmaLinux/all.zip"),
        }],
    },
    Row {
        name: "rocky-osv",
        purpose: "which Rocky Linux packages are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::Rocky, reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 256,
        files: &[SourceFile {
            folder: "osv/Rocky Linux",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/Rocky%20Linux/all.zip"),
        }],
    },
    Row {
        name: "oracle-oval",
        purpose: "which Oracle Linux packages are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::Oracle, reader: Reader::Oval },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 512,
        files: &[SourceFile {
            folder: "oracle-oval",
            name: "com.oracle.elsa-all.xml",
            stored: "com.oracle.elsa-all.xml",
            packings: OVAL_PACKING,
            official: Some("https://linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2"),
        }],
    },
    Row {
        name: "amazon-updateinfo",
        purpose: "which Amazon Linux packages are vulnerable, and where they are fixed; on mirrors only",
        content: Content::Advisories { platform: Platform::Amazon, reader: Reader::Updateinfo },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 256,
        files: &[
            SourceFile {
                folder: "amazon/1",
                name: "updateinfo.xml",
                stored: "1-updateinfo.xml",
                packings: ANY_PACKING,
                official: None,
            },
            SourceFile {
                folder: "amazon/2",
                name: "updateinfo.xml",
                stored: "2-updateinfo.xml",
                packings: ANY_PACKING,
                official: None,
            },
            SourceFile {
                folder: "amazon/2023",
                name: "updateinfo.xml",
                stored: "2023-updateinfo.xml",
                packings: ANY_PACKING,
                official: None,
            },
        ],
    },
    Row {
        name: "suse-osv",
        purpose: "which packages of SUSE Linux Enterprise are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::Suse, reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "osv/SUSE",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/SUSE/all.zip"),
        }],
    },
    Row {
        name: "opensuse-osv",
        purpose: "which openSUSE packages are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::OpenSuse, reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "osv/openSUSE",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/openSUSE/all.zip"),
        }],
    },
    Row {
        name: "osv-crates-io",
        purpose: "which libraries of crates.io are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::Library(Ecosystem::CratesIo), reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "osv/crates.io",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/crates.io/all.zip"),
        }],
    },
    Row {
        name: "osv-go",
        purpose: "which libraries of Go are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::Library(Ecosystem::Go), reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "osv/Go",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/Go/all.zip"),
        }],
    },
    Row {
        name: "osv-maven",
        purpose: "which libraries of Maven are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::Library(Ecosystem::Maven), reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "osv/Maven",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/Maven/all.zip"),
        }],
    },
    Row {
        name: "osv-npm",
        purpose: "which libraries of npm are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::Library(Ecosystem::Npm), reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "osv/npm",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/npm/all.zip"),
        }],
    },
    Row {
        name: "osv-nuget",
        purpose: "which libraries of NuGet are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::Library(Ecosystem::Nuget), reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "osv/NuGet",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/NuGet/all.zip"),
        }],
    },
    Row {
        name: "osv-packagist",
        purpose: "which libraries of Packagist are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::Library(Ecosystem::Packagist), reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "osv/Packagist",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/Packagist/all.zip"),
        }],
    },
    Row {
        name: "osv-pypi",
        purpose: "which libraries of PyPI are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::Library(Ecosystem::Pypi), reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "osv/PyPI",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip"),
        }],
    },
    Row {
        name: "osv-rubygems",
        purpose: "which libraries of RubyGems are vulnerable, and where they are fixed",
        content: Content::Advisories { platform: Platform::Library(Ecosystem::Rubygems), reader: Reader::Osv },
        need: Need::Required,
        cadence: Cadence::Daily,
        max_file_mib: 1024,
        files: &[SourceFile {
            folder: "osv/RubyGems",
            name: "all.zip",
            stored: "all.zip",
            packings: PLAIN,
            official: Some("https://osv-vulnerabilities.storage.googleapis.com/RubyGems/all.zip"),
        }],
    },
    Row {
        name: "cisa-kev",
        purpose: "which vulnerabilities are known to be exploited",
        content: Content::Facts,
        need: Need::Optional,
        cadence: Cadence::Irregular,
        max_file_mib: 64,
        files: &[SourceFile {
            folder: "cisa-kev",
            name: "known_exploited_vulnerabilities.json",
            stored: "known_exploited_vulnerabilities.json",
            packings: ANY_PACKING,
            official: Some("https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"),
        }],
    },
    Row {
        name: "epss",
        purpose: "how likely a vulnerability is to be exploited",
        content: Content::Facts,
        need: Need::Optional,
        cadence: Cadence::Daily,
        max_file_mib: 128,
        files: &[SourceFile {
            folder: "epss",
            name: "epss_scores-current.csv",
            stored: "epss_scores-current.csv",
            packings: &[Packing::Gzip, Packing::Xz, Packing::Plain],
            official: Some("https://epss.empiricalsecurity.com/epss_scores-current.csv.gz"),
        }],
    },
    Row {
        name: "cve-records",
        purpose: "CVSS scores of vulnerabilities",
        content: Content::Facts,
        need: Need::Optional,
        cadence: Cadence::Irregular,
        max_file_mib: 512,
        files: &[
            SourceFile {
                folder: "cve-records",
                name: "vulnrichment-slice.jsonl",
                stored: "vulnrichment-slice.jsonl",
                packings: &[Packing::Xz, Packing::Gzip, Packing::Plain],
                official: None,
            },
            SourceFile {
                folder: "nvd",
                name: "nvdcve-2.0-{year}.json",
                stored: "nvdcve-2.0-{year}.json",
                packings: &[Packing::Gzip, Packing::Xz, Packing::Plain],
                official: Some("https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-{year}.json.gz"),
            },
        ],
    },
];
