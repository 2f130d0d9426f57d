//! Inodes.

use super::super::bytes::{field, le16, le32};
use super::super::error::{ReadError, damaged};
use super::super::filesystem::{Node, NodeType};
use super::superblock::Superblock;

/// Flags of an inode.
pub(super) mod flag {
    pub(crate) const ENCRYPTED: u32 = 0x800;
    pub(crate) const COMPRESSED: u32 = 0x4;
    pub(crate) const EXTENTS: u32 = 0x8_0000;
    pub(crate) const INLINE_DATA: u32 = 0x1000_0000;
}

/// Bytes of an inode that all versions have.
pub(super) const CORE: usize = 128;

/// Where the block map, the extents or the short content begin, and their length.
pub(super) const BLOCK: usize = 0x28;
pub(super) const BLOCK_LENGTH: usize = 60;

pub(super) fn parse(superblock: &Superblock, inode: u64, raw: Vec<u8>) -> Result<Node, ReadError> {
    let mode = le16(&raw, 0)?;
    let Some(node_type) = NodeType::from_mode(mode) else {
        return Err(damaged!("inode {inode} has no type (mode {mode:o})"));
    };
    let has_high_size = node_type == NodeType::File || superblock.has_large_directories();
    let high = if has_high_size { u64::from(le32(&raw, 0x6c)?) << 32 } else { 0 };
    Ok(Node {
        inode,
        node_type,
        mode: u32::from(mode & 0o7777),
        uid: u32::from(le16(&raw, 0x2)?) | u32::from(le16(&raw, 0x78)?) << 16,
        gid: u32::from(le16(&raw, 0x18)?) | u32::from(le16(&raw, 0x7a)?) << 16,
        size: u64::from(le32(&raw, 0x4)?) | high,
        modified: modified(&raw)?,
        raw,
    })
}

/// Seconds are signed, and the extra part has two more bits for them.
fn modified(raw: &[u8]) -> Result<i64, ReadError> {
    let seconds = i64::from(i32::from_le_bytes(field(raw, 0x10)?));
    let epoch = if extra_size(raw) >= 0x8c - CORE { i64::from(le32(raw, 0x88)? & 3) << 32 } else { 0 };
    Ok(seconds + epoch)
}

/// Bytes behind the core that hold fields, up to the extended attributes.
pub(super) fn extra_size(raw: &[u8]) -> usize {
    if raw.len() <= CORE {
        return 0;
    }
    let size = le16(raw, CORE).map_or(0, usize::from);
    if CORE + size <= raw.len() { size } else { 0 }
}

pub(super) fn flags(node: &Node) -> Result<u32, ReadError> {
    le32(&node.raw, 0x20)
}
