//! Platforms: whose packages an advisory is about, a distribution or an ecosystem of libraries.
//!
//! A derivative has its own platform, or none: it is never judged by its parent's feed.

use std::fmt;

use assay_model::ecosystem::Ecosystem;

use crate::version::VersionOrder;

/// A distribution, or an ecosystem of libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// Debian; releases by code name (`bookworm`, `sid`).
    Debian,
    /// Ubuntu; releases by version (`22.04`).
    Ubuntu,
    /// Alpine; releases by branch (`3.20`, `edge`).
    Alpine,
    /// Red Hat Enterprise Linux; releases by major version (`9`).
    RedHat,
    /// AlmaLinux; releases by major version.
    AlmaLinux,
    /// Rocky Linux; releases by major version.
    Rocky,
    /// Oracle Linux; releases by major version.
    Oracle,
    /// SUSE Linux Enterprise; releases by version (`15.5`, `12.5`).
    Suse,
    /// openSUSE; `15.5` of Leap, `tumbleweed`.
    OpenSuse,
    /// Amazon Linux; `1`, `2`, `2023`.
    Amazon,
    /// Libraries of a programming language; no releases.
    Library(Ecosystem),
}

impl Platform {
    /// Every distribution.
    pub const DISTRIBUTIONS: [Platform; 10] = [
        Platform::Debian,
        Platform::Ubuntu,
        Platform::Alpine,
        Platform::RedHat,
        Platform::AlmaLinux,
        Platform::Rocky,
        Platform::Oracle,
        Platform::Suse,
        Platform::OpenSuse,
        Platform::Amazon,
    ];

    /// The name in file names and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Platform::Debian => "debian",
            Platform::Ubuntu => "ubuntu",
            Platform::Alpine => "alpine",
            Platform::RedHat => "redhat",
            Platform::AlmaLinux => "almalinux",
            Platform::Rocky => "rocky",
            Platform::Oracle => "oracle",
            Platform::Suse => "suse",
            Platform::OpenSuse => "opensuse",
            Platform::Amazon => "amazon",
            Platform::Library(ecosystem) => ecosystem.as_str(),
        }
    }

    /// The platform of a name that [`Platform::as_str`] gave.
    pub fn from_name(name: &str) -> Option<Platform> {
        let libraries = Ecosystem::ALL.into_iter().map(Platform::Library);
        Platform::DISTRIBUTIONS.into_iter().chain(libraries).find(|platform| platform.as_str() == name)
    }

    /// The name shown to people.
    pub fn title(self) -> &'static str {
        match self {
            Platform::Debian => "Debian",
            Platform::Ubuntu => "Ubuntu",
            Platform::Alpine => "Alpine",
            Platform::RedHat => "Red Hat Enterprise Linux",
            Platform::AlmaLinux => "AlmaLinux",
            Platform::Rocky => "Rocky Linux",
            Platform::Oracle => "Oracle Linux",
            Platform::Suse => "SUSE Linux Enterprise",
            Platform::OpenSuse => "openSUSE",
            Platform::Amazon => "Amazon Linux",
            Platform::Library(ecosystem) => ecosystem.osv_name(),
        }
    }

    /// The order of its versions.
    pub fn version_order(self) -> VersionOrder {
        match self {
            Platform::Debian | Platform::Ubuntu => VersionOrder::Dpkg,
            Platform::Alpine => VersionOrder::Apk,
            Platform::RedHat
            | Platform::AlmaLinux
            | Platform::Rocky
            | Platform::Oracle
            | Platform::Suse
            | Platform::OpenSuse
            | Platform::Amazon => VersionOrder::Rpm,
            Platform::Library(Ecosystem::CratesIo) => VersionOrder::Semver,
            Platform::Library(Ecosystem::Go) => VersionOrder::Go,
            Platform::Library(Ecosystem::Maven) => VersionOrder::Maven,
            Platform::Library(Ecosystem::Npm) => VersionOrder::Npm,
            Platform::Library(Ecosystem::Nuget) => VersionOrder::NuGet,
            Platform::Library(Ecosystem::Packagist) => VersionOrder::Composer,
            Platform::Library(Ecosystem::Pypi) => VersionOrder::Pep440,
            Platform::Library(Ecosystem::Rubygems) => VersionOrder::RubyGems,
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
