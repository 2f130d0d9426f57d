//! Severity: Inspector's levels, and Assay's band above them.
//!
//! `Critical` is no Inspector severity: it is a band of [`Severity::High`] that only Assay's own surfaces show.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How bad a finding is, in Inspector's words, ordered from harmless to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Used only as a key of finding counts.
    Undefined,
    /// For information; numeric 0.0.
    Informational,
    /// Numeric 3.0.
    Low,
    /// Numeric 6.0.
    Medium,
    /// Numeric 9.0.
    High,
}

impl Severity {
    /// Every severity, worst first: the order in which counts are shown.
    pub const ALL: [Severity; 5] =
        [Severity::High, Severity::Medium, Severity::Low, Severity::Informational, Severity::Undefined];

    /// Inspector's `numericSeverity`: 9.0, 6.0, 3.0, 0.0.
    pub fn numeric(self) -> f64 {
        match self {
            Severity::High => 9.0,
            Severity::Medium => 6.0,
            Severity::Low => 3.0,
            Severity::Informational | Severity::Undefined => 0.0,
        }
    }

    /// The word that Inspector uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::High => "High",
            Severity::Medium => "Medium",
            Severity::Low => "Low",
            Severity::Informational => "Informational",
            Severity::Undefined => "Undefined",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A finding's band on Assay's own surfaces: a severity, with the worst of `High` set apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Band {
    /// Severity Informational.
    Informational,
    /// Severity Low.
    Low,
    /// Severity Medium.
    Medium,
    /// Severity High, CVSS 7.0 to 8.9.
    High,
    /// Severity High, CVSS 9.0 and above, or known to be exploited.
    Critical,
}

impl Band {
    /// Every band, worst first.
    pub const ALL: [Band; 5] = [Band::Critical, Band::High, Band::Medium, Band::Low, Band::Informational];

    /// The band of a CVSS base score (0.0 to 10.0): 9.0 Critical, 7.0 High, 4.0 Medium, 0.1 Low, else Informational.
    pub fn from_cvss(score: f64) -> Band {
        match score {
            s if s >= 9.0 => Band::Critical,
            s if s >= 7.0 => Band::High,
            s if s >= 4.0 => Band::Medium,
            s if s > 0.0 => Band::Low,
            _ => Band::Informational,
        }
    }

    /// The Inspector severity that this band belongs to.
    pub fn severity(self) -> Severity {
        match self {
            Band::Critical | Band::High => Severity::High,
            Band::Medium => Severity::Medium,
            Band::Low => Severity::Low,
            Band::Informational => Severity::Informational,
        }
    }

    /// The word shown to people.
    pub fn as_str(self) -> &'static str {
        match self {
            Band::Critical => "Critical",
            Band::High => "High",
            Band::Medium => "Medium",
            Band::Low => "Low",
            Band::Informational => "Informational",
        }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<Severity> for Band {
    fn from(severity: Severity) -> Band {
        match severity {
            Severity::High => Band::High,
            Severity::Medium => Band::Medium,
            Severity::Low => Band::Low,
            Severity::Informational | Severity::Undefined => Band::Informational,
        }
    }
}

/// The text is no severity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no severity: use critical, high, medium, low or informational")]
pub struct ParseBandError {
    /// What was given.
    pub text: String,
}

impl FromStr for Band {
    type Err = ParseBandError;

    /// Reads a band in any letter case.
    fn from_str(text: &str) -> Result<Band, ParseBandError> {
        Band::ALL
            .into_iter()
            .find(|band| band.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| ParseBandError { text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_follow_cvss() {
        for (score, band) in [
            (10.0, Band::Critical),
            (9.0, Band::Critical),
            (8.9, Band::High),
            (7.0, Band::High),
            (6.9, Band::Medium),
            (4.0, Band::Medium),
            (3.9, Band::Low),
            (0.1, Band::Low),
            (0.0, Band::Informational),
        ] {
            assert_eq!(Band::from_cvss(score), band, "{score}");
        }
    }

    #[test]
    fn bands_parse_in_any_case() {
        assert_eq!("HIGH".parse::<Band>(), Ok(Band::High));
        assert!("urgent".parse::<Band>().is_err());
    }
}
