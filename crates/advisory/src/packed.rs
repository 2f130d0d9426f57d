//! Packed feeds: plain, xz, gzip and bzip2, told apart by their first bytes, with a limit on what comes out.
//!
//! An xz header may ask for 4 GiB of memory and gzip may grow a thousandfold: both are bounded by [`Limits`].

use std::fs::File;
use std::io::{self, BufReader, Chain, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::{CONCATENATED, Stream};

use crate::{AdvisoryError, Limits};

const XZ: &[u8] = &[0xfd, b'7', b'z', b'X', b'Z', 0];
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const BZIP2: &[u8] = b"BZh";

/// Unpacked bytes from which the ratio is judged: a short feed may well be all alike.
const RATIO_FROM: u64 = 16 << 20;

/// A limit was passed while reading; found inside an [`io::Error`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} is over the limit of {limit}")]
pub(crate) struct OverLimit {
    pub(crate) what: &'static str,
    pub(crate) limit: u64,
}

impl OverLimit {
    pub(crate) fn into_error(self) -> io::Error {
        io::Error::new(io::ErrorKind::FileTooLarge, self)
    }
}

/// Opens a feed's file, unpacked as it is read. Which packing it has is told by its content, not by its name.
///
/// Reading fails with [`io::ErrorKind::FileTooLarge`] when more comes out than the limits allow.
///
/// # Errors
///
/// When the file cannot be opened, is no regular file, its first bytes cannot be read, or it is packed otherwise.
pub fn open_packed(path: &Path, limits: &Limits) -> Result<Box<dyn Read + Send>, AdvisoryError> {
    let failed = |cause| AdvisoryError::Open { path: path.to_owned(), cause };
    // Opening a FIFO would wait for a writer, so its kind is asked first.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")));
    }
    unpack(File::open(path).map_err(failed)?, limits).map_err(failed)
}

/// Unpacks a stream as it is read; as [`open_packed`].
///
/// # Errors
///
/// When the first bytes cannot be read, or it is packed with zstd.
pub fn unpack<'a>(packed: impl Read + Send + 'a, limits: &Limits) -> io::Result<Box<dyn Read + Send + 'a>> {
    let packed_bytes = Arc::new(AtomicU64::new(0));
    let mut packed = Counted { inner: packed, bytes: Arc::clone(&packed_bytes) };
    let mut first = Vec::new();
    packed.by_ref().take(6).read_to_end(&mut first)?;
    let starts_with = |magic: &[u8]| first.starts_with(magic);
    let unpacked: Box<dyn Read + Send + 'a> = if starts_with(XZ) {
        let stream = Stream::new_stream_decoder(limits.unpack_memory, CONCATENATED).map_err(io::Error::other)?;
        Box::new(XzDecoder::new_stream(rejoin(first, packed), stream))
    } else if starts_with(GZIP) {
        Box::new(MultiGzDecoder::new(rejoin(first, packed)))
    } else if starts_with(BZIP2) {
        Box::new(MultiBzDecoder::new(rejoin(first, packed)))
    } else if starts_with(ZSTD) {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "packed with zstd: use xz, gzip, bzip2 or nothing"));
    } else {
        Box::new(rejoin(first, packed))
    };
    Ok(Box::new(Bounded { inner: unpacked, packed_bytes, unpacked_bytes: 0, limits: limits.clone() }))
}

fn rejoin<R: Read>(first: Vec<u8>, rest: R) -> BufReader<Chain<Cursor<Vec<u8>>, R>> {
    BufReader::with_capacity(64 << 10, Cursor::new(first).chain(rest))
}

/// Counts the packed bytes.
struct Counted<R> {
    inner: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Stops when too much comes out.
struct Bounded<R> {
    inner: R,
    packed_bytes: Arc<AtomicU64>,
    unpacked_bytes: u64,
    limits: Limits,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.unpacked_bytes += count as u64;
        let Limits { unpacked_bytes: most, ratio, .. } = self.limits;
        if self.unpacked_bytes > most {
            return Err(OverLimit { what: "unpacked size in bytes", limit: most }.into_error());
        }
        let packed = self.packed_bytes.load(Ordering::Relaxed).max(1);
        if self.unpacked_bytes > RATIO_FROM && self.unpacked_bytes / packed > ratio {
            return Err(OverLimit { what: "ratio of unpacked to packed size", limit: ratio }.into_error());
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn xz(content: &[u8]) -> Vec<u8> {
        let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 0);
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn read(packed: &[u8], limits: &Limits) -> Result<Vec<u8>, String> {
        let mut content = Vec::new();
        let mut reader = unpack(packed, limits).map_err(|error| error.to_string())?;
        reader.read_to_end(&mut content).map_err(|error| error.to_string())?;
        Ok(content)
    }

    #[test]
    fn every_packing_gives_the_same() {
        let limits = Limits::default();
        let twice = [xz(b"feed "), xz(b"feed")].concat();
        for packed in [b"feed feed".to_vec(), gzip(b"feed feed"), [gzip(b"feed "), gzip(b"feed")].concat(), twice] {
            assert_eq!(read(&packed, &limits), Ok(b"feed feed".to_vec()));
        }
        assert_eq!(read(b"", &limits), Ok(Vec::new()));
        assert!(read(ZSTD, &limits).unwrap_err().contains("zstd"));
    }

    #[test]
    fn damaged_packing_is_an_error() {
        let limits = Limits::default();
        for packed in [gzip(&[b'x'; 1000]), xz(&[b'x'; 1000])] {
            assert!(read(&packed[..packed.len() / 2], &limits).is_err());
            let mut flipped = packed.clone();
            let middle = packed.len() / 2;
            flipped[middle] ^= 0xff;
            assert!(read(&flipped, &limits).is_err());
        }
    }

    #[test]
    fn bombs_are_stopped() {
        let zeros = vec![0; 20 << 20];
        let most = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
        let ratio = Limits { ratio: 100, ..Limits::default() };
        for packed in [gzip(&zeros), xz(&zeros)] {
            let size = read(&packed, &most).unwrap_err();
            assert_eq!(size, "unpacked size in bytes is over the limit of 1048576");
            let grown = read(&packed, &ratio).unwrap_err();
            assert_eq!(grown, "ratio of unpacked to packed size is over the limit of 100");
        }
        let memory = Limits { unpack_memory: 4096, ..Limits::default() };
        assert!(read(&xz(b"feed"), &memory).is_err());
    }

    #[test]
    fn only_regular_files_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(open_packed(folder.path(), &Limits::default()), Err(AdvisoryError::Open { .. })));
        assert!(matches!(open_packed(&folder.path().join("no"), &Limits::default()), Err(AdvisoryError::Open { .. })));
    }
}
