//! Permissions and owners of the paths that rules ask for.

use serde::{Deserialize, Serialize};

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PathKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link (only where a rule asks for the link itself).
    Link,
    /// A device, FIFO or socket.
    Other,
}

/// Permissions and owner of one path; symbolic links are resolved inside the host's root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathFacts {
    /// The path asked for (or found below it).
    pub path: String,
    /// Kind.
    pub kind: PathKind,
    /// Permission bits, 12 bits: `0o4755` is 2541.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
}

/// All paths asked for that exist, sorted. A path asked for that does not exist is simply not here; one that could not
/// be looked at is a problem.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paths {
    /// Paths.
    pub entries: Vec<PathFacts>,
}
