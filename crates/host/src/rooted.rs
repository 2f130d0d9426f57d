//! A host on the file system of this machine: the running system, or a directory that holds a root file system.
//!
//! Every path is resolved inside the root (see [`crate::resolve`]). A path is first opened with `O_PATH`, which touches
//! nothing, and only a regular file is then opened for reading: opening a FIFO wakes its writer, opening
//! `/dev/watchdog` arms it. Surprising: files of `/proc` say that they are empty, so the size decides only what is
//! refused, never how much is read.

use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use assay_model::evidence::SourceKind;
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, RawMode, Stat, fstat, openat, readlinkat, statat};
use rustix::io::Errno;

use crate::error::HostError;
use crate::resolve::Resolution;
use crate::view::{DirectoryEntry, FileKind, FileReader, Host, Metadata};

/// Entries of one directory that are read at most: about 100 MiB of names.
const MAX_DIRECTORY_ENTRIES: usize = 1_000_000;

/// `O_NONBLOCK`: nothing that answers late is waited for. `O_NOCTTY`: no terminal becomes ours.
const READ: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY);

/// A host on the file system of this machine.
#[derive(Debug)]
pub struct RootedHost {
    source: SourceKind,
    root: OwnedFd,
    resolution: Resolution,
}

impl RootedHost {
    /// The machine that this program runs on.
    ///
    /// # Errors
    ///
    /// When its root directory cannot be opened.
    pub fn live() -> Result<RootedHost, HostError> {
        RootedHost::open_root(Path::new("/"), SourceKind::LiveHost)
    }

    /// A directory that holds a root file system; links on the way to it are followed as usual.
    ///
    /// # Errors
    ///
    /// When it does not exist, is no directory, or cannot be opened; the path in the error is `directory` itself.
    pub fn root_directory(directory: &Path) -> Result<RootedHost, HostError> {
        RootedHost::open_root(directory, SourceKind::RootDirectory)
    }

    fn open_root(directory: &Path, source: SourceKind) -> Result<RootedHost, HostError> {
        let path = directory.to_string_lossy();
        let fail = |errno| HostError::from_errno(&path, errno);
        let root = openat(CWD, directory, OFlags::PATH | OFlags::CLOEXEC, Mode::empty()).map_err(fail)?;
        let metadata = metadata_of(&fstat(&root).map_err(fail)?);
        if metadata.kind != FileKind::Directory {
            return Err(HostError::wrong_type(
                &path,
                FileType::from_raw_mode(fstat(&root).map_err(fail)?.st_mode),
                "a directory",
            ));
        }
        let resolution = Resolution::available(root.as_fd());
        Ok(RootedHost { source, root, resolution })
    }

    fn open_inside(&self, path: &str, flags: OFlags) -> Result<OwnedFd, HostError> {
        self.resolution.open(self.root.as_fd(), path, flags).map_err(|errno| HostError::from_errno(path, errno))
    }

    fn stat(&self, path: &str, flags: OFlags) -> Result<Stat, HostError> {
        let opened = self.open_inside(path, OFlags::PATH | flags)?;
        fstat(&opened).map_err(|errno| HostError::from_errno(path, errno))
    }

    /// A regular file, open for reading, and its size.
    pub(crate) fn open_file(&self, path: &str) -> Result<(File, u64), HostError> {
        require_file(path, &self.stat(path, OFlags::empty())?)?;
        let opened = self.open_inside(path, READ)?;
        // Once more: something else may have taken its place in between.
        let stat = fstat(&opened).map_err(|errno| HostError::from_errno(path, errno))?;
        require_file(path, &stat)?;
        Ok((File::from(opened), u64::try_from(stat.st_size).unwrap_or(0)))
    }
}

impl Host for RootedHost {
    fn source(&self) -> SourceKind {
        self.source
    }

    fn open(&self, path: &str) -> Result<Box<dyn FileReader + '_>, HostError> {
        Ok(Box::new(self.open_file(path)?.0))
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, HostError> {
        let (file, size) = self.open_file(path)?;
        read_bounded(path, file, size, limit)
    }

    fn metadata(&self, path: &str) -> Result<Metadata, HostError> {
        Ok(metadata_of(&self.stat(path, OFlags::empty())?))
    }

    fn link_metadata(&self, path: &str) -> Result<Metadata, HostError> {
        Ok(metadata_of(&self.stat(path, OFlags::NOFOLLOW)?))
    }

    fn read_link(&self, path: &str) -> Result<String, HostError> {
        let opened = self.open_inside(path, OFlags::PATH | OFlags::NOFOLLOW)?;
        let file_type =
            FileType::from_raw_mode(fstat(&opened).map_err(|errno| HostError::from_errno(path, errno))?.st_mode);
        if file_type != FileType::Symlink {
            return Err(HostError::wrong_type(path, file_type, "a symbolic link"));
        }
        let target = readlinkat(&opened, "", Vec::new()).map_err(|errno| HostError::from_errno(path, errno))?;
        Ok(target.to_string_lossy().into_owned())
    }

    fn read_directory(&self, path: &str) -> Result<Vec<DirectoryEntry>, HostError> {
        let fail = |errno| HostError::from_errno(path, errno);
        let opened = match self.resolution.open(self.root.as_fd(), path, READ | OFlags::DIRECTORY) {
            // Either this is no directory, or something on the way is none and so it does not exist.
            Err(Errno::NOTDIR) => {
                let file_type = FileType::from_raw_mode(self.stat(path, OFlags::empty())?.st_mode);
                return Err(HostError::wrong_type(path, file_type, "a directory"));
            }
            opened => opened.map_err(fail)?,
        };
        let mut entries = Vec::new();
        let mut directory = Dir::new(opened).map_err(fail)?;
        while let Some(entry) = directory.read() {
            let entry = entry.map_err(fail)?;
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            if entries.len() == MAX_DIRECTORY_ENTRIES {
                return Err(HostError::TooManyEntries { path: path.to_owned(), limit: MAX_DIRECTORY_ENTRIES });
            }
            let file_type = match entry.file_type() {
                // Some file systems do not say; an entry that is gone by now counts as nothing that can be read.
                FileType::Unknown => statat(directory.fd().map_err(fail)?, name, AtFlags::SYMLINK_NOFOLLOW)
                    .map_or(FileType::Unknown, |stat| FileType::from_raw_mode(stat.st_mode)),
                file_type => file_type,
            };
            entries.push(DirectoryEntry { name: name.to_string_lossy().into_owned(), kind: kind_of(file_type) });
        }
        entries.sort();
        Ok(entries)
    }
}

pub(crate) fn read_bounded(path: &str, content: impl Read, size: u64, limit: u64) -> Result<Vec<u8>, HostError> {
    if size > limit {
        return Err(HostError::TooLarge { path: path.to_owned(), size, limit });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    let read = content.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    let seen = read.map_err(|cause| HostError::from_io(path, cause))? as u64;
    if seen > limit {
        return Err(HostError::TooLarge { path: path.to_owned(), size: seen, limit });
    }
    Ok(bytes)
}

fn require_file(path: &str, stat: &Stat) -> Result<(), HostError> {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Ok(()),
        found => Err(HostError::wrong_type(path, found, "a file")),
    }
}

fn kind_of(file_type: FileType) -> FileKind {
    match file_type {
        FileType::RegularFile => FileKind::File,
        FileType::Directory => FileKind::Directory,
        FileType::Symlink => FileKind::Link,
        _ => FileKind::Other,
    }
}

// The fields of `stat` differ in width and sign between architectures; on this one some conversions change nothing.
#[allow(clippy::useless_conversion, clippy::unnecessary_fallible_conversions)]
fn metadata_of(stat: &Stat) -> Metadata {
    let mode: RawMode = stat.st_mode;
    Metadata {
        kind: kind_of(FileType::from_raw_mode(mode)),
        mode: mode & 0o7777,
        uid: stat.st_uid,
        gid: stat.st_gid,
        size: u64::try_from(stat.st_size).unwrap_or(0),
        device: stat.st_dev.into(),
        inode: stat.st_ino.into(),
        modified: i64::try_from(stat.st_mtime).unwrap_or(i64::MAX),
    }
}

#[cfg(test)]
mod tests;
