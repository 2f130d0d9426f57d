//! The orders by name: which one an ecosystem has, and how a text is parsed and compared by it.
//!
//! Surprising: OSV writes `0` for "before every version" (`"introduced": "0"`). No order knows that value: under some,
//! a version can be older than `0` (`0~rc1` of dpkg, `0-alpha` of Maven) and under some `0` is no version at all. Who
//! reads OSV ranges must take it as "from the beginning" before it comes here.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::ParseVersionError;
use super::parsed::Version;

/// The order that the versions of an ecosystem have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VersionOrder {
    /// Debian, Ubuntu and what derives from them.
    Dpkg,
    /// Red Hat, SUSE, Amazon Linux and every other distribution of rpm packages.
    Rpm,
    /// Alpine and what derives from it.
    Apk,
    /// PyPI.
    Pep440,
    /// npm: SemVer as node-semver reads it.
    Npm,
    /// Go modules.
    Go,
    /// SemVer 2.0, as crates.io has it.
    Semver,
    /// Maven Central.
    Maven,
    /// RubyGems.
    RubyGems,
    /// Packagist.
    Composer,
    /// NuGet.
    NuGet,
}

impl VersionOrder {
    /// Every order, by its [`VersionOrder::code`].
    pub const ALL: [VersionOrder; 11] = [
        VersionOrder::Dpkg,
        VersionOrder::Rpm,
        VersionOrder::Apk,
        VersionOrder::Pep440,
        VersionOrder::Npm,
        VersionOrder::Go,
        VersionOrder::Semver,
        VersionOrder::Maven,
        VersionOrder::RubyGems,
        VersionOrder::Composer,
        VersionOrder::NuGet,
    ];

    /// Its name, as `serde` writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            VersionOrder::Dpkg => "dpkg",
            VersionOrder::Rpm => "rpm",
            VersionOrder::Apk => "apk",
            VersionOrder::Pep440 => "pep440",
            VersionOrder::Npm => "npm",
            VersionOrder::Go => "go",
            VersionOrder::Semver => "semver",
            VersionOrder::Maven => "maven",
            VersionOrder::RubyGems => "rubygems",
            VersionOrder::Composer => "composer",
            VersionOrder::NuGet => "nuget",
        }
    }

    /// Its number in compiled databases; a number never changes its meaning.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The order of a number.
    pub fn from_code(code: u8) -> Option<VersionOrder> {
        VersionOrder::ALL.get(usize::from(code)).copied()
    }

    /// Parses a version, to be compared many times; blanks around it are passed over.
    ///
    /// # Errors
    ///
    /// When it is no version of this order, or longer than 1,024 bytes.
    pub fn parse<'v>(self, text: &'v str) -> Result<Version<'v>, ParseVersionError> {
        Version::parse(self, text)
    }

    /// Compares two versions given as text.
    ///
    /// # Errors
    ///
    /// When either is no version of this order.
    pub fn compare(self, left: &str, right: &str) -> Result<Ordering, ParseVersionError> {
        let (left, right) = (self.parse(left)?, self.parse(right)?);
        // Both are of this order, so they compare.
        Ok(left.compare(&right).unwrap_or(Ordering::Equal))
    }
}

impl fmt::Display for VersionOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_round_trip() {
        for (index, order) in VersionOrder::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(order.code()), index);
            assert_eq!(VersionOrder::from_code(order.code()), Some(order));
            let written = serde_json::to_string(&order).unwrap();
            assert_eq!(written, format!("\"{order}\""));
            assert_eq!(serde_json::from_str::<VersionOrder>(&written).unwrap(), order);
        }
        assert_eq!(VersionOrder::from_code(11), None);
    }
}
