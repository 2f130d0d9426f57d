//! File systems: mounted now, and in fstab(5).

use serde::{Deserialize, Serialize};

/// A mounted file system (proc(5), `mountinfo`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mount {
    /// Where.
    pub target: String,
    /// What, for example `/dev/vda1`.
    pub source: String,
    /// File system type.
    pub file_system: String,
    /// Mount options and super block options, each once.
    pub options: Vec<String>,
}

/// A line of fstab(5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FstabEntry {
    /// Where.
    pub target: String,
    /// What.
    pub source: String,
    /// File system type.
    pub file_system: String,
    /// Options.
    pub options: Vec<String>,
    /// 1-based line in `/etc/fstab`.
    pub line: u32,
}

/// All file systems.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mounts {
    /// Mounted now; absent for a source that does not run.
    pub mounted: Option<Vec<Mount>>,
    /// Mounted at boot.
    pub fstab: Vec<FstabEntry>,
}
