//! Inodes, and the fork that holds their content or says where it is.

use super::super::bytes::{be16, be32, be64, byte, field};
use super::super::error::{ReadError, damaged, not_supported};
use super::super::filesystem::{Node, NodeType};
use super::superblock::Superblock;

const MAGIC: u16 = 0x494e;
const FLAG_REALTIME: u16 = 1;
const FLAG2_BIGTIME: u64 = 8;
const FLAG2_LARGE_COUNTS: u64 = 0x10;

/// How a fork holds its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// In the inode itself.
    Local,
    /// As a list of extents in the inode.
    Extents,
    /// As a tree of extents, with its root in the inode.
    Tree,
}

/// The fork of the content.
pub(super) struct Fork<'a> {
    pub(super) format: Format,
    pub(super) bytes: &'a [u8],
    /// Extents, where they are listed.
    pub(super) extents: u64,
}

pub(super) fn parse(superblock: &Superblock, inode: u64, raw: Vec<u8>) -> Result<Node, ReadError> {
    if be16(&raw, 0)? != MAGIC {
        return Err(damaged!("inode {inode} has no magic number"));
    }
    let version = byte(&raw, 4)?;
    if version != if superblock.version == 5 { 3 } else { 2 } && !(superblock.version == 4 && version == 1) {
        return Err(damaged!("inode {inode} has version {version}"));
    }
    if version == 3 && be64(&raw, 152)? != inode {
        return Err(damaged!("inode {inode} says that it is inode {}", be64(&raw, 152)?));
    }
    let mode = be16(&raw, 2)?;
    let Some(node_type) = NodeType::from_mode(mode) else {
        return Err(damaged!("inode {inode} has no type (mode {mode:o})"));
    };
    Ok(Node {
        inode,
        node_type,
        mode: u32::from(mode & 0o7777),
        uid: be32(&raw, 8)?,
        gid: be32(&raw, 12)?,
        size: be64(&raw, 56)?,
        modified: modified(&raw)?,
        raw,
    })
}

/// Flags of version 3; earlier ones have none.
fn flags2(raw: &[u8]) -> Result<u64, ReadError> {
    if byte(raw, 4)? == 3 { be64(raw, 120) } else { Ok(0) }
}

/// With bigtime nanoseconds since 1901-12-13, when 32 bits of seconds begin; else signed seconds.
fn modified(raw: &[u8]) -> Result<i64, ReadError> {
    if flags2(raw)? & FLAG2_BIGTIME == 0 {
        return Ok(i64::from(i32::from_be_bytes(field(raw, 40)?)));
    }
    let seconds = i64::try_from(be64(raw, 40)? / 1_000_000_000).unwrap_or(i64::MAX);
    Ok(seconds + i64::from(i32::MIN))
}

/// The fork of a node's content.
pub(super) fn fork(node: &Node) -> Result<Fork<'_>, ReadError> {
    let raw = node.raw.as_slice();
    if be16(raw, 90)? & FLAG_REALTIME != 0 {
        return Err(not_supported!("it is on the realtime device"));
    }
    let start = if byte(raw, 4)? == 3 { 176 } else { 100 };
    let end = match usize::from(byte(raw, 82)?) {
        0 => raw.len(),
        // The fork of the attributes begins there, in units of 8 bytes.
        attributes => start + attributes * 8,
    };
    let bytes = raw.get(start..end);
    let bytes = bytes.ok_or_else(|| damaged!("inode {} has its attributes outside of itself", node.inode))?;
    let format = match byte(raw, 5)? {
        1 => Format::Local,
        2 => Format::Extents,
        3 => Format::Tree,
        other => return Err(damaged!("inode {} has the format {other}", node.inode)),
    };
    let has_large_counts = flags2(raw)? & FLAG2_LARGE_COUNTS != 0;
    let extents = if has_large_counts { be64(raw, 24)? } else { u64::from(be32(raw, 76)?) };
    Ok(Fork { format, bytes, extents })
}
