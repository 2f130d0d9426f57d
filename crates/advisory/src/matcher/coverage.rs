//! Packages that the feed does not speak of: said so, never silently passed over.

use assay_model::evidence::package::{Package, PackageOrigin, PackageRole};

/// Why the feed does not cover a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotCoveredReason {
    /// It comes from another publisher's repository.
    ThirdParty {
        /// Who publishes.
        origin: String,
    },
    /// No repository offers it: built or installed by hand.
    Local,
    /// It comes from backports, which follow another release.
    Backport,
}

impl NotCoveredReason {
    /// The reason as a sentence.
    pub fn to_sentence(&self) -> String {
        match self {
            NotCoveredReason::ThirdParty { origin } => {
                format!("It comes from {origin}, whose packages no feed covers.")
            }
            NotCoveredReason::Local => "No repository that the host knows offers it, so no feed covers it.".to_owned(),
            NotCoveredReason::Backport => {
                "It is a backport from a later release, which the feed of this release does not cover.".to_owned()
            }
        }
    }
}

/// An installed package that the feed does not cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCovered<'a> {
    /// The package.
    pub package: &'a Package,
    /// Why.
    pub reason: NotCoveredReason,
}

/// Why the feed does not cover the package; absent when it does.
///
/// A kernel image that no repository offers is covered: each new kernel takes the place of the last one in the archive,
/// so an older one that is still installed (or running) is offered nowhere.
pub(crate) fn not_covered(package: &Package) -> Option<NotCoveredReason> {
    if package.version.contains("~bpo") {
        return Some(NotCoveredReason::Backport);
    }
    match &package.origin {
        PackageOrigin::ThirdParty { origin } => Some(NotCoveredReason::ThirdParty { origin: origin.clone() }),
        PackageOrigin::Local if package.role != PackageRole::KernelImage => Some(NotCoveredReason::Local),
        PackageOrigin::Local | PackageOrigin::Distribution | PackageOrigin::Unknown => None,
    }
}
