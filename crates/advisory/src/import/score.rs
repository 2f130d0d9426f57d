//! CVSS scores as feeds state them: the base score is computed from the vector, the published one is kept beside it.
//!
//! Publishers sometimes state a score that its own vector does not give (an old rounding, a temporal score, a slip). The
//! vector is what people can check, so its score is the one that counts.

use crate::cvss::{self, CvssError};

pub(crate) use crate::cvss::CvssVersion;

/// A base score and the version of its vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BaseScore {
    pub(crate) version: CvssVersion,
    /// The score in tenths, 0 to 100.
    pub(crate) tenths: u8,
}

/// A vector's base score; temporal, threat and environmental metrics in it do not count.
pub(crate) fn base_score(vector: &str) -> Result<BaseScore, CvssError> {
    let base = cvss::score(vector)?;
    tenths(base.score).map(|tenths| BaseScore { version: base.version, tenths }).ok_or(CvssError::Malformed)
}

/// A score in tenths; absent outside 0.0 to 10.0.
pub(crate) fn tenths(score: f64) -> Option<u8> {
    (0.0..=10.0).contains(&score).then(|| (score * 10.0).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_base_metrics_count() {
        for (vector, expected) in [
            ("(AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C)", Some((CvssVersion::V2, 78))),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U", Some((CvssVersion::V3_1, 98))),
            ("CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", Some((CvssVersion::V4, 73))),
            ("high", None),
        ] {
            let found = base_score(vector).ok().map(|score| (score.version, score.tenths));
            assert_eq!(found, expected, "{vector}");
        }
    }

    #[test]
    fn scores_outside_the_scale_are_refused() {
        assert_eq!((tenths(0.0), tenths(9.8), tenths(10.0)), (Some(0), Some(98), Some(100)));
        assert_eq!((tenths(-0.1), tenths(10.1), tenths(f64::NAN), tenths(f64::INFINITY)), (None, None, None, None));
    }
}
