//! `assay why` and `assay why-not`.

use std::collections::BTreeSet;

use anyhow::Context as _;
use assay_advisory::matcher::{self, Inventory, WhyNot};
use assay_advisory::{Platform, Scope, scope_of};
use assay_assess::{set_aside_by, set_aside_in};
use assay_feeds::FeedStore;
use assay_model::evidence::Evidence;
use assay_report::why_text;

use crate::arguments::{WhyArguments, WhyNotArguments};
use crate::exit::{Exit, UsageError};
use crate::output;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::{findings, store, vex};

/// Prints how a finding came about.
pub fn why(arguments: &WhyArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let store = store::open(settings)?;
    let (summary, finding) = findings::find(&store, &arguments.finding)?;
    output::print(why_text(&findings::context(&summary), &finding, terminal.width, terminal.style))?;
    Ok(Exit::Done)
}

/// Prints the one reason why a vulnerability is no finding of a run, judged again from the run's own evidence. What VEX
/// documents set aside is told by the run, unless others are given.
pub fn why_not(arguments: &WhyNotArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let id = arguments.cve.trim().to_owned();
    if !is_id(&id) {
        return Err(UsageError(format!("{:?} is no vulnerability such as CVE-2024-3094", arguments.cve)).into());
    }
    let store = store::open(settings)?;
    let vex = vex::read(&arguments.vex)?;
    let assessment = store.assessment(&arguments.run)?;
    let bytes = store.ask(|store| store.evidence(&assessment.host.evidence_digest))?;
    let evidence: Evidence = serde_json::from_slice(&bytes).context("the evidence of the run cannot be read")?;
    let host = &assessment.host.hostname;
    let os = evidence.os.facts.as_ref().context("the evidence does not say what operating system the host has")?;
    let feeds = FeedStore::open(&settings.feeds);
    let mut reasons: Vec<(&'static str, String)> = Vec::new();
    let mut databases = Vec::new();
    match scope_of(os) {
        Err(error) => reasons.push(("not-covered", error.to_string())),
        Ok(_) if evidence.packages.facts.is_none() => {
            reasons.push(("not-checked", "the host's package database could not be read".to_owned()));
        }
        Ok(scope) => databases.push(feeds.database(&scope)?),
    }
    let libraries = evidence.libraries.facts.iter().flat_map(|libraries| &libraries.libraries);
    for ecosystem in libraries.map(|library| library.ecosystem).collect::<BTreeSet<_>>() {
        // One that is missing was told of when the run was made.
        databases.extend(feeds.database(&Scope::library(ecosystem)).ok());
    }
    let mut best: Option<WhyNot<'_>> = None;
    for database in &databases {
        let packages = evidence.packages.facts.as_ref();
        let reason = match (Inventory::of_evidence(&evidence), &evidence.libraries.facts) {
            (_, Some(libraries)) if matches!(database.header().scope.platform(), Platform::Library(_)) => {
                matcher::explain_library(database, libraries, packages, &id)?
            }
            (Some(inventory), _) => matcher::explain(database, &inventory, &id)?,
            (None, _) => continue,
        };
        best = Some(match best {
            Some(best) => best.more_telling(reason),
            None => reason,
        });
    }
    if let Some(reason) = best {
        let aside = match reason.open_vulnerability() {
            Some(id) if vex.is_empty() => set_aside_in(&assessment.exclusions, id),
            Some(id) => set_aside_by(&vex, &evidence, &databases, id)?,
            None => None,
        };
        if aside.is_none() && matches!(reason, WhyNot::Affected(_)) {
            terminal.hint(format_args!("it is a finding: see `assay why {id}`"));
        }
        let reason = aside.map_or_else(|| (reason.name(), reason.to_string()), |aside| ("set-aside", aside));
        reasons.insert(0, reason);
    }
    let reason = reasons.first().map(|(name, reason)| format!("{name}: {reason}")).unwrap_or_default();
    output::print(format!("{id} on {host}: {}\n", assay_report::visible(&reason)))?;
    Ok(Exit::Done)
}

/// Whether the text can be an id: a prefix in letters, then something with a digit (`CVE-2024-3094`, `GHSA-…`, `RHSA-2024:1`).
fn is_id(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-:._".contains(&byte);
    let (prefix, rest) = text.split_once('-').unwrap_or_default();
    !prefix.is_empty()
        && prefix.bytes().all(|byte| byte.is_ascii_alphabetic())
        && rest.bytes().any(|byte| byte.is_ascii_digit())
        && text.len() <= 128
        && text.bytes().all(is_allowed)
}
