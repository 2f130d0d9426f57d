//! What to collect beyond the fixed sections: the parameters and paths that rules ask for.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Section;

/// What a set of rules needs collected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionRequest {
    /// Sections.
    pub sections: BTreeSet<Section>,
    /// Kernel parameters, dotted.
    pub sysctl: BTreeSet<String>,
    /// Path patterns: `/etc/ssh` is that path, `/etc/ssh/*` what it holds, `/etc/**/` it and all directories below.
    pub paths: BTreeSet<String>,
}

impl CollectionRequest {
    /// Adds another request to this one.
    pub fn merge(&mut self, other: &CollectionRequest) {
        self.sections.extend(&other.sections);
        self.sysctl.extend(other.sysctl.iter().cloned());
        self.paths.extend(other.paths.iter().cloned());
    }
}
