//! Content inside an inode: the first 60 bytes where the extents would be, the rest in the attribute `system.data`.

use super::super::bytes::{byte, le16, le32, part};
use super::super::error::{ReadError, damaged};
use super::super::filesystem::Node;
use super::inode::{BLOCK, BLOCK_LENGTH, CORE, extra_size};

const ATTRIBUTES_MAGIC: u32 = 0xea02_0000;
const INDEX_SYSTEM: u8 = 7;
const ENTRY: usize = 16;

/// The two parts of an inode's inline content, each of its full length.
pub(super) fn parts(node: &Node) -> Result<(&[u8], &[u8]), ReadError> {
    Ok((part(&node.raw, BLOCK, BLOCK_LENGTH)?, attribute(node)?.unwrap_or_default()))
}

/// The content: as many bytes as the inode says.
pub(super) fn content(node: &Node) -> Result<Vec<u8>, ReadError> {
    let (first, rest) = parts(node)?;
    let mut content = [first, rest].concat();
    let size = usize::try_from(node.size).unwrap_or(usize::MAX);
    if size > content.len() {
        return Err(damaged!("inode {} has {} bytes of inline content of {size}", node.inode, content.len()));
    }
    content.truncate(size);
    Ok(content)
}

/// The value of `system.data`, if there is one.
fn attribute(node: &Node) -> Result<Option<&[u8]>, ReadError> {
    let start = CORE + extra_size(&node.raw);
    if start + 4 > node.raw.len() || le32(&node.raw, start)? != ATTRIBUTES_MAGIC {
        return Ok(None);
    }
    let attributes = node.raw.get(start + 4..).unwrap_or_default();
    let mut at = 0;
    // Four zero bytes end the list.
    while at + ENTRY <= attributes.len() && le32(attributes, at)? != 0 {
        let name_length = usize::from(byte(attributes, at)?);
        let name = part(attributes, at + ENTRY, name_length)?;
        if byte(attributes, at + 1)? == INDEX_SYSTEM && name == b"data" {
            let offset = usize::from(le16(attributes, at + 2)?);
            let size = usize::try_from(le32(attributes, at + 8)?).unwrap_or(usize::MAX);
            return Ok(Some(part(attributes, offset, size)?));
        }
        at += (ENTRY + name_length).next_multiple_of(4);
    }
    Ok(None)
}
