//! Canaries: a few truths that must hold in what is built, before it comes into use.
//!
//! A feed whose file is whole and whose count is right may still be wrong: its versions cut off, its packages renamed, its
//! releases mixed up. A canary says of one vulnerability that one version has it and another does not.
//!
//! A canary that is contradicted always fails. One of which nothing is said fails where the feed came from its publisher,
//! who has all of it, and where it held in what is in use; a mirror may hold a slice that never had it.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use assay_advisory::version::{ParseVersionError, VersionOrder};
use assay_advisory::{AffectedRange, Entry, Platform, Scope, Statement};
use serde::{Deserialize, Serialize};

use crate::judge::{QuarantineReason, Shrunk};

/// How one canary fared in a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CanaryResult {
    /// Scope, package and vulnerability: `debian-bookworm openssl CVE-2022-0778`.
    pub canary: String,
    /// How it fared.
    pub outcome: CanaryOutcome,
}

/// How a canary fared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CanaryOutcome {
    /// The feed says what is true.
    Holds,
    /// The feed says nothing about it.
    Absent,
    /// The feed says something else.
    Fails {
        /// What it says.
        reason: String,
    },
}

/// One truth.
#[derive(Debug)]
struct Canary {
    scope: Scope,
    package: &'static str,
    id: &'static str,
    vulnerable: &'static str,
    safe: &'static str,
}

static CANARIES: LazyLock<Vec<Canary>> = LazyLock::new(|| lines().filter_map(parse).collect());

fn lines() -> impl Iterator<Item = &'static str> {
    include_str!("canaries.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn parse(line: &'static str) -> Option<Canary> {
    let mut words = line.split_whitespace();
    let mut word = || words.next();
    let canary =
        Canary { scope: word()?.parse().ok()?, package: word()?, id: word()?, vulnerable: word()?, safe: word()? };
    word().is_none().then_some(canary)
}

/// What a feed has said so far about the canaries of a platform.
#[derive(Debug)]
pub(crate) struct Watch {
    by_package: HashMap<&'static str, Vec<Sighting>>,
    order: VersionOrder,
}

#[derive(Debug)]
struct Sighting {
    canary: &'static Canary,
    is_mentioned: bool,
    is_vulnerable: bool,
    is_safe: bool,
    detail: Option<ParseVersionError>,
}

impl Watch {
    pub(crate) fn new(platform: Platform) -> Watch {
        let mut by_package: HashMap<&'static str, Vec<Sighting>> = HashMap::new();
        for canary in CANARIES.iter().filter(|canary| canary.scope.platform() == platform) {
            let sighting = Sighting { canary, is_mentioned: false, is_vulnerable: false, is_safe: true, detail: None };
            by_package.entry(canary.package).or_default().push(sighting);
        }
        Watch { by_package, order: platform.version_order() }
    }

    /// Takes note of an entry. What is about a module or a channel of its own says nothing about other hosts.
    pub(crate) fn see(&mut self, scope: &Scope, entry: &Entry) {
        let Some(sightings) = self.by_package.get_mut(entry.package.as_str()) else {
            return;
        };
        let is_plain = entry.module.is_none() && entry.channel.is_none();
        for sighting in sightings.iter_mut().filter(|sighting| is_plain && sighting.canary.scope == *scope) {
            let id = sighting.canary.id;
            if entry.id == id || entry.aliases.iter().any(|alias| alias == id) {
                sighting.add(&entry.statement, self.order);
            }
        }
    }

    /// How the canaries of the scopes that the feed speaks of fared, sorted.
    pub(crate) fn results<T>(&self, spoken_of: &BTreeMap<Scope, T>) -> Vec<CanaryResult> {
        let sightings = self.by_package.values().flatten();
        let mut results: Vec<CanaryResult> =
            sightings.filter(|sighting| spoken_of.contains_key(&sighting.canary.scope)).map(Sighting::result).collect();
        results.sort_unstable_by(|left, right| left.canary.cmp(&right.canary));
        results
    }
}

impl Sighting {
    fn add(&mut self, statement: &Statement, order: VersionOrder) {
        self.is_mentioned = true;
        let Statement::Affected { ranges, versions, .. } = statement else { return };
        match is_affected(self.canary.vulnerable, ranges, versions, order) {
            Ok(is_affected) => self.is_vulnerable |= is_affected,
            Err(error) => self.detail = Some(error),
        }
        match is_affected(self.canary.safe, ranges, versions, order) {
            Ok(is_affected) => self.is_safe &= !is_affected,
            Err(error) => self.detail = Some(error),
        }
    }

    fn result(&self) -> CanaryResult {
        let Canary { scope, package, id, vulnerable, safe } = self.canary;
        let outcome = match self {
            Sighting { is_mentioned: false, .. } => CanaryOutcome::Absent,
            Sighting { is_safe: false, .. } => {
                CanaryOutcome::Fails { reason: format!("{safe} is said to be vulnerable") }
            }
            Sighting { is_vulnerable: true, .. } => CanaryOutcome::Holds,
            Sighting { detail: Some(error), .. } => CanaryOutcome::Fails { reason: error.to_string() },
            _ => CanaryOutcome::Fails { reason: format!("{vulnerable} is not said to be vulnerable") },
        };
        CanaryResult { canary: format!("{scope} {package} {id}"), outcome }
    }
}

fn is_affected(
    version: &str,
    ranges: &[AffectedRange],
    versions: &[String],
    order: VersionOrder,
) -> Result<bool, ParseVersionError> {
    let mut failure = None;
    for range in ranges {
        match range.contains(version, order) {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(error) => failure = Some(error),
        }
    }
    if versions.iter().any(|listed| listed == version) {
        return Ok(true);
    }
    failure.map_or(Ok(false), Err)
}

/// Judges a feed by its canaries. `is_publishers` says that all of it came from its publisher; `before` is how they fared
/// in what is in use.
pub(crate) fn judge(
    results: &[CanaryResult],
    before: &[CanaryResult],
    is_publishers: bool,
    shrunk: Shrunk,
) -> Result<(), QuarantineReason> {
    let held =
        |canary: &str| before.iter().any(|result| result.canary == canary && result.outcome == CanaryOutcome::Holds);
    for CanaryResult { canary, outcome } in results {
        let found = match outcome {
            CanaryOutcome::Fails { reason } => reason.clone(),
            CanaryOutcome::Absent if is_publishers || held(canary) => "nothing is said about it".to_owned(),
            CanaryOutcome::Holds | CanaryOutcome::Absent => continue,
        };
        if shrunk == Shrunk::Quarantine {
            return Err(QuarantineReason::Canary { canary: canary.clone(), found });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUTH: &str = "debian-bookworm openssl CVE-2022-0778";

    /// How the canary of openssl fares in a feed of bookworm with these entries.
    fn outcome(entries: Vec<Entry>) -> CanaryOutcome {
        let scope: Scope = "debian-bookworm".parse().unwrap();
        let mut watch = Watch::new(Platform::Debian);
        for entry in &entries {
            watch.see(&scope, entry);
        }
        let results = watch.results(&BTreeMap::from([(scope, ())]));
        assert!(results.iter().all(|result| result.canary.starts_with("debian-bookworm ")), "{results:?}");
        results.into_iter().find(|result| result.canary == TRUTH).unwrap().outcome
    }

    fn entry(id: &str, statement: Statement) -> Entry {
        Entry::new(id, "openssl", assay_advisory::Level::Source, statement)
    }

    fn fails(reason: &str) -> CanaryOutcome {
        CanaryOutcome::Fails { reason: reason.to_owned() }
    }

    #[test]
    fn every_line_is_a_canary() {
        assert_eq!(CANARIES.len(), lines().count());
        for Canary { scope, vulnerable, safe, .. } in CANARIES.iter() {
            let order = scope.platform().version_order();
            assert!(order.compare(vulnerable, safe).unwrap().is_lt(), "{scope} {vulnerable} {safe}");
        }
    }

    #[test]
    fn what_a_feed_says_is_compared_with_the_truth() {
        let fixed = Statement::fixed_in("3.0.2-1");
        assert_eq!(outcome(vec![entry("CVE-2022-0778", fixed.clone())]), CanaryOutcome::Holds);
        let by_alias = Entry { aliases: vec!["CVE-2022-0778".to_owned()], ..entry("DSA-5103-1", fixed.clone()) };
        assert_eq!(outcome(vec![by_alias]), CanaryOutcome::Holds);
        assert_eq!(outcome(vec![entry("CVE-2022-0779", fixed.clone())]), CanaryOutcome::Absent);
        assert_eq!(outcome(Vec::new()), CanaryOutcome::Absent);
        let in_channel = Entry { channel: Some("esm-apps".to_owned()), ..entry("CVE-2022-0778", fixed.clone()) };
        assert_eq!(outcome(vec![in_channel]), CanaryOutcome::Absent);

        let says = |statement: Statement| outcome(vec![entry("CVE-2022-0778", statement)]);
        assert_eq!(says(Statement::fixed_in("4.0-1")), fails("3.0.2-1 is said to be vulnerable"));
        assert_eq!(says(Statement::fixed_in("1.0-1")), fails("1.1.1k-1 is not said to be vulnerable"));
        assert_eq!(says(Statement::NotAffected { reason: None }), fails("1.1.1k-1 is not said to be vulnerable"));
        assert_eq!(says(Statement::range_unknown()), fails("1.1.1k-1 is not said to be vulnerable"));
        assert!(matches!(says(Statement::fixed_in("no version!")), CanaryOutcome::Fails { .. }));
    }

    #[test]
    fn silence_counts_against_publishers_and_against_what_was_known() {
        let result = |outcome| vec![CanaryResult { canary: TRUTH.to_owned(), outcome }];
        let (absent, held) = (result(CanaryOutcome::Absent), result(CanaryOutcome::Holds));
        let wrong = result(fails("x"));
        let is_trusted = |now: &[CanaryResult], before: &[CanaryResult], is_publishers, shrunk| {
            judge(now, before, is_publishers, shrunk).is_ok()
        };
        let put_aside = Shrunk::Quarantine;
        assert!(is_trusted(&held, &[], true, put_aside));
        assert!(is_trusted(&absent, &[], false, put_aside));
        assert!(is_trusted(&absent, &absent, false, put_aside));
        assert!(!is_trusted(&absent, &held, false, put_aside));
        assert!(!is_trusted(&absent, &[], true, put_aside));
        assert!(!is_trusted(&wrong, &[], false, put_aside));
        assert!(is_trusted(&wrong, &held, true, Shrunk::Accept));
        let reason = judge(&wrong, &[], false, put_aside).unwrap_err().to_string();
        assert_eq!(reason, "it fails the canary debian-bookworm openssl CVE-2022-0778: x");
    }
}
