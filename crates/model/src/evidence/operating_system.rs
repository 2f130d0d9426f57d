//! The operating system, from os-release(5).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What os-release(5) says, and what Debian adds to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatingSystem {
    /// `ID`, for example `debian`; `linux` where the file does not say.
    pub id: String,
    /// `ID_LIKE`, split.
    pub id_like: Vec<String>,
    /// `VERSION_ID`, for example `12`.
    pub version_id: Option<String>,
    /// `VERSION_CODENAME`, for example `bookworm`.
    pub version_codename: Option<String>,
    /// `PRETTY_NAME`.
    pub pretty_name: Option<String>,
    /// The file it was read from.
    pub file: Option<String>,
    /// `/etc/debian_version`, trimmed, for example `12.11`.
    pub debian_version: Option<String>,
    /// Every other key.
    pub fields: BTreeMap<String, String>,
}
