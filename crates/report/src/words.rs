//! Words: how times, states, sources and counts read in the formats for people.

use std::collections::HashMap;

use assay_model::Timestamp;
use assay_model::assessment::{Assessment, HostSummary};
use assay_model::evidence::SourceKind;
use assay_model::finding::{Finding, FixState, Vulnerability};
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::AssessmentRun;
use assay_model::severity::Band;
use assay_model::trace::EvidenceItem;

/// `2026-11-24 02:00:00 UTC`.
pub(crate) fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// `2026-11-24 02:00`, under a heading that says UTC.
pub(crate) fn utc_minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// `2026-11-24 02:00:00 UTC to 02:15:30 UTC (15 min 30 s)`, as far as the run got.
pub(crate) fn run_time(run: &AssessmentRun) -> String {
    let start = run.started_at.unwrap_or(run.created_at);
    let Some(end) = run.completed_at else {
        return format!("{}, not ended", utc(start));
    };
    let same_day = start.strftime("%F").to_string() == end.strftime("%F").to_string();
    let end_text = if same_day { end.strftime("%H:%M:%S UTC").to_string() } else { utc(end) };
    format!("{} to {end_text} ({})", utc(start), duration(start, end))
}

/// `0.9 s`, `15 min 30 s`, `2 h 5 min`.
fn duration(start: Timestamp, end: Timestamp) -> String {
    let milliseconds = end.duration_since(start).as_millis().max(0);
    match u64::try_from(milliseconds / 1000).unwrap_or(u64::MAX) {
        seconds @ 0..60 => format!("{seconds}.{} s", milliseconds % 1000 / 100),
        seconds => whole_seconds(seconds),
    }
}

/// `59 s`, `15 min 30 s`, `2 h 5 min`.
pub(crate) fn whole_seconds(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ if seconds % 3600 < 60 => format!("{} h", seconds / 3600),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// How old something was: `12 minutes`, `3 hours`, `5 days`.
pub(crate) fn age(since: Timestamp, at: Timestamp) -> String {
    let minutes = at.duration_since(since).as_mins().max(0);
    let (number, unit) = match minutes {
        0..120 => (minutes, "minute"),
        120..2880 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// `1 finding`, `2 findings`, `5,000 findings`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", thousands(number as u64), if number == 1 { "" } else { "s" })
}

/// `45,123`.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut result = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            result.push(',');
        }
        result.push(digit);
    }
    result
}

/// `97.3 %`; only all of it is `100 %`, and only nothing is `0 %`.
pub(crate) fn percent(share: f64) -> String {
    match share {
        s if s >= 1.0 => "100 %".to_owned(),
        s if s <= 0.0 => "0 %".to_owned(),
        s => format!("{:.1} %", (s * 100.0).clamp(0.1, 99.9)),
    }
}

/// What a host was read from.
pub(crate) fn source(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::LiveHost => "live host",
        SourceKind::RootDirectory => "root directory",
        SourceKind::ContainerImage => "container image",
        SourceKind::DiskImage => "disk image",
        SourceKind::Sbom => "bill of materials",
        SourceKind::PackageList => "package list",
    }
}

/// `Common Vulnerabilities and Exposures 1.1 (knowledge 2026.11.24)`.
pub(crate) fn rules_package(kind: RulesPackageKind, knowledge: &str) -> String {
    format!("{} {} (knowledge {knowledge})", kind.name(), kind.version())
}

/// `Debian GNU/Linux 12 (bookworm), kernel 6.1.0-37-amd64, 847 packages`.
pub(crate) fn system(host: &HostSummary) -> String {
    let kernel =
        host.kernel.as_ref().map_or_else(|| ", no running kernel".to_owned(), |kernel| format!(", kernel {kernel}"));
    let packages = match host.installed_packages {
        Some(number) => count(number as usize, "package"),
        None => "packages not readable".to_owned(),
    };
    format!("{}{kernel}, {packages}", host.operating_system)
}

/// `debian-tracker (45,123 records, 3 hours old), …`, the age being that at the end of the run.
pub(crate) fn feeds(assessment: &Assessment) -> String {
    let at = judged_at(&assessment.run);
    let feeds: Vec<String> = assessment
        .feeds
        .iter()
        .map(|feed| {
            format!("{} ({}, {} old)", feed.name, count(feed.records as usize, "record"), age(feed.fetched_at, at))
        })
        .collect();
    if feeds.is_empty() { "none".to_owned() } else { feeds.join(", ") }
}

/// When a run judged: its end, else as far as it got.
pub(crate) fn judged_at(run: &AssessmentRun) -> Timestamp {
    run.completed_at.unwrap_or_else(|| run.state_changed_at())
}

/// `71: 2 critical, 14 high, …; 42 with an update`.
pub(crate) fn finding_counts(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "none".to_owned();
    }
    let bands = band_sentence(&band_counts(findings));
    let fixable = findings.iter().filter(|finding| has_update(finding)).count();
    let update = if fixable == 0 { String::new() } else { format!("; an update fixes {}", thousands(fixable as u64)) };
    format!("{}: {bands}{update}", thousands(findings.len() as u64))
}

/// Whether an update of at least one package takes the vulnerability away.
pub(crate) fn has_update(finding: &Finding) -> bool {
    finding.packages.iter().any(|package| package.state == FixState::FixedIn)
}

/// `12.3 % within 30 days, higher than 97.1 % of all`.
pub(crate) fn epss(vulnerability: &Vulnerability) -> Option<String> {
    let probability = format!("{:.2} % chance of exploitation within 30 days", vulnerability.epss? * 100.0);
    Some(match vulnerability.epss_percentile {
        Some(percentile) => format!("{probability}, percentile {:.1}", percentile * 100.0),
        None => probability,
    })
}

/// `/etc/ssh/sshd_config:33`, or a word such as `compiled-in default`.
pub(crate) fn place(item: &EvidenceItem) -> Option<String> {
    let source = item.source.as_ref()?;
    Some(match item.line {
        Some(line) => format!("{source}:{line}"),
        None => source.clone(),
    })
}

/// What a configuration finding is about, most telling first: the values that were read somewhere, before counts and
/// limits; several of one kind by their places. Hostile text: to be made visible.
pub(crate) fn evidence_in_short(finding: &Finding) -> Vec<String> {
    let (placed, unplaced): (Vec<&EvidenceItem>, Vec<&EvidenceItem>) =
        finding.evidence.iter().partition(|item| item.source.is_some());
    let mut count_of: HashMap<&str, usize> = HashMap::new();
    for item in &placed {
        *count_of.entry(item.label.as_str()).or_default() += 1;
    }
    placed
        .iter()
        .chain(&unplaced)
        .map(|item| match &item.source {
            Some(source) if count_of.get(item.label.as_str()).is_some_and(|count| *count > 1) => source.clone(),
            _ => format!("{} {}", item.label, item.value),
        })
        .collect()
}

/// A finding's fix state in short; the states are kept apart, and a finding with several of them says so.
pub(crate) fn fix(finding: &Finding) -> &'static str {
    let mut states: Vec<FixState> = finding.packages.iter().map(|package| package.state).collect();
    states.sort_unstable();
    states.dedup();
    match states.as_slice() {
        [] => "configure",
        [only] => fix_state(*only),
        [FixState::FixedIn, ..] => "in part",
        [best, ..] => fix_state(*best),
    }
}

/// A package's fix state under a heading that reads `Fix`.
pub(crate) fn fix_state(state: FixState) -> &'static str {
    match state {
        FixState::FixedIn => "available",
        FixState::NoFixYet
        | FixState::NoDsa
        | FixState::Ignored
        | FixState::EndOfLife
        | FixState::OtherChannel
        | FixState::RestartNeeded => state.as_str(),
    }
}

/// A package's fix state on its own.
pub(crate) fn fix_state_sentence(state: FixState) -> &'static str {
    if state == FixState::FixedIn { "fix available" } else { fix_state(state) }
}

/// The version that has the fix where it is one for all packages of the finding, else the state.
pub(crate) fn fix_version(finding: &Finding) -> String {
    let mut versions = finding.packages.iter().map(|package| package.fixed_version.as_deref());
    let first = versions.next().flatten();
    match first {
        Some(version) if fix(finding) == "available" && versions.all(|other| other == Some(version)) => {
            version.to_owned()
        }
        _ => fix(finding).to_owned(),
    }
}

/// How many findings are in each band, worst first.
pub(crate) fn band_counts<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> [(Band, usize); 5] {
    let mut counts = Band::ALL.map(|band| (band, 0));
    for finding in findings {
        if let Some((_, count)) = counts.iter_mut().find(|(band, _)| *band == finding.band) {
            *count += 1;
        }
    }
    counts
}

/// The counts of the bands that have findings: `2 critical, 14 high`.
pub(crate) fn band_sentence(counts: &[(Band, usize)]) -> String {
    let parts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(band, count)| format!("{} {}", thousands(*count as u64), band.as_str().to_lowercase()))
        .collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_durations_read_as_people_say_them() {
        let start = Timestamp::UNIX_EPOCH;
        for (seconds, age_text, duration_text) in [
            (0, "0 minutes", "0.0 s"),
            (61, "1 minute", "1 min 1 s"),
            (900, "15 minutes", "15 min"),
            (7200, "2 hours", "2 h"),
            (172_800, "2 days", "48 h"),
        ] {
            let end = Timestamp::from_second(seconds).unwrap();
            assert_eq!(age(start, end), age_text);
            assert_eq!(duration(start, end), duration_text);
        }
    }

    #[test]
    fn a_share_is_never_rounded_to_all_or_nothing() {
        for (share, text) in [(1.0, "100 %"), (0.99999, "99.9 %"), (0.00001, "0.1 %"), (0.0, "0 %"), (0.973, "97.3 %")]
        {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), text);
        }
    }
}
