//! Ecosystems of programming languages: a name means something only within one.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An ecosystem of libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ecosystem {
    /// Rust.
    CratesIo,
    /// Go.
    Go,
    /// Java.
    Maven,
    /// JavaScript.
    Npm,
    /// .NET.
    Nuget,
    /// PHP.
    Packagist,
    /// Python.
    Pypi,
    /// Ruby.
    Rubygems,
}

impl Ecosystem {
    /// Every ecosystem, sorted by name.
    pub const ALL: [Ecosystem; 8] = [
        Ecosystem::CratesIo,
        Ecosystem::Go,
        Ecosystem::Maven,
        Ecosystem::Npm,
        Ecosystem::Nuget,
        Ecosystem::Packagist,
        Ecosystem::Pypi,
        Ecosystem::Rubygems,
    ];

    /// The name in evidence and in file names.
    pub fn as_str(self) -> &'static str {
        match self {
            Ecosystem::CratesIo => "crates-io",
            Ecosystem::Go => "go",
            Ecosystem::Maven => "maven",
            Ecosystem::Npm => "npm",
            Ecosystem::Nuget => "nuget",
            Ecosystem::Packagist => "packagist",
            Ecosystem::Pypi => "pypi",
            Ecosystem::Rubygems => "rubygems",
        }
    }

    /// The name in OSV records (OSV schema 1.7, "Defined ecosystems"), which is also the folder of its `all.zip`.
    pub fn osv_name(self) -> &'static str {
        match self {
            Ecosystem::CratesIo => "crates.io",
            Ecosystem::Go => "Go",
            Ecosystem::Maven => "Maven",
            Ecosystem::Npm => "npm",
            Ecosystem::Nuget => "NuGet",
            Ecosystem::Packagist => "Packagist",
            Ecosystem::Pypi => "PyPI",
            Ecosystem::Rubygems => "RubyGems",
        }
    }

    /// The type of its package URLs (purl specification, "Known purl types").
    pub fn purl_type(self) -> &'static str {
        match self {
            Ecosystem::CratesIo => "cargo",
            Ecosystem::Go => "golang",
            Ecosystem::Maven => "maven",
            Ecosystem::Npm => "npm",
            Ecosystem::Nuget => "nuget",
            Ecosystem::Packagist => "composer",
            Ecosystem::Pypi => "pypi",
            Ecosystem::Rubygems => "gem",
        }
    }

    /// The ecosystem of an OSV name, in any letter case; what follows a colon (a registry) is left to the caller.
    pub fn from_osv_name(name: &str) -> Option<Ecosystem> {
        Ecosystem::ALL.into_iter().find(|ecosystem| ecosystem.osv_name().eq_ignore_ascii_case(name))
    }

    /// The ecosystem of a package URL's type.
    pub fn from_purl_type(purl_type: &str) -> Option<Ecosystem> {
        Ecosystem::ALL.into_iter().find(|ecosystem| ecosystem.purl_type() == purl_type)
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back() {
        for ecosystem in Ecosystem::ALL {
            assert_eq!(serde_json::to_value(ecosystem).unwrap(), ecosystem.as_str());
            assert_eq!(Ecosystem::from_osv_name(ecosystem.osv_name()), Some(ecosystem));
            assert_eq!(Ecosystem::from_purl_type(ecosystem.purl_type()), Some(ecosystem));
        }
        assert!(Ecosystem::ALL.is_sorted_by_key(|ecosystem| ecosystem.as_str()));
        assert_eq!(Ecosystem::from_osv_name("Debian"), None);
    }
}
