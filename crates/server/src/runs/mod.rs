//! The life of assessment runs (reference §8.3): started by the API or a schedule, moved on by jobs, judged host by host.
//!
//! What a run does next is decided by a pure function (`decide`); a job asks it and changes the run (`driver`), another
//! judges one host (`evaluate`), a third one computes previews (`preview`). What was not checked is said in `exclusions`.

mod decide;
mod driver;
mod evaluate;
mod exclusions;
mod preview;
mod start;
mod timing;

use std::sync::Arc;

use assay_model::arn::RulesPackageArn;
use assay_model::rules_package::RulesPackageKind;

pub use exclusions::{NetworkRoute, network_error};
pub use start::{StartError, start};
pub use timing::RunTiming;

use crate::jobs::Handler;
use crate::service::Service;

/// The handlers of the jobs of runs.
pub fn handlers(service: &Arc<Service>, timing: RunTiming) -> Vec<Arc<dyn Handler>> {
    vec![
        Arc::new(driver::RunDriver { service: Arc::clone(service), timing }),
        Arc::new(evaluate::HostEvaluator { service: Arc::clone(service) }),
        Arc::new(preview::PreviewMaker { service: Arc::clone(service) }),
    ]
}

/// Whether a run with these packages asks agents for evidence: the network's configuration comes from elsewhere.
fn needs_agents(packages: &[RulesPackageArn]) -> bool {
    packages.iter().filter_map(RulesPackageArn::resolve).any(|kind| kind != RulesPackageKind::Network)
}
