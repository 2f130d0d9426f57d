//! Whether a record is about a package at all: same architecture, module stream and flavour.
//!
//! Versions of two module streams, or of two flavours of a build, do not compare: a lower number in one says nothing
//! about the other.

use assay_model::evidence::package::Package;

use crate::database::{Advisory, End, Range};
use crate::platform::Platform;
use crate::version::VersionOrder;

/// Why a record says nothing about a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Inapplicable {
    /// It is about other architectures.
    Architecture,
    /// It is about another module stream, or the package comes from a module and the record's do not, or the reverse.
    Module,
    /// It is about another flavour of the build (ksplice, fips, rt).
    Flavour,
    /// It is about the builds of a channel that the host does not have.
    Channel,
}

impl Inapplicable {
    /// The reason as a sentence.
    pub fn to_sentence(self) -> &'static str {
        match self {
            Inapplicable::Architecture => "The advisory is about other architectures.",
            Inapplicable::Module => "The advisory is about another module stream.",
            Inapplicable::Flavour => {
                "The advisory is about another flavour of the build, whose versions do not compare."
            }
            Inapplicable::Channel => "The advisory is about the builds of a channel that the host does not have.",
        }
    }
}

/// How a record's module stands to a package's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ModuleMatch {
    Same,
    /// Both are modular, and one of them does not say of which stream.
    Unclear,
    Other,
}

/// Whether the record is for the package's architecture.
pub(crate) fn matches_architecture(advisory: &Advisory<'_>, package: &Package) -> bool {
    let Some(architectures) = advisory.architectures else {
        return true;
    };
    let is_any = |name: &str| matches!(name, "noarch" | "all" | "any" | "src");
    is_any(&package.architecture)
        || architectures.split_ascii_whitespace().any(|name| is_any(name) || name == package.architecture)
}

/// How the record's module stands to the package's.
pub(crate) fn match_module(platform: Platform, advisory: &Advisory<'_>, package: &Package) -> ModuleMatch {
    if platform.version_order() != VersionOrder::Rpm {
        return ModuleMatch::Same;
    }
    let of_package = package.provenance.module.as_deref().map(stream_of);
    let looks_modular = package.version.contains(".module");
    match (advisory.module, of_package) {
        (None, None) => {
            if looks_modular {
                ModuleMatch::Other
            } else {
                ModuleMatch::Same
            }
        }
        (Some("*"), Some(_)) => ModuleMatch::Unclear,
        (Some(_), None) if looks_modular => ModuleMatch::Unclear,
        (Some(of_record), Some(of_package)) if stream_of(of_record) == of_package => ModuleMatch::Same,
        _ => ModuleMatch::Other,
    }
}

/// `nodejs:18` of `nodejs:18:8060020220523160029:ad008a3a`.
fn stream_of(label: &str) -> &str {
    let end = label.match_indices(':').nth(1).map_or(label.len(), |(at, _)| at);
    label.get(..end).unwrap_or(label)
}

/// Whether the versions of the ranges are of the same flavour as the package's.
pub(crate) fn matches_flavour(ranges: &[Range<'_>], version: &str) -> bool {
    let own = flavour(version);
    ranges.iter().all(|range| match range.end {
        End::Fixed(text) | End::LastAffected(text) | End::Exactly(text) => flavour(text) == own,
        End::Open => true,
    })
}

/// The token of a version that says that it is a build of its own kind.
fn flavour(version: &str) -> Option<&'static str> {
    let words = version.split(|character: char| !character.is_ascii_alphanumeric());
    words
        .filter_map(|word| {
            let letters = word.trim_end_matches(|character: char| character.is_ascii_digit());
            ["ksplice", "fips", "rt", "uptrack"].into_iter().find(|flavour| letters.eq_ignore_ascii_case(flavour))
        })
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flavours_are_words_of_a_version() {
        for (version, expected) in [
            ("2:2.17-326.0.5.ksplice1.el7_9.2", Some("ksplice")),
            ("2.17-326.el7_9.2", None),
            ("10:3.6.16-4.0.1.el8_fips", Some("fips")),
            ("1.1.1f-1ubuntu2.fips.13", Some("fips")),
            ("1.1.1f-1ubuntu2.Fips1", Some("fips")),
            ("4.18.0-305.rt7.72.el8", Some("rt")),
            ("1.0.0+artful-1", None),
        ] {
            assert_eq!(flavour(version), expected, "{version}");
        }
    }

    #[test]
    fn streams_are_the_first_two_parts() {
        assert_eq!(stream_of("nodejs:18:8060020220523160029:ad008a3a"), "nodejs:18");
        assert_eq!(stream_of("nodejs:18"), "nodejs:18");
        assert_eq!(stream_of("nodejs"), "nodejs");
    }
}
