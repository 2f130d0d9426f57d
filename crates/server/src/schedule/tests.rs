//! Schedules against a brute-force oracle, and the decided cases of clocks that jump.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;

const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

fn schedule(text: &str, zone: &str, anchor: &str) -> Schedule {
    let recurrence = Recurrence::read(text).unwrap();
    Schedule { recurrence, zone: TimeZone::posix(zone).unwrap(), anchor: anchor.parse().unwrap() }
}

#[track_caller]
fn check(text: &str, zone: &str, after: &str, expected: &[&str]) {
    let schedule = schedule(text, zone, "2026-01-01T00:00:00Z");
    let mut after: Timestamp = after.parse().unwrap();
    for expected in expected {
        after = schedule.next_after(after).unwrap();
        assert_eq!(after, expected.parse().unwrap(), "{text}");
    }
}

#[test]
fn next_starts() {
    check("0 3 * * *", "UTC0", "2026-01-01T03:00:00Z", &["2026-01-02T03:00:00Z", "2026-01-03T03:00:00Z"]);
    check("*/20 8-9 * * *", "UTC0", "2026-01-01T08:39:59Z", &["2026-01-01T08:40:00Z", "2026-01-01T09:00:00Z"]);
    check("@weekly", "UTC0", "2026-11-24T12:00:00Z", &["2026-11-29T00:00:00Z"]);
    check("0 0 29 2 *", "UTC0", "2026-01-01T00:00:00Z", &["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]);
    // Both days restricted: either.
    check("0 0 1 * mon", "UTC0", "2026-11-24T00:00:00Z", &["2026-11-30T00:00:00Z", "2026-12-01T00:00:00Z"]);
    check("0 0 * * 7", "UTC0", "2026-11-24T00:00:00Z", &["2026-11-29T00:00:00Z"]);
    check("cron(15 10 ? * 2-6 *)", "UTC0", "2026-11-27T10:15:00Z", &["2026-11-30T10:15:00Z"]);
    check("cron(0 0 1 JAN ? 2027-2031/2)", "UTC0", "2027-06-01T00:00:00Z", &["2029-01-01T00:00:00Z"]);
    check("rate(12 hours)", "UTC0", "2026-01-01T13:00:00Z", &["2026-01-02T00:00:00Z"]);
    check("every 7 days", "UTC0", "2026-01-01T00:00:00Z", &["2026-01-08T00:00:00Z", "2026-01-15T00:00:00Z"]);
    check("every 7 days", "UTC0", "2025-01-01T00:00:00Z", &["2026-01-01T00:00:00Z"]);
    let over = schedule("cron(0 0 1 1 ? 2020)", "UTC0", "2026-01-01T00:00:00Z");
    assert_eq!(over.next_after("2026-01-01T00:00:00Z".parse().unwrap()), None);
}

#[test]
fn clocks_that_jump() {
    // 2026-03-29: 02:00 becomes 03:00; what is meant in between comes an hour later.
    check("30 2 * * *", BERLIN, "2026-03-28T12:00:00Z", &["2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]);
    check(
        "0,30 2,3 * * *",
        BERLIN,
        "2026-03-29T00:30:00Z",
        &["2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:00:00Z"],
    );
    // 2026-10-25: 02:30 comes twice; the first is taken.
    check("30 2 * * *", BERLIN, "2026-10-24T12:00:00Z", &["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
    // Days keep the time of the wall clock: 01:00 in winter, and in summer too.
    check("every 1 days", BERLIN, "2026-03-28T00:00:00Z", &["2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z"]);
}

#[test]
fn errors_point_at_the_field() {
    for (text, expected) in [
        ("60 * * * *", "the field minute is \"60\": \"60\" is not from 0 to 59"),
        ("* * 0 * *", "the field day of the month is \"0\""),
        ("* * * foo *", "the field month is \"foo\""),
        ("* * * * 5-1", "the field day of the week is \"5-1\": the range ends (1) before it begins (5)"),
        ("*/0 * * * *", "the field minute is \"*/0\": the step is no number from 1"),
        ("* * * *", "has 4 fields where 5 are needed"),
        ("cron(0 0 * * * *)", "exactly one of day of the month and day of the week has to be ?"),
        ("cron(0 0 ? * 0 *)", "\"0\" is not from 1 to 7"),
        ("cron(0 0 ? * 1 1969)", "the field year is \"1969\": a year is from 1970 to 2199"),
        ("@fortnightly", "use @hourly"),
        ("rate(0 days)", "is no rate"),
        ("every day", "is no rate"),
        ("0 0 30 2 *", "never comes"),
        ("+5 * * * *", "the field minute is \"+5\""),
        ("", "has 0 fields"),
    ] {
        let error = Recurrence::read(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    assert!(matches!(Recurrence::read(&"1,".repeat(1000)), Err(ScheduleError::TooLong { .. })));
}

#[test]
fn missed_starts() {
    let daily = schedule("@daily", "UTC0", "2026-01-01T00:00:00Z");
    let once = CatchUp::Once { window: SignedDuration::from_hours(6) };
    for (policy, last, now, expected) in [
        (once, "2026-01-01T00:00:00Z", "2026-01-05T05:00:00Z", Some("2026-01-05T00:00:00Z")),
        (once, "2026-01-01T00:00:00Z", "2026-01-05T06:00:00Z", Some("2026-01-05T00:00:00Z")),
        (once, "2026-01-01T00:00:00Z", "2026-01-05T07:00:00Z", None),
        (once, "2026-01-05T00:00:00Z", "2026-01-05T05:00:00Z", None),
        (CatchUp::Skip, "2026-01-01T00:00:00Z", "2026-01-05T05:00:00Z", None),
        (CatchUp::Skip, "2026-01-04T12:00:00Z", "2026-01-05T00:00:30Z", Some("2026-01-05T00:00:00Z")),
    ] {
        let due = due(&daily, policy, last.parse().unwrap(), now.parse().unwrap());
        assert_eq!(due.start, expected.map(|start| start.parse().unwrap()), "{policy:?} {last} {now}");
        assert_eq!(due.next, Some("2026-01-06T00:00:00Z".parse().unwrap()));
    }
}

#[test]
fn jitter_is_bounded_and_spread() {
    let most = SignedDuration::from_mins(10);
    let all: Vec<SignedDuration> = (0..1000).map(|number| jitter(format!("t{number}").as_bytes(), most)).collect();
    assert!(all.iter().all(|wait| *wait >= SignedDuration::ZERO && *wait < most));
    assert_eq!(all[7], jitter(b"t7", most));
    let early = all.iter().filter(|wait| **wait < SignedDuration::from_mins(5)).count();
    assert!((400..600).contains(&early), "{early} of 1000 in the first half");
    assert_eq!(jitter(b"x", SignedDuration::ZERO), SignedDuration::ZERO);
}

/// A field as the oracle understands it: the values that were written out.
fn field(first: u8, last: u8) -> impl Strategy<Value = (String, Option<Vec<u8>>)> {
    let listed = proptest::collection::vec(first..=last, 1..4).prop_map(|values| {
        let text = values.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
        (text, Some(values))
    });
    prop_oneof![Just(("*".to_owned(), None)), listed]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Minute by minute: the oracle asks every minute of the wall clock whether the expression means it.
    #[test]
    fn agrees_with_walking_every_minute(
        minute in field(0, 59), hour in field(0, 23), day in field(1, 28), weekday in field(0, 6), offset in 0_i64..40_000_000,
    ) {
        let text = format!("{} {} {} * {}", minute.0, hour.0, day.0, weekday.0);
        let schedule = schedule(&text, "UTC0", "2026-01-01T00:00:00Z");
        let begin = Timestamp::from_second(1_767_225_600 + offset).unwrap();
        let found = schedule.next_after(begin);
        let means = |values: &Option<Vec<u8>>, value: i8| values.as_ref().is_none_or(|v| v.contains(&value.unsigned_abs()));
        let mut at = begin.as_second() / 60 * 60 + 60;
        let expected = (0..60 * 24 * 62).find_map(|_| {
            let time = Timestamp::from_second(at).unwrap();
            at += 60;
            let clock = TimeZone::UTC.to_datetime(time);
            let by_day = means(&day.1, clock.day());
            let by_weekday = means(&weekday.1, clock.weekday().to_sunday_zero_offset());
            let both = day.1.is_some() && weekday.1.is_some();
            let is_day = if both { by_day || by_weekday } else { by_day && by_weekday };
            (is_day && means(&minute.1, clock.minute()) && means(&hour.1, clock.hour())).then_some(time)
        });
        prop_assert_eq!(found, expected, "{}", text);
    }
}
