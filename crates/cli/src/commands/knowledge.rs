//! The advisories that an assessment judges by: opened, fetched first where they are missing.

use std::collections::BTreeMap;

use assay_advisory::{Database, Enrichment, Platform, Scope, scope_of};
use assay_assess::{FeedGap, LibraryDatabases};
use assay_feeds::{FeedError, FeedState, FeedStore, Mirror, Source, SourceReport, SyncOptions, SyncOutcome};
use assay_model::assessment::FeedSummary;
use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::Evidence;

use crate::settings::Settings;
use crate::terminal::Terminal;

use super::feeds;
use super::sentence::sentence;

/// What an assessment judges vulnerabilities by.
#[derive(Debug)]
pub struct Advisories {
    /// The database of the host's release, or why there is none.
    pub database: Result<Database, FeedGap>,
    /// The databases of the ecosystems that the host has libraries of, or why there is none.
    pub libraries: LibraryDatabases,
    /// KEV, EPSS and CVSS.
    pub enrichment: Option<Enrichment>,
    /// The feeds in use.
    pub summaries: Vec<FeedSummary>,
    /// Reservations about them.
    pub gaps: Vec<FeedGap>,
    /// Whether a required feed is missing, or older than `--max-feed-age`.
    pub is_stale: bool,
}

impl Advisories {
    /// For an assessment that asks for no vulnerabilities.
    pub fn not_asked_for() -> Advisories {
        let gap = FeedGap { description: "Vulnerabilities were not asked for.".into(), recommendation: String::new() };
        Advisories {
            database: Err(gap),
            libraries: BTreeMap::new(),
            enrichment: None,
            summaries: Vec::new(),
            gaps: Vec::new(),
            is_stale: false,
        }
    }
}

/// Opens the feeds for a host; what is missing is fetched first, unless fetching is forbidden.
pub fn open(evidence: &Evidence, may_fetch: bool, settings: &Settings, terminal: &Terminal) -> Advisories {
    let store = FeedStore::open(&settings.feeds);
    let scope = match evidence.os.facts.as_ref().map(scope_of) {
        Some(Ok(scope)) => scope,
        Some(Err(error)) => return without_feed(&format!("No advisory feed judges this host: {error}."), terminal),
        None => {
            return without_feed(
                "The host does not say which operating system it has, so no feed can judge it.",
                terminal,
            );
        }
    };
    let platforms = platforms(&scope, evidence);
    let mut gaps = Vec::new();
    let mut opened = store.database(&scope);
    if matches!(opened, Err(FeedError::Corrupt { .. } | FeedError::OtherVersion { .. })) {
        match feeds::rebuild(settings, terminal) {
            Ok(_) => opened = store.database(&scope),
            Err(error) => terminal.warn(format_args!("the feeds could not be compiled again: {error:#}")),
        }
    }
    if is_fetchable(&opened) && (may_fetch || matches!(settings.mirror, Mirror::Directory(_))) {
        match fetch(&platforms, settings, terminal) {
            Ok(problems) => gaps.extend(problems),
            Err(error) => terminal.warn(format_args!("the feeds could not be fetched: {error:#}")),
        }
        opened = store.database(&scope);
    }
    gaps.extend(reservations(&store, &gaps));
    let is_stale = is_stale(&store, &platforms, settings, &mut gaps);
    let enrichment = store.enrichment().unwrap_or_else(|error| {
        gaps.push(gap_of(&error));
        None
    });
    let database = opened.map_err(|error| gap_of(&error));
    if database.is_err() {
        // The reason why there is no database says all that there is to say about its feed.
        gaps.retain(|gap| !Source::of_platform(scope.platform()).any(|source| gap.description.contains(source.name())));
    }
    if let Err(gap) = &database {
        terminal.warn(format_args!("{} {}", gap.description, gap.recommendation));
    }
    for gap in &gaps {
        terminal.warn(&gap.description);
    }
    let summaries = store.summaries().unwrap_or_default();
    let libraries = library_databases(&store, evidence);
    Advisories { is_stale: is_stale || database.is_err(), database, libraries, enrichment, summaries, gaps }
}

/// Whose advisories a host needs: those of its distribution, and of the ecosystems that it has libraries of.
fn platforms(scope: &Scope, evidence: &Evidence) -> Vec<Platform> {
    let ecosystems = evidence.ecosystems().into_iter().map(Platform::Library);
    [scope.platform()].into_iter().chain(ecosystems).collect()
}

fn library_databases(store: &FeedStore, evidence: &Evidence) -> LibraryDatabases {
    let open = |ecosystem: Ecosystem| store.database(&Scope::library(ecosystem)).map_err(|error| gap_of(&error));
    evidence.ecosystems().into_iter().map(|ecosystem| (ecosystem, open(ecosystem))).collect()
}

fn without_feed(description: &str, terminal: &Terminal) -> Advisories {
    terminal.warn(description);
    let gap = FeedGap {
        description: description.to_owned(),
        recommendation:
            "Vulnerabilities of this operating system cannot be judged by this version; the other rules packages were."
                .to_owned(),
    };
    Advisories { database: Err(gap), is_stale: true, ..Advisories::not_asked_for() }
}

fn is_fetchable(opened: &Result<Database, FeedError>) -> bool {
    matches!(opened, Err(FeedError::Missing { .. } | FeedError::Corrupt { .. } | FeedError::OtherVersion { .. }))
}

/// Fetches every feed; where the required one cannot be had, the optional ones are not tried.
fn fetch(platforms: &[Platform], settings: &Settings, terminal: &Terminal) -> anyhow::Result<Vec<FeedGap>> {
    terminal.hint("no advisory feed yet: fetching it once (`--offline` leaves it out)");
    let mut problems = Vec::new();
    let sources = SyncOptions::sources_of(platforms);
    let (required, optional) = sources.into_iter().partition(|source| source.platform().is_some());
    for sources in [required, optional] {
        let options = SyncOptions { sources, platforms: platforms.to_vec(), ..feeds::options(settings) };
        let report = feeds::sync(&options, settings, terminal)?;
        for source in
            report.sources.iter().filter(|source| options.sources.contains(&source.source) && source.needs_attention())
        {
            // Libraries that no feed covers are told of with their number.
            let is_of_libraries = matches!(source.source.platform(), Some(Platform::Library(_)));
            if is_of_libraries && source.outcome == SyncOutcome::NotOnMirror {
                continue;
            }
            problems.push(FeedGap {
                description: format!(
                    "The feed {} could not be brought up to date{}.",
                    source.source,
                    feeds::details(source)
                ),
                recommendation: "Run `assay feeds sync` when its source can be reached.".to_owned(),
            });
        }
        // What refines severity is of no use where nothing can be judged.
        if !report.sources.iter().any(SourceReport::is_in_use) {
            break;
        }
    }
    Ok(problems)
}

/// What the feeds' state says against them; a feed that has been told of already is left out.
fn reservations(store: &FeedStore, told: &[FeedGap]) -> Vec<FeedGap> {
    let Ok(statuses) = store.status() else {
        return Vec::new();
    };
    let troubled = statuses.iter().filter(|status| {
        !matches!(status.state, FeedState::Ok | FeedState::Missing { .. }) && status.attempted_at.is_some()
    });
    troubled
        .filter(|status| !told.iter().any(|gap| gap.description.contains(status.source.name())))
        .map(|status| FeedGap {
            description: format!(
                "The last update of the feed {} is {}: {}. What was there before is in use.",
                status.source,
                status.state.word(),
                status.state.reason().unwrap_or("no reason given").trim_end_matches('.'),
            ),
            recommendation: "Run `assay feeds sync`, and look at `assay feeds status`.".to_owned(),
        })
        .collect()
}

fn is_stale(store: &FeedStore, platforms: &[Platform], settings: &Settings, gaps: &mut Vec<FeedGap>) -> bool {
    let Some(limit) = settings.max_feed_age else {
        return false;
    };
    match store.require_age(platforms, limit, settings.clock.now()) {
        Ok(()) => false,
        Err(error @ FeedError::Missing { .. }) => {
            // The database that is missing says so itself.
            drop(error);
            true
        }
        Err(error) => {
            gaps.push(gap_of(&error));
            true
        }
    }
}

fn gap_of(error: &FeedError) -> FeedGap {
    FeedGap { description: sentence(error), recommendation: error.remedy() }
}
