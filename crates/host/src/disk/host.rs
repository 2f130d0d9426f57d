//! The host that a disk image holds.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use assay_model::evidence::{Problem, SourceKind};

use super::error::DiskError;
use super::filesystem::{Content, Node, NodeType};
use super::image::DiskImage;
use super::mounts::{no_root, overlay};
use super::namespace::{Namespace, Place};
use super::options::DiskOptions;
use super::root::find_root;
use super::volume::Volumes;
use crate::error::HostError;
use crate::tree::FollowLast;
use crate::view::{DirectoryEntry, FileReader, Host, Metadata, position_after};

/// A host whose disk is an image; nothing is mounted, and nothing needs more rights than to read the image.
#[derive(Debug)]
pub struct DiskHost {
    namespace: Namespace,
    problems: Vec<Problem>,
}

impl DiskHost {
    /// The host in an image file or block device.
    ///
    /// # Errors
    ///
    /// As [`DiskImage::open`], when the partition table cannot be understood, and when no root file system is found. All
    /// else that could not be read is in [`Host::problems`].
    pub fn open(path: &Path, options: &DiskOptions) -> Result<DiskHost, DiskError> {
        DiskHost::from_image(DiskImage::open(path, options)?)
    }

    /// The host in an image.
    ///
    /// # Errors
    ///
    /// As [`DiskHost::open`].
    pub fn from_image(image: DiskImage) -> Result<DiskHost, DiskError> {
        let volumes = Volumes::find(&image.disk).map_err(|error| DiskError::of(&image.path, error))?;
        let (root, others) = find_root(&volumes).ok_or_else(|| no_root(&image.path, &volumes))?;
        let root_volume = volumes.all.get(root).and_then(|volume| volume.file_system.as_ref());
        let file_system = root_volume.ok_or_else(|| no_root(&image.path, &volumes))?;
        let mut namespace = Namespace::new(Arc::clone(file_system), image.options.cache_bytes / 2);
        let mut problems = image.problems;
        let mounted = overlay(&mut namespace, &volumes, root);
        problems.extend(volumes.problems.into_iter().chain(others).chain(mounted));
        problems.sort();
        problems.dedup();
        Ok(DiskHost { namespace, problems })
    }

    fn resolve_file(&self, path: &str) -> Result<(Place, Node), HostError> {
        let (place, node) = self.namespace.resolve(path, FollowLast::Yes)?;
        require(path, &node, NodeType::File, "a file")?;
        Ok((place, node))
    }

    fn content(&self, path: &str, place: Place, node: Node) -> Result<Content<'_>, HostError> {
        let file_system = self.namespace.file_system(place).map_err(|error| error.at(path))?;
        Ok(Content::new(file_system, node))
    }

    fn metadata_of(&self, path: &str, follow_last: FollowLast) -> Result<Metadata, HostError> {
        let (place, node) = self.namespace.resolve(path, follow_last)?;
        Ok(Metadata {
            kind: node.node_type.kind(),
            mode: node.mode,
            uid: node.uid,
            gid: node.gid,
            size: node.size,
            device: place.file_system as u64 + 1,
            inode: node.inode,
            modified: node.modified,
        })
    }
}

impl Host for DiskHost {
    fn source(&self) -> SourceKind {
        SourceKind::DiskImage
    }

    fn open(&self, path: &str) -> Result<Box<dyn FileReader + '_>, HostError> {
        let (place, node) = self.resolve_file(path)?;
        let mut content = self.content(path, place, node)?;
        // What cannot be read at all fails now, with its kind, and not as some failure of a read.
        content.read_at(0, &mut [0]).map_err(|error| error.at(path))?;
        Ok(Box::new(Reader { content, offset: 0 }))
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, HostError> {
        let (place, node) = self.resolve_file(path)?;
        let size = node.size;
        if size > limit {
            return Err(HostError::TooLarge { path: path.to_owned(), size, limit });
        }
        let mut content = self.content(path, place, node)?;
        let mut bytes = Vec::new();
        let mut buffer = vec![0; usize::try_from(size).unwrap_or(PIECE).min(PIECE)];
        // Piece by piece: a size is only a claim, and memory is taken for what was really read.
        while (bytes.len() as u64) < size {
            match content.read_at(bytes.len() as u64, &mut buffer).map_err(|error| error.at(path))? {
                0 => break,
                read => bytes.extend_from_slice(buffer.get(..read).unwrap_or_default()),
            }
        }
        Ok(bytes)
    }

    fn metadata(&self, path: &str) -> Result<Metadata, HostError> {
        self.metadata_of(path, FollowLast::Yes)
    }

    fn link_metadata(&self, path: &str) -> Result<Metadata, HostError> {
        self.metadata_of(path, FollowLast::No)
    }

    fn read_link(&self, path: &str) -> Result<String, HostError> {
        let (place, node) = self.namespace.resolve(path, FollowLast::No)?;
        require(path, &node, NodeType::Link, "a symbolic link")?;
        let file_system = self.namespace.file_system(place);
        let target = file_system.and_then(|found| found.link_target(&node)).map_err(|error| error.at(path))?;
        Ok(String::from_utf8_lossy(&target).into_owned())
    }

    fn read_directory(&self, path: &str) -> Result<Vec<DirectoryEntry>, HostError> {
        let (place, node) = self.namespace.resolve(path, FollowLast::Yes)?;
        require(path, &node, NodeType::Directory, "a directory")?;
        let directory = self.namespace.directory(place).map_err(|error| error.at(path))?;
        let entries = directory.iter();
        let mut entries: Vec<DirectoryEntry> = entries
            .map(|(name, kind)| DirectoryEntry { name: String::from_utf8_lossy(name).into_owned(), kind })
            .collect();
        // By text, which is not the order of the bytes where a name is no UTF-8.
        entries.sort();
        Ok(entries)
    }

    fn problems(&self) -> Vec<Problem> {
        self.problems.clone()
    }
}

/// Bytes that are read at once.
const PIECE: usize = 1 << 20;

fn require(path: &str, node: &Node, wanted: NodeType, expected: &'static str) -> Result<(), HostError> {
    if node.node_type == wanted {
        return Ok(());
    }
    Err(HostError::WrongType { path: path.to_owned(), found: node.node_type.described(), expected })
}

/// Reads a file from front to back.
struct Reader<'a> {
    content: Content<'a>,
    offset: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.content.read_at(self.offset, buffer).map_err(io::Error::from)?;
        self.offset += read as u64;
        Ok(read)
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.offset = position_after(to, self.offset, self.content.node().size)?;
        Ok(self.offset)
    }
}
