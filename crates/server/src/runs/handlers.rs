//! The handlers of the jobs of runs, and which runs need agents.

use std::sync::Arc;

use assay_model::arn::RulesPackageArn;
use assay_model::rules_package::RulesPackageKind;

use super::driver::RunDriver;
use super::evaluate::HostEvaluator;
use super::preview::PreviewMaker;
use super::timing::RunTiming;
use crate::jobs::Handler;
use crate::service::Service;

/// The handlers of the jobs of runs.
pub fn handlers(service: &Arc<Service>, timing: RunTiming) -> Vec<Arc<dyn Handler>> {
    vec![
        Arc::new(RunDriver { service: Arc::clone(service), timing }),
        Arc::new(HostEvaluator { service: Arc::clone(service) }),
        Arc::new(PreviewMaker { service: Arc::clone(service) }),
    ]
}

/// Whether a run with these packages asks agents for evidence: the network's configuration comes from elsewhere.
pub(super) fn needs_agents(packages: &[RulesPackageArn]) -> bool {
    packages.iter().filter_map(RulesPackageArn::resolve).any(|kind| kind != RulesPackageKind::Network)
}
