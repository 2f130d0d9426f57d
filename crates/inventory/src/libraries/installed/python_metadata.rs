//! `METADATA` and `PKG-INFO` of an installed Python distribution ("Core metadata specifications").
//!
//! Only the header is read, which a blank line ends. Surprising: names of fields are compared without their letter
//! case, as in mail, and where a field stands twice the first one counts.

use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::library::LibraryKind;

use crate::libraries::found::{Found, ParseError, Parsed};
use crate::libraries::name::canonical_name;

/// Bytes of a file that are read: the two fields stand before the long description.
pub const MAX_BYTES: u64 = 256 * 1024;

/// Reads the beginning of a file.
pub fn parse(bytes: &[u8]) -> Parsed {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (mut name, mut version) = (None, None);
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || (name.is_some() && version.is_some()) {
            break;
        }
        let Some(colon) = memchr::memchr(b':', line) else {
            continue;
        };
        // A line that goes on begins with a blank, so its key is none of these.
        let (key, value) = (line.get(..colon).unwrap_or_default(), line.get(colon + 1..).unwrap_or_default());
        let field = if key.eq_ignore_ascii_case(b"name") {
            &mut name
        } else if key.eq_ignore_ascii_case(b"version") {
            &mut version
        } else {
            continue;
        };
        field.get_or_insert_with(|| String::from_utf8_lossy(value.trim_ascii()).into_owned());
    }
    let (name, version) = match (name, version) {
        (Some(name), Some(version)) => (name, version),
        (None, _) => return Parsed::failed(ParseError::Missing { what: "the field Name" }),
        (_, None) => return Parsed::failed(ParseError::Missing { what: "the field Version" }),
    };
    let mut parsed = Parsed::default();
    parsed.add(Found {
        ecosystem: Ecosystem::Pypi,
        name: canonical_name(Ecosystem::Pypi, &name),
        version,
        kind: LibraryKind::Installed,
        development: false,
    });
    parsed.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_names_a_distribution() {
        for (text, expected) in [
            ("Metadata-Version: 2.1\nName: Zope.Interface\nVersion: 5.5.2\n", Ok(("zope-interface", "5.5.2"))),
            ("name:a\r\nVERSION :1\r\nversion: 2\r\n\r\n", Ok(("a", "2"))),
            ("\u{feff}Name: a\nVersion: 1\nVersion: 2\nName: b\n", Ok(("a", "1"))),
            ("Summary: x\n Name: not\nName: a\nVersion: 1+local.1", Ok(("a", "1+local.1"))),
            ("Name: a\n\nVersion: 1\n", Err("the field Version is missing")),
            ("Version: 1\n", Err("the field Name is missing")),
            ("", Err("the field Name is missing")),
            ("Name:\nVersion: 1\n", Err("the entry \"1\" has no name")),
            ("Name: a\nVersion: 1 2\n", Err("the entry \"a\" has a version that cannot be one")),
        ] {
            let parsed = parse(text.as_bytes());
            let seen = match (parsed.found.as_slice(), parsed.problems.as_slice()) {
                ([found], []) => Ok((found.name.clone(), found.version.clone())),
                ([], [problem]) => Err(problem.to_string()),
                other => panic!("{other:?}"),
            };
            let expected = expected.map(|(name, version)| (name.to_owned(), version.to_owned())).map_err(str::to_owned);
            assert_eq!(seen, expected, "{text:?}");
        }
    }
}
