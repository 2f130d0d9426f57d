//! Until when a release gets security updates. After it the feed still holds old records and gets no new ones, so that
//! no finding means nothing.

use assay_model::Timestamp;

use crate::scope::Scope;

/// Lines of a scope and its last day of public security support, `YYYY-MM-DD`.
const SUPPORT: &str = include_str!("support.txt");

/// The last day of support of a release, `YYYY-MM-DD`, where it is over; absent where it is not, or not known.
pub fn support_ended(scope: &Scope, now: Timestamp) -> Option<&'static str> {
    let name = scope.to_string();
    let (_, last_day) = rows().find(|(scope, _)| *scope == name)?;
    // RFC 3339 orders as text.
    (now.to_string().get(..10)? > last_day).then_some(last_day)
}

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    SUPPORT.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(scope: &str, now: &str, expected: Option<&str>) {
        assert_eq!(support_ended(&scope.parse().unwrap(), now.parse().unwrap()), expected, "{scope} {now}");
    }

    #[test]
    fn support_ends_with_its_last_day() {
        check("debian-bullseye", "2026-08-31T23:59:59Z", None);
        check("debian-bullseye", "2026-09-01T00:00:00Z", Some("2026-08-31"));
        check("debian-buster", "2026-11-24T10:00:00Z", Some("2024-06-30"));
        check("debian-bookworm", "2026-11-24T10:00:00Z", None);
        check("debian-sid", "2099-01-01T00:00:00Z", None);
        check("ubuntu-20.04", "2026-11-24T10:00:00Z", Some("2025-05-31"));
        check("alpine-3.20", "2026-11-24T10:00:00Z", Some("2026-04-01"));
        check("amazon-2", "2026-07-01T00:00:00Z", Some("2026-06-30"));
    }

    #[test]
    fn every_row_is_a_scope_and_a_day() {
        for (scope, day) in rows() {
            assert_eq!(scope.parse::<Scope>().unwrap().to_string(), scope);
            assert!(format!("{day}T00:00:00Z").parse::<Timestamp>().is_ok(), "{scope} {day}");
        }
        assert!(rows().is_sorted(), "sorted by scope");
        assert!(rows().count() > 60);
    }
}
