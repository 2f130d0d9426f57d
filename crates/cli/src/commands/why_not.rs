//! `assay why-not`: the one reason why a vulnerability is no finding of a run, judged again from the run's own evidence.

use assay_advisory::matcher::{self, Inventory, WhyNot};
use assay_advisory::{AdvisoryError, Database, Platform};
use assay_assess::{set_aside_by, set_aside_in};
use assay_feeds::FeedStore;
use assay_model::evidence::Evidence;
use assay_report::Reason;

use crate::arguments::WhyNotArguments;
use crate::exit::{Exit, UsageError};
use crate::output;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::databases::{NoDatabase, RunDatabases};
use super::{store, vex};

/// Prints the reason. What VEX documents set aside is told by the run, unless others are given.
pub fn run(arguments: &WhyNotArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let id = arguments.cve.trim().to_owned();
    if !is_id(&id) {
        return Err(UsageError(format!("{:?} is no vulnerability such as CVE-2024-3094", arguments.cve)).into());
    }
    let vex = vex::read(&arguments.vex)?;
    let store = store::open(settings)?;
    let assessment = store.assessment(&arguments.run)?;
    let evidence = store.evidence(&assessment.host)?;
    let RunDatabases { packages, libraries } = RunDatabases::open(&evidence, &FeedStore::open(&settings.feeds));
    let (packages, unchecked) = match packages {
        _ if evidence.packages.facts.is_none() => {
            let sentence = "The host's package database could not be read.".to_owned();
            (None, Some(Reason { name: "not-checked".to_owned(), sentence }))
        }
        Ok(database) => (Some(database), None),
        Err(NoDatabase::Feed(error)) => return Err(error.into()),
        Err(none) => (None, Some(none.reason())),
    };
    // One of libraries that is missing was told of when the run was made.
    let databases: Vec<Database> = packages.into_iter().chain(libraries.into_values().flatten()).collect();
    let best = explain(&databases, &evidence, &id)?;
    let reason = match (best, unchecked) {
        // That libraries have nothing to do with it says nothing of packages that nobody could judge.
        (Some(WhyNot::NotInstalled { .. } | WhyNot::NotInFeed { .. }) | None, Some(unchecked)) => unchecked,
        (None, None) => Reason { name: "not-checked".to_owned(), sentence: "Nothing judges this host.".to_owned() },
        (Some(best), _) => {
            let aside = match best.open_vulnerability() {
                Some(id) if vex.is_empty() => set_aside_in(&assessment.exclusions, id),
                Some(id) => set_aside_by(&vex, &evidence, &databases, id)?,
                None => None,
            };
            if aside.is_none() && matches!(best, WhyNot::Affected(_)) {
                terminal.hint(format_args!("it is a finding: see `assay why {id}`"));
            }
            let name = if aside.is_some() { "set-aside" } else { best.name() };
            Reason { name: name.to_owned(), sentence: aside.unwrap_or_else(|| best.to_string()) }
        }
    };
    let reason = format!("{}: {}", reason.name, reason.sentence);
    output::print(format!("{id} on {}: {}\n", assessment.host.hostname, assay_report::visible(&reason)))?;
    Ok(Exit::Done)
}

/// The most telling reason of all databases.
fn explain<'a>(
    databases: &'a [Database],
    evidence: &'a Evidence,
    id: &str,
) -> Result<Option<WhyNot<'a>>, AdvisoryError> {
    let mut best: Option<WhyNot<'_>> = None;
    for database in databases {
        let packages = evidence.packages.facts.as_ref();
        let reason = match (Inventory::of_evidence(evidence), &evidence.libraries.facts) {
            (_, Some(libraries)) if matches!(database.header().scope.platform(), Platform::Library(_)) => {
                matcher::explain_library(database, libraries, packages, id)?
            }
            (Some(inventory), _) => matcher::explain(database, &inventory, id)?,
            (None, _) => continue,
        };
        best = Some(match best {
            Some(best) => best.more_telling(reason),
            None => reason,
        });
    }
    Ok(best)
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
