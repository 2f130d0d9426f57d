//! sshd's effective configuration, with file and line of each winning value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::setting::Setting;

/// A Match block, kept apart from the global values (sshd_config(5), `Match`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchBlock {
    /// The criteria as written, for example `User backup Address 10.0.0.0/8`.
    pub criteria: String,
    /// The file of its Match line.
    pub file: String,
    /// 1-based line of its Match line.
    pub line: u32,
    /// The settings in it, keyword in lower case; first one wins.
    pub settings: BTreeMap<String, Setting>,
}

/// sshd's effective configuration.
///
/// A keyword whose value could not be determined (because an included file before it could not be read) is *absent*
/// from the maps, so that a rule which asks for it becomes unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sshd {
    /// Whether a server program is on the host.
    pub installed: bool,
    /// OpenSSH's upstream version, for example `9.2p1`, from the package database.
    pub version: Option<String>,
    /// Keywords of which one value counts, in lower case.
    pub effective: BTreeMap<String, Setting>,
    /// Keywords that collect values (`port`, `listenaddress`, `allowusers`, …), in lower case.
    pub lists: BTreeMap<String, Vec<Setting>>,
    /// Lines that lost to an earlier one, by keyword.
    pub overridden: BTreeMap<String, Vec<Setting>>,
    /// Match blocks in order.
    pub match_blocks: Vec<MatchBlock>,
    /// Files read, in the order in which they took effect.
    pub files: Vec<String>,
}
