//! A CSAF document, as its publisher writes it; only the members that are used.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::product_tree::ProductTree;
use crate::import::lenient::Word;
use crate::json::few;

/// One document.
#[derive(Debug, Deserialize)]
pub(crate) struct Document {
    pub(crate) document: Head,
    #[serde(default)]
    pub(crate) product_tree: ProductTree,
    #[serde(default, deserialize_with = "few::<100_000, _, _>")]
    pub(crate) vulnerabilities: Vec<Vulnerability>,
}

/// What the document says of itself.
#[derive(Debug, Deserialize)]
pub(crate) struct Head {
    pub(crate) csaf_version: String,
    #[serde(default)]
    pub(crate) aggregate_severity: Option<Aggregate>,
    #[serde(default)]
    pub(crate) publisher: Publisher,
    pub(crate) tracking: Tracking,
}

/// How bad it is, over all.
#[derive(Debug, Deserialize)]
pub(crate) struct Aggregate {
    #[serde(default)]
    pub(crate) text: Word,
}

/// Who says it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Publisher {
    #[serde(default)]
    pub(crate) name: Word,
}

/// Which document it is.
#[derive(Debug, Deserialize)]
pub(crate) struct Tracking {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) current_release_date: Word,
}

/// One vulnerability.
#[derive(Debug, Deserialize)]
pub(crate) struct Vulnerability {
    #[serde(default)]
    pub(crate) cve: Option<String>,
    #[serde(default, deserialize_with = "few::<1_000, _, _>")]
    pub(crate) ids: Vec<OtherId>,
    #[serde(default, deserialize_with = "few::<1_000, _, _>")]
    pub(crate) notes: Vec<Note>,
    #[serde(default, deserialize_with = "few::<10_000, _, _>")]
    pub(crate) references: Vec<Reference>,
    /// Products of each status.
    #[serde(default)]
    pub(crate) product_status: BTreeMap<String, Vec<String>>,
    #[serde(default, deserialize_with = "few::<10_000, _, _>")]
    pub(crate) flags: Vec<Remark>,
    #[serde(default, deserialize_with = "few::<10_000, _, _>")]
    pub(crate) threats: Vec<Remark>,
    #[serde(default, deserialize_with = "few::<10_000, _, _>")]
    pub(crate) remediations: Vec<Remark>,
    #[serde(default, deserialize_with = "few::<10_000, _, _>")]
    pub(crate) scores: Vec<Score>,
}

/// An id in another system.
#[derive(Debug, Deserialize)]
pub(crate) struct OtherId {
    #[serde(default)]
    pub(crate) text: Word,
}

/// A text about the vulnerability.
#[derive(Debug, Deserialize)]
pub(crate) struct Note {
    #[serde(default)]
    pub(crate) category: Word,
    #[serde(default)]
    pub(crate) text: Word,
}

/// An address.
#[derive(Debug, Deserialize)]
pub(crate) struct Reference {
    #[serde(default)]
    pub(crate) category: Word,
    #[serde(default)]
    pub(crate) url: Word,
}

/// Something said of some products: a flag, a threat or a remediation.
#[derive(Debug, Deserialize)]
pub(crate) struct Remark {
    /// Kind of a threat or a remediation.
    #[serde(default)]
    pub(crate) category: Word,
    /// Kind of a flag.
    #[serde(default)]
    pub(crate) label: Word,
    #[serde(default)]
    pub(crate) details: Word,
    #[serde(default)]
    pub(crate) url: Word,
    #[serde(default)]
    pub(crate) product_ids: Vec<String>,
    #[serde(default)]
    pub(crate) group_ids: Vec<String>,
}

/// CVSS vectors of some products.
#[derive(Debug, Deserialize)]
pub(crate) struct Score {
    #[serde(default)]
    pub(crate) products: Vec<String>,
    #[serde(default)]
    pub(crate) cvss_v2: Option<Vector>,
    #[serde(default)]
    pub(crate) cvss_v3: Option<Vector>,
    #[serde(default)]
    pub(crate) cvss_v4: Option<Vector>,
}

/// One vector.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Vector {
    #[serde(default)]
    pub(crate) vector_string: Word,
}
