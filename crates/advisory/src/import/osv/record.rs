//! An OSV record, as its publisher writes it; only the members that are used.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::import::lenient::{Word, Words};
use crate::json::few;

/// One record.
#[derive(Debug, Deserialize)]
pub(super) struct Record {
    pub(super) id: String,
    #[serde(default)]
    pub(super) withdrawn: Option<String>,
    #[serde(default, deserialize_with = "list::<10_000, _, _>")]
    pub(super) aliases: Vec<String>,
    #[serde(default, deserialize_with = "list::<10_000, _, _>")]
    pub(super) upstream: Vec<String>,
    #[serde(default, deserialize_with = "list::<10_000, _, _>")]
    pub(super) related: Vec<String>,
    #[serde(default)]
    pub(super) summary: Option<String>,
    #[serde(default)]
    pub(super) details: Option<String>,
    #[serde(default, deserialize_with = "list::<64, _, _>")]
    pub(super) severity: Vec<Severity>,
    #[serde(default, deserialize_with = "list::<100_000, _, _>")]
    pub(super) affected: Vec<Affected>,
    #[serde(default, deserialize_with = "list::<100_000, _, _>")]
    pub(super) references: Vec<Reference>,
    #[serde(default)]
    pub(super) database_specific: Option<Specific>,
}

/// One rating.
#[derive(Debug, Deserialize)]
pub(super) struct Severity {
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) score: Word,
}

/// One address.
#[derive(Debug, Deserialize)]
pub(super) struct Reference {
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) url: String,
}

/// One package that is affected.
#[derive(Debug, Deserialize)]
pub(super) struct Affected {
    #[serde(default)]
    pub(super) package: Option<Package>,
    #[serde(default, deserialize_with = "list::<64, _, _>")]
    pub(super) severity: Vec<Severity>,
    #[serde(default, deserialize_with = "list::<10_000, _, _>")]
    pub(super) ranges: Vec<Range>,
    #[serde(default, deserialize_with = "list::<200_000, _, _>")]
    pub(super) versions: Vec<String>,
    #[serde(default)]
    pub(super) ecosystem_specific: Option<Specific>,
    #[serde(default)]
    pub(super) database_specific: Option<Specific>,
}

/// Which package.
#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) ecosystem: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) purl: Option<String>,
}

/// Which versions.
#[derive(Debug, Deserialize)]
pub(super) struct Range {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(deserialize_with = "few::<10_000, _, _>")]
    pub(super) events: Vec<Event>,
}

/// One border of a range; the schema allows exactly one member.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Event {
    Introduced(String),
    Fixed(String),
    LastAffected(String),
    Limit(String),
}

impl Event {
    pub(super) fn version(&self) -> &str {
        match self {
            Event::Introduced(version) | Event::Fixed(version) => version,
            Event::LastAffected(version) | Event::Limit(version) => version,
        }
    }
}

/// What publishers add: the union of what those that are read do.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Specific {
    /// GitHub's word.
    #[serde(default)]
    pub(super) severity: Word,
    /// Debian's word.
    #[serde(default)]
    pub(super) urgency: Word,
    /// Ubuntu's word.
    #[serde(default)]
    pub(super) ubuntu_priority: Word,
    /// Ubuntu: which subscription has the fix.
    #[serde(default)]
    pub(super) availability: Word,
    /// RustSec: that it is no vulnerability, and what it is.
    #[serde(default)]
    pub(super) informational: Word,
    /// Go: the publisher's page.
    #[serde(default)]
    pub(super) url: Word,
    /// RustSec: on which systems.
    #[serde(default)]
    pub(super) affects: Option<Affects>,
    /// Go: which packages and symbols of the module.
    #[serde(default, deserialize_with = "list::<10_000, _, _>")]
    pub(super) imports: Vec<Import>,
    /// Go: ranges of versions that are no module versions.
    #[serde(default, deserialize_with = "list::<64, _, _>")]
    pub(super) custom_ranges: Vec<Range>,
    /// SUSE: installed packages and their fixed versions.
    #[serde(default, deserialize_with = "list::<10_000, _, _>")]
    pub(super) binaries: Vec<BTreeMap<String, Word>>,
}

/// RustSec: on which systems it is a vulnerability; empty means all.
#[derive(Debug, Deserialize)]
pub(super) struct Affects {
    #[serde(default)]
    pub(super) os: Words,
}

/// A package of a Go module.
#[derive(Debug, Deserialize)]
pub(super) struct Import {
    #[serde(default)]
    pub(super) path: Word,
    #[serde(default)]
    pub(super) symbols: Words,
    #[serde(default)]
    pub(super) goos: Words,
}

/// An array of at most so many elements; `null`, which some publishers write for none, is one too.
fn list<'de, const MOST: usize, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(transparent, bound = "T: Deserialize<'de>")]
    struct List<const MOST: usize, T>(#[serde(deserialize_with = "few::<MOST, _, _>")] Vec<T>);

    Ok(Option::<List<MOST, T>>::deserialize(deserializer)?.map(|list| list.0).unwrap_or_default())
}
