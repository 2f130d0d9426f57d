//! `assay why` and `assay why-not`.

use anyhow::Context as _;
use assay_advisory::matcher::{self, WhyNot};
use assay_advisory::release_of;
use assay_feeds::FeedStore;
use assay_model::evidence::Evidence;
use assay_report::why_text;

use crate::arguments::{WhyArguments, WhyNotArguments};
use crate::exit::{Exit, UsageError};
use crate::output;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::{findings, store};

/// Prints how a finding came about.
pub fn why(arguments: &WhyArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let store = store::open(settings)?;
    let (summary, finding) = findings::find(&store, &arguments.finding)?;
    output::print(why_text(&findings::context(&summary), &finding, terminal.width, terminal.style))?;
    Ok(Exit::Done)
}

/// Prints the one reason why a vulnerability is no finding of a run, judged again from the run's own evidence.
pub fn why_not(arguments: &WhyNotArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let id = arguments.cve.trim().to_ascii_uppercase();
    if !id.starts_with("CVE-") && !id.starts_with("TEMP-") {
        return Err(UsageError(format!("{:?} is no vulnerability such as CVE-2024-3094", arguments.cve)).into());
    }
    let store = store::open(settings)?;
    let summary = store.run(&arguments.run)?;
    let bytes = store.ask(|store| store.evidence(&summary.host.evidence_digest))?;
    let evidence: Evidence = serde_json::from_slice(&bytes).context("the evidence of the run cannot be read")?;
    let host = &summary.host.hostname;
    let os = evidence.os.facts.as_ref().context("the evidence does not say what operating system the host has")?;
    let reason = match (release_of(os), &evidence.packages.facts) {
        (Err(error), _) => format!("not-covered: {error}"),
        (Ok(_), None) => "not-checked: the host's package database could not be read".to_owned(),
        (Ok(release), Some(packages)) => {
            let database = FeedStore::open(&settings.feeds).database(&release)?;
            let kernel = evidence.kernel.facts.as_ref();
            let reason = matcher::explain(&database, packages, kernel, &id)?;
            if matches!(reason, WhyNot::Affected(_)) {
                terminal.hint(format_args!("it is a finding: see `assay why {id}`"));
            }
            format!("{}: {reason}", reason.name())
        }
    };
    output::print(format!("{id} on {host}: {}\n", assay_report::visible(&reason)))?;
    Ok(Exit::Done)
}
