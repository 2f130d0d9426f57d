//! Statements of VEX documents: whether somebody's products are affected by a vulnerability, whatever format says it.

use assay_model::Timestamp;

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

/// A time as documents write it: RFC 3339, without zone (taken as UTC), or a day.
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    let written = [text.to_owned(), format!("{text}Z"), format!("{text}T00:00:00Z")];
    written.iter().find_map(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

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
