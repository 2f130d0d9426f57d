//! Statements of VEX documents: whether somebody's products are affected by a vulnerability, whatever format says it.

use assay_model::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{csaf, openvex};
use crate::{AdvisoryError, Limits};

/// What a statement says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VexStatus {
    /// The products are not affected; the justification or the statement says why.
    NotAffected,
    /// They are; the statement says what to do.
    Affected,
    /// They have the fix.
    Fixed,
    /// It is not known yet.
    UnderInvestigation,
}

impl VexStatus {
    /// The word of OpenVEX.
    pub fn as_str(self) -> &'static str {
        match self {
            VexStatus::NotAffected => "not_affected",
            VexStatus::Affected => "affected",
            VexStatus::Fixed => "fixed",
            VexStatus::UnderInvestigation => "under_investigation",
        }
    }
}

/// A product that a statement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VexProduct {
    /// Its package URL, with or without version.
    pub purl: String,
    /// Package URLs of the parts of it that have the vulnerability; empty means the product itself.
    pub subcomponents: Vec<String>,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VexStatement {
    /// The vulnerability, by its CVE id where the document names it.
    pub vulnerability: String,
    /// Its other ids.
    pub aliases: Vec<String>,
    /// Products, at least one.
    pub products: Vec<VexProduct>,
    /// What is said.
    pub status: VexStatus,
    /// Why they are not affected, in the format's words (`vulnerable_code_not_present`).
    pub justification: Option<String>,
    /// Impact or action in the author's words; may be empty.
    pub statement: String,
    /// When it was said; absent where the document does not say.
    pub timestamp: Option<Timestamp>,
    /// Who says so, and in which document.
    pub source: String,
}

/// The statements of one or more documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VexDocument {
    /// Statements, in the order of the documents.
    pub statements: Vec<VexStatement>,
    /// What could not be used, and why.
    pub malformed: Vec<String>,
}

/// The member that only CSAF has.
#[derive(Deserialize)]
struct Outline {
    document: Option<IgnoredAny>,
}

/// Reads documents of either format: CSAF where the first one has a member `document`, else OpenVEX.
///
/// # Errors
///
/// As the formats' own readers; and when there are statements but none can be used.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<VexDocument, AdvisoryError> {
    let first = serde_json::Deserializer::from_slice(bytes).into_iter::<Outline>().next();
    let is_csaf = first.and_then(Result::ok).is_some_and(|outline| outline.document.is_some());
    let vex = if is_csaf { csaf::read_vex(bytes, limits)? } else { openvex::read(bytes, limits)? };
    match vex.malformed.first() {
        Some(detail) if vex.statements.is_empty() => {
            let (feed, place) = (if is_csaf { "csaf" } else { "openvex" }, "the statements".to_owned());
            Err(AdvisoryError::Malformed { feed, place, detail: detail.clone() })
        }
        _ => Ok(vex),
    }
}

/// A time as documents write it: RFC 3339, without zone (taken as UTC), or a day.
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    let written = [text.to_owned(), format!("{text}Z"), format!("{text}T00:00:00Z")];
    written.iter().find_map(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_told_apart() {
        let openvex = r#"{"@context":"https://openvex.dev/ns/v0.2.0","@id":"x","author":"a","timestamp":"2024-03-01",
            "version":1,"statements":[{"vulnerability":"CVE-2024-1","products":["pkg:npm/a@1"],"status":"fixed"}]}"#;
        let csaf = r#"{"document":{"csaf_version":"2.0","title":"t","category":"csaf_vex","publisher":{"name":"p"},
            "tracking":{"id":"x","current_release_date":"2024-03-01"}},"product_tree":{"full_product_names":[
            {"product_id":"a","name":"a","product_identification_helper":{"purl":"pkg:npm/a@1"}}]},"vulnerabilities":
            [{"cve":"CVE-2024-1","product_status":{"fixed":["a"]}}]}"#;
        for text in [openvex, csaf] {
            let vex = read(text.as_bytes(), &Limits::default()).unwrap();
            let [statement] = vex.statements.as_slice() else { panic!("{vex:?}") };
            assert_eq!((statement.status, statement.products[0].purl.as_str()), (VexStatus::Fixed, "pkg:npm/a@1"));
        }
        for text in ["", "no JSON", "{}", &openvex.replace("fixed", "maybe"), &openvex.replace("openvex", "other")] {
            assert!(read(text.as_bytes(), &Limits::default()).is_err(), "{text}");
        }
    }

    #[test]
    fn times_are_read() {
        for (text, expected) in [
            ("2025-02-06T16:37:20+01:00", Some("2025-02-06T15:37:20Z")),
            ("2025-02-06T16:37:20.5", Some("2025-02-06T16:37:20.5Z")),
            ("2025-02-05", Some("2025-02-05T00:00:00Z")),
            ("", None),
            ("yesterday", None),
        ] {
            assert_eq!(timestamp(text).map(|time| time.to_string()).as_deref(), expected, "{text}");
        }
    }
}
