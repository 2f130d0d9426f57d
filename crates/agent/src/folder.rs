//! Folder: the agent's own files, `DATA/agent`, which nobody else may read.
//!
//! A file is written under another name and renamed, so that a reader sees the old one or the new one. Surprising: the
//! lock is a lock on an open file (flock(2)), which the kernel releases when its holder dies, however it dies; so it
//! also tells whether a daemon runs.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::FlockOperation;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::AgentError;

/// The agent's own files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder(Utf8PathBuf);

/// Holds the folder until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Folder {
    /// The folder below the data folder; nothing is made or read.
    pub fn of_data(data: &Utf8Path) -> Folder {
        Folder(data.join("agent"))
    }

    /// A folder that is named as such.
    pub(crate) fn at(path: Utf8PathBuf) -> Folder {
        Folder(path)
    }

    /// A folder inside of it.
    pub(crate) fn below(&self, name: &str) -> Folder {
        Folder(self.0.join(name))
    }

    /// Where it is.
    pub fn path(&self) -> &Utf8Path {
        &self.0
    }

    /// Makes it, for its owner only.
    pub(crate) fn create(&self) -> Result<(), AgentError> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0).map_err(|cause| self.failed("make", "", cause))
    }

    /// Makes it this process's own.
    pub(crate) fn lock(&self) -> Result<Lock, AgentError> {
        let file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(self.0.join("lock"));
        let file = file.map_err(|cause| self.failed("open", "lock", cause))?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Lock { _file: file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(AgentError::Running { folder: self.0.clone() }),
            Err(errno) => Err(self.failed("lock", "lock", errno.into())),
        }
    }

    /// Whether a process has it.
    pub(crate) fn is_locked(&self) -> Result<bool, AgentError> {
        let file = match File::open(self.0.join("lock")) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(cause) => return Err(self.failed("open", "lock", cause)),
        };
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => Ok(false),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(true),
            Err(errno) => Err(self.failed("look at", "lock", errno.into())),
        }
    }

    /// The bytes of a file; none where there is no such file.
    pub(crate) fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, AgentError> {
        let file = match File::open(self.0.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(self.failed("read", name, cause)),
        };
        let mut bytes = Vec::new();
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|cause| self.failed("read", name, cause))?;
        if bytes.len() as u64 > limit {
            return Err(AgentError::Damaged { path: self.0.join(name) });
        }
        Ok(Some(bytes))
    }

    /// A JSON document; none where there is no such file.
    pub(crate) fn read_json<T: DeserializeOwned>(&self, name: &str, limit: u64) -> Result<Option<T>, AgentError> {
        let Some(bytes) = self.read(name, limit)? else { return Ok(None) };
        let value = serde_json::from_slice(&bytes);
        value.map(Some).map_err(|_| AgentError::Damaged { path: self.0.join(name) })
    }

    /// Replaces a file as a whole; it is on the disk when this returns.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), AgentError> {
        self.try_write(name, bytes).map_err(|cause| self.failed("write", name, cause))
    }

    /// Replaces a JSON document as a whole.
    pub(crate) fn write_json<T: Serialize>(&self, name: &str, value: &T) -> Result<(), AgentError> {
        let bytes = serde_json::to_vec(value).map_err(|cause| self.failed("write", name, cause.into()))?;
        self.write(name, &bytes)
    }

    fn try_write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let temporary = self.temporary(name);
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        if let Err(error) = written {
            // A full disk: what is half there would stay in the way.
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
        fs::rename(&temporary, self.0.join(name))?;
        File::open(&self.0)?.sync_all()
    }

    /// The name under which a file is written; another process has another one.
    pub(crate) fn temporary(&self, name: &str) -> Utf8PathBuf {
        self.0.join(format!(".{name}.{}", std::process::id()))
    }

    /// Removes a file; one that is not there is no error.
    pub(crate) fn remove(&self, name: &str) -> Result<(), AgentError> {
        match fs::remove_file(self.0.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed("remove", name, error)),
            _ => Ok(()),
        }
    }

    /// Removes it with all that is in it.
    pub(crate) fn remove_all(&self) -> Result<(), AgentError> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed("remove", "", error)),
            _ => Ok(()),
        }
    }

    /// An error about one of its files.
    pub(crate) fn failed(&self, operation: &'static str, name: &str, cause: io::Error) -> AgentError {
        let path = if name.is_empty() { self.0.clone() } else { self.0.join(name) };
        AgentError::File { operation, path, cause }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn files_are_replaced_and_private() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::of_data(Utf8Path::from_path(temporary.path()).unwrap());
        folder.create().unwrap();
        folder.create().unwrap();
        assert_eq!(folder.read("file", 10).unwrap(), None);
        for bytes in [&b"one"[..], b"two"] {
            folder.write("file", bytes).unwrap();
            assert_eq!(folder.read("file", 3).unwrap().unwrap(), bytes);
        }
        assert!(matches!(folder.read("file", 2), Err(AgentError::Damaged { .. })));
        assert!(matches!(folder.read_json::<u32>("file", 10), Err(AgentError::Damaged { .. })));
        let mode = |path: &Utf8Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(folder.path()), mode(&folder.path().join("file"))), (0o700, 0o600));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        folder.remove("file").unwrap();
        folder.remove("file").unwrap();
        folder.remove_all().unwrap();
        folder.remove_all().unwrap();
        assert!(folder.write("file", b"").unwrap_err().to_string().starts_with("failed to write /"));
    }

    #[test]
    fn one_process_at_a_time_has_the_folder() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::of_data(Utf8Path::from_path(temporary.path()).unwrap());
        assert!(!folder.is_locked().unwrap());
        folder.create().unwrap();
        let lock = folder.lock().unwrap();
        assert!(folder.is_locked().unwrap());
        assert!(matches!(folder.lock(), Err(AgentError::Running { .. })));
        drop(lock);
        assert!(!folder.is_locked().unwrap());
        folder.lock().unwrap();
    }
}
