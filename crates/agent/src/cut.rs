//! Cutting: a compressed stream into chunks, each a file of the spool.

use std::io::{self, Write};

use assay_link::{Digest, MAX_CHUNK_BYTES, MAX_CHUNKS};
use sha2::{Digest as _, Sha256};

use crate::folder::Folder;
use crate::spool::chunk_name;

/// Takes the compressed stream and writes it in files of at most [`MAX_CHUNK_BYTES`].
#[derive(Debug)]
pub(crate) struct Cutter<'a> {
    folder: &'a Folder,
    buffer: Vec<u8>,
    digests: Vec<Digest>,
}

impl<'a> Cutter<'a> {
    pub(crate) fn new(folder: &'a Folder) -> Cutter<'a> {
        Cutter { folder, buffer: Vec::with_capacity(MAX_CHUNK_BYTES), digests: Vec::new() }
    }

    /// Writes the last chunk; the digests of all.
    pub(crate) fn finish(mut self) -> io::Result<Vec<Digest>> {
        if !self.buffer.is_empty() {
            self.write_chunk()?;
        }
        Ok(self.digests)
    }

    fn write_chunk(&mut self) -> io::Result<()> {
        let number = u32::try_from(self.digests.len()).unwrap_or(u32::MAX);
        if number >= MAX_CHUNKS {
            let text = format!(
                "the compressed evidence is over the limit of {} MiB",
                (MAX_CHUNKS as usize * MAX_CHUNK_BYTES) >> 20
            );
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
        }
        self.folder.write(&chunk_name(number), &self.buffer).map_err(io::Error::other)?;
        self.digests.push(digest(&self.buffer)?);
        self.buffer.clear();
        Ok(())
    }
}

/// The SHA-256 of bytes in the link's form.
pub(crate) fn digest(bytes: &[u8]) -> io::Result<Digest> {
    let text: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    text.parse().map_err(io::Error::other)
}

impl Write for Cutter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = MAX_CHUNK_BYTES.saturating_sub(self.buffer.len());
        let taken = bytes.get(..room.min(bytes.len())).unwrap_or_default();
        self.buffer.extend_from_slice(taken);
        if self.buffer.len() >= MAX_CHUNK_BYTES {
            self.write_chunk()?;
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;

    #[test]
    fn chunks_are_the_stream_in_pieces() {
        for (length, count) in
            [(0, 0), (1, 1), (MAX_CHUNK_BYTES, 1), (MAX_CHUNK_BYTES + 1, 2), (3 * MAX_CHUNK_BYTES - 1, 3)]
        {
            let temporary = tempfile::tempdir().unwrap();
            let folder = Folder::of_data(Utf8Path::from_path(temporary.path()).unwrap());
            folder.create().unwrap();
            let stream: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let mut cutter = Cutter::new(&folder);
            cutter.write_all(&stream).unwrap();
            let digests = cutter.finish().unwrap();
            assert_eq!(digests.len(), count, "{length}");
            let mut joined = Vec::new();
            for (number, expected) in (0..).zip(&digests) {
                let bytes = folder.read(&chunk_name(number), MAX_CHUNK_BYTES as u64).unwrap().unwrap();
                assert_eq!(digest(&bytes).unwrap(), *expected);
                joined.extend(bytes);
            }
            assert!(joined == stream);
        }
    }
}
