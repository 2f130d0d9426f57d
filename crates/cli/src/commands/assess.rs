//! `assay assess`: collect, judge, keep, show, gate.

use anyhow::Context as _;
use assay_assess::{Knowledge, SET_ASIDE, Session};
use assay_model::Timestamp;
use assay_model::arn::Realm;
use assay_model::assessment::Assessment;
use assay_model::evidence::request::CollectionRequest;
use assay_model::evidence::{Evidence, Section};
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::RunState;
use assay_report::{Format, Options, RowLimit};
use assay_rules::KnowledgeBase;

use crate::arguments::{AssessArguments, OutputArgument};
use crate::exit::Exit;
use crate::progress;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::knowledge::{self, Advisories};
use super::store::{self, OpenStore};
use super::{evidence, rules, vex};

/// What is assessed where `--rules` does not say: the packages that have knowledge.
const DEFAULT_PACKAGES: [RulesPackageKind; 2] = [RulesPackageKind::Cve, RulesPackageKind::BestPractices];

/// Assesses a host.
pub fn run(arguments: &AssessArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let rules = rules::knowledge(settings)?;
    let packages = packages(&arguments.rules);
    let vex = vex::read(&arguments.vex)?;
    let created_at = settings.clock.now();
    let document = evidence::obtain(&arguments.source, request(arguments, &packages, &rules), settings, terminal)?;
    let collected_at = settings.clock.now();
    let advisories = if packages.contains(&RulesPackageKind::Cve) {
        let may_fetch = !arguments.offline && !settings.offline;
        knowledge::open(&document.evidence, may_fetch, settings, terminal)
    } else {
        Advisories::not_asked_for()
    };
    // A store that cannot be opened must not cost the user the findings: it is reported after they are shown.
    let store = if arguments.no_store { None } else { Some(store::open(settings)) };
    let open_store = store.as_ref().and_then(|store| store.as_ref().ok());
    let mut session = session(arguments, &document.evidence, &packages, open_store, created_at)?;
    session.run.enter(RunState::Created, created_at);
    session.run.enter(RunState::CollectingData, created_at);
    session.run.enter(RunState::DataCollected, collected_at);
    let evaluating_at = settings.clock.now();
    session.run.enter(RunState::EvaluatingRules, evaluating_at);
    let assessment = {
        let _step = progress::step(terminal, "evaluating rules");
        let knowledge = Knowledge {
            rules: &rules,
            database: advisories.database.as_ref(),
            libraries: &advisories.libraries,
            enrichment: advisories.enrichment.as_ref(),
            feeds: &advisories.summaries,
            gaps: &advisories.gaps,
            vex: &vex,
        };
        assay_assess::assess(session, &document.evidence, &document.digest, &knowledge, &packages, evaluating_at)
    };
    let written = write_outputs(&arguments.output, arguments.all, &assessment, terminal);
    let saved = match store {
        Some(Ok(store)) => save(store, &assessment, &document.bytes),
        Some(Err(error)) => Err(error),
        None => Ok(()),
    };
    saved.context("the run could not be stored")?;
    written?;
    Ok(gate(arguments, settings, &assessment, &advisories))
}

fn packages(asked_for: &[RulesPackageKind]) -> Vec<RulesPackageKind> {
    let asked_for = if asked_for.is_empty() { &DEFAULT_PACKAGES } else { asked_for };
    RulesPackageKind::ALL.into_iter().filter(|kind| asked_for.contains(kind)).collect()
}

/// What to collect: everything where no package is named, so that the evidence can be judged again by later knowledge.
fn request(arguments: &AssessArguments, packages: &[RulesPackageKind], rules: &KnowledgeBase) -> CollectionRequest {
    let mut request = assay_assess::request_for(packages, rules);
    if arguments.rules.is_empty() {
        request.sections.extend(Section::ALL);
    }
    request
}

/// The objects of the run. Runs of one host started in the same millisecond are told apart by counting.
fn session(
    arguments: &AssessArguments,
    evidence: &Evidence,
    packages: &[RulesPackageKind],
    store: Option<&OpenStore>,
    now: Timestamp,
) -> anyhow::Result<Session> {
    let mut attempt = 0;
    loop {
        let name = arguments.run_name.as_deref();
        let session = Session::new(&Realm::local(), &evidence.host, packages, name, now, attempt);
        let is_taken = match store {
            Some(store) => store.ask(|store| store.run(&session.run.arn))?.is_some(),
            None => false,
        };
        if !is_taken {
            return Ok(session);
        }
        attempt += 1;
    }
}

fn save(store: OpenStore, assessment: &Assessment, evidence: &[u8]) -> anyhow::Result<()> {
    let saved = store.ask(|store| store.save(assessment, evidence));
    store.close();
    Ok(saved?)
}

/// The exit code: a failed gate first, then what could make a passed gate meaningless.
fn gate(arguments: &AssessArguments, settings: &Settings, assessment: &Assessment, advisories: &Advisories) -> Exit {
    let is_bad = |threshold| assessment.findings.iter().any(|finding| finding.band >= threshold);
    if arguments.fail_on.is_some_and(is_bad) {
        return Exit::GateFailed;
    }
    if settings.max_feed_age.is_some() && advisories.is_stale {
        return Exit::FeedStale;
    }
    // What the user's own documents set aside is decided.
    let is_undecided = assessment.exclusions.iter().any(|exclusion| exclusion.title != SET_ASIDE);
    if arguments.fail_on_incomplete && (is_undecided || !assessment.coverage.is_complete()) {
        return Exit::Incomplete;
    }
    Exit::Done
}

/// Writes an assessment to each output that is asked for; without any, the table to stdout.
pub fn write_outputs(
    outputs: &[OutputArgument],
    shows_all: bool,
    assessment: &Assessment,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let table = [OutputArgument { format: Format::Table, path: None }];
    let outputs = if outputs.is_empty() { &table[..] } else { outputs };
    for output in outputs {
        let rows = if shows_all { RowLimit::All } else { RowLimit::default() };
        let options = match output.path {
            None => Options { width: terminal.width, style: terminal.style, rows },
            Some(_) => Options { rows, ..Options::default() },
        };
        let content = output.format.render(assessment, &options)?;
        match &output.path {
            None => crate::output::print(content)?,
            Some(path) => crate::output::write_file(path, &content)?,
        }
    }
    Ok(())
}
