//! Until when a release gets security updates. After it the feed still holds old records and gets no new ones, so that
//! no finding means nothing.
//!
//! The dates are those that the distribution's Long Term Support announces as the last day (as of 2026-11); support that
//! somebody sells beyond it comes from other repositories, which the feed does not cover either.

use assay_model::Timestamp;

/// Code name and last day of public security support, `YYYY-MM-DD`.
const DEBIAN: [(&str, &str); 7] = [
    ("wheezy", "2018-05-31"),
    ("jessie", "2020-06-30"),
    ("stretch", "2022-07-01"),
    ("buster", "2024-06-30"),
    ("bullseye", "2026-08-31"),
    ("bookworm", "2028-06-30"),
    ("trixie", "2030-06-30"),
];

/// The last day of support of a release of Debian, `YYYY-MM-DD`, where it is over; absent where it is not, or not known.
pub fn support_ended(release: &str, now: Timestamp) -> Option<&'static str> {
    let (_, last_day) = DEBIAN.into_iter().find(|(codename, _)| *codename == release)?;
    // RFC 3339 orders as text.
    (now.to_string().get(..10)? > last_day).then_some(last_day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(release: &str, now: &str, expected: Option<&str>) {
        assert_eq!(support_ended(release, now.parse().unwrap()), expected, "{release} {now}");
    }

    #[test]
    fn support_ends_with_its_last_day() {
        check("bullseye", "2026-08-31T23:59:59Z", None);
        check("bullseye", "2026-09-01T00:00:00Z", Some("2026-08-31"));
        check("buster", "2026-11-24T10:00:00Z", Some("2024-06-30"));
        check("bookworm", "2026-11-24T10:00:00Z", None);
        check("sid", "2099-01-01T00:00:00Z", None);
    }
}
