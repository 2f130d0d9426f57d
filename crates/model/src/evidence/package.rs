//! Packages of the operating system's package database.

use serde::{Deserialize, Serialize};

/// What state the package database says a package is in (dpkg's third status word).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackageState {
    /// Known, not installed.
    NotInstalled,
    /// Only its configuration files remain.
    ConfigFiles,
    /// Unpacking began and did not end.
    HalfInstalled,
    /// Unpacked, not configured.
    Unpacked,
    /// Configuring began and did not end.
    HalfConfigured,
    /// Waits for another package's trigger.
    TriggersAwaited,
    /// Its own trigger is pending.
    TriggersPending,
    /// Installed.
    Installed,
}

impl PackageState {
    /// Whether the package's files are on the host: all but `not-installed` and `config-files`.
    pub fn has_files(self) -> bool {
        !matches!(self, PackageState::NotInstalled | PackageState::ConfigFiles)
    }
}

/// Where a package came from, as far as the host can tell.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PackageOrigin {
    /// The distribution's own archive offers this package.
    Distribution,
    /// Only another repository offers it.
    ThirdParty {
        /// `Origin` of that repository's Release file, or its host name where it has none.
        origin: String,
    },
    /// No repository that the host knows offers it: built or installed by hand.
    Local,
    /// The host has no repository lists, so it cannot tell.
    Unknown,
}

/// What kind of content a package has, where it matters to a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackageRole {
    /// Anything that is no part of a kernel's source.
    Ordinary,
    /// Holds a bootable kernel or its modules, of this release (`uname -r`).
    KernelImage,
    /// Depends on the newest kernel; holds no code itself.
    KernelMeta,
    /// Headers, documentation, tools or libc headers built from a kernel's source: no kernel code runs from it.
    KernelCompanion,
}

/// Where the package database records a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedAt {
    /// The file on the host.
    pub file: String,
    /// 1-based line at which the record begins.
    pub line: u32,
}

/// What an rpm database says of where a package comes from; other databases say none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Provenance {
    /// Label of the module stream it was built in: `NAME:STREAM:VERSION:CONTEXT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// Vendor, for example `Red Hat, Inc.`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// Id of the key that signed it: 16 hexadecimal digits, lower case; absent for an unsigned package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing_key: Option<String>,
}

impl Provenance {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Provenance::default()
    }
}

/// One package of the package database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Binary package name.
    pub name: String,
    /// Version with epoch and revision, as the database writes it.
    pub version: String,
    /// Architecture.
    pub architecture: String,
    /// Source package name; the binary name where the database names no other.
    pub source_name: String,
    /// Source package version; the binary version where the database names no other.
    pub source_version: String,
    /// State.
    pub state: PackageState,
    /// Whether the administrator holds it at its version (dpkg's first status word is `hold`; `name=version` in apk's world).
    pub held: bool,
    /// Where it came from.
    pub origin: PackageOrigin,
    /// What kind of content it has.
    pub role: PackageRole,
    /// Where the database records it; absent for a database that is no text file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<RecordedAt>,
    /// The version that it replaced last, where the host's log of package changes says: what a process that was started
    /// before then still runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_version: Option<String>,
    /// Module, vendor and key, where the database has them.
    #[serde(default, skip_serializing_if = "Provenance::is_empty")]
    pub provenance: Provenance,
}

impl Package {
    /// An installed package of which no more is known than its own name, version and architecture.
    pub fn installed(name: impl Into<String>, version: impl Into<String>, architecture: impl Into<String>) -> Package {
        let (name, version) = (name.into(), version.into());
        Package {
            source_name: name.clone(),
            source_version: version.clone(),
            name,
            version,
            architecture: architecture.into(),
            state: PackageState::Installed,
            held: false,
            origin: PackageOrigin::Unknown,
            role: PackageRole::Ordinary,
            recorded_at: None,
            previous_version: None,
            provenance: Provenance::default(),
        }
    }
}

/// A repository that the host's package manager is set to install from.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Repository {
    /// Its id: the section's name of a `.repo` file (`rhel-9-for-x86_64-baseos-eus-rpms`), the suite or archive of an
    /// apt source (`jammy-apps-security`), the last two parts of an apk repository's address (`v3.20/main`).
    pub id: String,
    /// Its address, without user, password and query.
    pub location: String,
}

/// All packages, sorted by name and architecture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packages {
    /// The database's kind, for example `dpkg`.
    pub format: String,
    /// Every package the database lists, not only installed ones.
    pub packages: Vec<Package>,
    /// The enabled repositories, sorted: which channels of updates reach the host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<Repository>,
}
