//! Disk images: container formats, partition tables, file systems.

use assay_host::disk::{DiskHost, DiskImage, DiskOptions};
use assay_host::{FileKind, Host, WalkLimits, walk_directories};

const OPTIONS: DiskOptions = DiskOptions { cache_bytes: 1 << 20 };

/// A qcow2 image: its disk is read at both ends and at places between.
pub fn qcow2(data: &[u8]) {
    let Ok(image) = DiskImage::from_memory(data.to_vec(), &OPTIONS) else { return };
    let mut buffer = [0; 4096];
    for part in 0..=64 {
        let offset = image.size() / 64 * part;
        let _ = image.read_at(offset, &mut buffer);
    }
    assert!(image.read_at(image.size(), &mut [0]).is_err(), "nothing is read beyond the end");
}

/// A partition table, and what the partitions hold.
pub fn partition_table(data: &[u8]) {
    let Ok(image) = DiskImage::from_memory(data.to_vec(), &OPTIONS) else { return };
    if let Ok(volumes) = image.volumes() {
        assert!(volumes.len() <= 256, "partitions are bounded");
    }
}

/// A small ext4 file system: all that is in it is looked at.
pub fn ext4_image(data: &[u8]) {
    look(data);
}

/// The beginning of an xfs file system: all that is in it is looked at.
pub fn xfs_image(data: &[u8]) {
    look(data);
}

fn look(data: &[u8]) {
    let Ok(image) = DiskImage::from_memory(data.to_vec(), &OPTIONS) else { return };
    let Ok(host) = DiskHost::from_image(image) else { return };
    let Ok(walked) = walk_directories(&host, "/", WalkLimits { depth: 6, entries: 500 }) else { return };
    for directory in walked.directories.iter().take(50) {
        for entry in host.read_directory(&directory.path).unwrap_or_default().into_iter().take(200) {
            let path = format!("{}/{}", directory.path, entry.name);
            match entry.kind {
                FileKind::File => drop(host.read(&path, 1 << 16)),
                FileKind::Link => drop(host.read_link(&path)),
                _ => drop(host.metadata(&path)),
            }
        }
    }
}
