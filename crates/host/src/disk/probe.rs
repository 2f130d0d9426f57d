//! What a volume holds, told by the magic numbers of its content.

use super::bytes::{byte, le16, le32};
use super::source::Source;

/// What a volume holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// ext2, ext3 or ext4.
    Ext,
    /// XFS.
    Xfs,
    /// A physical volume of LVM2.
    LvmPhysicalVolume,
    /// Something known that is not read: its name, and what it needs.
    Known(&'static str),
    /// Nothing that matters to an assessment: swap space.
    Swap,
    /// Only zeros where a magic number would be.
    Empty,
    /// Something else.
    Unknown,
}

impl Content {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Content::Ext => "ext4",
            Content::Xfs => "xfs",
            Content::LvmPhysicalVolume => "LVM physical volume",
            Content::Known(name) => name,
            Content::Swap => "swap",
            Content::Empty => "empty",
            Content::Unknown => "unknown content",
        }
    }
}

/// Covers the magic number that stands deepest, that of btrfs.
const HEAD: usize = 68 << 10;

/// Magic numbers of what is not read.
const KNOWN: &[(usize, &[u8], &str)] = &[
    (65600, b"_BHRfS_M", "btrfs"),
    (0, b"LUKS\xba\xbe", "LUKS (encrypted)"),
    (3, b"-FVE-FS-", "BitLocker (encrypted)"),
    (3, b"NTFS    ", "ntfs"),
    (3, b"EXFAT   ", "exfat"),
    (82, b"FAT32   ", "vfat"),
    (54, b"FAT16   ", "vfat"),
    (54, b"FAT12   ", "vfat"),
    (0, b"hsqs", "squashfs"),
    (1024, &[0xe2, 0xe1, 0xf5, 0xe0], "erofs"),
    (1024, &[0x10, 0x20, 0xf5, 0xf2], "f2fs"),
    (32769, b"CD001", "iso9660"),
    (4096, &[0xfc, 0x4e, 0x2b, 0xa9], "member of a RAID array"),
    (0, &[0xfc, 0x4e, 0x2b, 0xa9], "member of a RAID array"),
    (4120, &[0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca], "bcache"),
];

/// Ends of pages of 4, 16 and 64 KiB, where swap space has its signature.
const SWAP: &[usize] = &[4086, 16374, 65526];

/// What `volume` holds; what cannot be read counts as absent.
pub(crate) fn probe(volume: &dyn Source) -> Content {
    let length = usize::try_from(volume.size()).unwrap_or(HEAD).min(HEAD);
    let mut head = vec![0; length];
    // Pages by themselves: of a volume that is cut short, its beginning still tells what it is.
    for (page, part) in head.chunks_mut(4096).enumerate() {
        if volume.read_at(page as u64 * 4096, part).is_err() {
            break;
        }
    }
    probe_head(&head)
}

fn probe_head(head: &[u8]) -> Content {
    let has = |at: usize, magic: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(magic));
    if has(0, b"XFSB") {
        return Content::Xfs;
    }
    if (0..4).any(|sector| has(sector * 512, b"LABELONE") && has(sector * 512 + 24, b"LVM2 001")) {
        return Content::LvmPhysicalVolume;
    }
    if let Some((_, _, name)) = KNOWN.iter().find(|(at, magic, _)| has(*at, magic)) {
        return Content::Known(name);
    }
    if is_ext(head) {
        return Content::Ext;
    }
    if SWAP.iter().any(|at| has(*at, b"SWAPSPACE2") || has(*at, b"SWAP-SPACE")) {
        return Content::Swap;
    }
    if head.iter().all(|byte| *byte == 0) { Content::Empty } else { Content::Unknown }
}

/// Two bytes are little of a magic number, so the block size and the revision must be possible too.
fn is_ext(head: &[u8]) -> bool {
    let (Ok(magic), Ok(block), Ok(revision)) = (le16(head, 1080), le32(head, 1048), le32(head, 1100)) else {
        return false;
    };
    magic == 0xef53 && block <= 6 && revision <= 1 && byte(head, 1024).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(at: usize, magic: &[u8], expected: Content) {
        let mut head = vec![0; 70 << 10];
        head[at..at + magic.len()].copy_from_slice(magic);
        assert_eq!(probe_head(&head), expected, "{magic:?} at {at}");
    }

    #[test]
    fn contents_are_told_by_their_magic() {
        check(0, b"XFSB", Content::Xfs);
        check(1080, &[0x53, 0xef], Content::Ext);
        check(4086, b"SWAPSPACE2", Content::Swap);
        for (at, magic, name) in KNOWN {
            check(*at, magic, Content::Known(name));
        }
        check(5000, b"x", Content::Unknown);
        check(0, b"", Content::Empty);
        let label = [b"LABELONE".as_slice(), &[0; 16], b"LVM2 001"].concat();
        check(512, &label, Content::LvmPhysicalVolume);
        check(512, b"LABELONE", Content::Unknown);
        let absurd = [&[99, 0, 0, 0], [0; 28].as_slice(), &[0x53, 0xef]].concat();
        check(1048, &absurd, Content::Unknown);
        assert_eq!(probe_head(&[]), Content::Empty);
    }
}
