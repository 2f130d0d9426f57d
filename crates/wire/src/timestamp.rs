//! Timestamps: seconds since 1970 as a JSON number with a fraction (reference §2).
//!
//! A double holds milliseconds exactly enough for any year that matters: what was written from milliseconds reads back as
//! the same milliseconds.

use serde::{Deserialize, Serialize};

/// A point in time as the wire has it: seconds since 1970-01-01T00:00:00Z, with a fraction. Always a finite number.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub f64);

impl Timestamp {
    /// Milliseconds since 1970.
    pub fn from_millis(millis: i64) -> Timestamp {
        Timestamp(millis as f64 / 1000.0)
    }

    /// Milliseconds since 1970, rounded; what a caller sends beyond all years is cut to the range of an `i64`.
    pub fn millis(self) -> i64 {
        (self.0 * 1000.0).round() as i64
    }
}

impl From<assay_model::Timestamp> for Timestamp {
    fn from(time: assay_model::Timestamp) -> Timestamp {
        Timestamp::from_millis(time.as_millisecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_numbers_with_a_fraction() {
        for (millis, json) in
            [(1_458_680_301_370, "1458680301.37"), (0, "0.0"), (-1_500, "-1.5"), (1_795_478_400_012, "1795478400.012")]
        {
            let time = Timestamp::from_millis(millis);
            assert_eq!(serde_json::to_string(&time).unwrap(), json);
            assert_eq!(serde_json::from_str::<Timestamp>(json).unwrap().millis(), millis);
        }
        assert_eq!(serde_json::from_str::<Timestamp>("1458680301").unwrap().millis(), 1_458_680_301_000);
        assert_eq!(Timestamp(1e300).millis(), i64::MAX);
    }
}
