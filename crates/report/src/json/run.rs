//! A run as `DescribeAssessmentRuns` gives it (reference §7 `AssessmentRun`).

use std::collections::BTreeMap;

use assay_model::rules_package::RulesPackageKind;
use assay_model::run::{AssessmentRun, StateChange};
use assay_model::severity::Severity;
use serde::Serialize;

use super::limit::{MAX_USER_ATTRIBUTES, PairView, epoch_seconds};

/// `AssessmentRun`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunView<'a> {
    arn: &'a str,
    name: &'a str,
    assessment_template_arn: &'a str,
    state: &'static str,
    duration_in_seconds: u32,
    rules_package_arns: Vec<&'a str>,
    user_attributes_for_findings: Vec<PairView<'a>>,
    created_at: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_at: Option<f64>,
    state_changed_at: f64,
    data_collected: bool,
    state_changes: Vec<StateChangeView>,
    notifications: [(); 0],
    finding_counts: BTreeMap<&'static str, u32>,
}

/// `AssessmentRunStateChange`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StateChangeView {
    state_changed_at: f64,
    state: &'static str,
}

impl<'a> RunView<'a> {
    pub(crate) fn new(run: &'a AssessmentRun) -> RunView<'a> {
        RunView {
            arn: run.arn.as_str(),
            name: &run.name,
            assessment_template_arn: run.template_arn.as_str(),
            state: run.state().as_str(),
            duration_in_seconds: run.duration_seconds,
            rules_package_arns: run.rules_package_arns.iter().map(|arn| arn.as_str()).collect(),
            user_attributes_for_findings: PairView::list(&run.user_attributes_for_findings, MAX_USER_ATTRIBUTES),
            created_at: epoch_seconds(run.created_at),
            started_at: run.started_at.map(epoch_seconds),
            completed_at: run.completed_at.map(epoch_seconds),
            state_changed_at: epoch_seconds(run.state_changed_at()),
            data_collected: run.data_collected,
            state_changes: run.state_changes.iter().map(StateChangeView::new).collect(),
            notifications: [],
            finding_counts: Severity::ALL
                .into_iter()
                .map(|severity| (severity.as_str(), run.finding_counts.get(&severity).copied().unwrap_or(0)))
                .collect(),
        }
    }
}

impl StateChangeView {
    fn new(change: &StateChange) -> StateChangeView {
        StateChangeView { state_changed_at: epoch_seconds(change.at), state: change.state.as_str() }
    }
}

/// A rules package under `assay`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RulesPackageView<'a> {
    slug: &'static str,
    name: &'static str,
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    knowledge_version: Option<&'a str>,
}

impl<'a> RulesPackageView<'a> {
    pub(crate) fn new(kind: RulesPackageKind, knowledge_version: Option<&'a str>) -> RulesPackageView<'a> {
        RulesPackageView { slug: kind.slug(), name: kind.name(), version: kind.version(), knowledge_version }
    }
}
