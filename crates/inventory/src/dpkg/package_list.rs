//! A repository's Packages list, streamed: the versions it offers of the packages that are wanted.
//!
//! Implements the Packages index of the Debian repository format. The list of one release is 50 MB of which a host
//! needs one percent, so a substring search goes from one `Package:` to the next and nothing else is looked at until a
//! wanted name comes. Surprising: `Package:` need not be the first field of its stanza.

use std::io::{self, Read};

use memchr::{memchr, memmem};

/// Bytes asked of the reader at once. Half of a second-level cache: what was just decompressed is searched while near.
const CHUNK: usize = 256 * 1024;

/// No stanza is longer (the longest of Debian 12 is 20 KB), so a list without an end cannot fill the memory.
const MAX_STANZA: usize = 4 * 1024 * 1024;

/// Why a list could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum PackageListError {
    /// The reader, or what it decompresses.
    #[error("failed to read the list")]
    Read(#[source] io::Error),
    /// A stanza over the limit.
    #[error("a stanza is longer than {MAX_STANZA} bytes")]
    StanzaTooLong,
}

/// Reads a list and calls `offer(name, version)` for each stanza whose name `is_wanted`; a stanza without a version
/// offers the empty one.
///
/// # Errors
///
/// When the reader fails, or a stanza is over 4 MiB; what was offered until then stands.
pub fn parse(
    mut reader: impl Read,
    is_wanted: impl Fn(&[u8]) -> bool,
    mut offer: impl FnMut(&[u8], &[u8]),
) -> Result<(), PackageListError> {
    let package_field = memmem::Finder::new(b"\nPackage:");
    // The first stanza has no newline before it: the buffer begins with one.
    let mut buffer: Vec<u8> = vec![b'\n'];
    let mut filled = buffer.len();
    let mut at_end = false;
    while !at_end {
        if buffer.len() < filled + CHUNK {
            buffer.resize(filled + CHUNK, 0);
        }
        let read = read_some(&mut reader, buffer.get_mut(filled..).unwrap_or_default())?;
        filled += read;
        at_end = read == 0;
        let held = buffer.get(..filled).unwrap_or_default();
        let consumed = scan(held, at_end, &package_field, &is_wanted, &mut offer);
        buffer.copy_within(consumed..filled, 0);
        filled -= consumed;
        if filled > MAX_STANZA {
            return Err(PackageListError::StanzaTooLong);
        }
    }
    Ok(())
}

fn read_some(reader: &mut impl Read, into: &mut [u8]) -> Result<usize, PackageListError> {
    let mut filled = 0;
    while let Some(rest) = into.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(PackageListError::Read(cause)),
        }
    }
    Ok(filled)
}

/// Reports the whole stanzas of the buffer and returns how many bytes of it are done with.
fn scan(
    buffer: &[u8],
    at_end: bool,
    package_field: &memmem::Finder<'_>,
    is_wanted: &impl Fn(&[u8]) -> bool,
    offer: &mut impl FnMut(&[u8], &[u8]),
) -> usize {
    // Everything after the last blank line may go on in the next chunk.
    let whole = if at_end { buffer.len() } else { memmem::rfind(buffer, b"\n\n").map_or(0, |blank| blank + 1) };
    let stanzas = buffer.get(..whole).unwrap_or_default();
    let mut position = 0;
    while let Some(rest) = stanzas.get(position..) {
        let Some(found) = package_field.find(rest) else {
            break;
        };
        let after = rest.get(found + b"\nPackage:".len()..).unwrap_or_default();
        let name = after.get(..memchr(b'\n', after).unwrap_or(after.len())).unwrap_or_default();
        let field = position + found;
        position = field + b"\nPackage:".len() + name.len();
        let name = name.trim_ascii();
        if is_wanted(name) {
            offer(name, version(stanza_around(stanzas, field)));
        }
    }
    whole
}

/// The stanza that holds an offset, from the newline before its first line to the end of its last.
fn stanza_around(stanzas: &[u8], offset: usize) -> &[u8] {
    let before = stanzas.get(..=offset).unwrap_or_default();
    let start = memmem::rfind(before, b"\n\n").map_or(0, |blank| blank + 1);
    let from_start = stanzas.get(start..).unwrap_or_default();
    let end = memmem::find(from_start, b"\n\n").unwrap_or(from_start.len());
    from_start.get(..end).unwrap_or_default()
}

fn version(stanza: &[u8]) -> &[u8] {
    let Some(field) = memmem::find(stanza, b"\nVersion:") else {
        return &[];
    };
    let value = stanza.get(field + b"\nVersion:".len()..).unwrap_or_default();
    value.get(..memchr(b'\n', value).unwrap_or(value.len())).unwrap_or_default().trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, which puts a chunk border at every place.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0.read(&mut into[..1])
        }
    }

    /// The wanted packages are those whose name begins with `w`; `name version` of each.
    fn offers(reader: impl Read) -> Vec<String> {
        let mut offers = Vec::new();
        let offer = |name: &[u8], version: &[u8]| {
            offers.push(format!("{} {}", String::from_utf8_lossy(name), String::from_utf8_lossy(version)));
        };
        parse(reader, |name| name.starts_with(b"w"), offer).unwrap();
        offers
    }

    #[track_caller]
    fn check(list: &str, expected: &[&str]) {
        assert_eq!(offers(list.as_bytes()), expected);
        assert_eq!(offers(Drip(list.as_bytes())), expected);
    }

    #[test]
    fn wanted_stanzas_are_offered_with_their_version() {
        check("Package: wa\nVersion: 1\n\nPackage: x\nVersion: 2\n\nPackage: wb\nVersion: 3\n", &["wa 1", "wb 3"]);
        check("Version: 1\nPackage: w\n\nVersion: 2\nPackage: w\n\n", &["w 1", "w 2"]);
        check("Package: w\nDescription: x\n Version: 8\nPackage-Type: deb\n\nPackage: x\nVersion: 9\n", &["w "]);
        check("Package:w\nVersion:1", &["w 1"]);
        check("", &[]);
    }

    #[test]
    fn stanzas_that_cross_a_chunk_are_whole() {
        let filler = format!("Package: x\nDescription: {}\n\n", "y".repeat(1000));
        let list = filler.repeat(CHUNK / filler.len()) + "Package: w\nMaintainer: of some length\nVersion: 1.0\n\n";
        for padding in 0..filler.len() {
            let list = format!("Package: x\nPadding: {}\n\n{list}", "z".repeat(padding));
            assert_eq!(offers(list.as_bytes()), ["w 1.0"], "{padding}");
        }
    }

    #[test]
    fn a_stanza_without_end_is_refused() {
        let endless = io::repeat(b'a').take(64 * 1024 * 1024);
        assert!(matches!(parse(endless, |_| true, |_, _| {}), Err(PackageListError::StanzaTooLong)));
    }
}
