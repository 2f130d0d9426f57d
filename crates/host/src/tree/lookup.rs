//! Resolves a path in a file tree that no kernel has mounted, as openat2(2) does with `RESOLVE_IN_ROOT`.
//!
//! Links are followed inside the root, 40 at most; `..` at the root stays there; what stands before a slash must be a
//! directory. Surprising: `a/..` needs `a` to exist and to be a directory, so nothing is shortened as text.

use std::borrow::Cow;

use rustix::io::Errno;

use crate::resolve::{MAX_LINKS, components_reversed};
use crate::view::FileKind;

/// Bytes of a path with its final NUL (`PATH_MAX`), and of a name (`NAME_MAX`).
pub(crate) const MAX_PATH: usize = 4096;
pub(crate) const MAX_NAME: usize = 255;

/// Whether a link in the last place is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FollowLast {
    /// To what it leads to.
    Yes,
    /// No: the link itself is meant.
    No,
}

/// A tree that can be asked for one name at a time.
pub(crate) trait Lookup {
    /// Something in the tree, such as an inode number.
    type Node: Copy;

    /// Why the source could not be read, or the answer of open(2).
    type Error: From<Errno>;

    /// The root directory.
    fn root(&self) -> Self::Node;

    /// What a node is.
    ///
    /// # Errors
    ///
    /// When the source cannot be read.
    fn kind(&self, node: Self::Node) -> Result<FileKind, Self::Error>;

    /// What `name` is in a directory, if it is there.
    ///
    /// # Errors
    ///
    /// As [`Lookup::kind`].
    fn child(&self, directory: Self::Node, name: &[u8]) -> Result<Option<Self::Node>, Self::Error>;

    /// The text of a symbolic link.
    ///
    /// # Errors
    ///
    /// As [`Lookup::kind`].
    fn link_text(&self, link: Self::Node) -> Result<Cow<'_, [u8]>, Self::Error>;
}

/// What `path` leads to below the root.
///
/// # Errors
///
/// As open(2): `ENOENT`, `ENOTDIR`, `ELOOP`, `ENAMETOOLONG`, `EINVAL` for a NUL in the path, and those of the tree.
pub(crate) fn resolve_path<T: Lookup>(tree: &T, path: &[u8], follow_last: FollowLast) -> Result<T::Node, T::Error> {
    if path.contains(&0) {
        return Err(Errno::INVAL.into());
    }
    if path.is_empty() {
        return Err(Errno::NOENT.into());
    }
    if path.len() >= MAX_PATH {
        return Err(Errno::NAMETOOLONG.into());
    }
    let mut pending = components_reversed(path);
    // The nodes below the root that lead here; dropping the last one is `..`, and the root has none above it.
    let mut way: Vec<T::Node> = Vec::new();
    let mut links = 0;
    while let Some(name) = pending.pop() {
        let here = way.last().copied().unwrap_or_else(|| tree.root());
        if tree.kind(here)? != FileKind::Directory {
            return Err(Errno::NOTDIR.into());
        }
        match name.as_slice() {
            b"." => continue,
            b".." => {
                way.pop();
                continue;
            }
            name if name.len() > MAX_NAME => return Err(Errno::NAMETOOLONG.into()),
            _ => {}
        }
        let node = tree.child(here, &name)?.ok_or(Errno::NOENT)?;
        let is_followed = follow_last == FollowLast::Yes || !pending.is_empty();
        if !is_followed || tree.kind(node)? != FileKind::Link {
            way.push(node);
            continue;
        }
        links += 1;
        if links > MAX_LINKS {
            return Err(Errno::LOOP.into());
        }
        let target = tree.link_text(node)?;
        match target.first() {
            None => return Err(Errno::NOENT.into()),
            Some(b'/') => way.clear(),
            Some(_) => {}
        }
        pending.extend(components_reversed(&target));
    }
    Ok(way.last().copied().unwrap_or_else(|| tree.root()))
}
