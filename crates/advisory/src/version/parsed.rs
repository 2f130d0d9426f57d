//! A version that is parsed and knows its order.

use std::cmp::Ordering;

use super::apk::ApkVersion;
use super::composer::ComposerVersion;
use super::debian::DebianVersion;
use super::error::ParseVersionError;
use super::maven::MavenVersion;
use super::nuget::NuGetVersion;
use super::order::VersionOrder;
use super::pep440::Pep440Version;
use super::rpm::RpmVersion;
use super::rubygems::GemVersion;
use super::semver::SemanticVersion;
use super::{go, npm};

/// A parsed version; borrows from its text, and holds nothing on the heap.
#[derive(Clone, Copy, Debug)]
pub struct Version<'v> {
    text: &'v str,
    parts: Parts<'v>,
}

#[derive(Clone, Copy, Debug)]
enum Parts<'v> {
    Dpkg(DebianVersion<'v>),
    Rpm(RpmVersion<'v>),
    Apk(ApkVersion<'v>),
    Pep440(Pep440Version<'v>),
    Npm(SemanticVersion<'v>),
    Go(SemanticVersion<'v>),
    Semver(SemanticVersion<'v>),
    Maven(MavenVersion<'v>),
    RubyGems(GemVersion<'v>),
    Composer(ComposerVersion<'v>),
    NuGet(NuGetVersion<'v>),
}

impl<'v> Version<'v> {
    pub(super) fn parse(order: VersionOrder, text: &'v str) -> Result<Version<'v>, ParseVersionError> {
        let parts = match order {
            VersionOrder::Dpkg => Parts::Dpkg(DebianVersion::parse(text)?),
            VersionOrder::Rpm => Parts::Rpm(RpmVersion::parse(text)?),
            VersionOrder::Apk => Parts::Apk(ApkVersion::parse(text)?),
            VersionOrder::Pep440 => Parts::Pep440(Pep440Version::parse(text)?),
            VersionOrder::Npm => Parts::Npm(npm::parse(text)?),
            VersionOrder::Go => Parts::Go(go::parse(text)?),
            VersionOrder::Semver => Parts::Semver(SemanticVersion::parse(text)?),
            VersionOrder::Maven => Parts::Maven(MavenVersion::parse(text)?),
            VersionOrder::RubyGems => Parts::RubyGems(GemVersion::parse(text)?),
            VersionOrder::Composer => Parts::Composer(ComposerVersion::parse(text)?),
            VersionOrder::NuGet => Parts::NuGet(NuGetVersion::parse(text)?),
        };
        Ok(Version { text, parts })
    }

    /// Compares versions of one order; absent if the two are of different orders.
    pub fn compare(&self, other: &Version<'_>) -> Option<Ordering> {
        match (&self.parts, &other.parts) {
            (Parts::Dpkg(left), Parts::Dpkg(right)) => Some(left.cmp(right)),
            (Parts::Rpm(left), Parts::Rpm(right)) => Some(left.cmp(right)),
            (Parts::Apk(left), Parts::Apk(right)) => Some(left.compare(right)),
            (Parts::Pep440(left), Parts::Pep440(right)) => Some(left.compare(right)),
            (Parts::Npm(left), Parts::Npm(right))
            | (Parts::Go(left), Parts::Go(right))
            | (Parts::Semver(left), Parts::Semver(right)) => Some(left.compare(right)),
            (Parts::Maven(left), Parts::Maven(right)) => Some(left.compare(right)),
            (Parts::RubyGems(left), Parts::RubyGems(right)) => Some(left.compare(right)),
            (Parts::Composer(left), Parts::Composer(right)) => Some(left.compare(right)),
            (Parts::NuGet(left), Parts::NuGet(right)) => Some(left.compare(right)),
            _ => None,
        }
    }

    /// The text it was parsed from, as it was.
    pub fn text(&self) -> &'v str {
        self.text
    }

    /// Its order.
    pub fn order(&self) -> VersionOrder {
        match self.parts {
            Parts::Dpkg(_) => VersionOrder::Dpkg,
            Parts::Rpm(_) => VersionOrder::Rpm,
            Parts::Apk(_) => VersionOrder::Apk,
            Parts::Pep440(_) => VersionOrder::Pep440,
            Parts::Npm(_) => VersionOrder::Npm,
            Parts::Go(_) => VersionOrder::Go,
            Parts::Semver(_) => VersionOrder::Semver,
            Parts::Maven(_) => VersionOrder::Maven,
            Parts::RubyGems(_) => VersionOrder::RubyGems,
            Parts::Composer(_) => VersionOrder::Composer,
            Parts::NuGet(_) => VersionOrder::NuGet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_two_orders_do_not_compare() {
        let parsed = VersionOrder::ALL.map(|order| order.parse(" 1.0 ").unwrap());
        for (left, order) in parsed.iter().zip(VersionOrder::ALL) {
            assert_eq!((left.order(), left.text()), (order, " 1.0 "));
            for right in &parsed {
                assert_eq!(left.compare(right), (right.order() == order).then_some(Ordering::Equal), "{order}");
            }
        }
    }

    #[test]
    fn no_order_reads_without_end() {
        let (long, longest) = ("1".repeat(1025), "1".repeat(1024));
        for order in VersionOrder::ALL {
            let error = ParseVersionError::TooLong { length: 1025, limit: 1024 };
            assert_eq!(order.parse(&long).err(), Some(error), "{order}");
            assert_eq!(order.compare(&longest, "2"), Ok(Ordering::Greater), "{order}");
        }
    }
}
