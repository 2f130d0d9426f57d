//! `assay network`: who can reach what in a cloud network.

use anyhow::Context as _;
use assay_reach::change::{Change, Direction, difference};
use assay_reach::exposure::{Certainty, Exposure, Exposures, Mode, exposures};
use assay_reach::network::Network;
use assay_reach::path::{Answer, Leg, PathQuery, Verdict, path};
use assay_reach::snapshot::{Limits, Snapshot};
use assay_report::visible;
use camino::Utf8Path;
use serde::Serialize;

use super::{network_edits, network_policy};
use crate::arguments::{DiffArguments, ExposuresArguments, NetworkCommand, NetworkMode, NetworkOutput, PathArguments};
use crate::exit::{Exit, UsageError};
use crate::output;
use crate::terminal::Terminal;

use super::network_collect;

/// Answers a question about a network.
pub fn run(command: &NetworkCommand, terminal: &Terminal) -> anyhow::Result<Exit> {
    match command {
        NetworkCommand::Exposures(arguments) => all(arguments),
        NetworkCommand::Diff(arguments) => changes(arguments),
        NetworkCommand::Path(arguments) => one(arguments),
        NetworkCommand::Cut(arguments) => network_edits::close(arguments),
        NetworkCommand::Check(arguments) => network_policy::check_policy(arguments),
        NetworkCommand::Open(arguments) => network_edits::open_flow(arguments),
        NetworkCommand::Collect(arguments) => network_collect::run(arguments, terminal),
    }
}

pub(super) fn read(folder: &Utf8Path) -> anyhow::Result<Snapshot> {
    let metadata = std::fs::metadata(folder).with_context(|| format!("failed to read {folder}"))?;
    if !metadata.is_dir() {
        return Err(UsageError(format!("{folder} is no folder")).into());
    }
    Ok(Snapshot::read(folder.as_std_path(), Limits::default()))
}

pub(super) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    let mut text = serde_json::to_vec_pretty(value).context("the answer cannot be serialised")?;
    text.push(b'\n');
    output::print(text)
}

fn all(arguments: &ExposuresArguments) -> anyhow::Result<Exit> {
    let snapshot = read(&arguments.snapshot.vpc)?;
    let network = Network::new(&snapshot);
    let found = exposures(&network, mode(arguments.mode));
    match arguments.snapshot.output {
        NetworkOutput::Json => json(&found)?,
        NetworkOutput::Table => output::print(table(&found))?,
    }
    Ok(Exit::Done)
}

pub(super) fn mode(mode: NetworkMode) -> Mode {
    match mode {
        NetworkMode::Edge => Mode::Edge,
        NetworkMode::EndToEnd => Mode::EndToEnd,
    }
}

fn changes(arguments: &DiffArguments) -> anyhow::Result<Exit> {
    let (before, after) = (read(&arguments.since)?, read(&arguments.snapshot.vpc)?);
    let (before, after) = (Network::new(&before), Network::new(&after));
    let mode = mode(arguments.mode);
    let changes = difference(&exposures(&before, mode), &exposures(&after, mode));
    match arguments.snapshot.output {
        NetworkOutput::Json => json(&serde_json::json!({ "changes": changes }))?,
        NetworkOutput::Table => output::print(change_table(&changes))?,
    }
    Ok(Exit::Done)
}

fn change_table(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "Nothing changed.\n".to_owned();
    }
    let heading = ["", "ORIGIN", "INSTANCE", "ADDRESS", "PORTS", "SOURCES", "CAUSES"].map(str::to_owned);
    let mut lines = vec![heading.to_vec()];
    for change in changes {
        let word = if change.change == Direction::Opened { "opened" } else { "closed" };
        let causes: Vec<String> =
            change.causes.iter().take(LISTED).map(|gate| format!("{}: {}", gate.id, gate.rule)).collect();
        lines.push(vec![
            word.to_owned(),
            change.origin.clone(),
            change.instance.clone().unwrap_or_default(),
            change.address.clone(),
            format!("{} {}", change.protocol, change.ports),
            few(change.sources.clone()),
            causes.join("; "),
        ]);
    }
    columns(&lines)
}

/// The first of a list of sources, and how many more there are.
pub(super) fn few(sources: Vec<String>) -> String {
    let more = sources.len().saturating_sub(LISTED);
    let mut listed = sources.into_iter().take(LISTED).collect::<Vec<_>>().join(" ");
    if more > 0 {
        listed.push_str(&format!(" +{more}"));
    }
    listed
}

/// How many sources or assumptions are listed; JSON has them all.
pub(super) const LISTED: usize = 4;

fn table(found: &Exposures<'_, '_>) -> String {
    let heading = ["ORIGIN", "INSTANCE", "INTERFACE", "ADDRESS", "PORTS", "SOURCES", "VIA", ""].map(str::to_owned);
    let mut lines = vec![heading.to_vec()];
    lines.extend(found.iter().map(|exposure| row(found, &exposure)));
    let mut text = if lines.len() == 1 { "Nothing is reachable.\n".to_owned() } else { columns(&lines) };
    let assumptions = found.network().assumptions();
    if !assumptions.is_empty() {
        text.push_str(&format!("\nAssumptions ({}; all of them with -o json):\n", assumptions.len()));
        for assumption in assumptions.iter().take(LISTED * 3) {
            text.push_str(&format!("  {}: {}\n", visible(&assumption.subject), visible(&assumption.detail)));
        }
    }
    text
}

fn row(found: &Exposures<'_, '_>, exposure: &Exposure) -> Vec<String> {
    let snapshot = found.network().snapshot();
    let remark = match (exposure.latent, exposure.certainty) {
        (Some(_), _) => "latent",
        (None, Certainty::May) => "may",
        (None, Certainty::Certain) => "",
    };
    vec![
        exposure.origin.text(snapshot),
        exposure.instance.map(|instance| snapshot.text(instance).to_owned()).unwrap_or_default(),
        snapshot.text(exposure.interface).to_owned(),
        exposure.address.to_string(),
        format!("{} {}", exposure.protocol, exposure.ports_text()),
        few(exposure.source_texts()),
        exposure.via.as_ref().map(|via| format!("{} :{}", via.text, via.listener)).unwrap_or_default(),
        remark.to_owned(),
    ]
}

/// Columns as wide as their widest cell.
pub(super) fn columns(lines: &[Vec<String>]) -> String {
    let lines: Vec<Vec<String>> =
        lines.iter().map(|line| line.iter().map(|cell| visible(cell).into_owned()).collect()).collect();
    let count = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..count).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for line in &lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn one(arguments: &PathArguments) -> anyhow::Result<Exit> {
    let snapshot = read(&arguments.snapshot.vpc)?;
    let network = Network::new(&snapshot);
    let query = query(arguments)?;
    let answer = path(&network, &query).map_err(|error| UsageError(error.to_string()))?;
    match arguments.snapshot.output {
        NetworkOutput::Json => json(&answer)?,
        NetworkOutput::Table => output::print(steps(&answer))?,
    }
    Ok(Exit::Done)
}

/// The flow that arguments ask for.
pub(super) fn query(arguments: &PathArguments) -> anyhow::Result<PathQuery> {
    if arguments.protocol.is_icmp() && arguments.port > u16::from(u8::MAX) {
        return Err(UsageError(format!("--port {}: the types of ICMP end at 255", arguments.port)).into());
    }
    Ok(PathQuery {
        from: arguments.from.clone(),
        to: arguments.to.clone(),
        protocol: arguments.protocol,
        port: arguments.port,
        source_port: arguments.source_port,
    })
}

fn steps(answer: &Answer) -> String {
    let verdict = match answer.verdict {
        Verdict::Reachable => "Reachable: requests arrive, and answers come back.",
        Verdict::ForwardOnly => "Forward only: requests arrive, but answers do not come back.",
        Verdict::Blocked => "Blocked: requests do not arrive.",
    };
    let may = if answer.certainty == Certainty::May { " This rests on something that is not known." } else { "" };
    let mut lines = Vec::new();
    let leg = |leg| if leg == Leg::Request { "request" } else { "answer" };
    for hop in &answer.hops {
        lines.push(vec![
            leg(hop.leg).to_owned(),
            "passes".to_owned(),
            hop.kind.to_owned(),
            hop.id.clone(),
            hop.rule.clone(),
        ]);
    }
    for blocker in &answer.blockers {
        let why = format!("{} ({})", blocker.detail, blocker.code);
        lines.push(vec![
            leg(blocker.leg).to_owned(),
            "STOPS".to_owned(),
            blocker.kind.to_owned(),
            blocker.id.clone(),
            why,
        ]);
    }
    format!("{verdict}{may}\n\n{}", columns(&lines))
}
