//! `assay why`: how a finding came about.

use assay_report::why_text;

use crate::arguments::WhyArguments;
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::{findings, store};

/// Prints how a finding came about.
pub fn run(arguments: &WhyArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let store = store::open(settings)?;
    let (summary, finding) = findings::find(&store, &arguments.finding)?;
    output::print(why_text(&findings::context(&summary), &finding, terminal.width, terminal.style))?;
    Ok(Exit::Done)
}
