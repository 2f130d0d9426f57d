//! Unpacks layers into files without a name, which the kernel deletes when the last reader is done, and checks digests.
//!
//! A packed stream can only be read from its beginning; a file can be read from anywhere. What is not packed is used
//! where it lies. How something is packed is told by its first bytes, as container runtimes do.

use std::io::{self, BufReader, Read, Write as _};
use std::path::PathBuf;

use assay_model::evidence::ProblemKind;
use flate2::bufread::MultiGzDecoder;

use super::digest::{Digest, DigestReader, DigestWriter};
use super::extent::{Extent, ExtentReader};
use super::zstd::ZstdReader;

/// Unpacked bytes from which the ratio is judged: a small layer may well be all alike.
const RATIO_FROM: u64 = 64 << 20;

const BUFFER: usize = 128 << 10;

/// Why something cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnpackError {
    /// It cannot be read, or is damaged.
    #[error("it is damaged or cannot be read: {0}")]
    Read(io::Error),
    /// The temporary file cannot be written.
    #[error("the temporary file cannot be written: {0}")]
    Write(io::Error),
    /// Packed in a way that is not read here.
    #[error("it is packed with {0}, which is not supported")]
    Unsupported(&'static str),
    /// All unpacked layers together are more than the limit.
    #[error("unpacked layers take more than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// It grows beyond measure.
    #[error("it unpacks to more than {limit} times its size")]
    Ratio {
        /// The limit.
        limit: u64,
    },
    /// It has another size than stated.
    #[error("it has {found} bytes, not {stated}")]
    Size {
        /// As stated.
        stated: u64,
        /// As it is.
        found: u64,
    },
    /// It is not what its digest says.
    #[error("its digest is {found}, not {stated}")]
    Digest {
        /// As stated.
        stated: Digest,
        /// As it is.
        found: Digest,
    },
}

impl UnpackError {
    /// In the evidence's words.
    pub(crate) fn kind(&self) -> ProblemKind {
        match self {
            UnpackError::Read(cause) if cause.raw_os_error().is_some() => ProblemKind::Failed,
            UnpackError::Write(_) => ProblemKind::Failed,
            UnpackError::Unsupported(_) => ProblemKind::NotSupported,
            UnpackError::TooLarge { .. } | UnpackError::Ratio { .. } => ProblemKind::TooLarge,
            UnpackError::Read(_) | UnpackError::Size { .. } | UnpackError::Digest { .. } => ProblemKind::Malformed,
        }
    }
}

/// What must be true of something packed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expected {
    /// Bytes as they lie there.
    pub(crate) size: Option<u64>,
    /// Digest of the bytes as they lie there.
    pub(crate) packed: Option<Digest>,
    /// Digest of the unpacked bytes.
    pub(crate) unpacked: Option<Digest>,
}

/// Unpacks, within limits for all together.
#[derive(Debug)]
pub(crate) struct Unpacker {
    /// Where temporary files are made; by default where the environment says.
    pub(crate) directory: Option<PathBuf>,
    /// Bytes of all temporary files together.
    pub(crate) limit: u64,
    /// Unpacked bytes for each packed byte.
    pub(crate) ratio: u64,
    /// Bytes that were written.
    pub(crate) written: u64,
}

impl Unpacker {
    /// The unpacked content of `packed`, after everything expected of it was found to be true.
    ///
    /// # Errors
    ///
    /// See [`UnpackError`].
    pub(crate) fn unpack(&mut self, packed: &Extent, expected: Expected) -> Result<Extent, UnpackError> {
        if let Some(stated) = expected.size.filter(|stated| *stated != packed.size()) {
            return Err(UnpackError::Size { stated, found: packed.size() });
        }
        match Packing::of(packed).map_err(UnpackError::Read)? {
            Packing::None => check_plain(packed, expected),
            Packing::Other(name) => Err(UnpackError::Unsupported(name)),
            Packing::Gzip => self.write(Decoder::Gzip(Box::new(MultiGzDecoder::new(source_of(packed)))), expected),
            Packing::Zstd => self.write(Decoder::Zstd(Box::new(ZstdReader::new(source_of(packed)))), expected),
        }
    }

    fn write(&mut self, mut decoder: Decoder, expected: Expected) -> Result<Extent, UnpackError> {
        let file = match &self.directory {
            Some(directory) => tempfile::tempfile_in(directory),
            None => tempfile::tempfile(),
        };
        let mut file = file.map_err(UnpackError::Write)?;
        let mut unpacked = DigestWriter::default();
        let mut buffer = vec![0; BUFFER];
        loop {
            let count = match decoder.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(UnpackError::Read(error)),
            };
            let content = buffer.get(..count).unwrap_or_default();
            unpacked.update(content);
            self.count(count as u64, unpacked.seen(), decoder.source().seen())?;
            file.write_all(content).map_err(UnpackError::Write)?;
        }
        let bytes = unpacked.seen();
        check_digest(expected.packed, || decoder.into_source().finish())?;
        check_digest(expected.unpacked, || Ok(unpacked.finish()))?;
        Ok(Extent::whole(file, bytes))
    }

    fn count(&mut self, written: u64, unpacked: u64, packed: u64) -> Result<(), UnpackError> {
        self.written = self.written.saturating_add(written);
        if self.written > self.limit {
            return Err(UnpackError::TooLarge { limit: self.limit });
        }
        if unpacked > RATIO_FROM && unpacked / packed.max(1) > self.ratio {
            return Err(UnpackError::Ratio { limit: self.ratio });
        }
        Ok(())
    }
}

fn check_plain(plain: &Extent, expected: Expected) -> Result<Extent, UnpackError> {
    // Both digests are of the same bytes.
    if let Some(stated) = expected.packed.or(expected.unpacked) {
        let found = DigestReader::new(plain.reader()).finish().map_err(UnpackError::Read)?;
        for stated in [Some(stated), expected.unpacked] {
            check_digest(stated, || Ok(found))?;
        }
    }
    Ok(plain.clone())
}

fn check_digest(stated: Option<Digest>, find: impl FnOnce() -> io::Result<Digest>) -> Result<(), UnpackError> {
    let Some(stated) = stated else { return Ok(()) };
    let found = find().map_err(UnpackError::Read)?;
    if found == stated { Ok(()) } else { Err(UnpackError::Digest { stated, found }) }
}

/// How something is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// Not at all.
    None,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// In a way that is not read here.
    Other(&'static str),
}

impl Packing {
    /// By the first bytes.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    pub(crate) fn of(content: &Extent) -> io::Result<Packing> {
        let mut first = Vec::new();
        content.reader().take(6).read_to_end(&mut first)?;
        Ok(match first.as_slice() {
            [0x1f, 0x8b, ..] => Packing::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Packing::Zstd,
            [0xfd, b'7', b'z', b'X', b'Z', 0] => Packing::Other("xz"),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41] => Packing::Other("bzip2"),
            _ => Packing::None,
        })
    }
}

type Source = BufReader<DigestReader<ExtentReader>>;

fn source_of(packed: &Extent) -> Source {
    BufReader::with_capacity(BUFFER, DigestReader::new(packed.reader()))
}

enum Decoder {
    Gzip(Box<MultiGzDecoder<Source>>),
    Zstd(Box<ZstdReader<Source>>),
}

impl Decoder {
    fn source(&self) -> &DigestReader<ExtentReader> {
        match self {
            Decoder::Gzip(gzip) => gzip.get_ref().get_ref(),
            Decoder::Zstd(zstd) => zstd.source().get_ref(),
        }
    }

    fn into_source(self) -> DigestReader<ExtentReader> {
        match self {
            Decoder::Gzip(gzip) => gzip.into_inner().into_inner(),
            Decoder::Zstd(zstd) => zstd.into_source().into_inner(),
        }
    }
}

impl Read for Decoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Decoder::Gzip(gzip) => gzip.read(buffer),
            Decoder::Zstd(zstd) => zstd.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::image::extent::tests::extent_of;

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(content: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(content, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn unpacker() -> Unpacker {
        Unpacker { directory: None, limit: 1 << 30, ratio: 250, written: 0 }
    }

    fn unpack(packed: &[u8], expected: Expected) -> Result<Vec<u8>, String> {
        let unpacked = unpacker().unpack(&extent_of(packed), expected).map_err(|error| error.to_string())?;
        let mut content = Vec::new();
        unpacked.reader().read_to_end(&mut content).unwrap();
        Ok(content)
    }

    /// A frame that holds nothing for us.
    fn skippable(content: &[u8]) -> Vec<u8> {
        [&[0x5a, 0x2a, 0x4d, 0x18], (content.len() as u32).to_le_bytes().as_slice(), content].concat()
    }

    #[test]
    fn every_packing_gives_the_same() {
        let content: Vec<u8> = (0..300_000_u32).flat_map(|number| (number / 7).to_le_bytes()).collect();
        let (head, tail) = content.split_at(1000);
        for packed in [
            content.clone(),
            gzip(&content),
            [gzip(head), gzip(tail)].concat(),
            zstd(&content),
            [zstd(head), skippable(b"index"), zstd(tail), skippable(b"")].concat(),
            [skippable(&[0; 70_000]), zstd(head), zstd(tail)].concat(),
        ] {
            let expected = Expected {
                size: Some(packed.len() as u64),
                packed: Some(Digest::of(&packed)),
                unpacked: Some(Digest::of(&content)),
            };
            assert!(unpack(&packed, expected).unwrap() == content);
            let other = Digest::of(b"other");
            for expected in [
                Expected { packed: Some(other), ..expected },
                Expected { unpacked: Some(other), ..expected },
                Expected { size: Some(3), ..expected },
            ] {
                assert!(unpack(&packed, expected).is_err());
            }
        }
        for nothing in [b"".to_vec(), gzip(b""), zstd(b""), skippable(b"x")] {
            assert_eq!(unpack(&nothing, Expected::default()), Ok(Vec::new()));
        }
    }

    #[test]
    fn the_real_tools_are_understood() {
        let content: Vec<u8> =
            (0..3_000_000_u32).map(|number| ((number / 3).wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for arguments in [
            ["gzip", "-1"].as_slice(),
            &["gzip", "-9"],
            &["zstd", "-1"],
            &["zstd", "-19", "--check"],
            &["zstd", "--ultra", "-22", "--long=27"],
        ] {
            let mut command = Command::new(arguments[0]);
            command.args(&arguments[1..]).arg("--stdout").stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut child = command.spawn().expect("gzip and zstd are there (packages gzip, zstd)");
            let mut input = child.stdin.take().unwrap();
            let to_write = content.clone();
            let writer = std::thread::spawn(move || input.write_all(&to_write).unwrap());
            let packed = child.wait_with_output().unwrap().stdout;
            writer.join().unwrap();
            assert!(unpack(&packed, Expected::default()).unwrap() == content, "{arguments:?}");
        }
    }

    #[test]
    fn damage_is_an_error() {
        let content: Vec<u8> = (0..10_000_u32).flat_map(|number| (number * 7).to_le_bytes()).collect();
        for packed in [gzip(&content), zstd(&content), skippable(&content)] {
            for keep in [5, packed.len() / 2, packed.len() - 1] {
                assert!(unpack(&packed[..keep], Expected::default()).is_err(), "{keep} of {}", packed.len());
            }
        }
        for packed in [gzip(&content), zstd(&content)] {
            let trailing = [packed.as_slice(), b"more"].concat();
            assert!(unpack(&trailing, Expected::default()).is_err());
            let mut flipped = packed;
            let middle = flipped.len() / 2;
            flipped[middle] ^= 0x55;
            assert!(unpack(&flipped, Expected::default()).is_err());
        }
        for (packed, name) in [(b"\xfd7zXZ\0".as_slice(), "xz"), (b"BZh91AY&SY", "bzip2")] {
            let error = unpack(packed, Expected::default()).unwrap_err();
            assert_eq!(error, format!("it is packed with {name}, which is not supported"));
        }
        // A window of 1 GiB.
        let window = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 20 << 3, 0x01, 0x00, 0x00];
        assert!(unpack(&window, Expected::default()).unwrap_err().contains("window"));
    }

    #[test]
    fn bombs_are_stopped() {
        let zeros = vec![0; 70 << 20];
        for packed in [gzip(&zeros), zstd(&zeros)].map(|packed| extent_of(&packed)) {
            let mut strict = Unpacker { limit: 1 << 20, ..unpacker() };
            let error = strict.unpack(&packed, Expected::default()).unwrap_err();
            assert_eq!(error.to_string(), "unpacked layers take more than 1048576 bytes");
            let error = Unpacker { ratio: 100, ..unpacker() }.unpack(&packed, Expected::default()).unwrap_err();
            assert_eq!(
                (error.to_string().as_str(), error.kind()),
                ("it unpacks to more than 100 times its size", ProblemKind::TooLarge)
            );
        }
        let nowhere = Unpacker { directory: Some("/nonexistent".into()), ..unpacker() }
            .unpack(&extent_of(&gzip(b"x")), Expected::default())
            .unwrap_err();
        assert_eq!(nowhere.kind(), ProblemKind::Failed);
    }
}
