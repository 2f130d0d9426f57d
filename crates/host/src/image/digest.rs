//! Digests: the names of blobs, as `sha256:` and 64 hexadecimal digits (OCI image-spec, "Digests").

use std::fmt;
use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

const ALGORITHM: &str = "sha256:";

/// A SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    /// Of these bytes.
    pub(crate) fn of(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// Reads `sha256:` and 64 digits; nothing for anything else, other algorithms included.
    pub(crate) fn parse(text: &str) -> Option<Digest> {
        Digest::parse_hexadecimal(text.strip_prefix(ALGORITHM)?)
    }

    /// Reads 64 digits.
    pub(crate) fn parse_hexadecimal(text: &str) -> Option<Digest> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != 32 || !rest.is_empty() {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = hexadecimal(*high)? << 4 | hexadecimal(*low)?;
        }
        Some(Digest(bytes))
    }

    /// The 64 digits.
    pub(crate) fn hexadecimal(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Only small letters, as the specification has it.
fn hexadecimal(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{ALGORITHM}{}", self.hexadecimal())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Computes the digest of bytes that come in parts, and counts them.
#[derive(Default)]
pub(crate) struct DigestWriter {
    state: Sha256,
    bytes: u64,
}

impl DigestWriter {
    pub(crate) fn update(&mut self, part: &[u8]) {
        self.state.update(part);
        self.bytes += part.len() as u64;
    }

    /// The bytes so far.
    pub(crate) fn seen(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn finish(self) -> Digest {
        Digest(self.state.finalize().into())
    }
}

/// Reads, and computes the digest of what was read.
pub(crate) struct DigestReader<R> {
    inner: R,
    digest: DigestWriter,
}

impl<R: Read> DigestReader<R> {
    pub(crate) fn new(inner: R) -> DigestReader<R> {
        DigestReader { inner, digest: DigestWriter::default() }
    }

    /// The bytes that were read so far.
    pub(crate) fn seen(&self) -> u64 {
        self.digest.seen()
    }

    /// The digest of all of it, what was not yet read included.
    pub(crate) fn finish(mut self) -> io::Result<Digest> {
        let mut buffer = vec![0; 128 << 10];
        while self.read(&mut buffer)? > 0 {}
        Ok(self.digest.finish())
    }
}

impl<R: Read> Read for DigestReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.digest.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_read_as_they_are_written() {
        let text = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::parse(text), Some(Digest::of(b"abc")));
        assert_eq!(Digest::of(b"abc").to_string(), text);
        let mut reader = DigestReader::new(b"abc".as_slice());
        reader.read_exact(&mut [0]).unwrap();
        assert_eq!((reader.seen(), reader.finish().unwrap()), (1, Digest::of(b"abc")));
        for malformed in [
            text.strip_prefix("sha256:").unwrap(),
            text.strip_suffix("d").unwrap(),
            &text.to_uppercase(),
            &format!("{text}0"),
            &text.replace("sha256", "sha512"),
            &text.replace("ba", "../"),
            "sha256:",
            "",
        ] {
            assert_eq!(Digest::parse(malformed), None, "{malformed}");
        }
    }
}
