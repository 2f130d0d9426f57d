//! A part of a file as a file of its own: an archive that lies unpacked in another one is read where it is.

use std::io::{self, Read, Seek, SeekFrom};

use assay_host::FileReader;

/// A part of a file.
pub(super) struct Slice<'a> {
    file: &'a mut dyn FileReader,
    start: u64,
    size: u64,
    position: u64,
}

impl<'a> Slice<'a> {
    pub(super) fn new(file: &'a mut dyn FileReader, start: u64, size: u64) -> Slice<'a> {
        Slice { file, start, size, position: 0 }
    }
}

impl Read for Slice<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(self.position)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        let Some(at) = self.start.checked_add(self.position).filter(|_| wanted > 0) else {
            return Ok(0);
        };
        self.file.seek(SeekFrom::Start(at))?;
        let count = self.file.read(buffer.get_mut(..wanted).unwrap_or_default())?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Slice<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn nothing_is_read_beyond_the_part() {
        let mut file = Cursor::new(b"0123456789".to_vec());
        let mut slice = Slice::new(&mut file, 2, 5);
        for (to, expected) in [(SeekFrom::Start(0), "23456"), (SeekFrom::End(-2), "56"), (SeekFrom::Start(9), "")] {
            let mut text = String::new();
            slice.seek(to).unwrap();
            slice.read_to_string(&mut text).unwrap();
            assert_eq!(text, expected, "{to:?}");
        }
        assert!(slice.seek(SeekFrom::Current(-100)).is_err());
    }
}
