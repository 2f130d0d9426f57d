//! CVSS scores: the base score is computed from the vector, the published one is kept beside it.
//!
//! Publishers sometimes state a score that its own vector does not give (an old rounding, a temporal score, a slip). The
//! vector is what people can check, so its score is the one that counts.

use cvss::Cvss;

/// Which version of CVSS a score follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum CvssVersion {
    V2,
    V3_0,
    V3_1,
    V4,
}

impl CvssVersion {
    const ALL: [CvssVersion; 4] = [CvssVersion::V2, CvssVersion::V3_0, CvssVersion::V3_1, CvssVersion::V4];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            CvssVersion::V2 => "2.0",
            CvssVersion::V3_0 => "3.0",
            CvssVersion::V3_1 => "3.1",
            CvssVersion::V4 => "4.0",
        }
    }

    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    pub(crate) fn from_code(code: u8) -> Option<CvssVersion> {
        CvssVersion::ALL.get(usize::from(code)).copied()
    }
}

/// A base score and the version of its vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BaseScore {
    pub(crate) version: CvssVersion,
    /// The score in tenths, 0 to 100.
    pub(crate) tenths: u8,
}

/// Why a vector gives no base score.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VectorError {
    #[error("it is no CVSS vector")]
    Malformed,
    #[error("it lacks a base metric")]
    Incomplete,
}

/// A vector's base score; temporal, threat and environmental metrics in it do not count.
pub(crate) fn base_score(vector: &str) -> Result<BaseScore, VectorError> {
    let bare = vector.trim_matches(['(', ')']);
    let parse = |text: &str| text.parse::<Cvss>().map_err(|_| VectorError::Malformed);
    if !bare.starts_with("CVSS:") {
        let vector: cvss::v2::Vector = bare.parse().map_err(|_| VectorError::Malformed)?;
        return scored(CvssVersion::V2, vector.score().value());
    }
    match parse(bare)? {
        Cvss::CvssV30(vector) => scored(CvssVersion::V3_0, base_of_v3(&vector)?),
        Cvss::CvssV31(vector) => scored(CvssVersion::V3_1, base_of_v3(&vector)?),
        Cvss::CvssV40(_) => scored(CvssVersion::V4, parse(&base_of_v4(bare))?.score()),
        _ => Err(VectorError::Malformed),
    }
}

fn scored(version: CvssVersion, score: f64) -> Result<BaseScore, VectorError> {
    tenths(score).map(|tenths| BaseScore { version, tenths }).ok_or(VectorError::Malformed)
}

/// The parser takes a vector without base metrics and scores what is missing as 0, which would be "harmless".
fn base_of_v3(vector: &cvss::v3::Vector) -> Result<f64, VectorError> {
    let is_complete = vector.av.is_some()
        && vector.ac.is_some()
        && vector.pr.is_some()
        && vector.ui.is_some()
        && vector.s.is_some()
        && vector.c.is_some()
        && vector.i.is_some()
        && vector.a.is_some();
    if is_complete { Ok(vector.base_score().value()) } else { Err(VectorError::Incomplete) }
}

/// A score in tenths; absent outside 0.0 to 10.0.
pub(crate) fn tenths(score: f64) -> Option<u8> {
    (0.0..=10.0).contains(&score).then(|| (score * 10.0).round() as u8)
}

/// The vector with its base metrics alone (CVSS v4.0 §2: exploitability and impact metrics).
fn base_of_v4(vector: &str) -> String {
    const BASE: [&str; 12] = ["CVSS", "AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"];
    let is_base = |component: &&str| component.split_once(':').is_some_and(|(name, _)| BASE.contains(&name));
    vector.split('/').filter(is_base).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(vector: &str, expected: Option<(&str, u8)>) {
        let found = base_score(vector).ok().map(|score| (score.version.as_str(), score.tenths));
        assert_eq!(found, expected, "{vector}");
    }

    #[test]
    fn only_base_metrics_count() {
        check("AV:N/AC:L/Au:N/C:N/I:N/A:C", Some(("2.0", 78)));
        check("(AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C)", Some(("2.0", 78)));
        check("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", Some(("3.0", 61)));
        check("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U", Some(("3.1", 98)));
        check("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", Some(("4.0", 73)));
        check("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", Some(("4.0", 73)));
        for vector in
            ["", "high", "CVSS:3.1/AV:N", "CVSS:5.0/AV:N/AC:L", "AV:N/AC:L", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H"]
        {
            check(vector, None);
        }
    }

    #[test]
    fn scores_outside_the_scale_are_refused() {
        assert_eq!((tenths(0.0), tenths(9.8), tenths(10.0)), (Some(0), Some(98), Some(100)));
        assert_eq!((tenths(-0.1), tenths(10.1), tenths(f64::NAN), tenths(f64::INFINITY)), (None, None, None, None));
    }

    #[test]
    fn codes_round_trip() {
        for version in CvssVersion::ALL {
            assert_eq!(CvssVersion::from_code(version.code()), Some(version));
        }
        assert_eq!(CvssVersion::from_code(4), None);
    }
}
