//! `assay collect`: evidence only.

use assay_model::evidence::Section;

use crate::arguments::CollectArguments;
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::{evidence, rules};

/// Collects evidence and writes it.
pub fn run(arguments: &CollectArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let mut request = rules::knowledge(settings)?.request();
    request.sections = if arguments.sections.is_empty() {
        Section::ALL.into_iter().collect()
    } else {
        arguments.sections.iter().copied().collect()
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
