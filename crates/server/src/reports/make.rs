//! Making: from the rows of a run to the bytes of a report, in pieces, so that findings are not all in memory at a time.

use assay_model::exclusion::{Exclusion, Scope};
use assay_report::ReportError;
use assay_report::run_report::{
    ReportInstance, ReportKind, ReportRun, ReportTarget, RunReport, RunReportBuilder, RunReportFrame, TagSelector,
    html, pdf,
};

use super::which::{ReportFormat, WhichReport};
use crate::service::Service;
use crate::store::{ReportFrame, ReportHost, StoreError};

/// Rows that are read at a time.
const BATCH: i64 = 1000;

/// What makes the report, on its cover.
const PRODUCT: &str = "Assay";

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum MakeReportError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The report is more than its format can hold.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The task that typesets it panicked, which is a defect.
    #[error("typesetting ended before it was done")]
    Interrupted,
}

/// Makes a report that was asked for, and stores it. A report of a run that is gone is no more.
///
/// # Errors
///
/// When the store fails, or the report is more than its format can hold; whoever had it made then says so in the store.
pub async fn make_report(service: &Service, report: &WhichReport) -> Result<(), MakeReportError> {
    let Some(frame) = service.store.report_frame(&report.run).await? else { return Ok(()) };
    let content = collect(service, report, frame).await?;
    let WhichReport { format, kind, .. } = *report;
    let bytes = tokio::task::spawn_blocking(move || match format {
        ReportFormat::Html => Ok(html(&content, kind).into_bytes()),
        ReportFormat::Pdf => pdf(&content, kind),
    });
    let bytes = bytes.await.map_err(|_| MakeReportError::Interrupted)??;
    let size = bytes.len();
    if service.store.complete_report(&report.name(), &bytes).await? {
        tracing::info!(run = %report.run, format = format.as_str(), kind = kind.as_str(), size, "made a report");
    }
    Ok(())
}

async fn collect(service: &Service, report: &WhichReport, frame: ReportFrame) -> Result<RunReport, StoreError> {
    let store = &service.store;
    let run = &report.run;
    let packages: Vec<_> = frame.run.rules_package_arns.iter().filter_map(|arn| arn.resolve()).collect();
    let mut builder = RunReportBuilder::new(packages.iter().copied());
    for package in packages {
        if let Some(rules) = service.judge.about(package).rules {
            builder.set_rule_count(package, rules.into());
        }
    }
    for host in &frame.hosts {
        builder.add_instance(instance(host));
    }
    let mut after = -1;
    loop {
        let part = store.findings_of_run(run, after, BATCH).await?;
        let Some((last, _)) = part.last() else { break };
        after = *last;
        part.iter().for_each(|(_, finding)| builder.add_finding(finding));
    }
    let mut after = -1;
    loop {
        if report.kind != ReportKind::Full {
            break;
        }
        let part = store.results_of_run(run, after, BATCH).await?;
        let Some((last, ..)) = part.last() else { break };
        after = *last;
        part.iter().for_each(|(_, agent_id, result)| builder.add_result(agent_id, result));
    }
    let mut after = -1;
    loop {
        let part = store.exclusions_of_run(run, after, BATCH).await?;
        let Some((last, _)) = part.last() else { break };
        after = *last;
        part.into_iter().for_each(|(_, exclusion)| builder.add_exclusion(&named(exclusion)));
    }
    Ok(builder.finish(finish(service, frame)))
}

fn finish(service: &Service, frame: ReportFrame) -> RunReportFrame {
    let ReportFrame { run, template, target, tags, .. } = frame;
    let selector = |tag: assay_model::attribute::Attribute| TagSelector {
        key: tag.key,
        value: Some(tag.value).filter(|value| !value.is_empty()),
    };
    RunReportFrame {
        product_name: PRODUCT.to_owned(),
        generated_at: service.now(),
        run: ReportRun {
            name: run.name.clone(),
            arn: run.arn.to_string(),
            state: run.state(),
            started_at: run.started_at.unwrap_or(run.created_at),
            completed_at: run.completed_at,
            duration_seconds: run.duration_seconds,
        },
        template_name: template.name,
        target: ReportTarget {
            name: target.name,
            selectors: tags.map(|tags| tags.into_iter().map(selector).collect()),
        },
    }
}

fn instance(host: &ReportHost) -> ReportInstance {
    let told = host.summary.as_ref();
    ReportInstance {
        agent_id: host.agent_id.clone(),
        hostname: host.hostname.clone(),
        operating_system: told.map(|summary| summary.operating_system.clone()).unwrap_or_default(),
    }
}

/// Reports know rules packages by the ARNs of one region.
fn named(exclusion: Exclusion) -> Exclusion {
    let scopes = exclusion.scopes.into_iter().map(|scope| match scope {
        Scope::RulesPackageArn(arn) => Scope::RulesPackageArn(arn.resolve().map_or(arn, |kind| kind.arn())),
        scope => scope,
    });
    Exclusion { scopes: scopes.collect(), ..exclusion }
}
