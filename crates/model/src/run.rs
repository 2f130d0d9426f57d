//! Assessment run: one execution of a template, and its states (reference §8.3).

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::arn::{RulesPackageArn, RunArn, TemplateArn};
use crate::attribute::Attribute;
use crate::severity::Severity;

/// The state of a run, in their normal order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RunState {
    /// Stored; members captured.
    Created,
    /// Waiting for agents to be told.
    StartDataCollectionPending,
    /// Agents are being told.
    StartDataCollectionInProgress,
    /// Evidence is being collected.
    CollectingData,
    /// Agents are told to stop.
    StopDataCollectionPending,
    /// All evidence is there.
    DataCollected,
    /// Evaluation is queued.
    StartEvaluatingRulesPending,
    /// Rules are being evaluated.
    EvaluatingRules,
    /// Evaluation could not be done at all.
    Failed,
    /// Could not start, or lost its evidence as a whole.
    Error,
    /// Done.
    Completed,
    /// Done, with at least one rules evaluation error.
    CompletedWithErrors,
    /// Stopped without evaluation.
    Canceled,
}

impl RunState {
    /// Whether the run has ended.
    pub fn is_terminal(self) -> bool {
        self >= RunState::Failed
    }

    /// Inspector's word, for example `COLLECTING_DATA`.
    pub fn as_str(self) -> &'static str {
        match self {
            RunState::Created => "CREATED",
            RunState::StartDataCollectionPending => "START_DATA_COLLECTION_PENDING",
            RunState::StartDataCollectionInProgress => "START_DATA_COLLECTION_IN_PROGRESS",
            RunState::CollectingData => "COLLECTING_DATA",
            RunState::StopDataCollectionPending => "STOP_DATA_COLLECTION_PENDING",
            RunState::DataCollected => "DATA_COLLECTED",
            RunState::StartEvaluatingRulesPending => "START_EVALUATING_RULES_PENDING",
            RunState::EvaluatingRules => "EVALUATING_RULES",
            RunState::Failed => "FAILED",
            RunState::Error => "ERROR",
            RunState::Completed => "COMPLETED",
            RunState::CompletedWithErrors => "COMPLETED_WITH_ERRORS",
            RunState::Canceled => "CANCELED",
        }
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A state that a run entered, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateChange {
    /// The state entered.
    pub state: RunState,
    /// When.
    pub at: Timestamp,
}

/// How many findings a run has by severity; a complete run has all five keys.
pub type FindingCounts = BTreeMap<Severity, u32>;

/// An assessment run (Inspector `AssessmentRun`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessmentRun {
    /// Its ARN.
    pub arn: RunArn,
    /// Unique in its template, 1 to 140 characters.
    pub name: String,
    /// The template it executes.
    pub template_arn: TemplateArn,
    /// Copied from the template.
    pub duration_seconds: u32,
    /// Copied from the template.
    pub rules_package_arns: Vec<RulesPackageArn>,
    /// Copied from the template.
    pub user_attributes_for_findings: Vec<Attribute>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When collection started.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub completed_at: Option<Timestamp>,
    /// Every state it entered, oldest first.
    pub state_changes: Vec<StateChange>,
    /// Whether all evidence is in.
    pub data_collected: bool,
    /// Findings by severity.
    pub finding_counts: FindingCounts,
}

impl AssessmentRun {
    /// The state it is in: the last one it entered.
    pub fn state(&self) -> RunState {
        self.state_changes.last().map_or(RunState::Created, |change| change.state)
    }

    /// When it entered the state it is in.
    pub fn state_changed_at(&self) -> Timestamp {
        self.state_changes.last().map_or(self.created_at, |change| change.at)
    }

    /// Enters a state; a terminal one sets the time of completion.
    pub fn enter(&mut self, state: RunState, at: Timestamp) {
        match state {
            RunState::CollectingData => self.started_at = self.started_at.or(Some(at)),
            RunState::DataCollected => self.data_collected = true,
            _ if state.is_terminal() => self.completed_at = Some(at),
            _ => {}
        }
        self.state_changes.push(StateChange { state, at });
    }
}
