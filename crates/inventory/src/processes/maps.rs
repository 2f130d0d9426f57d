//! `/proc/PID/maps`: the files whose code a process has mapped.
//!
//! Implements that file of proc(5). Only mappings that are executable and backed by a file on disk are of interest.
//! Surprising: the device number here is the file system's own, and on btrfs and overlayfs it is not the one that
//! stat(2) gives for the same file.

use super::proc_directory::is_memory_only;

/// A device number as the kernel prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Device {
    /// Major number.
    pub major: u32,
    /// Minor number.
    pub minor: u32,
}

impl Device {
    /// The parts of a `st_dev`, which Linux packs as makedev(3) says.
    pub fn from_st_dev(device: u64) -> Device {
        let major = ((device >> 8) & 0xfff) | ((device >> 32) & 0xffff_f000);
        let minor = (device & 0xff) | ((device >> 12) & 0xffff_ff00);
        Device { major: u32::try_from(major).unwrap_or(u32::MAX), minor: u32::try_from(minor).unwrap_or(u32::MAX) }
    }
}

/// An executable mapping of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mapping<'a> {
    /// The file system's device.
    pub device: Device,
    /// The file's inode.
    pub inode: u64,
    /// The path as written: with ` (deleted)`, and `\012` for a line feed.
    pub path: &'a [u8],
}

/// The executable mappings of files on disk, in order of address; a file may be there several times.
pub fn parse(bytes: &[u8]) -> impl Iterator<Item = Mapping<'_>> {
    bytes.split(|byte| *byte == b'\n').filter_map(mapping)
}

/// `address perms offset dev inode path`.
fn mapping(line: &[u8]) -> Option<Mapping<'_>> {
    // The path is the cheapest thing to look for, and most lines have none.
    let slash = memchr::memchr(b'/', line)?;
    let (fields, path) = line.split_at_checked(slash)?;
    let mut fields = fields.split(|byte| *byte == b' ').filter(|field| !field.is_empty());
    let permissions = fields.nth(1)?;
    if permissions.get(2) != Some(&b'x') || is_memory_only(path) {
        return None;
    }
    let (major, minor) = std::str::from_utf8(fields.nth(1)?).ok()?.split_once(':')?;
    let device = Device { major: u32::from_str_radix(major, 16).ok()?, minor: u32::from_str_radix(minor, 16).ok()? };
    let inode = std::str::from_utf8(fields.next()?).ok()?.parse().ok()?;
    (fields.next().is_none() && inode != 0).then_some(Mapping { device, inode, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn executable_mappings_of_files_are_read() {
        let maps = b"\
5000-6000 r--p 00000000 fe:00 12 /usr/bin/a\n\
6000-7000 r-xp 00001000 fe:00 12                     /usr/bin/a\n\
7000-8000 rwxs 00000000 103:1a 99 /opt/with space (deleted)\n\
8000-9000 r-xp 00000000 00:01 7 /memfd:jit (deleted)\n\
9000-a000 r-xp 00000000 00:00 0 \n\
a000-b000 r-xp 00000000 00:00 0 [vdso]\n\
b000-c000 r-xp 00000000 00:00 0 [anon:a/b]\n\
c000-d000 r-xp 00000000 zz:00 1 /bad\n\
r-xp /bad\n\
/\n";
        let seen: Vec<Mapping<'_>> = parse(maps).collect();
        let expected = [
            Mapping { device: Device { major: 0xfe, minor: 0 }, inode: 12, path: b"/usr/bin/a" },
            Mapping { device: Device { major: 0x103, minor: 0x1a }, inode: 99, path: b"/opt/with space (deleted)" },
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn device_numbers_are_unpacked() {
        for (st_dev, major, minor) in [(0xfe00, 0xfe, 0), (0x1234_5678, 0x456, 0x12378), (0x11, 0, 0x11)] {
            assert_eq!(Device::from_st_dev(st_dev), Device { major, minor });
        }
    }
}
