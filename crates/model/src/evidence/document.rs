//! The evidence document: all sections of one host at one time.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::account::Accounts;
use super::kernel::{Kernel, Processor};
use super::library::Libraries;
use super::mount::Mounts;
use super::operating_system::OperatingSystem;
use super::package::Packages;
use super::pam::Authentication;
use super::path::Paths;
use super::problem::Problem;
use super::process::Processes;
use super::request::CollectionRequest;
use super::socket::Sockets;
use super::sshd::Sshd;
use super::sysctl::Sysctl;
use crate::Timestamp;
use crate::ecosystem::Ecosystem;

/// Version of the evidence document; a reader refuses newer ones, which may say what it would pass over.
pub const SCHEMA: u32 = 3;

/// The oldest version that still means the same: 2 lacks [`Evidence::source_problems`], which it had in its sections.
pub const OLDEST_SCHEMA: u32 = 2;

/// What a section got, and what it could not get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collected<T> {
    /// Absent when the section was not collected, or nothing of it could be read.
    pub facts: Option<T>,
    /// What could not be read; empty means that the facts are complete.
    pub problems: Vec<Problem>,
}

impl<T> Collected<T> {
    /// Facts without a problem.
    pub fn complete(facts: T) -> Collected<T> {
        Collected { facts: Some(facts), problems: Vec::new() }
    }

    /// Facts, and what is missing from them.
    pub fn partial(facts: T, problems: Vec<Problem>) -> Collected<T> {
        Collected { facts: Some(facts), problems }
    }

    /// No facts, and why.
    pub fn unavailable(problem: Problem) -> Collected<T> {
        Collected { facts: None, problems: vec![problem] }
    }
}

impl<T> Default for Collected<T> {
    fn default() -> Collected<T> {
        Collected { facts: None, problems: Vec::new() }
    }
}

/// A section of the evidence, by the name it has in the document and in rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// [`Evidence::os`]
    Os,
    /// [`Evidence::packages`]
    Packages,
    /// [`Evidence::libraries`]
    Libraries,
    /// [`Evidence::kernel`]
    Kernel,
    /// [`Evidence::processor`]
    Processor,
    /// [`Evidence::accounts`]
    Accounts,
    /// [`Evidence::sshd`]
    Sshd,
    /// [`Evidence::authentication`]
    Authentication,
    /// [`Evidence::sysctl`]
    Sysctl,
    /// [`Evidence::mounts`]
    Mounts,
    /// [`Evidence::processes`]
    Processes,
    /// [`Evidence::sockets`]
    Sockets,
    /// [`Evidence::paths`]
    Paths,
}

impl Section {
    /// Every section, in document order.
    pub const ALL: [Section; 13] = [
        Section::Os,
        Section::Packages,
        Section::Libraries,
        Section::Kernel,
        Section::Processor,
        Section::Accounts,
        Section::Sshd,
        Section::Authentication,
        Section::Sysctl,
        Section::Mounts,
        Section::Processes,
        Section::Sockets,
        Section::Paths,
    ];

    /// The name in the document and in rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Section::Os => "os",
            Section::Packages => "packages",
            Section::Libraries => "libraries",
            Section::Kernel => "kernel",
            Section::Processor => "processor",
            Section::Accounts => "accounts",
            Section::Sshd => "sshd",
            Section::Authentication => "authentication",
            Section::Sysctl => "sysctl",
            Section::Mounts => "mounts",
            Section::Processes => "processes",
            Section::Sockets => "sockets",
            Section::Paths => "paths",
        }
    }
}

/// What was collected from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// The machine that ran the collector.
    LiveHost,
    /// A directory that holds a root file system.
    RootDirectory,
    /// A container image.
    ContainerImage,
    /// An image of a disk.
    DiskImage,
    /// A software bill of materials.
    Sbom,
    /// What a package manager printed of what is installed.
    PackageList,
}

/// Which host it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostIdentity {
    /// An id of the shape `i-` and 17 hexadecimal digits, derived from the machine id, which itself is not kept.
    pub agent_id: String,
    /// Host name.
    pub hostname: String,
    /// IPv4 addresses, sorted, loopback left out.
    pub ipv4_addresses: Vec<String>,
}

/// All that was seen on one host at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// [`SCHEMA`], or an older one where it was read.
    pub schema: u32,
    /// Version of Assay that collected.
    pub collector: String,
    /// When.
    pub collected_at: Timestamp,
    /// From what.
    pub source: SourceKind,
    /// What of the source itself could not be read: a layer, a partition. Any section may lack what is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_problems: Vec<Problem>,
    /// Of which host.
    pub host: HostIdentity,
    /// Effective user id that collected; other than 0 means that some things were out of reach.
    pub collected_as_uid: u32,
    /// What was asked for.
    pub request: CollectionRequest,
    /// Operating system.
    pub os: Collected<OperatingSystem>,
    /// Packages.
    pub packages: Collected<Packages>,
    /// Packages of programming languages.
    pub libraries: Collected<Libraries>,
    /// Kernels.
    pub kernel: Collected<Kernel>,
    /// Processor.
    pub processor: Collected<Processor>,
    /// Accounts and groups.
    pub accounts: Collected<Accounts>,
    /// SSH server.
    pub sshd: Collected<Sshd>,
    /// PAM, login.defs, pwquality.
    pub authentication: Collected<Authentication>,
    /// Kernel parameters.
    pub sysctl: Collected<Sysctl>,
    /// File systems.
    pub mounts: Collected<Mounts>,
    /// Processes.
    pub processes: Collected<Processes>,
    /// Listening sockets.
    pub sockets: Collected<Sockets>,
    /// Paths that rules ask for.
    pub paths: Collected<Paths>,
}

impl Evidence {
    /// A document of which no section was collected.
    pub fn empty(source: SourceKind, host: HostIdentity, collector: &str, now: Timestamp) -> Evidence {
        Evidence {
            schema: SCHEMA,
            collector: collector.to_owned(),
            collected_at: now,
            source,
            source_problems: Vec::new(),
            host,
            collected_as_uid: 0,
            request: CollectionRequest::default(),
            os: Collected::default(),
            packages: Collected::default(),
            libraries: Collected::default(),
            kernel: Collected::default(),
            processor: Collected::default(),
            accounts: Collected::default(),
            sshd: Collected::default(),
            authentication: Collected::default(),
            sysctl: Collected::default(),
            mounts: Collected::default(),
            processes: Collected::default(),
            sockets: Collected::default(),
            paths: Collected::default(),
        }
    }

    /// The problems of a section.
    pub fn problems(&self, section: Section) -> &[Problem] {
        match section {
            Section::Os => &self.os.problems,
            Section::Packages => &self.packages.problems,
            Section::Libraries => &self.libraries.problems,
            Section::Kernel => &self.kernel.problems,
            Section::Processor => &self.processor.problems,
            Section::Accounts => &self.accounts.problems,
            Section::Sshd => &self.sshd.problems,
            Section::Authentication => &self.authentication.problems,
            Section::Sysctl => &self.sysctl.problems,
            Section::Mounts => &self.mounts.problems,
            Section::Processes => &self.processes.problems,
            Section::Sockets => &self.sockets.problems,
            Section::Paths => &self.paths.problems,
        }
    }

    /// Whether a section has facts.
    pub fn has_facts(&self, section: Section) -> bool {
        match section {
            Section::Os => self.os.facts.is_some(),
            Section::Packages => self.packages.facts.is_some(),
            Section::Libraries => self.libraries.facts.is_some(),
            Section::Kernel => self.kernel.facts.is_some(),
            Section::Processor => self.processor.facts.is_some(),
            Section::Accounts => self.accounts.facts.is_some(),
            Section::Sshd => self.sshd.facts.is_some(),
            Section::Authentication => self.authentication.facts.is_some(),
            Section::Sysctl => self.sysctl.facts.is_some(),
            Section::Mounts => self.mounts.facts.is_some(),
            Section::Processes => self.processes.facts.is_some(),
            Section::Sockets => self.sockets.facts.is_some(),
            Section::Paths => self.paths.facts.is_some(),
        }
    }

    /// The ecosystems that the host has libraries of.
    pub fn ecosystems(&self) -> BTreeSet<Ecosystem> {
        let libraries = self.libraries.facts.iter().flat_map(|libraries| &libraries.libraries);
        libraries.map(|library| library.ecosystem).collect()
    }

    /// The document's canonical bytes: JSON with members in declaration order.
    ///
    /// # Errors
    ///
    /// When a value has no JSON form, which only a defect of this crate can cause.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// The content address of a document: SHA-256 of its canonical bytes, hexadecimal.
    pub fn digest(bytes: &[u8]) -> String {
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
