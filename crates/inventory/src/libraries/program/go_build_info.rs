//! What a Go program says of its modules (`debug/buildinfo` and `runtime/debug` of Go's library).
//!
//! Since Go 1.18 the two texts stand in the section itself, before that it points to them. Surprising: a replaced module
//! is named twice, and it is the replacement whose code is in the program; and Go's own library, in which most of the
//! vulnerabilities are found, is named by the compiler's version only.

use assay_host::FileReader;
use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::library::LibraryKind;

use super::elf::{Elf, ElfError, number};
use crate::libraries::found::{Found, ParseError, Parsed};

/// The section.
pub const SECTION: &str = ".go.buildinfo";

const MAGIC: &[u8] = b"\xff Go buildinf:";

/// The header before the texts.
const HEADER: usize = 32;

/// Bytes of a section and of a text; Kubernetes has 60 KiB.
const MAX_BYTES: u64 = 4 << 20;

/// The module text is between two marks of sixteen bytes, by which a debugger finds it.
const MARK: usize = 16;

/// The version of Go, and the text of modules with its marks.
type Texts = (Vec<u8>, Vec<u8>);

/// Reads the build information; `None` when it is no Go program.
///
/// # Errors
///
/// When the file cannot be read.
pub fn read<R: FileReader>(elf: &mut Elf<R>) -> Result<Option<Parsed>, ElfError> {
    let Some(section) = elf.section(SECTION).cloned() else {
        return Ok(None);
    };
    let bytes = elf.content(&section, MAX_BYTES)?;
    let Some(start) = start_of(&bytes) else {
        return Ok(Some(Parsed::failed(ParseError::Missing { what: "the beginning of Go's build information" })));
    };
    let header = bytes.get(start..).unwrap_or_default();
    let flags = header.get(15).copied().unwrap_or_default();
    let texts = if flags & 2 != 0 { inline_texts(header) } else { pointed_texts(elf, header, flags & 1 != 0)? };
    Ok(Some(match texts {
        Some((version, modules)) => parse(&version, without_marks(&modules)),
        None => Parsed::failed(ParseError::Missing { what: "the text of Go's build information" }),
    }))
}

/// The linker aligns the header to sixteen bytes.
fn start_of(section: &[u8]) -> Option<usize> {
    (0..section.len()).step_by(16).find(|at| section.get(*at..).is_some_and(|rest| rest.starts_with(MAGIC)))
}

fn inline_texts(header: &[u8]) -> Option<Texts> {
    let (version, rest) = inline_text(header.get(HEADER..)?)?;
    let (modules, _) = inline_text(rest)?;
    Some((version.to_vec(), modules.to_vec()))
}

/// A length of seven bits a byte, then the text.
fn inline_text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut length = 0_u64;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        length |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return bytes.get(at + 1..)?.split_at_checked(usize::try_from(length).ok()?);
        }
    }
    None
}

/// Two addresses, each of a pair of address and length.
fn pointed_texts<R: FileReader>(elf: &mut Elf<R>, header: &[u8], is_big: bool) -> Result<Option<Texts>, ElfError> {
    let width = usize::from(header.get(14).copied().unwrap_or_default());
    if !matches!(width, 4 | 8) {
        return Ok(None);
    }
    let mut texts = Vec::new();
    for at in [16, 16 + width] {
        let Some(pointer) = header.get(at..at + width).and_then(|bytes| number(bytes, is_big)) else {
            return Ok(None);
        };
        let pair = elf.memory(pointer, 2 * width as u64)?;
        let (address, length) = pair.split_at_checked(width).unwrap_or_default();
        // A program without modules has no text of them.
        let (Some(address), Some(length)) = (number(address, is_big), number(length, is_big)) else {
            return Ok(None);
        };
        texts.push(elf.memory(address, length.min(MAX_BYTES))?);
    }
    let modules = texts.pop().unwrap_or_default();
    Ok(texts.pop().map(|version| (version, modules)))
}

fn without_marks(modules: &[u8]) -> &[u8] {
    let end = modules.len().saturating_sub(MARK);
    let is_marked = modules.len() > 2 * MARK && modules.get(end - 1) == Some(&b'\n');
    if is_marked { modules.get(MARK..end).unwrap_or_default() } else { &[] }
}

/// Reads the version of Go and the lines of modules: `dep`, path, version and sum, with tabs between them; a line `=>`
/// replaces the module before it.
pub fn parse(version: &[u8], modules: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    let version = String::from_utf8_lossy(version);
    // `go1.22.0 X:boringcrypto`: experiments follow a blank.
    match version.split_ascii_whitespace().next().and_then(|first| first.strip_prefix("go")) {
        Some(version) => add(&mut parsed, "stdlib", version),
        None => parsed.wrong("stdlib", "was built by a Go that is no release"),
    }
    let modules = String::from_utf8_lossy(modules);
    let mut lines = modules.lines().peekable();
    while let Some(line) = lines.next() {
        let mut fields = line.split('\t');
        let (kind, path, version) = (fields.next(), fields.next(), fields.next());
        let (Some(kind @ ("mod" | "dep")), Some(path)) = (kind, path) else {
            continue;
        };
        let replacement = lines.next_if(|next| next.starts_with("=>\t"));
        let (name, version) = match replacement.map(|line| line.split('\t').skip(1)) {
            Some(mut fields) => (fields.next().unwrap_or_default(), fields.next().unwrap_or_default()),
            None => (path, version.unwrap_or_default()),
        };
        match version {
            // The program itself, unless it was built from a release; and what lies in its own folder is a part of it.
            "" | "(devel)" if kind == "mod" || name.starts_with("./") => {}
            "" | "(devel)" => parsed.wrong(path, "was built from a folder, so that its version is not known"),
            version => add(&mut parsed, name, version),
        }
    }
    parsed.finish()
}

fn add(parsed: &mut Parsed, name: &str, version: &str) {
    parsed.add(Found {
        ecosystem: Ecosystem::Go,
        name: name.to_owned(),
        version: version.to_owned(),
        kind: LibraryKind::Embedded,
        development: false,
    });
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::elf::tests::program;
    use super::*;

    const MODULES: &str = "path\texample.com/a\nmod\texample.com/a\t(devel)\t\ndep\tb.org/b\tv1.2.3\th1:x=\n\
        dep\tc.org/c\tv1.0.0\n=>\tfork.org/c\tv1.0.1\th1:y=\ndep\td.org/d\tv0.0.0\n=>\t../d\t\nbuild\tdep\tno\n";

    fn marked(modules: &str) -> Vec<u8> {
        [&[0xaa; MARK], modules.as_bytes(), &[0xbb; MARK]].concat()
    }

    fn header(flags: u8) -> Vec<u8> {
        let mut header = MAGIC.to_vec();
        header.extend([8, flags]);
        header.resize(HEADER, 0);
        header
    }

    fn libraries(file: Vec<u8>) -> (Vec<String>, usize) {
        let mut elf = Elf::open(Cursor::new(file)).unwrap().unwrap();
        let parsed = read(&mut elf).unwrap().unwrap();
        let found = parsed.found.iter().map(|found| format!("{} {}", found.name, found.version)).collect();
        (found, parsed.problems.len())
    }

    const EXPECTED: [&str; 3] = ["b.org/b v1.2.3", "fork.org/c v1.0.1", "stdlib 1.22.0"];

    #[test]
    fn texts_stand_in_the_section() {
        let modules = marked(MODULES);
        let mut section = header(2);
        for text in [b"go1.22.0 X:boringcrypto".as_slice(), &modules] {
            let length = text.len();
            section.extend([(length & 0x7f) as u8 | 0x80, (length >> 7) as u8]);
            section.extend(text);
        }
        let (found, problems) = libraries(program(&[(SECTION, &section)]));
        assert_eq!((found, problems), (EXPECTED.map(str::to_owned).to_vec(), 1));
        let shifted = [[0; 16].as_slice(), &section].concat();
        assert_eq!(libraries(program(&[(SECTION, &shifted)])).0.len(), 3);
        for cut in [0, 16, HEADER, HEADER + 3, section.len() - 1] {
            assert_eq!(libraries(program(&[(SECTION, &section[..cut])])), (Vec::new(), 1), "{cut}");
        }
    }

    #[test]
    fn before_go_1_18_the_section_points_to_texts() {
        let modules = marked(MODULES);
        let place = |file: &[u8], name: &str| {
            Elf::open(Cursor::new(file)).unwrap().unwrap().section(name).unwrap().address.to_le_bytes()
        };
        let mut section = header(0);
        let mut pairs = [0_u8; 32];
        for _ in 0..2 {
            // The second time with the addresses that the first one shows.
            let file = program(&[(SECTION, &section), (".data", &pairs), (".v", b"go1.22.0"), (".m", &modules)]);
            let data = u64::from_le_bytes(place(&file, ".data"));
            section[16..24].copy_from_slice(&data.to_le_bytes());
            section[24..32].copy_from_slice(&(data + 16).to_le_bytes());
            pairs[..8].copy_from_slice(&place(&file, ".v"));
            pairs[8..16].copy_from_slice(&8_u64.to_le_bytes());
            pairs[16..24].copy_from_slice(&place(&file, ".m"));
            pairs[24..].copy_from_slice(&(modules.len() as u64).to_le_bytes());
        }
        let file = program(&[(SECTION, &section), (".data", &pairs), (".v", b"go1.22.0"), (".m", &modules)]);
        assert_eq!(libraries(file), (EXPECTED.map(str::to_owned).to_vec(), 1));
    }

    #[test]
    fn versions_that_are_no_release_are_told() {
        for (version, modules, found, problems) in [
            ("devel go1.23-abc", "", "", 1),
            ("go1.21.5", "mod\ta.org/a\tv1.0.0+dirty\t\n", "a.org/a stdlib", 0),
            ("", "dep\ta.org/a\t(devel)\n", "", 2),
            ("go1.20", "dep\ta.org/a\tv0.0.0\n=>\t./staging/a\t(devel)\t\n", "stdlib", 0),
            ("go1.4", "dep\ndep\t\tv1\nnonsense", "stdlib", 1),
        ] {
            let parsed = parse(version.as_bytes(), modules.as_bytes());
            let names: Vec<&str> = parsed.found.iter().map(|found| found.name.as_str()).collect();
            assert_eq!((names.join(" ").as_str(), parsed.problems.len()), (found, problems), "{version} {modules}");
        }
    }
}
