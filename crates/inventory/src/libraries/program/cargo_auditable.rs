//! What a Rust program says of its crates, when it was built with cargo-auditable (its `PARSING.md`).
//!
//! The section holds JSON, packed by zlib. Surprising: it lists crates that only built the program, too, of which no
//! code is in it: those are left out, as are crates from elsewhere than crates.io, whose names mean nothing there.

use std::borrow::Cow;
use std::io::Read as _;

use assay_host::FileReader;
use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::library::LibraryKind;
use flate2::read::ZlibDecoder;
use serde::Deserialize;

use super::elf::{Elf, ElfError};
use crate::libraries::found::{Found, ParseError, Parsed};

/// The section.
pub const SECTION: &str = ".dep-v0";

/// Packed bytes; the limits are those that cargo-auditable's own readers set, and less.
const MAX_PACKED: u64 = 8 << 20;

/// Unpacked bytes.
const MAX_UNPACKED: u64 = 16 << 20;

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    packages: Vec<Package<'a>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    version: Cow<'a, str>,
    #[serde(borrow, default)]
    source: Cow<'a, str>,
    #[serde(borrow, default)]
    kind: Option<Cow<'a, str>>,
}

/// Reads the list of crates; `None` when the program has none.
///
/// # Errors
///
/// When the file cannot be read.
pub fn read<R: FileReader>(elf: &mut Elf<R>) -> Result<Option<Parsed>, ElfError> {
    let Some(section) = elf.section(SECTION).cloned() else {
        return Ok(None);
    };
    let packed = elf.content(&section, MAX_PACKED)?;
    Ok(Some(parse(&packed)))
}

/// Reads the content of the section.
pub fn parse(packed: &[u8]) -> Parsed {
    let mut bytes = Vec::new();
    let unpacked = ZlibDecoder::new(packed).take(MAX_UNPACKED + 1).read_to_end(&mut bytes);
    if unpacked.is_err() || bytes.len() as u64 > MAX_UNPACKED {
        return Parsed::failed(ParseError::Missing { what: "the list of crates, packed by zlib," });
    }
    let document: Document<'_> = match serde_json::from_slice(&bytes) {
        Ok(document) => document,
        Err(error) => {
            let (line, detail) = (error.line() as u64, error.to_string());
            return Parsed::failed(ParseError::Syntax { line, syntax: "JSON of cargo-auditable", detail });
        }
    };
    let mut parsed = Parsed::default();
    for package in document.packages {
        if package.source != "crates.io" || package.kind.as_deref() == Some("build") {
            continue;
        }
        parsed.add(Found {
            ecosystem: Ecosystem::CratesIo,
            name: package.name.into_owned(),
            version: package.version.into_owned(),
            kind: LibraryKind::Embedded,
            development: false,
        });
    }
    parsed.finish()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::super::elf::tests::program;
    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn crates_in_the_program_are_listed() {
        let list = br#"{"packages": [
            {"name": "a", "version": "1.0.0", "source": "crates.io", "dependencies": [1]},
            {"name": "b", "version": "2.0.0", "source": "crates.io", "kind": "build"},
            {"name": "c", "version": "3.0.0", "source": "git"},
            {"name": "d", "version": "4.0.0", "source": "crates.io", "kind": "runtime"},
            {"name": "own", "version": "0.1.0", "source": "local", "root": true}]}"#;
        let file = program(&[(SECTION, &packed(list))]);
        let mut elf = Elf::open(Cursor::new(file)).unwrap().unwrap();
        let parsed = read(&mut elf).unwrap().unwrap();
        let found: Vec<String> = parsed.found.iter().map(|found| format!("{} {}", found.name, found.version)).collect();
        assert_eq!((found.join(", ").as_str(), parsed.problems.len()), ("a 1.0.0, d 4.0.0", 0));
        let mut without = Elf::open(Cursor::new(program(&[(".text", b"")]))).unwrap().unwrap();
        assert_eq!(read(&mut without).unwrap(), None);
    }

    #[test]
    fn what_cannot_be_unpacked_or_read_is_told() {
        let bomb = packed(&vec![b' '; 17 << 20]);
        let list = packed(br#"{"packages": []}"#);
        for (bytes, problems) in [
            (list.as_slice(), 0),
            (&list[..list.len() - 6], 1),
            (b"", 1),
            (b"text", 1),
            (&bomb, 1),
            (&packed(b"[]"), 1),
        ] {
            let parsed = parse(bytes);
            assert_eq!((parsed.found.len(), parsed.problems.len()), (0, problems));
        }
    }
}
