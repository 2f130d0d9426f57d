//! Kernel parameters: running value, and what the next boot sets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::setting::Setting;

/// One kernel parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SysctlValue {
    /// The value in `/proc/sys`; absent for a source that does not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub running: Option<String>,
    /// The line that sysctl.d(5) precedence lets win at boot; absent when no file sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persistent: Option<Setting>,
}

/// Kernel parameters by dotted name, for example `kernel.randomize_va_space`.
pub type Sysctl = BTreeMap<String, SysctlValue>;
