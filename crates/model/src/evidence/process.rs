//! Running processes and the files whose code they have mapped.

use serde::{Deserialize, Serialize};

/// A file that some process has mapped executable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedFile {
    /// Path at the time it was mapped.
    pub path: String,
    /// The file on disk is no longer the one that is mapped: deleted, or another inode.
    pub replaced: bool,
    /// The package that owns the path, as the package database says now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
}

/// One process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Process id.
    pub pid: u32,
    /// Parent process id.
    pub parent_pid: u32,
    /// Command name (at most 15 bytes).
    pub name: String,
    /// Executable; absent for kernel threads and where not permitted.
    pub executable: Option<String>,
    /// The executable was deleted or replaced.
    pub executable_replaced: bool,
    /// Effective user id.
    pub uid: u32,
    /// Its name, where the host knows one.
    pub user: Option<String>,
    /// systemd unit, from its control group.
    pub unit: Option<String>,
    /// Indexes into [`Processes::mapped_files`]; absent where not permitted.
    pub mapped: Option<Vec<u32>>,
}

/// All processes, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Processes {
    /// Processes.
    pub processes: Vec<Process>,
    /// The files that they have mapped, each once, sorted by path.
    pub mapped_files: Vec<MappedFile>,
}
