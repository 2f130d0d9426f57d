//! Puts the volumes where the root's fstab wants them, and tells what is missing.
//!
//! Surprising: a name like `/dev/sda3` is only the third partition of *some* disk. It is taken for this one when it
//! names the first disk of a machine, because an image is looked at as a machine with one disk.

use std::collections::BTreeSet;

use assay_model::evidence::{Problem, ProblemKind};

use super::error::DiskError;
use super::filesystem::Content as NodeContent;
use super::fstab::{self, Device, Line};
use super::namespace::Namespace;
use super::probe::Content;
use super::root::is_typed_root;
use super::volume::{Volume, Volumes};
use crate::error::HostError;
use crate::tree::FollowLast;

const FSTAB: &str = "/etc/fstab";
const MAX_FSTAB: u64 = 1 << 20;

/// What systemd mounts without a line, if the root partition has a type of the same specification.
const TYPED: &[(&str, &str)] = &[
    ("8484680c-9521-48c6-9c11-b0720656f69e", "/usr"),
    ("b0e01050-ee5f-4390-949a-9101b17104e9", "/usr"),
    ("933ac7e1-2eb4-4f13-b844-0e14e2aef915", "/home"),
    ("3b8f8425-20e0-4f3b-907f-1a25a76f98e8", "/srv"),
    ("7ec6f557-3bc5-4aca-b293-16ef5df639d1", "/var/tmp"),
    ("bc13c2ff-59e6-4262-a352-b275fd6f7172", "/boot"),
];

/// Partitions without a file system: GRUB's of GPT disks, and PowerPC's.
const BOOT_CODE: &[&str] = &["21686148-6449-6e6f-744e-656564454649", "9e1a2d38-c612-4316-aa26-8b49521e5a8b"];

/// File systems of other machines.
const REMOTE: &[&str] =
    &["nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "lustre", "9p", "virtiofs", "afs", "gfs2", "ocfs2"];

/// Mounts what belongs below the root; what is not there afterwards is told.
pub(crate) fn overlay(namespace: &mut Namespace, volumes: &Volumes, root: usize) -> Vec<Problem> {
    let mut overlay = Overlay { namespace, volumes, root, used: BTreeSet::from([root]), problems: Vec::new() };
    let lines = overlay.lines();
    for line in &lines {
        overlay.mount_line(line);
    }
    overlay.mount_typed(&lines);
    overlay.tell_unused();
    overlay.problems
}

/// What is on the disk, for the error when no volume is a root.
pub(crate) fn describe(volumes: &Volumes) -> String {
    let described = volumes.all.iter().map(|volume| format!("{}: {}", volume.name, volume.content.name()));
    let problems = volumes.problems.iter().map(|problem| format!("{}: {}", problem.subject, problem.detail));
    let all: Vec<String> = described.chain(problems).collect();
    if all.is_empty() { "its partition table is empty".to_owned() } else { all.join("; ") }
}

struct Overlay<'a> {
    namespace: &'a mut Namespace,
    volumes: &'a Volumes,
    root: usize,
    /// Volumes that were mounted, or whose absence was told.
    used: BTreeSet<usize>,
    problems: Vec<Problem>,
}

impl Overlay<'_> {
    fn lines(&mut self) -> Vec<Line> {
        match read_text(self.namespace, FSTAB) {
            Ok(text) => fstab::parse(&text),
            Err(HostError::NotFound { .. }) => Vec::new(),
            Err(error) => {
                self.problems.push(error.to_problem());
                Vec::new()
            }
        }
    }

    fn mount_line(&mut self, line: &Line) {
        let found = self.find(&line.device);
        let mount_point = line.mount_point.as_str();
        match found {
            Some(index) if mount_point.bytes().all(|byte| byte == b'/') => {
                if let Some(volume) = self.volumes.all.get(index).filter(|_| index != self.root) {
                    let detail = format!("the root file system that was found names {} as root", volume.name);
                    self.problems.push(Problem::new(FSTAB, ProblemKind::Malformed, detail));
                }
            }
            Some(index) => self.mount(index, mount_point),
            // The root itself was found without its line.
            None if mount_point.bytes().all(|byte| byte == b'/') => {}
            None => {
                let detail = format!("{} ({}) {}", line.spelled, line.file_system, why_absent(line));
                self.problems.push(Problem::new(mount_point, ProblemKind::NotFound, detail));
            }
        }
    }

    /// Mounts what the partition types say, where no line says something else.
    fn mount_typed(&mut self, lines: &[Line]) {
        if !self.volumes.all.get(self.root).is_some_and(is_typed_root) {
            return;
        }
        for (guid, mount_point) in TYPED {
            let has_line = lines.iter().any(|line| line.mount_point.trim_end_matches('/') == *mount_point);
            let typed = self.volumes.all.iter().position(|volume| volume.type_guid() == Some(*guid));
            if let Some(index) = typed.filter(|index| !has_line && !self.used.contains(index)) {
                self.mount(index, mount_point);
            }
        }
    }

    fn mount(&mut self, index: usize, mount_point: &str) {
        let Some(volume) = self.volumes.all.get(index) else { return };
        self.used.insert(index);
        let Some(file_system) = &volume.file_system else {
            let detail = format!("{} is not read, so {mount_point} is missing", volume.content.name());
            self.problems.push(Problem::new(volume.name.clone(), ProblemKind::NotSupported, detail));
            return;
        };
        if let Err(error) = self.namespace.mount(file_system, mount_point) {
            let detail = format!("{} cannot be put at its mount point: {error}", volume.name);
            self.problems.push(Problem::new(mount_point, error.kind(), detail));
        }
    }

    /// Tells of volumes that nothing mounts and that cannot be looked into.
    fn tell_unused(&mut self) {
        for (index, volume) in self.volumes.all.iter().enumerate() {
            let is_boot_code = volume.type_guid().is_some_and(|guid| BOOT_CODE.contains(&guid));
            let is_opaque = match volume.content {
                Content::Swap | Content::Empty => false,
                Content::Unknown => !is_boot_code,
                Content::Known(_) => true,
                // Why one could not be opened was told when it was tried.
                Content::Ext | Content::Xfs | Content::LvmPhysicalVolume => false,
            };
            if is_opaque && !self.used.contains(&index) {
                let detail = format!("{} is not read, so what it holds is missing", volume.content.name());
                self.problems.push(Problem::new(volume.name.clone(), ProblemKind::NotSupported, detail));
            }
        }
    }

    fn find(&self, device: &Device) -> Option<usize> {
        self.volumes.all.iter().position(|volume| is_named(volume, device))
    }
}

fn is_named(volume: &Volume, device: &Device) -> bool {
    let partition = volume.partition.as_ref();
    match device {
        Device::Uuid(uuid) => !uuid.is_empty() && volume.identity.uuid.eq_ignore_ascii_case(uuid),
        Device::Label(label) => !label.is_empty() && volume.identity.label == *label,
        Device::PartitionUuid(id) => partition.is_some_and(|partition| partition.id.eq_ignore_ascii_case(id)),
        Device::PartitionLabel(label) => {
            partition.is_some_and(|partition| !label.is_empty() && partition.label == *label)
        }
        Device::Number(number) => partition.is_some_and(|partition| partition.number == *number),
        Device::Logical(group, name) => volume.name == format!("logical volume {group}/{name}"),
        Device::Other(_) => false,
    }
}

fn why_absent(line: &Line) -> &'static str {
    let is_remote = REMOTE.contains(&line.file_system.as_str()) || line.file_system.starts_with("fuse");
    match &line.device {
        Device::Other(_) if is_remote => "is on another machine",
        Device::Other(device) if !device.starts_with("/dev/") => "is no device; such mounts are not followed",
        Device::Other(_) => "cannot be told to be on this disk",
        _ => "is on no volume of this disk that can be read",
    }
}

fn read_text(namespace: &Namespace, path: &str) -> Result<String, HostError> {
    let (place, node) = namespace.resolve(path, FollowLast::Yes)?;
    if node.size > MAX_FSTAB {
        return Err(HostError::TooLarge { path: path.to_owned(), size: node.size, limit: MAX_FSTAB });
    }
    let mut content = vec![0; usize::try_from(node.size).unwrap_or(0)];
    let file_system = namespace.file_system(place).map_err(|error| error.at(path))?;
    NodeContent::new(file_system, node).read_exact_at(0, &mut content).map_err(|error| error.at(path))?;
    Ok(String::from_utf8_lossy(&content).into_owned())
}

/// The error of a disk without a root.
pub(crate) fn no_root(path: &std::path::Path, volumes: &Volumes) -> DiskError {
    DiskError::NoRoot { path: path.to_owned(), found: describe(volumes) }
}
