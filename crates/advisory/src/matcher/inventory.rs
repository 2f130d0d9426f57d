//! What the matcher looks at of a host.

use assay_model::evidence::Evidence;
use assay_model::evidence::kernel::Kernel;
use assay_model::evidence::package::Packages;
use assay_model::evidence::process::Processes;

/// The facts that verdicts about packages rest on.
#[derive(Clone, Copy, Debug)]
pub struct Inventory<'a> {
    /// Packages, and the repositories that they come from.
    pub packages: &'a Packages,
    /// Kernels, where they are known.
    pub kernel: Option<&'a Kernel>,
    /// Processes, where there are any: they may run code that is no longer on disk.
    pub processes: Option<&'a Processes>,
    /// `VERSION_ID` of os-release, which says the minor release.
    pub version_id: Option<&'a str>,
}

impl<'a> Inventory<'a> {
    /// Packages of a host of which nothing else is known.
    pub fn of_packages(packages: &'a Packages, kernel: Option<&'a Kernel>) -> Inventory<'a> {
        Inventory { packages, kernel, processes: None, version_id: None }
    }

    /// The facts of an evidence document; absent when its packages could not be read.
    pub fn of_evidence(evidence: &'a Evidence) -> Option<Inventory<'a>> {
        Some(Inventory {
            packages: evidence.packages.facts.as_ref()?,
            kernel: evidence.kernel.facts.as_ref(),
            processes: evidence.processes.facts.as_ref(),
            version_id: evidence.os.facts.as_ref().and_then(|os| os.version_id.as_deref()),
        })
    }
}
