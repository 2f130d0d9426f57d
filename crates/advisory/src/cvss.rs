//! CVSS 2.0, 3.0, 3.1 and 4.0: what a vector scores, by its base metrics alone and by all that it has.
//!
//! The `cvss` crate computes; here is what it leaves out: a vector without a base metric is refused, not scored as if
//! that were harmless; 3.x has its temporal score, and 4.0 those of a part of its metrics. The last step of 3.x is done
//! here in whole numbers: 2.5 × 0.92 is 2.3, which the crate's floating point rounds up to 2.4 in 3.0.
//!
//! Surprising: in 3.1 the environmental formula gives more than the base formula for some vectors that say nothing of
//! an environment, so it counts only for those that do.

use std::fmt;

use ::cvss::v2;
use ::cvss::v3::{self, Metric};
use ::cvss::v4;

/// The longest vector that is read, in bytes; one of 4.0 with all metrics has fewer than 220.
const MAX_LENGTH: usize = 512;

/// Which version of CVSS a score follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CvssVersion {
    /// CVSS 2.0.
    V2,
    /// CVSS 3.0.
    V3_0,
    /// CVSS 3.1.
    V3_1,
    /// CVSS 4.0.
    V4,
}

impl CvssVersion {
    /// Every version, by its [`CvssVersion::code`].
    pub const ALL: [CvssVersion; 4] = [CvssVersion::V2, CvssVersion::V3_0, CvssVersion::V3_1, CvssVersion::V4];

    /// `2.0`, `3.0`, `3.1` or `4.0`.
    pub fn as_str(self) -> &'static str {
        match self {
            CvssVersion::V2 => "2.0",
            CvssVersion::V3_0 => "3.0",
            CvssVersion::V3_1 => "3.1",
            CvssVersion::V4 => "4.0",
        }
    }

    /// Its number in compiled databases; a number never changes its meaning.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The version of a number.
    pub fn from_code(code: u8) -> Option<CvssVersion> {
        CvssVersion::ALL.get(usize::from(code)).copied()
    }
}

impl fmt::Display for CvssVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a vector gives no score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CvssError {
    /// It is none, or has a metric twice, or one that this version does not know.
    #[error("it is no CVSS vector")]
    Malformed,
    /// One of the base metrics is missing.
    #[error("it lacks a base metric")]
    Incomplete,
    /// It is longer than any vector.
    #[error("it has {length} bytes, over the limit of {limit}")]
    TooLong {
        /// Its length.
        length: usize,
        /// The longest that is read.
        limit: usize,
    },
}

/// A parsed vector; each score is computed when it is asked for.
#[derive(Clone, Debug)]
pub struct CvssVector {
    metrics: Metrics,
    has_environment: bool,
}

#[derive(Clone, Debug)]
enum Metrics {
    V2(v2::Vector),
    V3(v3::Vector),
    V4 {
        base: v4::Vector,
        /// The same with its threat metric.
        threat: v4::Vector,
        all: v4::Vector,
    },
}

/// Metrics of an environment; each version has some of them.
const ENVIRONMENT: [&str; 20] = [
    "CDP", "TD", "CR", "IR", "AR", "MAV", "MAC", "MAT", "MPR", "MUI", "MS", "MC", "MI", "MA", "MVC", "MVI", "MVA",
    "MSC", "MSI", "MSA",
];
/// CVSS v4.0 §2: exploitability and impact metrics.
const BASE_OF_V4: [&str; 12] = ["CVSS", "AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"];
/// CVSS v4.0 §3.
const THREAT_OF_V4: [&str; 1] = ["E"];

impl CvssVector {
    /// Parses a vector; one of 2.0 may be in parentheses, as NVD writes it.
    ///
    /// # Errors
    ///
    /// When it is none, or incomplete.
    pub fn parse(text: &str) -> Result<CvssVector, CvssError> {
        if text.len() > MAX_LENGTH {
            return Err(CvssError::TooLong { length: text.len(), limit: MAX_LENGTH });
        }
        let text = text.trim();
        let metrics = match text.split_once('/').map(|(prefix, _)| prefix) {
            Some("CVSS:3.0" | "CVSS:3.1") => Metrics::V3(complete_v3(parse_metrics(text)?)?),
            Some("CVSS:4.0") => {
                let part = |names: &[&[&str]]| parse_metrics(&keep_metrics(text, &names.concat()));
                Metrics::V4 {
                    base: part(&[&BASE_OF_V4])?,
                    threat: part(&[&BASE_OF_V4, &THREAT_OF_V4])?,
                    all: parse_metrics(text)?,
                }
            }
            _ => {
                let bare = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
                Metrics::V2(parse_metrics(bare.unwrap_or(text))?)
            }
        };
        let is_defined = |metric: &str| !metric.ends_with(":X") && !metric.ends_with(":ND");
        let has_environment =
            keep_metrics(text, &ENVIRONMENT).split('/').any(|metric| !metric.is_empty() && is_defined(metric));
        Ok(CvssVector { metrics, has_environment })
    }

    /// The version that it follows.
    pub fn version(&self) -> CvssVersion {
        match &self.metrics {
            Metrics::V2(_) => CvssVersion::V2,
            Metrics::V3(vector) if vector.minor_version == 0 => CvssVersion::V3_0,
            Metrics::V3(_) => CvssVersion::V3_1,
            Metrics::V4 { .. } => CvssVersion::V4,
        }
    }

    /// The score of its base metrics alone, 0.0 to 10.0 (CVSS-B in 4.0).
    pub fn base_score(&self) -> f64 {
        match &self.metrics {
            Metrics::V2(vector) => vector.score().value(),
            Metrics::V3(vector) => vector.base_score().value(),
            Metrics::V4 { base, .. } => base.score().value(),
        }
    }

    /// The score with its temporal metrics, which 4.0 calls threat metrics (CVSS-BT); the base score if it has none.
    pub fn temporal_score(&self) -> f64 {
        match &self.metrics {
            Metrics::V2(vector) => vector.temporal_score().value(),
            Metrics::V3(vector) => with_temporal(vector.base_score().value(), vector),
            Metrics::V4 { threat, .. } => threat.score().value(),
        }
    }

    /// The score by the environmental formula (CVSS-BTE in 4.0), whether or not it has metrics of an environment.
    pub fn environmental_score(&self) -> f64 {
        match &self.metrics {
            Metrics::V2(vector) => vector.environmental_score().value(),
            Metrics::V3(vector) => {
                let timeless = v3::Vector { e: None, rl: None, rc: None, ..vector.clone() };
                with_temporal(timeless.environmental_score().value(), vector)
            }
            Metrics::V4 { all, .. } => all.score().value(),
        }
    }

    /// The score of all that it says: the environmental one if it has such metrics, else the temporal one, which is the
    /// base score if it has none of those either.
    pub fn score(&self) -> f64 {
        if self.has_environment { self.environmental_score() } else { self.temporal_score() }
    }
}

/// A score multiplied by the temporal metrics of 3.x and rounded up (CVSS v3.0 §8.2, v3.1 §7.2 and appendix A).
fn with_temporal(score: f64, vector: &v3::Vector) -> f64 {
    let whole = |value: f64, scale: f64| (value * scale).round() as u64;
    let hundredths = |factor: Option<f64>| whole(factor.unwrap_or(1.0), 100.0);
    let exploit = hundredths(vector.e.map(Metric::score));
    let remediation = hundredths(vector.rl.map(Metric::score));
    let confidence = hundredths(vector.rc.map(Metric::score));
    // In units of 10⁻⁷.
    let product = whole(score, 10.0) * exploit * remediation * confidence;
    let tenths = match vector.minor_version {
        0 => product.div_ceil(1_000_000),
        // What is less than half of 10⁻⁵ does not count.
        _ => ((product + 50) / 100).div_ceil(10_000),
    };
    tenths as f64 / 10.0
}

/// A base score and the version of its vector.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BaseScore {
    /// The version that the vector follows.
    pub version: CvssVersion,
    /// 0.0 to 10.0, with one decimal.
    pub score: f64,
}

/// The base score of a vector: how bad it is anywhere and at any time, which is what two publishers can agree on.
///
/// # Errors
///
/// When it is no vector, or lacks a base metric.
pub fn score(vector: &str) -> Result<BaseScore, CvssError> {
    let vector = CvssVector::parse(vector)?;
    Ok(BaseScore { version: vector.version(), score: vector.base_score() })
}

fn parse_metrics<V: std::str::FromStr>(text: &str) -> Result<V, CvssError> {
    text.parse().map_err(|_| CvssError::Malformed)
}

/// The metrics of these names.
fn keep_metrics(vector: &str, names: &[&str]) -> String {
    let is_kept = |metric: &&str| {
        let (name, _) = metric.split_once(':').unwrap_or_default();
        names.iter().any(|kept| kept.eq_ignore_ascii_case(name))
    };
    vector.split('/').filter(is_kept).collect::<Vec<_>>().join("/")
}

/// The parser takes a vector without base metrics and scores what is missing as 0, which would be "harmless".
fn complete_v3(vector: v3::Vector) -> Result<v3::Vector, CvssError> {
    let is_complete = vector.av.is_some()
        && vector.ac.is_some()
        && vector.pr.is_some()
        && vector.ui.is_some()
        && vector.s.is_some()
        && vector.c.is_some()
        && vector.i.is_some()
        && vector.a.is_some();
    if is_complete { Ok(vector) } else { Err(CvssError::Incomplete) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(vector: &str, expected: Option<(&str, [f64; 4])>) {
        let parsed = CvssVector::parse(vector).ok();
        let found = parsed.map(|parsed| {
            let scores = [parsed.base_score(), parsed.temporal_score(), parsed.environmental_score(), parsed.score()];
            (parsed.version().as_str(), scores)
        });
        assert_eq!(found, expected, "{vector}");
    }

    #[test]
    fn each_group_of_metrics_has_its_score() {
        check("AV:N/AC:L/Au:N/C:N/I:N/A:C", Some(("2.0", [7.8, 7.8, 7.8, 7.8])));
        check("(AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C)", Some(("2.0", [7.8, 6.4, 6.4, 6.4])));
        let environment = "AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H";
        check(environment, Some(("2.0", [7.8, 6.4, 9.2, 9.2])));
        check("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", Some(("3.0", [6.1, 6.1, 6.1, 6.1])));
        check("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U", Some(("3.1", [9.8, 9.0, 9.0, 9.0])));
        check("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H/MAV:X", Some(("3.1", [9.9, 9.9, 10.0, 9.9])));
        check("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H/MAV:N", Some(("3.1", [9.9, 9.9, 10.0, 10.0])));
        let base = "CVSS:4.0/AV:A/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N";
        check(base, Some(("4.0", [8.6, 8.6, 8.6, 8.6])));
        check(&format!("{base}/MSI:S/S:P"), Some(("4.0", [8.6, 8.6, 9.7, 9.7])));
        let threat = "CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N/E:U";
        check(threat, Some(("4.0", [8.3, 5.6, 5.6, 5.6])));
    }

    #[test]
    fn temporal_scores_are_exact() {
        // 10.0 × 0.92 in both; 2.5 × 0.92 in 3.0.
        check("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/RC:U", Some(("3.0", [10.0, 9.2, 9.2, 9.2])));
        check("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/RC:U", Some(("3.1", [10.0, 9.2, 9.2, 9.2])));
    }

    #[test]
    fn what_is_no_complete_vector_is_refused() {
        let twice = "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        let unknown = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/QQ:H";
        for vector in ["", "high", "CVSS:5.0/AV:N/AC:L", "AV:N/AC:L", "CVSS:3.1", "CVSS:4.0/AV:N", twice, unknown] {
            assert_eq!(score(vector), Err(CvssError::Malformed), "{vector}");
        }
        for vector in ["CVSS:3.1/AV:N", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H"] {
            assert_eq!(score(vector), Err(CvssError::Incomplete), "{vector}");
        }
        let long = format!("CVSS:3.1/{}", "AV:N/".repeat(200));
        assert_eq!(score(&long), Err(CvssError::TooLong { length: 1009, limit: 512 }));
    }

    #[test]
    fn codes_round_trip() {
        for version in CvssVersion::ALL {
            assert_eq!(CvssVersion::from_code(version.code()), Some(version));
        }
        assert_eq!(CvssVersion::from_code(4), None);
    }
}
