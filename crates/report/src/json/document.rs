//! The document: Inspector's lists, then under `assay` the objects around them.
//!
//! `schemaVersion` is that of Assay's additions: it grows when a member is taken away or changes its meaning, not when
//! one is added.

use assay_model::Timestamp;
use assay_model::assessment::{Assessment, FeedSummary, HostSummary, RuleResult};
use assay_model::coverage::{Coverage, CoverageUnit, PackageCoverage};
use assay_model::evidence::SourceKind;
use assay_model::outcome::Outcome;
use assay_model::run::AssessmentRun;
use assay_model::severity::Severity;
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;
use serde::Serialize;

use super::exclusion::ExclusionView;
use super::finding::FindingView;
use super::run::{RulesPackageView, RunView};
use crate::Context;

/// The version of the members under `assay`.
const SCHEMA_VERSION: u32 = 1;

/// The whole document.
#[derive(Debug, Serialize)]
pub(crate) struct DocumentView<'a> {
    run: RunView<'a>,
    findings: Vec<FindingView<'a>>,
    exclusions: Vec<ExclusionView<'a>>,
    coverage: CoverageView,
    assay: DocumentExtras<'a>,
}

impl<'a> DocumentView<'a> {
    pub(crate) fn new(assessment: &'a Assessment) -> DocumentView<'a> {
        let context = Context::from(assessment);
        DocumentView {
            run: RunView::new(&assessment.run),
            findings: assessment.findings.iter().map(|finding| FindingView::new(&context, finding)).collect(),
            exclusions: assessment.exclusions.iter().map(ExclusionView::new).collect(),
            coverage: CoverageView::new(&assessment.coverage),
            assay: DocumentExtras::new(assessment),
        }
    }
}

/// The document's member `assay`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentExtras<'a> {
    schema_version: u32,
    target: TargetView<'a>,
    template: TemplateView<'a>,
    host: HostView<'a>,
    feeds: Vec<FeedView<'a>>,
    rule_results: Vec<RuleResultView<'a>>,
}

impl<'a> DocumentExtras<'a> {
    pub(crate) fn new(assessment: &'a Assessment) -> DocumentExtras<'a> {
        DocumentExtras {
            schema_version: SCHEMA_VERSION,
            target: TargetView::new(&assessment.target),
            template: TemplateView::new(&assessment.template),
            host: HostView::new(&assessment.host),
            feeds: assessment.feeds.iter().map(FeedView::from).collect(),
            rule_results: assessment.rule_results.iter().map(RuleResultView::from).collect(),
        }
    }
}

/// The target, in short.
#[derive(Debug, Serialize)]
pub(crate) struct TargetView<'a> {
    arn: &'a str,
    name: &'a str,
}

impl<'a> TargetView<'a> {
    pub(crate) fn new(target: &'a AssessmentTarget) -> TargetView<'a> {
        TargetView { arn: target.arn.as_str(), name: &target.name }
    }
}

/// The template, in short.
#[derive(Debug, Serialize)]
pub(crate) struct TemplateView<'a> {
    arn: &'a str,
    name: &'a str,
}

impl<'a> TemplateView<'a> {
    pub(crate) fn new(template: &'a AssessmentTemplate) -> TemplateView<'a> {
        TemplateView { arn: template.arn.as_str(), name: &template.name }
    }
}

/// The run, in short, with RFC 3339 times.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunReference<'a> {
    arn: &'a str,
    name: &'a str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_at: Option<Timestamp>,
}

impl<'a> RunReference<'a> {
    pub(crate) fn new(run: &'a AssessmentRun) -> RunReference<'a> {
        RunReference {
            arn: run.arn.as_str(),
            name: &run.name,
            state: run.state().as_str(),
            started_at: run.started_at,
            completed_at: run.completed_at,
        }
    }
}

/// The host.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HostView<'a> {
    agent_id: &'a str,
    hostname: &'a str,
    operating_system: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kernel: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    installed_packages: Option<u32>,
    source: SourceKind,
    collected_at: Timestamp,
    evidence_digest: &'a str,
}

impl<'a> HostView<'a> {
    pub(crate) fn new(host: &'a HostSummary) -> HostView<'a> {
        HostView {
            agent_id: &host.agent_id,
            hostname: &host.hostname,
            operating_system: &host.operating_system,
            kernel: host.kernel.as_deref(),
            installed_packages: host.installed_packages,
            source: host.source,
            collected_at: host.collected_at,
            evidence_digest: &host.evidence_digest,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FeedView<'a> {
    name: &'a str,
    fetched_at: Timestamp,
    digest: &'a str,
    records: u64,
}

impl<'a> From<&'a FeedSummary> for FeedView<'a> {
    fn from(feed: &'a FeedSummary) -> FeedView<'a> {
        FeedView { name: &feed.name, fetched_at: feed.fetched_at, digest: &feed.digest, records: feed.records }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleResultView<'a> {
    rules_package: &'static str,
    rule: &'a str,
    severity: Severity,
    outcome: Outcome,
    reason: &'a str,
}

impl<'a> From<&'a RuleResult> for RuleResultView<'a> {
    fn from(result: &'a RuleResult) -> RuleResultView<'a> {
        RuleResultView {
            rules_package: result.rules_package.slug(),
            rule: &result.rule_id,
            severity: result.severity,
            outcome: result.outcome,
            reason: &result.reason,
        }
    }
}

/// The coverage.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CoverageView {
    decided_share: f64,
    complete: bool,
    packages: Vec<PackageCoverageView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PackageCoverageView {
    rules_package: RulesPackageView<'static>,
    unit: CoverageUnit,
    total: u32,
    decided: u32,
    pass: u32,
    fail: u32,
    unknown: u32,
    error: u32,
    notapplicable: u32,
    notchecked: u32,
}

impl CoverageView {
    pub(crate) fn new(coverage: &Coverage) -> CoverageView {
        CoverageView {
            decided_share: coverage.decided_share(),
            complete: coverage.is_complete(),
            packages: coverage.packages.iter().map(PackageCoverageView::new).collect(),
        }
    }
}

impl PackageCoverageView {
    fn new(package: &PackageCoverage) -> PackageCoverageView {
        let outcomes = &package.outcomes;
        PackageCoverageView {
            rules_package: RulesPackageView::new(package.rules_package, None),
            unit: package.unit,
            total: outcomes.total(),
            decided: outcomes.decided(),
            pass: outcomes.pass,
            fail: outcomes.fail,
            unknown: outcomes.unknown,
            error: outcomes.error,
            notapplicable: outcomes.notapplicable,
            notchecked: outcomes.notchecked,
        }
    }
}
