//! From the events of OSV ranges to ranges that ascend.
//!
//! Events may come in any order; the schema's evaluation sorts them by version, so that is done where all of them are
//! versions of the ecosystem's order, and they are taken as they come where one is not.

use std::cmp::Ordering;

use super::record::{Event, Range};
use crate::version::VersionOrder;
use crate::{AffectedRange, RangeEnd};

/// The ranges of versions; those of git commits are passed over.
///
/// # Errors
///
/// When a range has another type, or has no event that introduces the vulnerability.
pub(super) fn ranges_of(ranges: &[Range], order: VersionOrder) -> Result<Vec<AffectedRange>, String> {
    let mut found = Vec::new();
    for range in ranges {
        match range.kind.as_str() {
            "SEMVER" | "ECOSYSTEM" => add_range(&range.events, order, &mut found)?,
            "GIT" => {}
            other => return Err(format!("{other:.40?} is no type of a range")),
        }
    }
    Ok(found)
}

fn add_range(events: &[Event], order: VersionOrder, found: &mut Vec<AffectedRange>) -> Result<(), String> {
    let limit = limit_of(events, order);
    let mut events: Vec<&Event> = events.iter().filter(|event| !matches!(event, Event::Limit(_))).collect();
    if !events.iter().any(|event| matches!(event, Event::Introduced(_))) {
        return Err("a range has no introduced version".to_owned());
    }
    sort(&mut events, order);
    let mut introduced: Option<Option<String>> = None;
    for event in events {
        let end = match event {
            Event::Introduced(version) => {
                introduced.get_or_insert_with(|| (!is_beginning(version, order)).then(|| version.clone()));
                continue;
            }
            Event::Fixed(version) => RangeEnd::Fixed(version.clone()),
            Event::LastAffected(version) => RangeEnd::LastAffected(version.clone()),
            Event::Limit(_) => continue,
        };
        let Some(introduced) = introduced.take() else { continue };
        // A range that ends where it begins is empty, unless its end belongs to it.
        if !matches!((&introduced, &end), (Some(first), RangeEnd::Fixed(fixed)) if first == fixed) {
            found.push(AffectedRange { introduced, end });
        }
    }
    if let Some(introduced) = introduced {
        // Above the limit the range says nothing; nearest to that is a first version that is not affected.
        found.push(AffectedRange { introduced, end: limit.map_or(RangeEnd::Open, RangeEnd::Fixed) });
    }
    Ok(())
}

/// The highest limit; absent for none, which is the same as `*`.
fn limit_of(events: &[Event], order: VersionOrder) -> Option<String> {
    let limits = || events.iter().filter(|event| matches!(event, Event::Limit(_))).map(Event::version);
    if limits().any(|limit| limit == "*") {
        return None;
    }
    limits().max_by(|left, right| order.compare(left, right).unwrap_or(Ordering::Equal)).map(str::to_owned)
}

/// Whether a version stands for "before every version": OSV's `0`, and RustSec's lowest semantic version.
fn is_beginning(version: &str, order: VersionOrder) -> bool {
    version == "0" || (order == VersionOrder::Semver && version == "0.0.0-0")
}

fn sort(events: &mut [&Event], order: VersionOrder) {
    let is_first = |event: &Event| matches!(event, Event::Introduced(version) if is_beginning(version, order));
    if events.iter().any(|event| !is_first(event) && order.parse(event.version()).is_err()) {
        return;
    }
    events.sort_by(|left, right| match (is_first(left), is_first(right)) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (true, true) => Ordering::Equal,
        (false, false) => order.compare(left.version(), right.version()).unwrap_or(Ordering::Equal),
    });
}

/// The versions that no range covers: the schema has them affected as well. What is no version of the order is among
/// them, to be compared as text; a version that a range says has the fix is not.
pub(super) fn versions_beside(ranges: &[AffectedRange], versions: &[String], order: VersionOrder) -> Vec<String> {
    let is_stated = |range: &AffectedRange, version: &String| {
        range.contains(version, order) == Ok(true) || range.end == RangeEnd::Fixed(version.clone())
    };
    let is_beside = |version: &&String| !ranges.iter().any(|range| is_stated(range, version));
    versions.iter().filter(is_beside).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: &str, events: &str, order: VersionOrder, expected: Result<&str, &str>) {
        let events = serde_json::from_str(events).unwrap();
        let found = ranges_of(&[Range { kind: kind.to_owned(), events }], order).map(|ranges| {
            let text = |range: &AffectedRange| {
                let end = match &range.end {
                    RangeEnd::Fixed(version) => format!("<{version}"),
                    RangeEnd::LastAffected(version) => format!("<={version}"),
                    RangeEnd::Open => String::new(),
                };
                format!("{}..{end}", range.introduced.as_deref().unwrap_or_default())
            };
            ranges.iter().map(text).collect::<Vec<_>>().join(" ")
        });
        assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{kind} {order}");
    }

    #[test]
    fn events_become_ranges() {
        let pypi = VersionOrder::Pep440;
        check("ECOSYSTEM", r#"[{"introduced":"0"},{"fixed":"1.2"}]"#, pypi, Ok("..<1.2"));
        check("ECOSYSTEM", r#"[{"introduced":"0"}]"#, pypi, Ok(".."));
        check("ECOSYSTEM", r#"[{"introduced":"1.0"},{"last_affected":"1.0"}]"#, pypi, Ok("1.0..<=1.0"));
        let unsorted = r#"[{"fixed":"1.10"},{"introduced":"1.9"},{"fixed":"1.2"},{"introduced":"0"}]"#;
        check("SEMVER", unsorted, pypi, Ok("..<1.2 1.9..<1.10"));
        check("ECOSYSTEM", r#"[{"introduced":"1"},{"introduced":"2"},{"fixed":"3"},{"fixed":"4"}]"#, pypi, Ok("1..<3"));
        check("ECOSYSTEM", r#"[{"introduced":"1"},{"fixed":"1"}]"#, pypi, Ok(""));
        check("ECOSYSTEM", r#"[{"introduced":"1"},{"limit":"2"},{"limit":"3"}]"#, pypi, Ok("1..<3"));
        check("ECOSYSTEM", r#"[{"introduced":"1"},{"limit":"2"},{"limit":"*"}]"#, pypi, Ok("1.."));
        check("ECOSYSTEM", r#"[{"introduced":"0"},{"fixed":"not one"}]"#, pypi, Ok("..<not one"));
        check("SEMVER", r#"[{"introduced":"0.0.0-0"},{"fixed":"1.0.0"}]"#, VersionOrder::Semver, Ok("..<1.0.0"));
        check("ECOSYSTEM", r#"[{"introduced":"0~rc1"},{"fixed":"1"}]"#, VersionOrder::Dpkg, Ok("0~rc1..<1"));
        check("GIT", r#"[{"introduced":"0"}]"#, pypi, Ok(""));
        check("ECOSYSTEM", r#"[{"fixed":"1"}]"#, pypi, Err("a range has no introduced version"));
        check("SVN", r#"[{"introduced":"0"}]"#, pypi, Err("\"SVN\" is no type of a range"));
    }
}
