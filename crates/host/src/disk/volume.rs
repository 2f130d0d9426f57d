//! Volumes of a disk: what may hold a file system.

use std::sync::Arc;

use assay_model::evidence::{Problem, ProblemKind};

use super::error::ReadError;
use super::ext4::Ext4;
use super::filesystem::FileSystem;
use super::identity::{Identity, identify};
use super::lvm::{self, LogicalVolume};
use super::partition::{Partition, PartitionType, read_table};
use super::probe::{Content, probe};
use super::source::{Section, Source};
use super::xfs::Xfs;

/// What a disk holds at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeSummary {
    /// `partition 2`, `logical volume vg/root`, or `the whole disk`.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// What it holds, told by its content: `ext4`, `LUKS (encrypted)`.
    pub content: String,
}

/// A volume.
#[derive(Debug)]
pub(crate) struct Volume {
    /// What it is called in problems.
    pub(crate) name: String,
    pub(crate) source: Arc<dyn Source>,
    pub(crate) content: Content,
    /// The entry of the partition table, if it is a partition.
    pub(crate) partition: Option<Partition>,
    /// The file system, if it can be read.
    pub(crate) file_system: Option<Arc<dyn FileSystem>>,
    /// How fstab may call it.
    pub(crate) identity: Identity,
}

impl Volume {
    pub(crate) fn summary(&self) -> VolumeSummary {
        let (name, size) = (self.name.clone(), self.source.size());
        VolumeSummary { name, size, content: self.content.name().to_owned() }
    }

    /// The type that a GPT gives it.
    pub(crate) fn type_guid(&self) -> Option<&str> {
        match &self.partition.as_ref()?.kind {
            PartitionType::Gpt(guid) => Some(guid),
            PartitionType::Mbr(_) => None,
        }
    }
}

/// All volumes of a disk.
#[derive(Debug, Default)]
pub(crate) struct Volumes {
    pub(crate) all: Vec<Volume>,
    pub(crate) problems: Vec<Problem>,
}

impl Volumes {
    /// Finds the volumes of a disk and opens their file systems.
    pub(crate) fn find(disk: &Arc<dyn Source>) -> Result<Volumes, ReadError> {
        let mut volumes = Volumes::default();
        let content = probe(&**disk);
        // A file system may leave an old table in its first sector alone, but a table's sectors hold no file system.
        let is_bare = matches!(content, Content::Ext | Content::Xfs | Content::LvmPhysicalVolume | Content::Known(_));
        let table = match read_table(&**disk) {
            // The first sector of a FAT or NTFS volume looks like a table in both of these.
            Ok(None) | Err(_) if is_bare => None,
            Ok(Some(table)) if is_bare && table.partitions.is_empty() => None,
            table => table?,
        };
        let Some(table) = table else {
            volumes.add("the whole disk".to_owned(), Arc::clone(disk), None);
            volumes.add_logical();
            return Ok(volumes);
        };
        volumes.problems.extend(table.problems);
        for partition in table.partitions {
            let (start, size) = (partition.start, partition.size);
            let source = Arc::new(Section { inner: Arc::clone(disk), start, size });
            volumes.add(format!("partition {}", partition.number), source, Some(partition));
        }
        volumes.add_logical();
        Ok(volumes)
    }

    /// Adds the logical volumes of all physical ones.
    fn add_logical(&mut self) {
        let physical = self.all.iter().filter(|volume| volume.content == Content::LvmPhysicalVolume);
        let physical: Vec<_> = physical.map(|volume| (volume.name.clone(), Arc::clone(&volume.source))).collect();
        let (logical, problems) = lvm::find(&physical);
        self.problems.extend(problems);
        for LogicalVolume { name, source } in logical {
            self.add(name.clone(), source, None);
            if self.all.last().is_some_and(|volume| volume.content == Content::LvmPhysicalVolume) {
                let detail = "LVM within LVM is not read, so what it holds is missing";
                self.problems.push(Problem::new(name, ProblemKind::NotSupported, detail));
            }
        }
    }

    /// Adds a volume; a file system that should be readable and is not becomes a problem.
    fn add(&mut self, name: String, source: Arc<dyn Source>, partition: Option<Partition>) {
        let content = probe(&*source);
        let identity = identify(&*source, content);
        let mut volume = Volume { name, source, content, partition, file_system: None, identity };
        match open_file_system(&volume.source, content) {
            None => {}
            Some(Ok((file_system, warnings))) => {
                let name = content.name();
                self.problems.extend(warnings.into_iter().map(|warning| {
                    let detail = format!("the file system {name} on it is not sound: {warning}");
                    Problem::new(volume.name.clone(), ProblemKind::Malformed, detail)
                }));
                volume.file_system = Some(file_system);
            }
            Some(Err(error)) => {
                let detail = format!("the file system {} on it cannot be read: {error}", content.name());
                self.problems.push(Problem::new(volume.name.clone(), error.kind(), detail));
            }
        }
        self.all.push(volume);
    }
}

/// A file system, and what is odd about it.
type Opened = (Arc<dyn FileSystem>, Vec<String>);

/// Opens what can be opened; absent where the content is no file system that is read.
fn open_file_system(source: &Arc<dyn Source>, content: Content) -> Option<Result<Opened, ReadError>> {
    let source = Arc::clone(source);
    match content {
        Content::Ext => Some(Ext4::open(source).map(|ext4| {
            let warnings = ext4.warnings().to_vec();
            (Arc::new(ext4) as Arc<dyn FileSystem>, warnings)
        })),
        Content::Xfs => Some(Xfs::open(source).map(|xfs| {
            let warnings = xfs.warnings().to_vec();
            (Arc::new(xfs) as Arc<dyn FileSystem>, warnings)
        })),
        _ => None,
    }
}
