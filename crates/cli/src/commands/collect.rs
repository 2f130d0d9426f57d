//! `assay collect`: evidence only.

use std::collections::BTreeSet;

use assay_model::evidence::Section;
use assay_model::evidence::request::CollectionRequest;

use crate::arguments::CollectArguments;
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::{evidence, rules};

/// Collects evidence and writes it.
pub fn run(arguments: &CollectArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let request = match &arguments.request {
        Some(file) => evidence::read_request(file)?,
        None => request(&arguments.sections, settings)?,
    };
    let document = evidence::obtain(&arguments.source, request, settings, terminal)?;
    if arguments.output == "-" {
        output::print(&document.bytes)?;
        return Ok(Exit::Done);
    }
    output::write_file(&arguments.output, &document.bytes)?;
    terminal.hint(format_args!("wrote {} (sha256 {})", arguments.output, document.digest));
    Ok(Exit::Done)
}

/// What to collect. Only parameters and paths depend on rules, which take longer to read than a package database.
fn request(sections: &[Section], settings: &Settings) -> anyhow::Result<CollectionRequest> {
    let sections: BTreeSet<Section> =
        if sections.is_empty() { Section::ALL.into_iter().collect() } else { sections.iter().copied().collect() };
    let needs_rules = sections.contains(&Section::Sysctl) || sections.contains(&Section::Paths);
    let request = if needs_rules { rules::knowledge(settings)?.request() } else { CollectionRequest::default() };
    Ok(CollectionRequest { sections, ..request })
}
