//! An ext2, ext3 or ext4 file system on a device.

use std::sync::Arc;

use super::super::bytes::part;
use super::super::error::{ReadError, damaged, not_supported};
use super::super::filesystem::{Content, EntrySink, FileSystem, MAX_LINK, Node, NodeType, Run};
use super::super::source::Source;
use super::inode::{BLOCK, BLOCK_LENGTH, flag, flags};
use super::superblock::Superblock;
use super::{block_map, directory, extent, inline, inode, journal};

const ROOT: u64 = 2;

/// Bytes of one directory that are read at most; holes do not count.
const MAX_DIRECTORY: u64 = 256 << 20;

/// Runs of one directory that are followed at most.
const MAX_DIRECTORY_RUNS: u32 = 1 << 20;

/// A file system.
#[derive(Debug)]
pub(crate) struct Ext4 {
    device: Arc<dyn Source>,
    superblock: Superblock,
    warnings: Vec<String>,
}

impl Ext4 {
    pub(crate) fn open(device: Arc<dyn Source>) -> Result<Ext4, ReadError> {
        let superblock = Superblock::read(&*device)?;
        let mut warnings = Vec::new();
        if !superblock.is_sound() {
            warnings.push("the checksum of its superblock is wrong".to_owned());
        }
        if superblock.size() > device.size() {
            let (says, has) = (superblock.size(), device.size());
            warnings.push(format!("it says that it has {says} bytes, but there are {has}"));
        }
        let mut file_system = Ext4 { device, superblock, warnings };
        if file_system.superblock.needs_recovery() {
            file_system.recover();
        }
        // That there is a root directory is the best sign that this is a file system.
        let root = file_system.node(ROOT)?;
        if root.node_type != NodeType::Directory {
            return Err(damaged!("its root is {}", root.node_type.described()));
        }
        Ok(file_system)
    }

    /// What is odd about it, but does not keep it from being read.
    pub(crate) fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Puts what the journal holds over the device.
    fn recover(&mut self) {
        let place = (self.superblock.journal_device, self.superblock.journal_inode);
        let recovered = match place {
            (0, inode) => journal::replay(self, inode, self.superblock.block_size),
            _ => Err(not_supported!("its journal is on another device")),
        };
        match recovered {
            Ok(replay) => {
                self.warnings.extend(replay.warnings);
                self.device = Arc::new(replay.device);
            }
            Err(error) => self.warnings.push(format!(
                "it was not unmounted and its journal cannot be replayed ({error}), so files may be older than they \
                 were"
            )),
        }
    }
}

impl FileSystem for Ext4 {
    fn root(&self) -> u64 {
        ROOT
    }

    fn device(&self) -> &Arc<dyn Source> {
        &self.device
    }

    fn node(&self, number: u64) -> Result<Node, ReadError> {
        let place = self.superblock.inode_place(&*self.device, number)?;
        let raw = self.device.bytes_at(place, usize::try_from(self.superblock.inode_size).unwrap_or(128))?;
        inode::parse(&self.superblock, number, raw)
    }

    fn run(&self, node: &Node, offset: u64) -> Result<Run, ReadError> {
        let flags = flags(node)?;
        if flags & flag::ENCRYPTED != 0 {
            return Err(not_supported!("it is encrypted"));
        }
        if flags & flag::COMPRESSED != 0 {
            return Err(not_supported!("it is compressed by the file system"));
        }
        if flags & flag::INLINE_DATA != 0 {
            let from = usize::try_from(offset).unwrap_or(usize::MAX);
            return Ok(Run::Inline(inline::content(node)?.get(from..).unwrap_or_default().to_vec()));
        }
        let map = part(&node.raw, BLOCK, BLOCK_LENGTH)?;
        let block = offset / self.superblock.block_size;
        let run = if flags & flag::EXTENTS != 0 {
            extent::run(&self.superblock, &*self.device, map, block)?
        } else {
            block_map::run(&self.superblock, &*self.device, map, block)?
        };
        // Runs begin with a block; the caller's place may be within it.
        let within = offset % self.superblock.block_size;
        Ok(match run {
            Run::Hole { length } => Run::Hole { length: length - within },
            Run::Device { offset, length } => Run::Device { offset: offset + within, length: length - within },
            inline => inline,
        })
    }

    fn entries(&self, node: &Node, sink: &mut EntrySink<'_>) -> Result<(), ReadError> {
        let flags = flags(node)?;
        if flags & flag::ENCRYPTED != 0 {
            return Err(not_supported!("the names in it are encrypted"));
        }
        let has_types = self.superblock.has_file_types();
        if flags & flag::INLINE_DATA != 0 {
            let (first, rest) = inline::parts(node)?;
            // The inode of the parent stands in the place of the entries `.` and `..`.
            directory::read_block(first.get(4..).unwrap_or_default(), has_types, sink)?;
            return directory::read_block(rest, has_types, sink);
        }
        let block_size = self.superblock.block_size;
        let mut block = vec![0; usize::try_from(block_size).unwrap_or(0)];
        let mut content = Content::new(self, node.clone());
        let (mut offset, mut bytes, mut runs) = (0, 0, 0);
        while offset < node.size {
            if bytes > MAX_DIRECTORY || runs > MAX_DIRECTORY_RUNS {
                return Err(damaged!("directory inode {} is larger than {MAX_DIRECTORY} bytes", node.inode));
            }
            runs += 1;
            if let Run::Hole { length } = self.run(node, offset)? {
                offset = offset.saturating_add(length);
                continue;
            }
            content.read_exact_at(offset, &mut block)?;
            directory::read_block(&block, has_types, sink)?;
            offset = offset.saturating_add(block_size);
            bytes += block_size;
        }
        Ok(())
    }

    fn link_target(&self, link: &Node) -> Result<Vec<u8>, ReadError> {
        let flags = flags(link)?;
        if flags & flag::ENCRYPTED != 0 {
            return Err(not_supported!("the link is encrypted"));
        }
        if link.size > MAX_LINK {
            return Err(damaged!("the link of inode {} is {} bytes long", link.inode, link.size));
        }
        let length = usize::try_from(link.size).unwrap_or(0);
        let is_in_inode = length < BLOCK_LENGTH && flags & (flag::EXTENTS | flag::INLINE_DATA) == 0;
        if is_in_inode {
            return Ok(part(&link.raw, BLOCK, length)?.to_vec());
        }
        let mut target = vec![0; length];
        Content::new(self, link.clone()).read_exact_at(0, &mut target)?;
        Ok(target)
    }
}
