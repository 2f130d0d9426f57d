//! The lock that keeps two syncs from working in one folder: flock(2) on the file `lock`.
//!
//! The kernel releases it when its process ends, however it ends, so there is nothing to clean up after a crash.
//! Readers take no lock: they depend on the status file alone.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};

use camino::Utf8Path;

use crate::error::FeedError;

/// Held as long as the value lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of `folder`, at once or not at all.
    pub(crate) fn take(folder: &Utf8Path) -> Result<Lock, FeedError> {
        let path = folder.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|cause| FeedError::writing(&path, cause))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(FeedError::Locked { folder: folder.to_owned(), holder: holder(&mut file) });
            }
            Err(TryLockError::Error(cause)) => return Err(FeedError::Write { path, cause }),
        }
        // The process id only serves the message of the one who finds the lock taken, also on a full disk.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", std::process::id()));
        Ok(Lock { _file: file })
    }
}

/// The process id in the lock file, if it is one.
fn holder(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.take(20).read_to_string(&mut text).ok()?;
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_one_is_told_who_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        let first = Lock::take(folder).unwrap();
        let refused = Lock::take(folder).unwrap_err();
        let FeedError::Locked { holder, .. } = &refused else { panic!("{refused}") };
        assert_eq!(holder.as_deref(), Some(std::process::id().to_string().as_str()));
        drop(first);
        Lock::take(folder).unwrap();
    }
}
