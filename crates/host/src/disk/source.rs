//! Sources of bytes: a file, memory, a section of another source, and a cache in front of one.

use std::fmt::Debug;
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use super::bytes::sum;
use super::cache::Cache;
use super::error::{ReadError, damaged};

/// Bytes that can be read at any place, by several readers at once.
pub(crate) trait Source: Debug + Send + Sync {
    /// Its size in bytes.
    fn size(&self) -> u64;

    /// Fills `buffer` from `offset`; reading beyond the end is an error.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError>;

    /// `length` bytes from `offset`. The caller bounds the length.
    fn bytes_at(&self, offset: u64, length: usize) -> Result<Vec<u8>, ReadError> {
        let mut buffer = vec![0; length];
        self.read_at(offset, &mut buffer)?;
        Ok(buffer)
    }
}

/// Fails unless `length` bytes at `offset` lie within `size`.
pub(crate) fn require_inside(offset: u64, length: usize, size: u64) -> Result<(), ReadError> {
    if sum(offset, length as u64)? > size {
        return Err(damaged!("{length} bytes at {offset} lie beyond the end at {size}"));
    }
    Ok(())
}

/// A file or block device.
#[derive(Debug)]
pub(crate) struct FileSource {
    pub(crate) file: File,
    pub(crate) size: u64,
}

impl Source for FileSource {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        require_inside(offset, buffer.len(), self.size)?;
        Ok(self.file.read_exact_at(buffer, offset)?)
    }
}

/// An image in memory.
#[derive(Debug)]
pub(crate) struct MemorySource(pub(crate) Vec<u8>);

impl Source for MemorySource {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        require_inside(offset, buffer.len(), self.size())?;
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = self.0.get(start..).and_then(|rest| rest.get(..buffer.len()));
        buffer.copy_from_slice(bytes.ok_or_else(|| damaged!("{offset} lies beyond the end"))?);
        Ok(())
    }
}

/// A section of another source: a partition.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) inner: Arc<dyn Source>,
    pub(crate) start: u64,
    pub(crate) size: u64,
}

impl Source for Section {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        require_inside(offset, buffer.len(), self.size)?;
        self.inner.read_at(sum(self.start, offset)?, buffer)
    }
}

/// Bytes of one entry of the cache: an inode table's neighbours come along, and a read costs little more than one page.
const CHUNK: usize = 16 << 10;

/// A cache of chunks in front of a source; reads of a chunk's size and more go past it.
#[derive(Debug)]
pub(crate) struct CachedSource {
    inner: Arc<dyn Source>,
    chunks: Cache<u64, [u8]>,
}

impl CachedSource {
    /// A cache of `limit` bytes.
    pub(crate) fn new(inner: Arc<dyn Source>, limit: usize) -> CachedSource {
        CachedSource { inner, chunks: Cache::new(limit.max(4 * CHUNK)) }
    }

    fn chunk(&self, number: u64) -> Result<Arc<[u8]>, ReadError> {
        if let Some(chunk) = self.chunks.get(number) {
            return Ok(chunk);
        }
        let start = number * CHUNK as u64;
        let length = self.size().saturating_sub(start).min(CHUNK as u64);
        let chunk: Arc<[u8]> = self.inner.bytes_at(start, usize::try_from(length).unwrap_or(CHUNK))?.into();
        self.chunks.insert(number, Arc::clone(&chunk), CHUNK);
        Ok(chunk)
    }
}

impl Source for CachedSource {
    fn size(&self) -> u64 {
        self.inner.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        require_inside(offset, buffer.len(), self.size())?;
        if buffer.len() >= CHUNK {
            return self.inner.read_at(offset, buffer);
        }
        let mut offset = offset;
        let mut rest = buffer;
        while !rest.is_empty() {
            let within = usize::try_from(offset % CHUNK as u64).unwrap_or(0);
            let wanted = rest.len().min(CHUNK - within);
            // A chunk that cannot be read whole: what is asked for may still be readable.
            let chunk = match self.chunk(offset / CHUNK as u64) {
                Ok(chunk) => chunk,
                Err(_) => return self.inner.read_at(offset, rest),
            };
            let Some(bytes) = chunk.get(within..within + wanted) else {
                return Err(damaged!("{offset} lies beyond the end"));
            };
            let (now, later) = rest.split_at_mut(wanted);
            now.copy_from_slice(bytes);
            rest = later;
            offset += wanted as u64;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_caches_give_the_same_bytes_and_none_beyond() {
        let bytes: Vec<u8> = (0..100_000_u32).map(|at| (at % 251) as u8).collect();
        let memory: Arc<dyn Source> = Arc::new(MemorySource(bytes.clone()));
        let cached = CachedSource::new(Arc::clone(&memory), 1 << 20);
        let section = Section { inner: memory, start: 1000, size: 50_000 };
        for (offset, length) in [(0, 1), (0, 0), (16_380, 10), (0, 40_000), (30_000, 16_384), (49_999, 1)] {
            let expected = &bytes[offset..offset + length];
            assert_eq!(cached.bytes_at(offset as u64, length).unwrap(), expected);
            let expected = &bytes[1000 + offset..1000 + offset + length];
            assert_eq!(section.bytes_at(offset as u64, length).unwrap(), expected);
        }
        for (offset, length) in [(100_000, 1), (99_999, 2), (u64::MAX, 1), (0, 100_001)] {
            assert!(cached.bytes_at(offset, length).is_err() && section.bytes_at(offset, length).is_err());
        }
        assert!(section.bytes_at(50_000, 1).is_err());
    }
}
