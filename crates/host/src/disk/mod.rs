//! Disk images: raw and qcow2 files, the volumes in them, and the host that they hold.
//!
//! Nothing is mounted and nothing needs rights but those to read the image. Layer by layer: an image (container format) is
//! a disk; a disk has volumes (partitions, logical volumes, or itself); volumes have file systems; one of these is the
//! root, and its fstab says where others belong. Everything is told by content, never by a name.

mod bytes;
mod cache;
mod crc32c;
mod directory;
mod error;
mod ext4;
mod filesystem;
mod fstab;
mod host;
mod identity;
mod image;
mod lvm;
mod mounts;
mod namespace;
mod options;
mod partition;
mod probe;
mod qcow2;
mod root;
mod source;
mod volume;
mod xfs;

pub use error::DiskError;
pub use host::DiskHost;
pub use image::DiskImage;
pub use options::DiskOptions;
pub use volume::VolumeSummary;
