//! Which of the volumes is the root of the host.

use std::sync::Arc;

use assay_model::evidence::{Problem, ProblemKind};

use super::namespace::Namespace;
use super::volume::{Volume, Volumes};
use crate::tree::FollowLast;
use crate::view::FileKind;

/// Where a distribution says what it is (os-release(5)).
const OS_RELEASE: [&str; 2] = ["/etc/os-release", "/usr/lib/os-release"];

/// Types of root partitions (Discoverable Partitions Specification): x86-64, x86, 64-bit and 32-bit ARM, RISC-V 64,
/// PowerPC 64 little-endian, s390x, LoongArch 64.
const ROOT_TYPES: &[&str] = &[
    "4f68bce3-e8cd-4db1-96e7-fbcaf984b709",
    "44479540-f297-41b2-9af7-d131d5f0458a",
    "b921b045-1df0-41c3-af44-4c6f280d3fae",
    "69dad710-2ce4-4e3c-b16c-21a1d49abed3",
    "72ec70a6-cf74-40e6-bd49-4bda08e8f224",
    "c31c45e6-3f39-412e-80fb-4809c4980599",
    "5eead9a9-fe09-4a1e-a1d7-520d00531306",
    "77055800-792c-4f94-b39a-98c91b762bb6",
];

/// Memory for the directories of one candidate.
const CACHE: usize = 1 << 20;

/// How much a volume looks like a root, the more the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// The directories of a root file system.
    Directories,
    /// These, and the table calls it a root partition.
    Typed,
    /// A distribution says there what it is.
    OperatingSystem,
    /// This, and the table calls it a root partition.
    TypedOperatingSystem,
}

/// The index of the root volume, and the other roots that are then not assessed.
pub(crate) fn find_root(volumes: &Volumes) -> Option<(usize, Vec<Problem>)> {
    let candidates: Vec<(usize, &Volume, Likeness)> =
        (0..).zip(&volumes.all).filter_map(|(index, volume)| Some((index, volume, likeness(volume)?))).collect();
    // Of equals the first of the disk.
    let (index, root, _) = candidates.iter().rev().max_by_key(|(_, _, likeness)| *likeness)?;
    let others =
        candidates.iter().filter(|(other, _, likeness)| other != index && *likeness >= Likeness::OperatingSystem);
    let problems = others.map(|(_, other, _)| {
        let detail = format!("it holds another operating system than {}, which was not assessed", root.name);
        Problem::new(other.name.clone(), ProblemKind::NotSupported, detail)
    });
    Some((*index, problems.collect()))
}

/// Whether the table calls this a root partition.
pub(crate) fn is_typed_root(volume: &Volume) -> bool {
    volume.type_guid().is_some_and(|guid| ROOT_TYPES.contains(&guid))
}

fn likeness(volume: &Volume) -> Option<Likeness> {
    let file_system = volume.file_system.as_ref()?;
    let namespace = Namespace::new(Arc::clone(file_system), CACHE);
    // The link itself: what it leads to may be on another volume.
    let is_there = |path: &str| namespace.resolve(path, FollowLast::No).is_ok();
    let is_directory = |path: &str| {
        let found = namespace.resolve(path, FollowLast::Yes);
        found.is_ok_and(|(_, node)| node.node_type.kind() == FileKind::Directory)
    };
    match (OS_RELEASE.into_iter().any(is_there), is_typed_root(volume)) {
        (true, true) => Some(Likeness::TypedOperatingSystem),
        (true, false) => Some(Likeness::OperatingSystem),
        (false, true) => Some(Likeness::Typed),
        (false, false) if is_directory("/etc") && is_directory("/usr") && is_directory("/var") => {
            Some(Likeness::Directories)
        }
        (false, false) => None,
    }
}
