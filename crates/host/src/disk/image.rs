//! An image file: the container format, told by its content.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use assay_model::evidence::{Problem, ProblemKind};
use rustix::fs::OFlags;

use super::error::{DiskError, ReadError};
use super::options::DiskOptions;
use super::qcow2::{MAGIC, Qcow2};
use super::source::{CachedSource, FileSource, MemorySource, Source};
use super::volume::{VolumeSummary, Volumes};

/// Formats that are known but not read: where their magic number stands, and what they are called.
const OTHER_FORMATS: &[(usize, &[u8], &str)] = &[
    (0, b"KDMV", "VMDK"),
    (0, b"COWD", "VMDK"),
    (0, b"# Disk DescriptorFile", "VMDK"),
    (0, b"vhdxfile", "VHDX"),
    (0, b"conectix", "VHD"),
    (64, &[0x7f, 0x10, 0xda, 0xbe], "VDI"),
    (0, b"QED\0", "QED"),
];

/// Compressed files, and what unpacks them.
const COMPRESSED: &[(&[u8], &str)] = &[
    (&[0x1f, 0x8b], "gunzip"),
    (b"\xfd7zXZ\0", "xz -d"),
    (&[0x28, 0xb5, 0x2f, 0xfd], "zstd -d"),
    (b"BZh", "bunzip2"),
    (b"PK\x03\x04", "unzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z x"),
];

/// An image, open as the disk that it holds.
#[derive(Debug)]
pub struct DiskImage {
    pub(super) path: PathBuf,
    pub(super) disk: Arc<dyn Source>,
    pub(super) problems: Vec<Problem>,
    pub(super) options: DiskOptions,
}

impl DiskImage {
    /// Opens a file or block device: raw, or qcow2.
    ///
    /// # Errors
    ///
    /// When it cannot be opened, is neither file nor block device, or is of a format that is not read. A qcow2 image is
    /// refused if it is encrypted, needs a backing file or an external data file, or has features that are not read.
    pub fn open(path: &Path, options: &DiskOptions) -> Result<DiskImage, DiskError> {
        let fail = |cause| DiskError::Open { path: path.to_owned(), cause };
        // A FIFO is not waited for.
        let flags = i32::try_from((OFlags::NONBLOCK | OFlags::NOCTTY).bits()).unwrap_or(0);
        let mut file = File::options().read(true).custom_flags(flags).open(path).map_err(fail)?;
        let file_type = file.metadata().map_err(fail)?.file_type();
        if !file_type.is_file() && !file_type.is_block_device() {
            return Err(DiskError::WrongType { path: path.to_owned() });
        }
        let size = file.seek(SeekFrom::End(0)).map_err(fail)?;
        DiskImage::new(path, Arc::new(FileSource { file, size }), options)
    }

    /// An image in memory; errors name it `memory`.
    ///
    /// # Errors
    ///
    /// As [`DiskImage::open`].
    pub fn from_memory(image: Vec<u8>, options: &DiskOptions) -> Result<DiskImage, DiskError> {
        DiskImage::new(Path::new("memory"), Arc::new(MemorySource(image)), options)
    }

    fn new(path: &Path, file: Arc<dyn Source>, options: &DiskOptions) -> Result<DiskImage, DiskError> {
        let fail = |error| DiskError::of(path, error);
        let length = usize::try_from(file.size()).unwrap_or(512).min(512);
        let head = file.bytes_at(0, length).map_err(fail)?;
        let has = |at: usize, magic: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(magic));
        if let Some((_, _, name)) = OTHER_FORMATS.iter().find(|(at, magic, _)| has(*at, magic)) {
            let what = format!("{name} images are not read; convert it with `qemu-img convert -O qcow2`");
            return Err(fail(ReadError::NotSupported(what)));
        }
        if let Some((_, command)) = COMPRESSED.iter().find(|(magic, _)| has(0, magic)) {
            return Err(fail(ReadError::NotSupported(format!("it is compressed; unpack it with `{command}`"))));
        }
        let mut problems = Vec::new();
        let share = options.cache_bytes / 4;
        let disk: Arc<dyn Source> = if has(0, MAGIC) {
            let image = Qcow2::open(file, share).map_err(fail)?;
            if image.is_marked_corrupt() {
                let detail = "QEMU has marked it as corrupt, so what is read may be wrong";
                problems.push(Problem::new("disk image", ProblemKind::Malformed, detail));
            }
            Arc::new(CachedSource::new(Arc::new(image), share))
        } else {
            Arc::new(CachedSource::new(file, 2 * share))
        };
        Ok(DiskImage { path: path.to_owned(), disk, problems, options: *options })
    }

    /// Size of the disk in bytes.
    pub fn size(&self) -> u64 {
        self.disk.size()
    }

    /// Fills `buffer` with the bytes of the disk at `offset`.
    ///
    /// # Errors
    ///
    /// When they lie beyond the end of the disk, or the image is damaged there or cannot be read.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), DiskError> {
        self.disk.read_at(offset, buffer).map_err(|error| DiskError::of(&self.path, error))
    }

    /// What the disk holds: partitions, logical volumes, or itself as one volume.
    ///
    /// # Errors
    ///
    /// When its partition table cannot be understood.
    pub fn volumes(&self) -> Result<Vec<VolumeSummary>, DiskError> {
        let volumes = Volumes::find(&self.disk).map_err(|error| DiskError::of(&self.path, error))?;
        Ok(volumes.all.iter().map(|volume| volume.summary()).collect())
    }
}
