//! `assay network cut` and `assay network open`: what to change so that something is closed, or works.

use assay_reach::change::Change;
use assay_reach::network::Network;
use assay_reach::remedy::{CutAnswer, CutTarget, EditText, OpenAnswer, cut, open};

use super::network::{LISTED, columns, few, json, mode, query, read};
use crate::arguments::{CutArguments, NetworkOutput, PathArguments, PortRange};
use crate::exit::{Exit, UsageError};
use crate::output;

/// Closes something.
pub(super) fn close(arguments: &CutArguments) -> anyhow::Result<Exit> {
    let snapshot = read(&arguments.snapshot.vpc)?;
    let network = Network::new(&snapshot);
    let target = CutTarget {
        to: arguments.to.clone(),
        from: arguments.from.clone(),
        protocol: arguments.protocol,
        ports: ports(arguments)?,
        sources: arguments.sources.clone(),
    };
    let answer = cut(&network, mode(arguments.mode), &target, arguments.ways.clamp(1, 100))
        .map_err(|error| UsageError(error.to_string()))?;
    match arguments.snapshot.output {
        NetworkOutput::Json => json(&answer)?,
        NetworkOutput::Table => output::print(cut_text(&answer))?,
    }
    Ok(Exit::Done)
}

/// The ports; of ICMP, types with all their codes.
fn ports(arguments: &CutArguments) -> anyhow::Result<(u16, u16)> {
    let Some(PortRange { from, to }) = arguments.port else { return Ok((0, u16::MAX)) };
    if !arguments.protocol.is_icmp() {
        return Ok((from, to));
    }
    if to > u16::from(u8::MAX) {
        return Err(UsageError(format!("--port {from}-{to}: the types of ICMP end at 255")).into());
    }
    Ok((from << 8, (to << 8) | 0xff))
}

/// Opens a flow.
pub(super) fn open_flow(arguments: &PathArguments) -> anyhow::Result<Exit> {
    let snapshot = read(&arguments.snapshot.vpc)?;
    let network = Network::new(&snapshot);
    let answer = open(&network, &query(arguments)?).map_err(|error| UsageError(error.to_string()))?;
    match arguments.snapshot.output {
        NetworkOutput::Json => json(&answer)?,
        NetworkOutput::Table => output::print(open_text(&answer))?,
    }
    Ok(Exit::Done)
}

fn edit_lines(edits: &[EditText]) -> String {
    let lines =
        edits.iter().map(|edit| vec!["  ".to_owned(), edit.kind.to_owned(), edit.id.clone(), edit.change.clone()]);
    columns(&lines.collect::<Vec<_>>())
}

fn change_lines(changes: &[Change]) -> String {
    let line = |change: &Change| {
        vec![
            "    ".to_owned(),
            change.origin.clone(),
            change.instance.clone().unwrap_or_else(|| change.interface.clone()),
            change.address.clone(),
            format!("{} {}", change.protocol, change.ports),
            few(change.sources.clone()),
        ]
    };
    let listed = LISTED * 3;
    let mut text = columns(&changes.iter().take(listed).map(line).collect::<Vec<_>>());
    if changes.len() > listed {
        text.push_str(&format!("    and {} more; all of them with -o json\n", changes.len() - listed));
    }
    text
}

fn cut_text(answer: &CutAnswer) -> String {
    if answer.exposures == 0 {
        return "Nothing to close: it cannot be reached.\n".to_owned();
    }
    if answer.cuts.is_empty() {
        return "No way to close it was found among the edits that are known.\n".to_owned();
    }
    let mut text = String::new();
    for (place, cut) in answer.cuts.iter().enumerate() {
        text.push_str(&format!("{}. closes it:\n{}", place + 1, edit_lines(&cut.texts)));
        match cut.also_closes.is_empty() {
            true => text.push_str("  and stops nothing else from outside.\n"),
            false => text.push_str(&format!("  and would also stop:\n{}", change_lines(&cut.also_closes))),
        }
    }
    if !answer.is_complete {
        text.push_str("There are more ways (--ways).\n");
    }
    text
}

fn open_text(answer: &OpenAnswer) -> String {
    if answer.blockers.is_empty() {
        return "It is open already.\n".to_owned();
    }
    let line = |blocker: &assay_reach::path::Blocker| {
        let why = format!("{} ({})", blocker.detail, blocker.code);
        vec!["  ".to_owned(), blocker.kind.to_owned(), blocker.id.clone(), why]
    };
    let mut text = format!("Stopped by:\n{}", columns(&answer.blockers.iter().map(line).collect::<Vec<_>>()));
    if !answer.texts.is_empty() {
        let word = if answer.opens { "Opened by" } else { "Not opened, even by" };
        text.push_str(&format!("{word}:\n{}", edit_lines(&answer.texts)));
    }
    if !answer.remaining.is_empty() {
        let remaining = columns(&answer.remaining.iter().map(line).collect::<Vec<_>>());
        text.push_str(&format!("What no edit that is known mends:\n{remaining}"));
    }
    if !answer.exposes.is_empty() {
        text.push_str(&format!("From outside, this would expose:\n{}", change_lines(&answer.exposes)));
    }
    text
}
