//! Puts entries into a virtual tree, layer upon layer, and takes away what a layer hides of those below it.
//!
//! As a container runtime unpacks them: links in the middle of a path are followed, missing parents are made, a file
//! takes the place of a directory with all that is in it and the reverse, a directory that is there already stays and
//! gets the new attributes. Surprising: what a layer hides is only what lies below it, never what it brings itself,
//! in whatever order its entries come (OCI image-spec, "Whiteouts").

use super::error::TreeError;
use super::lookup::{FollowLast, MAX_NAME, MAX_PATH, resolve_path};
use super::virtual_tree::{Attributes, Body, Directory, Entry, Node, NodeId, NodeKind, ROOT, VirtualTree};
use crate::resolve::{MAX_LINKS, components_reversed};

impl<C> VirtualTree<C> {
    /// Begins the next layer: what is there so far lies below it.
    pub(crate) fn begin_layer(&mut self) {
        self.layer += 1;
        self.last_parent = None;
    }

    /// Puts a file, directory or link at `path`: components with `/` between them, none of them `.` or `..`.
    ///
    /// # Errors
    ///
    /// See [`TreeError`].
    pub(crate) fn insert(&mut self, path: &[u8], attributes: Attributes, kind: NodeKind<C>) -> Result<(), TreeError> {
        let Some((parent, name)) = split_last(path)? else {
            return self.replace_root(attributes, &kind);
        };
        let parent = self.make_directory(parent)?;
        let layer = self.layer;
        let existing = self.directory(parent).and_then(|directory| directory.entries.get(name)).copied();
        let merged = existing.filter(|_| matches!(kind, NodeKind::Directory));
        if let Some(existing) = merged.filter(|existing| self.directory(existing.node).is_some()) {
            if let Some(node) = self.nodes.get_mut(existing.node.0 as usize) {
                node.attributes = attributes;
            }
            self.point(parent, name, Entry { layer, ..existing })?;
            return Ok(());
        }
        let body = match kind {
            NodeKind::File(content) => Body::File(content),
            NodeKind::Directory => self.new_directory(),
            NodeKind::Link(text) => {
                self.count_text(text.len())?;
                Body::Link(text)
            }
            NodeKind::Other(file_type) => Body::Other(file_type),
        };
        let node = self.add_node(Node { attributes, body })?;
        self.replace(parent, name, existing, Entry { node, layer })
    }

    /// Puts a second name for what `target` is, whose own last component is not followed.
    ///
    /// # Errors
    ///
    /// See [`TreeError`].
    pub(crate) fn insert_hard_link(&mut self, path: &[u8], target: &[u8]) -> Result<(), TreeError> {
        let node = resolve_path(self, target, FollowLast::No).map_err(|_| TreeError::NoLinkTarget)?;
        if self.directory(node).is_some() {
            return Err(TreeError::LinkToDirectory);
        }
        let (parent, name) = split_last(path)?.ok_or(TreeError::ReplacesRoot)?;
        let parent = self.make_directory(parent)?;
        let existing = self.directory(parent).and_then(|directory| directory.entries.get(name)).copied();
        self.replace(parent, name, existing, Entry { node, layer: self.layer })
    }

    /// Takes away what earlier layers put at `path`.
    pub(crate) fn hide(&mut self, path: &[u8]) {
        let Ok(Some((parent, name))) = split_last(path) else { return };
        let Some(parent) = self.existing_directory(parent) else { return };
        let Some(entry) = self.directory(parent).and_then(|directory| directory.entries.get(name)).copied() else {
            return;
        };
        if entry.layer == self.layer {
            self.clear(entry.node);
        } else if let Some(directory) = self.directory_mut(parent) {
            directory.entries.remove(name);
            self.last_parent = None;
        }
    }

    /// Takes away what earlier layers put into the directory at `path`.
    pub(crate) fn hide_content(&mut self, path: &[u8]) {
        if let Some(directory) = self.existing_directory(path) {
            self.clear(directory);
        }
    }

    /// Each directory is looked through at most once a layer, so that the work is bounded by the entries.
    fn clear(&mut self, directory: NodeId) {
        let layer = self.layer;
        let mut pending = vec![directory];
        while let Some(directory) = pending.pop() {
            let Some(directory) = self.directory_mut(directory).filter(|directory| directory.cleared < layer) else {
                continue;
            };
            directory.cleared = layer;
            directory.entries.retain(|_, entry| entry.layer == layer);
            pending.extend(directory.entries.values().map(|entry| entry.node));
        }
        self.last_parent = None;
    }

    fn existing_directory(&self, path: &[u8]) -> Option<NodeId> {
        let path = if path.is_empty() { b"/".as_slice() } else { path };
        resolve_path(self, path, FollowLast::Yes).ok().filter(|node| self.directory(*node).is_some())
    }

    /// The directory at `path`; links are followed, and what is missing or no directory becomes one.
    fn make_directory(&mut self, path: &[u8]) -> Result<NodeId, TreeError> {
        if let Some((_, directory)) = self.last_parent.as_ref().filter(|(last, _)| last == path) {
            return Ok(*directory);
        }
        let mut pending = components_reversed(path);
        let mut way: Vec<NodeId> = Vec::new();
        let mut links = 0;
        while let Some(name) = pending.pop() {
            let here = way.last().copied().unwrap_or(ROOT);
            match name.as_slice() {
                b"." => continue,
                b".." => {
                    way.pop();
                    continue;
                }
                name if name.len() > MAX_NAME => return Err(TreeError::NameTooLong),
                _ => {}
            }
            let existing = self.directory(here).and_then(|directory| directory.entries.get(name.as_slice())).copied();
            match existing.and_then(|entry| self.body(entry.node)) {
                Some(Body::Link(target)) => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(TreeError::LinkLoop);
                    }
                    if target.starts_with(b"/") {
                        way.clear();
                    }
                    pending.extend(components_reversed(target));
                }
                Some(Body::Directory(_)) => {
                    if let Some(existing) = existing {
                        self.point(here, &name, Entry { layer: self.layer, ..existing })?;
                        way.push(existing.node);
                    }
                }
                _ => {
                    let body = self.new_directory();
                    let node = self.add_node(Node { attributes: Attributes::IMPLIED_DIRECTORY, body })?;
                    self.replace(here, &name, existing, Entry { node, layer: self.layer })?;
                    way.push(node);
                }
            }
        }
        let directory = way.last().copied().unwrap_or(ROOT);
        self.last_parent = Some((path.to_vec(), directory));
        Ok(directory)
    }

    fn replace_root(&mut self, attributes: Attributes, kind: &NodeKind<C>) -> Result<(), TreeError> {
        if !matches!(kind, NodeKind::Directory) {
            return Err(TreeError::ReplacesRoot);
        }
        if let Some(root) = self.nodes.first_mut() {
            root.attributes = attributes;
        }
        Ok(())
    }

    fn new_directory(&self) -> Body<C> {
        Body::Directory(Box::new(Directory { cleared: self.layer, ..Directory::default() }))
    }

    fn add_node(&mut self, node: Node<C>) -> Result<NodeId, TreeError> {
        let too_many = TreeError::TooManyNodes { limit: self.limits.nodes };
        if self.nodes.len() >= self.limits.nodes {
            return Err(too_many);
        }
        let id = NodeId(u32::try_from(self.nodes.len()).map_err(|_| too_many)?);
        self.nodes.push(node);
        Ok(id)
    }

    fn count_text(&mut self, bytes: usize) -> Result<(), TreeError> {
        if self.text_bytes.saturating_add(bytes) > self.limits.text_bytes {
            return Err(TreeError::TooMuchText { limit: self.limits.text_bytes });
        }
        self.text_bytes += bytes;
        Ok(())
    }

    /// As [`VirtualTree::point`]; what was known of directories is forgotten when one may have gone.
    fn replace(&mut self, at: NodeId, name: &[u8], existing: Option<Entry>, entry: Entry) -> Result<(), TreeError> {
        if existing.is_some() {
            self.last_parent = None;
        }
        self.point(at, name, entry)
    }

    fn point(&mut self, directory: NodeId, name: &[u8], entry: Entry) -> Result<(), TreeError> {
        if let Some(existing) = self.directory_mut(directory).and_then(|directory| directory.entries.get_mut(name)) {
            *existing = entry;
            return Ok(());
        }
        self.count_text(name.len())?;
        if let Some(directory) = self.directory_mut(directory) {
            directory.entries.insert(name.into(), entry);
        }
        Ok(())
    }
}

/// A path's parent and name; nothing for the root itself.
fn split_last(path: &[u8]) -> Result<Option<ParentAndName<'_>>, TreeError> {
    let is_too_long = |name: &[u8]| name.len() > MAX_NAME;
    if path.len() >= MAX_PATH || path.split(|byte| *byte == b'/').any(is_too_long) {
        return Err(TreeError::NameTooLong);
    }
    let (parent, name) = match path.iter().rposition(|byte| *byte == b'/') {
        Some(slash) => (path.get(..slash).unwrap_or_default(), path.get(slash + 1..).unwrap_or_default()),
        None => (path.get(..0).unwrap_or_default(), path),
    };
    Ok(Some((parent, name)).filter(|(_, name)| !name.is_empty()))
}

type ParentAndName<'a> = (&'a [u8], &'a [u8]);
