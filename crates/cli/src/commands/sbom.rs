//! `assay sbom`: what is installed, as a bill of materials.

use anyhow::Context as _;
use assay_model::evidence::request::CollectionRequest;
use assay_model::evidence::{Evidence, Section};
use assay_sbom::{cyclonedx, spdx};

use crate::arguments::{SbomArguments, SbomFormat, SbomOutput};
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::evidence;

/// Collects packages and libraries and writes them.
pub fn run(arguments: &SbomArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let sections = [Section::Os, Section::Packages, Section::Libraries].into();
    let request = CollectionRequest { sections, ..CollectionRequest::default() };
    let document = evidence::obtain(&arguments.source, request, settings, terminal)?;
    let sections = [Section::Os, Section::Packages, Section::Libraries];
    let of_sections = sections.iter().flat_map(|section| document.evidence.problems(*section));
    for problem in document.evidence.source_problems.iter().chain(of_sections) {
        terminal.warn(format_args!("{}: {}", problem.subject, problem.detail));
    }
    let only = [SbomOutput { format: SbomFormat::CycloneDx, path: None }];
    let outputs = if arguments.output.is_empty() { &only[..] } else { &arguments.output };
    for wanted in outputs {
        let text = render(wanted.format, &document.evidence, &document.digest)?;
        match &wanted.path {
            Some(path) => output::write_file(path, &text)?,
            None => output::print(&text)?,
        }
    }
    Ok(Exit::Done)
}

fn render(format: SbomFormat, evidence: &Evidence, digest: &str) -> anyhow::Result<Vec<u8>> {
    let document = match format {
        SbomFormat::CycloneDx => cyclonedx::write(evidence, digest),
        SbomFormat::Spdx => spdx::write(evidence, digest),
        SbomFormat::Spdx3 => spdx::write_graph(evidence, digest),
    };
    let mut text = serde_json::to_vec_pretty(&document).context("the bill cannot be serialised")?;
    text.push(b'\n');
    Ok(text)
}
