//! Circumstances: what verdicts about packages look at of a host beside its packages.

use std::borrow::Cow;
use std::collections::BTreeSet;

use assay_model::evidence::kernel::Kernel;

use crate::matcher::channel::Channels;
use crate::matcher::host::{HostFacts, packages_of_old_code};
use crate::matcher::inventory::Inventory;
use crate::platform::Platform;

/// The facts of a host, owned. Hosts made from one image share them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Circumstances {
    kernel: Option<Kernel>,
    channels: Channels,
    old_code: BTreeSet<String>,
}

impl Circumstances {
    pub(super) fn of(inventory: &Inventory<'_>) -> Circumstances {
        Circumstances {
            kernel: inventory.kernel.cloned(),
            channels: Channels::of(inventory),
            old_code: packages_of_old_code(inventory),
        }
    }

    /// The facts, as the matcher takes them.
    pub(super) fn facts(&self, platform: Platform) -> HostFacts<'_> {
        HostFacts {
            platform,
            kernel: self.kernel.as_ref(),
            channels: Cow::Borrowed(&self.channels),
            old_code: Cow::Borrowed(&self.old_code),
        }
    }
}
