//! An XFS file system on a device.

use std::sync::Arc;

use super::super::bytes::{be32, part, product};
use super::super::error::{ReadError, damaged};
use super::super::filesystem::{Content, EntrySink, FileSystem, MAX_LINK, Node, NodeType, Run};
use super::super::source::Source;
use super::extent::{Blocks, find};
use super::inode::{Format, fork};
use super::superblock::Superblock;
use super::{directory, inode, log};

/// Where the hashes of a directory begin: its entries lie before.
const ENTRIES_END: u64 = 32 << 30;

/// Bytes of one directory that are read at most; holes do not count.
const MAX_DIRECTORY: u64 = 256 << 20;

/// Runs of one directory that are followed at most.
const MAX_DIRECTORY_RUNS: u32 = 1 << 20;

/// The header of each block of a long link, version 5.
const LINK_HEADER: usize = 56;
const LINK_MAGIC: u32 = 0x5853_4c4d;

/// A file system.
#[derive(Debug)]
pub(crate) struct Xfs {
    device: Arc<dyn Source>,
    superblock: Superblock,
    warnings: Vec<String>,
}

impl Xfs {
    pub(crate) fn open(device: Arc<dyn Source>) -> Result<Xfs, ReadError> {
        let superblock = Superblock::read(&*device)?;
        let mut warnings = superblock.warnings(&*device);
        let old = "so files may be older than they were";
        match log::is_clean(&superblock, &*device) {
            Ok(true) => {}
            Ok(false) => warnings.push(format!("it was not unmounted and its log is not replayed, {old}")),
            Err(error) => warnings.push(format!("whether its log is empty cannot be told ({error}), {old}")),
        }
        let file_system = Xfs { device, superblock, warnings };
        let root = file_system.node(file_system.superblock.root)?;
        if root.node_type != NodeType::Directory {
            return Err(damaged!("its root is {}", root.node_type.described()));
        }
        Ok(file_system)
    }

    /// What is odd about it, but does not keep it from being read.
    pub(crate) fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

impl FileSystem for Xfs {
    fn root(&self) -> u64 {
        self.superblock.root
    }

    fn device(&self) -> &Arc<dyn Source> {
        &self.device
    }

    fn node(&self, number: u64) -> Result<Node, ReadError> {
        let place = self.superblock.inode_place(number)?;
        let raw = self.device.bytes_at(place, usize::try_from(self.superblock.inode_size).unwrap_or(0))?;
        inode::parse(&self.superblock, number, raw)
    }

    fn run(&self, node: &Node, offset: u64) -> Result<Run, ReadError> {
        let fork = fork(node)?;
        if fork.format == Format::Local {
            let from = usize::try_from(offset).unwrap_or(usize::MAX);
            return Ok(Run::Inline(fork.bytes.get(from..).unwrap_or_default().to_vec()));
        }
        let block_size = self.superblock.block_size;
        let within = offset % block_size;
        match find(&self.superblock, &*self.device, &fork, offset / block_size)? {
            Blocks::Hole(blocks) => Ok(Run::Hole { length: product(blocks, block_size)? - within }),
            Blocks::At(block, blocks) => {
                let place = self.superblock.block_place(block)?;
                // The last block too must be one of the same group.
                self.superblock.block_place(block + blocks - 1)?;
                Ok(Run::Device { offset: place + within, length: product(blocks, block_size)? - within })
            }
        }
    }

    fn entries(&self, node: &Node, sink: &mut EntrySink<'_>) -> Result<(), ReadError> {
        let fork = fork(node)?;
        if fork.format == Format::Local {
            return directory::read_short(&self.superblock, fork.bytes, sink);
        }
        // The size counts the blocks of entries only.
        let end = node.size.min(ENTRIES_END);
        let block_size = self.superblock.directory_block;
        let mut block = vec![0; usize::try_from(block_size).unwrap_or(0)];
        let mut content = Content::new(self, node.clone());
        let (mut offset, mut bytes, mut runs) = (0, 0, 0);
        while offset < end {
            if bytes > MAX_DIRECTORY || runs > MAX_DIRECTORY_RUNS {
                return Err(damaged!("directory inode {} is larger than {MAX_DIRECTORY} bytes", node.inode));
            }
            runs += 1;
            if let Run::Hole { length } = self.run(node, offset)? {
                offset = offset.saturating_add(length).next_multiple_of(block_size);
                continue;
            }
            content.read_exact_at(offset, &mut block)?;
            directory::read_block(&self.superblock, &block, sink)?;
            offset += block_size;
            bytes += block_size;
        }
        Ok(())
    }

    fn link_target(&self, link: &Node) -> Result<Vec<u8>, ReadError> {
        if link.size > MAX_LINK {
            return Err(damaged!("the link of inode {} is {} bytes long", link.inode, link.size));
        }
        let length = usize::try_from(link.size).unwrap_or(0);
        let fork = fork(link)?;
        if fork.format == Format::Local {
            return Ok(part(fork.bytes, 0, length)?.to_vec());
        }
        let header = if self.superblock.version == 5 { LINK_HEADER } else { 0 };
        let block_size = self.superblock.block_size;
        let mut target = Vec::new();
        let mut number = 0;
        while target.len() < length {
            let Blocks::At(block, _) = find(&self.superblock, &*self.device, &fork, number)? else {
                return Err(damaged!("the link of inode {} has a hole", link.inode));
            };
            let place = self.superblock.block_place(block)?;
            let block = self.device.bytes_at(place, usize::try_from(block_size).unwrap_or(0))?;
            if header > 0 && be32(&block, 0)? != LINK_MAGIC {
                return Err(damaged!("the link of inode {} has no magic number", link.inode));
            }
            let rest = (length - target.len()).min(block.len().saturating_sub(header));
            target.extend_from_slice(part(&block, header, rest)?);
            number += 1;
        }
        Ok(target)
    }
}
