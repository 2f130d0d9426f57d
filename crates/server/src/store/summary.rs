//! Run summary: an assessment without its lists, cheap to read for hundreds of runs.

use assay_model::assessment::{FeedSummary, HostSummary};
use assay_model::coverage::Coverage;
use assay_model::run::AssessmentRun;
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;

/// What every full view of a run or finding names: target, template, run and host.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSummary {
    /// The target.
    pub target: AssessmentTarget,
    /// The template.
    pub template: AssessmentTemplate,
    /// The run, with its finding counts.
    pub run: AssessmentRun,
    /// The host.
    pub host: HostSummary,
    /// The feeds it judged by.
    pub feeds: Vec<FeedSummary>,
    /// What share was checked.
    pub coverage: Coverage,
}
