//! A host made of literals, for tests: no file of the machine is touched.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use assay_model::evidence::SourceKind;

use crate::error::HostError;
use crate::view::{DirectoryEntry, FileKind, FileReader, Host, Metadata};

const MAX_LINKS: u32 = 40;

#[derive(Clone, Debug)]
enum Node {
    File { content: Vec<u8>, mode: u32, uid: u32, gid: u32 },
    Directory { mode: u32, uid: u32, gid: u32 },
    Link { to: String },
    Denied,
    Other,
}

/// A host made of literals; parent directories appear by themselves, owned by root with mode 0755.
#[derive(Clone, Debug)]
pub struct MemoryHost {
    source: SourceKind,
    nodes: BTreeMap<String, Node>,
}

impl MemoryHost {
    /// An empty host of the given kind.
    pub fn new(source: SourceKind) -> MemoryHost {
        MemoryHost { source, nodes: BTreeMap::new() }
    }

    /// Adds a file, mode 0644, owned by root.
    #[must_use]
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> MemoryHost {
        self.file_with(path, content, 0o644, 0, 0)
    }

    /// Adds a file with mode and owner.
    #[must_use]
    pub fn file_with(mut self, path: &str, content: impl AsRef<[u8]>, mode: u32, uid: u32, gid: u32) -> MemoryHost {
        self.insert(path, Node::File { content: content.as_ref().to_vec(), mode, uid, gid });
        self
    }

    /// Adds a directory with mode and owner.
    #[must_use]
    pub fn directory(mut self, path: &str, mode: u32, uid: u32, gid: u32) -> MemoryHost {
        self.insert(path, Node::Directory { mode, uid, gid });
        self
    }

    /// Adds a symbolic link.
    #[must_use]
    pub fn link(mut self, path: &str, to: &str) -> MemoryHost {
        self.insert(path, Node::Link { to: to.to_owned() });
        self
    }

    /// Adds a path that nobody may read.
    #[must_use]
    pub fn denied(mut self, path: &str) -> MemoryHost {
        self.insert(path, Node::Denied);
        self
    }

    /// Adds a FIFO.
    #[must_use]
    pub fn fifo(mut self, path: &str) -> MemoryHost {
        self.insert(path, Node::Other);
        self
    }

    fn insert(&mut self, path: &str, node: Node) {
        let mut parent = String::new();
        for component in path.split('/').filter(|component| !component.is_empty()) {
            let directory = if parent.is_empty() { "/".to_owned() } else { parent.clone() };
            self.nodes.entry(directory).or_insert(Node::Directory { mode: 0o755, uid: 0, gid: 0 });
            parent = format!("{parent}/{component}");
        }
        self.nodes.insert(if parent.is_empty() { "/".to_owned() } else { parent }, node);
    }

    /// The absolute path that `path` leads to; the last component is followed only when asked.
    fn resolve(&self, path: &str, follow_last: FollowLast) -> Result<String, HostError> {
        let mut pending: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut resolved: Vec<String> = Vec::new();
        let mut links = 0;
        while let Some(component) = pending.pop() {
            match component.as_str() {
                "" | "." => continue,
                ".." => {
                    resolved.pop();
                    continue;
                }
                _ => resolved.push(component),
            }
            let here = format!("/{}", resolved.join("/"));
            let is_last = pending.iter().all(|rest| rest.is_empty());
            match self.nodes.get(&here) {
                Some(Node::Link { to }) if !is_last || follow_last == FollowLast::Yes => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(HostError::LinkLoop { path: path.to_owned() });
                    }
                    resolved.pop();
                    if to.starts_with('/') {
                        resolved.clear();
                    }
                    pending.extend(to.split('/').rev().map(str::to_owned));
                }
                Some(Node::Denied) if !is_last => {
                    return Err(HostError::NotPermitted { path: path.to_owned() });
                }
                Some(_) => {}
                None => {
                    return Err(HostError::NotFound { path: path.to_owned() });
                }
            }
        }
        Ok(format!("/{}", resolved.join("/")))
    }

    fn node(&self, path: &str, follow_last: FollowLast) -> Result<(String, &Node), HostError> {
        let resolved = self.resolve(path, follow_last)?;
        let node = self.nodes.get(&resolved).ok_or_else(|| HostError::NotFound { path: path.to_owned() })?;
        Ok((resolved, node))
    }

    fn metadata_of(&self, path: &str, follow_last: FollowLast) -> Result<Metadata, HostError> {
        let (resolved, node) = self.node(path, follow_last)?;
        let (kind, mode, uid, gid, size) = match node {
            Node::File { content, mode, uid, gid } => (FileKind::File, *mode, *uid, *gid, content.len()),
            Node::Directory { mode, uid, gid } => (FileKind::Directory, *mode, *uid, *gid, 0),
            Node::Link { to } => (FileKind::Link, 0o777, 0, 0, to.len()),
            Node::Denied => (FileKind::File, 0, 0, 0, 0),
            Node::Other => (FileKind::Other, 0o644, 0, 0, 0),
        };
        let inode = self.nodes.keys().position(|key| *key == resolved).unwrap_or_default() as u64;
        Ok(Metadata { kind, mode, uid, gid, size: size as u64, device: 1, inode, modified: 0 })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FollowLast {
    Yes,
    No,
}

impl Host for MemoryHost {
    fn source(&self) -> SourceKind {
        self.source
    }

    fn open(&self, path: &str) -> Result<Box<dyn FileReader + '_>, HostError> {
        let path = path.to_owned();
        match self.node(&path, FollowLast::Yes)?.1 {
            Node::File { content, .. } => Ok(Box::new(Cursor::new(content.as_slice()))),
            Node::Denied => Err(HostError::NotPermitted { path }),
            Node::Directory { .. } => Err(HostError::WrongType { path, found: "a directory", expected: "a file" }),
            Node::Other | Node::Link { .. } => Err(HostError::WrongType { path, found: "a FIFO", expected: "a file" }),
        }
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, HostError> {
        let mut content = Vec::new();
        self.open(path)?
            .take(limit + 1)
            .read_to_end(&mut content)
            .map_err(|cause| HostError::Io { path: path.to_owned(), cause })?;
        if content.len() as u64 > limit {
            return Err(HostError::TooLarge { path: path.to_owned(), size: content.len() as u64, limit });
        }
        Ok(content)
    }

    fn metadata(&self, path: &str) -> Result<Metadata, HostError> {
        self.metadata_of(path, FollowLast::Yes)
    }

    fn link_metadata(&self, path: &str) -> Result<Metadata, HostError> {
        self.metadata_of(path, FollowLast::No)
    }

    fn read_link(&self, path: &str) -> Result<String, HostError> {
        match self.node(path, FollowLast::No)?.1 {
            Node::Link { to } => Ok(to.clone()),
            Node::Denied => Err(HostError::NotPermitted { path: path.to_owned() }),
            _ => Err(HostError::WrongType { path: path.to_owned(), found: "no link", expected: "a symbolic link" }),
        }
    }

    fn read_directory(&self, path: &str) -> Result<Vec<DirectoryEntry>, HostError> {
        let (resolved, node) = self.node(path, FollowLast::Yes)?;
        match node {
            Node::Directory { .. } => {}
            Node::Denied => {
                return Err(HostError::NotPermitted { path: path.to_owned() });
            }
            _ => {
                return Err(HostError::WrongType { path: path.to_owned(), found: "a file", expected: "a directory" });
            }
        }
        let prefix = if resolved == "/" { resolved } else { format!("{resolved}/") };
        let entries = self.nodes.iter().filter_map(|(key, node)| {
            let name = key.strip_prefix(&prefix).filter(|name| !name.is_empty() && !name.contains('/'))?;
            let kind = match node {
                Node::File { .. } | Node::Denied => FileKind::File,
                Node::Directory { .. } => FileKind::Directory,
                Node::Link { .. } => FileKind::Link,
                Node::Other => FileKind::Other,
            };
            Some(DirectoryEntry { name: name.to_owned(), kind })
        });
        Ok(entries.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_resolve_inside_the_host() {
        let host = MemoryHost::new(SourceKind::RootDirectory)
            .file("/usr/lib/os-release", "ID=debian")
            .link("/etc/os-release", "../../../usr/lib/os-release")
            .link("/lib", "usr/lib")
            .link("/loop", "/loop");
        assert_eq!(host.read("/etc/os-release", 100).unwrap(), b"ID=debian");
        assert_eq!(host.read("/lib/os-release", 100).unwrap(), b"ID=debian");
        assert!(matches!(host.read("/loop", 100), Err(HostError::LinkLoop { .. })));
        assert!(matches!(host.read("/lib/os-release", 3), Err(HostError::TooLarge { .. })));
        assert_eq!(host.read_directory("/").unwrap().len(), 4);
    }
}
