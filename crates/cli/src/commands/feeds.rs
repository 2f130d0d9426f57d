//! `assay feeds`.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Context as _;
use assay_advisory::{Platform, Scope, scope_of};
use assay_feeds::{
    CanaryOutcome, FeedStatus, FeedStore, Mirror, Shrunk, Source, SourceReport, SyncOptions, SyncOutcome, SyncReport,
};
use camino::Utf8Path;

use crate::arguments::FeedsCommand;
use crate::exit::{Exit, UsageError};
use crate::output;
use crate::progress::SyncProgress;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::{bundle, evidence, store};

/// Syncs, imports or shows feeds.
pub fn run(command: &FeedsCommand, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    match command {
        FeedsCommand::Sync(arguments) => {
            let platforms = platforms(settings);
            let sources = sources(&arguments.sources, &platforms)?;
            let shrunk = shrunk(arguments.accept_shrunk);
            let options = SyncOptions { sources, platforms, shrunk, ..options(settings) };
            report(&sync(&options, settings, terminal)?)
        }
        FeedsCommand::Import(arguments) => {
            let folder = absolute(&arguments.directory)?;
            let (mirror, platforms) = (Mirror::Directory(folder), platforms(settings));
            let shrunk = shrunk(arguments.accept_shrunk);
            let options = SyncOptions { mirror, platforms, shrunk, ..options(settings) };
            report(&sync(&options, settings, terminal)?)
        }
        FeedsCommand::Bundle(command) => bundle::run(command, settings, terminal),
        FeedsCommand::Status { json } => status(*json, settings),
    }
}

/// What a sync from the mirror of the settings is told.
pub fn options(settings: &Settings) -> SyncOptions {
    SyncOptions { mirror: settings.mirror.clone(), ..SyncOptions::default() }
}

/// Brings the feeds up to date.
///
/// # Errors
///
/// When the sync as a whole cannot go on; a source that cannot be got is told in the report.
pub fn sync(options: &SyncOptions, settings: &Settings, terminal: &Terminal) -> anyhow::Result<SyncReport> {
    let progress = SyncProgress::new(terminal);
    let feeds = FeedStore::open(&settings.feeds);
    let result = store::runtime()?.block_on(feeds.sync(options, &progress, settings.clock.now()));
    progress.clear();
    result.map_err(|error| {
        let remedy = error.remedy();
        anyhow::Error::new(error).context(remedy)
    })
}

/// What to do with a feed that has shrunk, from a switch.
pub fn shrunk(is_accepted: bool) -> Shrunk {
    if is_accepted { Shrunk::Accept } else { Shrunk::Quarantine }
}

/// The sources of these names; without any, what the platforms need.
fn sources(names: &[String], platforms: &[Platform]) -> Result<Vec<Source>, UsageError> {
    if names.is_empty() {
        return Ok(SyncOptions::sources_of(platforms));
    }
    named(names)
}

/// The sources of these names.
///
/// # Errors
///
/// When one of them names none.
pub fn named(names: &[String]) -> Result<Vec<Source>, UsageError> {
    names.iter().map(|name| name.parse::<Source>().map_err(|error| UsageError(error.to_string()))).collect()
}

/// The platforms whose feeds are in use, and that of the machine itself.
pub fn platforms(settings: &Settings) -> Vec<Platform> {
    let in_use = FeedStore::open(&settings.feeds).scopes().unwrap_or_default();
    let mut platforms: BTreeSet<Platform> = in_use.iter().map(Scope::platform).collect();
    let of_this_machine = evidence::operating_system(settings).and_then(|os| scope_of(&os).ok());
    platforms.extend(of_this_machine.map(|scope| scope.platform()));
    platforms.into_iter().collect()
}

fn absolute(folder: &Utf8Path) -> anyhow::Result<camino::Utf8PathBuf> {
    folder.canonicalize_utf8().with_context(|| format!("failed to open {folder}"))
}

/// Compiles again what is stored, without any network.
///
/// # Errors
///
/// As [`sync`].
pub fn rebuild(settings: &Settings, terminal: &Terminal) -> anyhow::Result<SyncReport> {
    let progress = SyncProgress::new(terminal);
    let feeds = FeedStore::open(&settings.feeds);
    let result = store::runtime()?.block_on(feeds.rebuild(&progress, settings.clock.now()));
    progress.clear();
    Ok(result?)
}

/// Prints one line per source; feeds that are untrusted or could not be got make the command fail.
///
/// # Errors
///
/// When it cannot be printed.
pub fn report(report: &SyncReport) -> anyhow::Result<Exit> {
    let is_told = |source: &&SourceReport| {
        source.needs_attention() || source.outcome != SyncOutcome::NotOnMirror || source.is_in_use()
    };
    let mut lines: Vec<String> = report.sources.iter().filter(is_told).map(source_line).collect();
    lines.extend(report.repairs.iter().map(|repair| format!("repaired: {repair}")));
    lines.extend(report.dropped_scopes.iter().map(|scope| format!("no feed speaks of {scope} any longer")));
    let text: String = lines.iter().map(|line| format!("{}\n", assay_report::visible(line.trim_end()))).collect();
    output::print(text)?;
    if report.has_quarantined() {
        return Ok(Exit::FeedStale);
    }
    Ok(if report.is_up_to_date() { Exit::Done } else { Exit::Failed })
}

fn source_line(source: &SourceReport) -> String {
    let records = source.records.map_or_else(|| "none in use".to_owned(), |records| format!("{records} records"));
    format!("{:<18} {:<15} {records}{}", source.source.name(), word(&source.outcome), details(source))
}

fn word(outcome: &SyncOutcome) -> &'static str {
    match outcome {
        SyncOutcome::Updated => "updated",
        SyncOutcome::Unchanged => "unchanged",
        SyncOutcome::Incomplete { .. } => "incomplete",
        SyncOutcome::NotOnMirror => "not on mirror",
        SyncOutcome::Failed { .. } => "FAILED",
        SyncOutcome::Quarantined { .. } => "QUARANTINED",
    }
}

/// What an outcome says beyond its word; empty where there is nothing to say.
pub fn details(source: &SourceReport) -> String {
    let Some(reason) = source.outcome.reason() else {
        return String::new();
    };
    let reason = reason.trim_end_matches('.');
    match source.outcome {
        SyncOutcome::Updated | SyncOutcome::Unchanged | SyncOutcome::NotOnMirror => String::new(),
        _ if source.is_in_use() => format!(": {reason}; what was there before stays in use"),
        _ => format!(": {reason}"),
    }
}

fn status(is_json: bool, settings: &Settings) -> anyhow::Result<Exit> {
    let feeds = FeedStore::open(&settings.feeds);
    let statuses = feeds.status()?;
    let now = settings.clock.now();
    if is_json {
        let document = serde_json::json!({ "feeds": statuses, "scopes": feeds.scopes()? });
        output::print(format!("{document:#}\n"))?;
    } else {
        let mut text = format!(
            "{:<18} {:<12} {:>9} {:>8} {:>9} {:>8}  {}\n",
            "FEED", "STATE", "RECORDS", "CHANGE", "CANARIES", "AGE", "FETCHED (UTC)"
        );
        for status in
            statuses.iter().filter(|status| status.attempted_at.is_some() || status.source.platform().is_none())
        {
            text.push_str(&assay_report::visible(status_line(status, status.age(now)).trim_end()));
            text.push('\n');
        }
        output::print(text)?;
    }
    let platforms = platforms(settings);
    let is_stale = settings.max_feed_age.is_some_and(|limit| feeds.require_age(&platforms, limit, now).is_err());
    Ok(if is_stale { Exit::FeedStale } else { Exit::Done })
}

fn status_line(status: &FeedStatus, age: Option<Duration>) -> String {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    format!(
        "{:<18} {:<12} {:>9} {:>8} {:>9} {:>8}  {}{}",
        status.source.name(),
        status.state.word(),
        or_dash(status.records.map(|records| records.to_string())),
        or_dash(change(status)),
        or_dash(canaries(status)),
        or_dash(age.map(in_words)),
        or_dash(status.fetched_at().map(|time| time.to_string())),
        status.state.reason().map(|reason| format!("  {reason}")).unwrap_or_default(),
    )
}

/// How many records more, or less, than in what was in use before.
fn change(status: &FeedStatus) -> Option<String> {
    let (now, before) = (status.records?, status.previous_records?);
    Some(if now >= before { format!("+{}", now - before) } else { format!("-{}", before - now) })
}

/// How many canaries hold, of how many: `3/3`. Those that fail stand out; the rest is of a slice that never had them.
fn canaries(status: &FeedStatus) -> Option<String> {
    let count = |is_counted: fn(&CanaryOutcome) -> bool| {
        status.canaries.iter().filter(|result| is_counted(&result.outcome)).count()
    };
    let failed = count(|outcome| matches!(outcome, CanaryOutcome::Fails { .. }));
    let held = count(|outcome| *outcome == CanaryOutcome::Holds);
    let sign = if failed > 0 { "!" } else { "" };
    (!status.canaries.is_empty()).then(|| format!("{held}/{}{sign}", status.canaries.len()))
}

/// An age in its largest unit: `3 d`, `5 h`, `12 min`.
pub fn in_words(age: Duration) -> String {
    let seconds = age.as_secs();
    match seconds {
        0..=5_399 => format!("{} min", seconds / 60),
        5_400..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}
