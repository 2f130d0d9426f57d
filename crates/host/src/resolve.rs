//! Opens a path inside a root directory, so that neither `..` nor a link leads out of it.
//!
//! The kernel does it by itself: openat2(2) with `RESOLVE_IN_ROOT` (Linux 5.6). Where that call is missing, or an old
//! seccomp filter refuses it, the same semantics are walked component by component. Surprising: `RESOLVE_IN_ROOT`
//! refuses the magic links of `/proc` (`exe`, `cwd`, `fd/*`) with `ELOOP`, as if they were a loop; so does the walk.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{FileType, Mode, OFlags, PROC_SUPER_MAGIC, ResolveFlags, fstat, fstatfs, openat, openat2, readlinkat};
use rustix::io::Errno;

/// As many links as the kernel follows (path_resolution(7)).
pub(crate) const MAX_LINKS: u32 = 40;

/// Directories held open at once by the walk: well under the usual limit of 1,024 descriptors.
const MAX_DEPTH: usize = 256;

/// How often a path is tried again when the tree changed while the kernel resolved `..` in it.
const ATTEMPTS: u32 = 8;

/// The inode number of the root directory of every procfs (`PROC_ROOT_INO` in the kernel).
const PROC_ROOT_INODE: u64 = 1;

/// How a path is resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    /// By the kernel, openat2(2).
    Kernel,
    /// Component by component, with openat(2).
    Components,
}

impl Resolution {
    /// The resolution that works here: opening a directory that is open already fails only where openat2(2) is missing
    /// (`ENOSYS`) or filtered (`EPERM`).
    pub(crate) fn available(root: BorrowedFd<'_>) -> Resolution {
        match open_by_kernel(root, ".", OFlags::PATH) {
            Ok(_) => Resolution::Kernel,
            Err(_) => Resolution::Components,
        }
    }

    /// Opens `path` inside `root`. With [`OFlags::NOFOLLOW`] a final link itself is opened.
    pub(crate) fn open(self, root: BorrowedFd<'_>, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
        if self == Resolution::Components {
            return open_by_components(root, path.as_bytes(), flags);
        }
        for _ in 0..ATTEMPTS {
            match open_by_kernel(root, path, flags) {
                Err(Errno::AGAIN | Errno::INTR) => {}
                done => return done,
            }
        }
        open_by_components(root, path.as_bytes(), flags)
    }
}

fn open_by_kernel(root: BorrowedFd<'_>, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
    let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    openat2(root, path, flags | OFlags::CLOEXEC, Mode::empty(), resolve)
}

fn open_by_components(root: BorrowedFd<'_>, path: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    if path.is_empty() {
        return Err(Errno::NOENT);
    }
    let flags = flags | OFlags::CLOEXEC;
    let mut pending = components_reversed(path);
    // The directories between the root and here; dropping the last one is `..`, and the root has none above it.
    let mut directories: Vec<OwnedFd> = Vec::new();
    let mut links = 0;
    while let Some(name) = pending.pop() {
        let here = directories.last().map_or(root, AsFd::as_fd);
        match name.as_slice() {
            b"." => continue,
            b".." => {
                directories.pop();
                continue;
            }
            _ => {}
        }
        let entry = openat(here, &name, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
        let is_last = pending.is_empty();
        match FileType::from_raw_mode(fstat(&entry)?.st_mode) {
            FileType::Symlink if !is_last || !flags.contains(OFlags::NOFOLLOW) => {
                links += 1;
                if links > MAX_LINKS || is_magic_link_in(here)? {
                    return Err(Errno::LOOP);
                }
                let target = readlinkat(&entry, "", Vec::new())?.into_bytes();
                match target.first() {
                    None => return Err(Errno::NOENT),
                    Some(b'/') => directories.clear(),
                    Some(_) => {}
                }
                pending.extend(components_reversed(&target));
            }
            _ if is_last => return openat(here, &name, flags | OFlags::NOFOLLOW, Mode::empty()),
            FileType::Directory if directories.len() < MAX_DEPTH => directories.push(entry),
            FileType::Directory => return Err(Errno::NAMETOOLONG),
            _ => return Err(Errno::NOTDIR),
        }
    }
    openat(directories.last().map_or(root, AsFd::as_fd), ".", flags, Mode::empty())
}

/// The components of a path, last one first. A final slash counts as `.`: what stands before it must be a directory.
pub(crate) fn components_reversed(path: &[u8]) -> Vec<Vec<u8>> {
    let mut components: Vec<Vec<u8>> =
        path.split(|byte| *byte == b'/').filter(|component| !component.is_empty()).map(<[u8]>::to_vec).collect();
    if path.ends_with(b"/") {
        components.push(b".".to_vec());
    }
    components.reverse();
    components
}

/// Whether links in this directory are magic: on procfs only the links of its root (`self`, `mounts`) are text.
fn is_magic_link_in(directory: BorrowedFd<'_>) -> Result<bool, Errno> {
    Ok(fstatfs(directory)?.f_type == PROC_SUPER_MAGIC && fstat(directory)?.st_ino != PROC_ROOT_INODE)
}
