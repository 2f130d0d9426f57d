//! CVE ids as numbers that sort as people expect.
//!
//! The sequence has at least four digits, padded with zeros, and no fixed upper length (CVE-2014-…, since 2014).

use std::fmt;
use std::str::FromStr;

/// A CVE id, ordered by year, then number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CveId(u64);

const NUMBER_BITS: u32 = 48;

/// The text is no CVE id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no CVE id")]
pub struct ParseCveIdError {
    /// What was given, at most 64 characters of it.
    pub text: String,
}

impl CveId {
    /// The year of the id, not of the vulnerability.
    pub fn year(self) -> u16 {
        (self.0 >> NUMBER_BITS) as u16
    }

    /// The number within the year.
    pub fn number(self) -> u64 {
        self.0 & ((1 << NUMBER_BITS) - 1)
    }

    /// The id as one sortable number: the key of compiled tables.
    pub(crate) fn key(self) -> u64 {
        self.0
    }
}

impl FromStr for CveId {
    type Err = ParseCveIdError;

    /// Reads `CVE-YYYY-NNNN…` in any letter case; the number has 4 to 14 digits, padded only up to four.
    fn from_str(text: &str) -> Result<CveId, ParseCveIdError> {
        let error = || ParseCveIdError { text: text.chars().take(64).collect() };
        let (prefix, rest) = text.split_at_checked(4).ok_or_else(error)?;
        let (year, number) = rest.split_once('-').ok_or_else(error)?;
        let is_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        let is_padded = number.len() > 4 && number.starts_with('0');
        let is_shaped = prefix.eq_ignore_ascii_case("CVE-") && year.len() == 4 && (4..=14).contains(&number.len());
        if !is_shaped || is_padded || !is_digits(year) || !is_digits(number) {
            return Err(error());
        }
        let year: u64 = year.parse().map_err(|_| error())?;
        let number: u64 = number.parse().map_err(|_| error())?;
        Ok(CveId(year << NUMBER_BITS | number))
    }
}

impl fmt::Display for CveId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("CVE-{:04}-{:04}", self.year(), self.number()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let parsed = text.parse::<CveId>().ok().map(|id| id.to_string());
        assert_eq!(parsed.as_deref(), expected, "{text:?}");
    }

    #[test]
    fn ids_round_trip() {
        check("CVE-1999-0001", Some("CVE-1999-0001"));
        check("cve-2024-3094", Some("CVE-2024-3094"));
        check("CVE-2026-12345678901234", Some("CVE-2026-12345678901234"));
        for text in [
            "",
            "CVE",
            "CVE-",
            "CVE-2024",
            "CVE-2024-",
            "CVE-2024-123",
            "CVE-24-1234",
            "CVE-2024-00123",
            "CVE-2024-12 34",
            "CVE-2024-1234-5",
            "TEMP-0000000-0CA7E3",
            "CVE-2024-+123",
            "CVE-\u{664}\u{664}-1234",
            "CVE-2024-123456789012345",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn ids_sort_by_year_then_number() {
        let ids = ["CVE-1999-9999", "CVE-2024-0999", "CVE-2024-1000", "CVE-2024-10000"];
        let parsed: Vec<CveId> = ids.iter().map(|id| id.parse().unwrap()).collect();
        assert!(parsed.is_sorted());
    }
}
