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
        assert!(volumes.len() <= 512, "partitions and logical volumes are bounded");
    }
}

/// A physical volume of LVM2 with this text as its metadata, under sound checksums; and the same bytes as a disk.
pub fn lvm_metadata(data: &[u8]) {
    partition_table(data);
    let mut label = b"LABELONE\x01".to_vec();
    label.resize(20, 0);
    label.extend(b"\x20\0\0\0LVM2 001fuzzed");
    label.extend([b'0'; 26]);
    let size = 4096 + 512 + data.len() as u64;
    for number in [size, 1 << 20, 0, 0, 0, 4096, 512 + data.len() as u64, 0, 0] {
        label.extend(number.to_le_bytes());
    }
    label.resize(512, 0);
    let sum = lvm_checksum(label.get(20..).unwrap_or_default());
    label.splice(16..20, sum.to_le_bytes());
    let mut header = b"\x20LVM2\x20x[5A%r0N*>\x01\0\0\0".to_vec();
    for number in [4096, 512 + data.len() as u64, 512, data.len() as u64, u64::from(lvm_checksum(data))] {
        header.extend(number.to_le_bytes());
    }
    header.resize(508, 0);
    let sum = lvm_checksum(&header).to_le_bytes();
    let disk = [&[0; 512], &label[..], &[0; 3072], &sum, &header, data].concat();
    partition_table(&disk);
}

/// `calc_crc` of LVM2, bit by bit.
fn lvm_checksum(data: &[u8]) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
    data.iter().fold(0xf597_a6cf, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
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
