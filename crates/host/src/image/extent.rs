//! A part of a file of this machine, read by position, so that many can be read at once.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

/// A part of a file.
#[derive(Clone, Debug)]
pub(crate) struct Extent {
    file: Arc<File>,
    offset: u64,
    size: u64,
}

impl Extent {
    /// All of a file that has `size` bytes.
    pub(crate) fn whole(file: File, size: u64) -> Extent {
        Extent { file: Arc::new(file), offset: 0, size }
    }

    /// Its bytes.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// A part of it; nothing when it is not that long.
    pub(crate) fn part(&self, at: u64, size: u64) -> Option<Extent> {
        let end = at.checked_add(size).filter(|end| *end <= self.size)?;
        let offset = self.offset.checked_add(end - size)?;
        Some(Extent { file: Arc::clone(&self.file), offset, size })
    }

    /// Reads from a position on, as read(2): nothing only at the end.
    ///
    /// # Errors
    ///
    /// When the operating system fails, or the file has become shorter than it was.
    pub(crate) fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(at)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        let buffer = buffer.get_mut(..wanted).unwrap_or_default();
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match self.file.read_at(buffer, self.offset.saturating_add(at)) {
                Ok(0) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file has become shorter")),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }

    /// A reader of it from its beginning.
    pub(crate) fn reader(&self) -> ExtentReader {
        ExtentReader { extent: self.clone(), position: 0 }
    }
}

/// Reads an extent from its beginning to its end.
#[derive(Debug)]
pub(crate) struct ExtentReader {
    extent: Extent,
    position: u64,
}

impl Read for ExtentReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.extent.read_at(buffer, self.position)?;
        self.position += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write as _;

    use super::*;

    /// These bytes in a file without a name.
    pub(crate) fn extent_of(content: &[u8]) -> Extent {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        Extent::whole(file, content.len() as u64)
    }

    fn read(extent: &Extent) -> String {
        let mut content = String::new();
        extent.reader().read_to_string(&mut content).unwrap();
        content
    }

    #[test]
    fn parts_stay_within_the_whole() {
        let whole = extent_of(b"0123456789");
        let part = whole.part(2, 5).unwrap();
        assert_eq!((read(&whole), read(&part)), ("0123456789".into(), "23456".into()));
        assert_eq!(read(&part.part(1, 4).unwrap()), "3456");
        assert_eq!(read(&part.part(5, 0).unwrap()), "");
        for (at, size) in [(1, 5), (6, 0), (u64::MAX, 1), (1, u64::MAX)] {
            assert!(part.part(at, size).is_none(), "{at} {size}");
        }
        assert_eq!(part.read_at(&mut [0; 9], 3).unwrap(), 2);
        assert_eq!(part.read_at(&mut [0; 9], u64::MAX).unwrap(), 0);
    }

    #[test]
    fn a_file_that_was_cut_is_an_error() {
        let file = tempfile::tempfile().unwrap();
        let error = Extent::whole(file, 10).reader().read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
