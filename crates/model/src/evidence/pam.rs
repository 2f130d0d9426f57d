//! PAM stacks, login.defs(5) and pwquality.conf(5).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::setting::Setting;

/// One module line of a stack, in the order in which it takes effect (pam.conf(5)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PamEntry {
    /// `auth`, `account`, `password` or `session`.
    pub kind: String,
    /// Control, for example `required` or `[success=1 default=ignore]`.
    pub control: String,
    /// Module file name without folder, for example `pam_unix.so`.
    pub module: String,
    /// Module arguments.
    pub arguments: Vec<String>,
    /// The file that the line stands in, after includes.
    pub file: String,
    /// 1-based line in that file.
    pub line: u32,
}

/// Authentication policy of the host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// Stacks by service name (file name in `/etc/pam.d`), includes resolved.
    pub services: BTreeMap<String, Vec<PamEntry>>,
    /// login.defs(5) by key; the last line wins.
    pub login_defs: BTreeMap<String, Setting>,
    /// pwquality.conf(5) by key, `pwquality.conf.d` included; the last line wins.
    pub pwquality: BTreeMap<String, Setting>,
}
