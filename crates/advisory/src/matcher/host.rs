//! What is the same for every package of a host.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use assay_model::evidence::kernel::Kernel;
use assay_model::evidence::process::{Process, Processes};

use super::channel::Channels;
use super::inventory::Inventory;
use crate::platform::Platform;

/// The facts of a host that verdicts about any package look at.
#[derive(Debug)]
pub(crate) struct HostFacts<'a> {
    pub(crate) platform: Platform,
    pub(crate) kernel: Option<&'a Kernel>,
    pub(crate) channels: Cow<'a, Channels>,
    /// The packages of which a process has code mapped that is no longer on disk.
    pub(crate) old_code: Cow<'a, BTreeSet<String>>,
}

impl<'a> HostFacts<'a> {
    pub(crate) fn new(platform: Platform, inventory: &Inventory<'a>) -> HostFacts<'a> {
        HostFacts {
            platform,
            kernel: inventory.kernel,
            channels: Cow::Owned(Channels::of(inventory)),
            old_code: Cow::Owned(packages_of_old_code(inventory)),
        }
    }
}

/// The packages of which a process of the host has code mapped that is no longer on disk.
pub(crate) fn packages_of_old_code(inventory: &Inventory<'_>) -> BTreeSet<String> {
    let processes = inventory.processes.map(processes_of_old_code).unwrap_or_default();
    processes.into_keys().map(str::to_owned).collect()
}

/// The processes that run code which was replaced on disk, by the package that owns it; each process once.
pub fn processes_of_old_code(processes: &Processes) -> BTreeMap<&str, Vec<&Process>> {
    let mut users: BTreeMap<&str, Vec<&Process>> = BTreeMap::new();
    for process in &processes.processes {
        for file in process.mapped.iter().flatten() {
            let file = processes.mapped_files.get(*file as usize).filter(|file| file.replaced);
            let Some(package) = file.and_then(|file| file.package.as_deref()) else {
                continue;
            };
            let of_package = users.entry(package).or_default();
            if of_package.last().is_none_or(|last| last.pid != process.pid) {
                of_package.push(process);
            }
        }
    }
    users
}
