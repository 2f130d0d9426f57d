//! Context: the objects around a finding, without which a full view of it would be half.

use assay_model::assessment::{Assessment, HostSummary};
use assay_model::run::AssessmentRun;
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;

/// The objects that a finding belongs to: what an [`Assessment`] holds besides its lists.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The target that was assessed.
    pub target: &'a AssessmentTarget,
    /// The template that the run executed.
    pub template: &'a AssessmentTemplate,
    /// The run.
    pub run: &'a AssessmentRun,
    /// The host.
    pub host: &'a HostSummary,
}

impl<'a> From<&'a Assessment> for Context<'a> {
    fn from(assessment: &'a Assessment) -> Context<'a> {
        Context {
            target: &assessment.target,
            template: &assessment.template,
            run: &assessment.run,
            host: &assessment.host,
        }
    }
}
