//! apk's installed database: stanzas of one-letter fields, read in one pass over the bytes.
//!
//! Implements what `apk_db_write_fdb` of apk-tools writes: a line is a letter, a colon and a value; an empty line ends
//! the package. Surprising: the file list has no paths, but directories (`F:`, without the leading slash) each followed
//! by the names in it (`R:`).

use assay_model::evidence::package::{Package, PackageState, RecordedAt};
use memchr::memchr;

use super::role;
use crate::text::LineProblems;

/// A package needs 12 bytes of the file and 400 of memory: a hostile file must not buy the difference.
const MAX_PACKAGES: usize = 100_000;

/// The longest directory that a file list may name; the kernel takes no longer path.
const MAX_DIRECTORY: usize = 4096;

/// Reads the database `file`; what cannot be understood is told to `problems` and the rest is kept.
///
/// A stanza without a name or a version is left out: an invented value would become an invented verdict.
pub fn parse(file: &str, bytes: &[u8], problems: &mut LineProblems) -> Vec<Package> {
    let mut packages = Vec::new();
    for stanza in stanzas(bytes) {
        if packages.len() >= MAX_PACKAGES {
            problems
                .malformed(stanza.line, format_args!("begins a package after {MAX_PACKAGES}: the rest was not read"));
            break;
        }
        if let Some(mut package) = read_package(&stanza, problems) {
            package.recorded_at = Some(RecordedAt { file: file.to_owned(), line: stanza.line });
            packages.push(package);
        }
    }
    if !bytes.is_empty() && !bytes.ends_with(b"\n") {
        let last = u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX);
        problems.malformed(last.saturating_add(1), "is where the file ends, in the middle of a line");
    }
    packages
}

/// Calls `each(package, path)` with the absolute path of every file of every package.
pub fn for_each_file(bytes: &[u8], mut each: impl FnMut(&str, &[u8])) {
    for stanza in stanzas(bytes) {
        let name = stanza.fields().find(|field| field.letter == b'P').map(|field| field.value);
        if let Some(name) = name.and_then(|name| std::str::from_utf8(name).ok()) {
            stanza.for_each_file(|path| each(name, path));
        }
    }
}

/// One package's lines.
struct Stanza<'a> {
    /// 1-based line at which it begins.
    line: u32,
    bytes: &'a [u8],
}

/// One line of it.
struct Field<'a> {
    /// Lines after the first of the stanza.
    offset: u32,
    letter: u8,
    value: &'a [u8],
}

impl<'a> Stanza<'a> {
    /// The lines that are fields.
    fn fields(&self) -> impl Iterator<Item = Field<'a>> {
        let lines = Lines { rest: self.bytes }.zip(0..);
        lines.filter_map(|(line, offset)| match line {
            [letter, b':', value @ ..] => Some(Field { offset, letter: *letter, value }),
            _ => None,
        })
    }

    fn for_each_file(&self, mut each: impl FnMut(&[u8])) {
        let mut path = b"/".to_vec();
        let mut directory_length = path.len();
        for field in self.fields() {
            match field.letter {
                b'F' if field.value.len() <= MAX_DIRECTORY => {
                    path.truncate(1);
                    path.extend_from_slice(field.value);
                    if !field.value.is_empty() {
                        path.push(b'/');
                    }
                    directory_length = path.len();
                }
                b'R' => {
                    path.truncate(directory_length);
                    path.extend_from_slice(field.value);
                    each(&path);
                }
                _ => {}
            }
        }
    }
}

/// The lines of some bytes, without their line feeds.
struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr(b'\n', self.rest).unwrap_or(self.rest.len());
        let line = self.rest.get(..end);
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        line
    }
}

/// The packages' parts of the file, each from its first line that is not empty.
fn stanzas(bytes: &[u8]) -> impl Iterator<Item = Stanza<'_>> {
    let mut lines = Lines { rest: bytes };
    let mut number: u32 = 0;
    std::iter::from_fn(move || {
        let mut start: Option<(u32, &[u8])> = None;
        loop {
            let before = lines.rest;
            let line = lines.next();
            number = number.saturating_add(1);
            match (line, start) {
                (Some([]) | None, Some((line, from))) => {
                    let length = from.len() - before.len();
                    return Some(Stanza { line, bytes: from.get(..length).unwrap_or_default() });
                }
                (None, None) => return None,
                (Some([]), None) | (Some(_), Some(_)) => {}
                (Some(_), None) => start = Some((number, before)),
            }
        }
    })
}

fn read_package(stanza: &Stanza<'_>, problems: &mut LineProblems) -> Option<Package> {
    let mut values = Values::default();
    for field in stanza.fields() {
        let line = stanza.line.saturating_add(field.offset);
        let slot = match field.letter {
            b'P' => &mut values.name,
            b'V' => &mut values.version,
            b'A' => &mut values.architecture,
            b'o' => &mut values.origin,
            b'f' => {
                values.flags = field.value;
                continue;
            }
            _ => continue,
        };
        if slot.is_some() {
            problems
                .malformed(line, format_args!("is a second {}: field, which was left out", char::from(field.letter)));
            continue;
        }
        let text = String::from_utf8_lossy(field.value);
        if matches!(text, std::borrow::Cow::Owned(_)) {
            problems.malformed(line, "is no UTF-8");
        }
        *slot = Some(text.trim().to_owned());
    }
    let non_empty = |value: Option<String>| value.filter(|value| !value.is_empty());
    let (name, version) = match (non_empty(values.name), non_empty(values.version)) {
        (Some(name), Some(version)) => (name, version),
        (None, _) => {
            problems.malformed(stanza.line, "begins a package without a name (P:), which was left out");
            return None;
        }
        (Some(name), None) => {
            let what = format_args!("begins the package {name:?} without a version (V:), which was left out");
            problems.malformed(stanza.line, what);
            return None;
        }
    };
    let source_name = non_empty(values.origin).unwrap_or_else(|| name.clone());
    let state = state(values.flags);
    let mut package = Package::installed(name, version, values.architecture.unwrap_or_default());
    package.role = role::role(&package.name, &source_name, |each| stanza.for_each_file(each));
    package.source_name = source_name;
    package.state = state;
    Some(package)
}

#[derive(Default)]
struct Values<'a> {
    name: Option<String>,
    version: Option<String>,
    architecture: Option<String>,
    origin: Option<String>,
    flags: &'a [u8],
}

/// `f:` tells what went wrong with an installation: `f` files are missing, `s` a script failed. Extended attributes
/// (`x`) change nothing of what is installed.
fn state(flags: &[u8]) -> PackageState {
    if flags.contains(&b'f') {
        PackageState::HalfInstalled
    } else if flags.contains(&b's') {
        PackageState::HalfConfigured
    } else {
        PackageState::Installed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packages as `line name version architecture origin state`, and the details of the problems.
    #[track_caller]
    fn check(database: &[u8], packages: &[&str], told: &[&str]) {
        let mut problems = LineProblems::new("db");
        let seen: Vec<String> = parse("db", database, &mut problems)
            .iter()
            .map(|package| {
                assert_eq!(package.source_version, package.version);
                let Package { name, version, architecture, source_name, state, .. } = package;
                let line = package.recorded_at.as_ref().unwrap().line;
                format!("{line} {name} {version} {architecture} {source_name} {state:?}")
            })
            .collect();
        assert_eq!(seen, packages);
        let details: Vec<String> = problems.into_problems().into_iter().map(|problem| problem.detail).collect();
        assert_eq!(details, told);
    }

    #[test]
    fn stanzas_are_packages() {
        check(b"", &[], &[]);
        check(b"\n\n\n", &[], &[]);
        check(
            b"C:Q1a=\nP:musl\nV:1.2.5-r0\nA:x86_64\no:musl\n\n\nP:libssl3\nV:3.3.2-r0\nA:x86_64\no:openssl\nf:x\n",
            &["1 musl 1.2.5-r0 x86_64 musl Installed", "8 libssl3 3.3.2-r0 x86_64 openssl Installed"],
            &[],
        );
        check(
            b"P:own\nV:1\n\nP:a\nV:2\no:\nf:fs\n\nP:b\nV:3\nf:s\n\n",
            &["1 own 1  own Installed", "4 a 2  a HalfInstalled", "9 b 3  b HalfConfigured"],
            &[],
        );
    }

    #[test]
    fn what_is_malformed_is_named_and_the_rest_kept() {
        check(
            b"this is no database\n\nP:a\nP:b\nV:1\n\nP:none\n\nP:\nV:2\n\nP:caf\xe9\nV:3\n\nP:last\nV:4",
            &["3 a 1  a Installed", "12 caf\u{fffd} 3  caf\u{fffd} Installed", "15 last 4  last Installed"],
            &[
                "line 1 of db begins a package without a name (P:), which was left out",
                "line 4 of db is a second P: field, which was left out",
                "line 7 of db begins the package \"none\" without a version (V:), which was left out",
                "line 9 of db begins a package without a name (P:), which was left out",
                "line 12 of db is no UTF-8",
                "line 16 of db is where the file ends, in the middle of a line",
            ],
        );
    }

    #[test]
    fn files_have_absolute_paths() {
        let database = b"F:etc\nR:before\nP:a\nV:1\nF:\nR:top\nF:usr/bin\nM:0:0:755\nR:tool\na:0:0:755\nR:other\n\nR:x\n\nP:b\nR:stray\n";
        let mut seen = Vec::new();
        for_each_file(database, |package, path| seen.push(format!("{package} {}", String::from_utf8_lossy(path))));
        assert_eq!(seen, ["a /etc/before", "a /top", "a /usr/bin/tool", "a /usr/bin/other", "b /stray"]);
    }

    #[test]
    fn more_packages_than_a_host_can_have_are_not_read() {
        let mut problems = LineProblems::new("db");
        let packages = parse("db", "P:a\nV:1\n\n".repeat(MAX_PACKAGES + 5).as_bytes(), &mut problems);
        let told = problems.into_problems();
        assert_eq!((packages.len(), told.len()), (MAX_PACKAGES, 1));
        assert_eq!(told[0].detail, "line 300001 of db begins a package after 100000: the rest was not read");
    }
}
