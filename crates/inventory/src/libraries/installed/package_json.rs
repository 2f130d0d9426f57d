//! `package.json` of an installed npm package (npm, "package.json").
//!
//! Surprising: a file without name and version is no package: Node reads such files below a package to learn whether
//! its modules are of the one kind or the other.

use std::borrow::Cow;

use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::library::LibraryKind;
use serde::Deserialize;

use crate::libraries::found::{Found, ParseError, Parsed};

/// The largest file that is read, in bytes; the largest ones of the registry have some 100 KiB.
pub const MAX_BYTES: u64 = 4 << 20;

/// What is read of it: members of any other type than text are no name or version.
#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    version: Option<Cow<'a, str>>,
}

/// Reads a file.
pub fn parse(bytes: &[u8]) -> Parsed {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let package: Package<'_> = match serde_json::from_slice(bytes) {
        Ok(package) => package,
        Err(error) => {
            let (line, detail) = (error.line() as u64, error.to_string());
            return Parsed::failed(ParseError::Syntax { line, syntax: "JSON of a package", detail });
        }
    };
    let mut parsed = Parsed::default();
    if package.name.is_some() || package.version.is_some() {
        parsed.add(Found {
            ecosystem: Ecosystem::Npm,
            name: package.name.unwrap_or_default().into_owned(),
            // npm takes `v1.0.0` and `=1.0.0` for 1.0.0 (semver, `clean`).
            version: package.version.unwrap_or_default().trim_start_matches(['=', 'v']).to_owned(),
            kind: LibraryKind::Installed,
            development: false,
        });
    }
    parsed.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_has_a_name_and_a_version() {
        for (text, expected) in [
            (r#"{"name": "@babel/core", "version": "7.1.0", "dependencies": {"a": "^1"}}"#, Ok("@babel/core 7.1.0")),
            (r#"{"version": "v1.0.0", "name": "a\u0062"}"#, Ok("ab 1.0.0")),
            ("\u{feff}{\"name\": \"a\", \"version\": \"1\"}", Ok("a 1")),
            (r#"{"type": "module"}"#, Ok("")),
            (r#"{"name": "a"}"#, Err("the entry \"a\" has no version")),
            (r#"{"version": "1"}"#, Err("the entry \"1\" has no name")),
            (r#"{"name": ["a"], "version": "1"}"#, Err("line 1 is not JSON of a package")),
            ("", Err("line 1 is not JSON of a package")),
            (r#"{"name": "a", "version": "1""#, Err("line 1 is not JSON of a package")),
        ] {
            let parsed = parse(text.as_bytes());
            let found: Vec<String> =
                parsed.found.iter().map(|found| format!("{} {}", found.name, found.version)).collect();
            match (expected, parsed.problems.as_slice()) {
                (Ok(expected), []) => assert_eq!(found.concat(), expected, "{text}"),
                (Err(expected), [problem]) => assert!(problem.to_string().starts_with(expected), "{problem}"),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn depth_ends() {
        let deep = format!("{{\"name\": \"a\", \"x\": {}", "[".repeat(100_000));
        assert_eq!(parse(deep.as_bytes()).problems.len(), 1);
    }
}
