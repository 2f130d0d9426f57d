//! dpkg's status database: stanzas of deb822 fields, read in one pass over the bytes.
//!
//! Implements the database of dpkg(1) "INFORMATION ABOUT PACKAGES" and deb822(5). Only five fields are looked at; the
//! other nine tenths of the file are stepped over line by line without a copy. Surprising: a stanza may be about a
//! package that is *not* installed, because dpkg keeps every name that another package merely recommends.

use assay_model::evidence::package::{Package, PackageOrigin, PackageRole, PackageState, Provenance};
use memchr::{memchr, memchr_iter};

/// At most this many defects of one file are kept; more add nothing for a reader.
const MAX_DEFECTS: usize = 50;

/// Which layout the bytes are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `/var/lib/dpkg/status` and the journal beside it: every stanza has a `Status`, every line ends.
    Database,
    /// A file of `/var/lib/dpkg/status.d`, as images without a package manager have it: the control file of one
    /// package, usually without `Status`, and then the package is installed.
    Fragment,
    /// opkg's status file: as dpkg's, with more error flags and states, and a `Source` that names no package.
    Opkg,
}

/// A place in the file that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// 1-based line.
    pub line: u64,
    /// What is wrong and what was done about it, one clause.
    pub detail: String,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Packages in file order; origin and role are not decided here.
    pub packages: Vec<Package>,
    /// The 1-based line at which each package's stanza begins, in the same order.
    pub lines: Vec<u64>,
    /// The first defects, at most 50.
    pub defects: Vec<Defect>,
    /// Further defects that were only counted.
    pub more_defects: u64,
}

/// Reads a status file; what cannot be understood is a defect and the rest is kept.
///
/// A stanza is dropped when its name, its state, or the version of a package that has files is missing or cannot be
/// understood: an invented value would become an invented verdict.
pub fn parse(bytes: &[u8], layout: Layout) -> Parsed {
    let mut reader = Reader { layout, parsed: Parsed::default(), lines: LineCounter::new(bytes) };
    let mut stanza = Stanza::default();
    let mut offset = 0;
    while let Some(rest) = bytes.get(offset..).filter(|rest| !rest.is_empty()) {
        let line_start = offset;
        let line = match memchr(b'\n', rest) {
            Some(end) => {
                offset += end + 1;
                rest.get(..end).unwrap_or_default()
            }
            None => {
                offset = bytes.len();
                if layout != Layout::Fragment {
                    reader.defect(line_start, "the file ends in the middle of this line".to_owned());
                    continue;
                }
                rest
            }
        };
        match line.first() {
            None => reader.finish(&mut stanza),
            Some(b' ' | b'\t') if stanza.has_lines => {}
            Some(_) => reader.field(&mut stanza, line_start, line),
        }
    }
    reader.finish(&mut stanza);
    reader.parsed
}

/// The fields of one stanza that matter, borrowed.
#[derive(Default)]
struct Stanza<'a> {
    has_lines: bool,
    offset: usize,
    package: Option<&'a [u8]>,
    status: Option<&'a [u8]>,
    version: Option<&'a [u8]>,
    architecture: Option<&'a [u8]>,
    source: Option<&'a [u8]>,
    source_name: Option<&'a [u8]>,
}

struct Reader<'a> {
    layout: Layout,
    parsed: Parsed,
    lines: LineCounter<'a>,
}

impl<'a> Reader<'a> {
    fn defect(&mut self, offset: usize, detail: String) {
        if self.parsed.defects.len() >= MAX_DEFECTS {
            self.parsed.more_defects += 1;
            return;
        }
        let line = self.lines.line_at(offset);
        self.parsed.defects.push(Defect { line, detail });
    }

    fn field(&mut self, stanza: &mut Stanza<'a>, offset: usize, line: &'a [u8]) {
        if !stanza.has_lines {
            stanza.has_lines = true;
            stanza.offset = offset;
        }
        let Some((name, value)) = memchr(b':', line).and_then(|colon| line.split_at_checked(colon)) else {
            self.defect(offset, "the line is no field and was left out".to_owned());
            return;
        };
        let slot = if name.eq_ignore_ascii_case(b"Package") {
            &mut stanza.package
        } else if name.eq_ignore_ascii_case(b"Status") {
            &mut stanza.status
        } else if name.eq_ignore_ascii_case(b"Version") {
            &mut stanza.version
        } else if name.eq_ignore_ascii_case(b"Architecture") {
            &mut stanza.architecture
        } else if name.eq_ignore_ascii_case(b"Source") {
            &mut stanza.source
        } else if self.layout == Layout::Opkg && name.eq_ignore_ascii_case(b"SourceName") {
            &mut stanza.source_name
        } else {
            return;
        };
        if slot.is_some() {
            let name = String::from_utf8_lossy(name);
            self.defect(offset, format!("the stanza has a second {name} field, which was left out"));
            return;
        }
        *slot = Some(value.get(1..).unwrap_or_default().trim_ascii());
    }

    /// Turns the collected fields into a package, and empties the stanza for the next one.
    fn finish(&mut self, stanza: &mut Stanza<'a>) {
        let stanza = std::mem::take(stanza);
        if !stanza.has_lines {
            return;
        }
        match self.package(&stanza) {
            Ok(package) => {
                let line = self.lines.line_at(stanza.offset);
                self.parsed.packages.push(package);
                self.parsed.lines.push(line);
            }
            Err(reason) => self.defect(stanza.offset, format!("the stanza {reason} and was left out")),
        }
    }

    fn package(&mut self, stanza: &Stanza<'a>) -> Result<Package, String> {
        let at = stanza.offset;
        let name = self.text(at, stanza.package);
        if name.is_empty() {
            return Err("has no Package field".to_owned());
        }
        let (state, held) = match stanza.status {
            Some(words) => status(words, self.layout).ok_or_else(|| {
                let manager = if self.layout == Layout::Opkg { "opkg" } else { "dpkg" };
                format!("of {name} has the Status {:?}, which {manager} does not know", String::from_utf8_lossy(words))
            })?,
            None if self.layout == Layout::Fragment => (PackageState::Installed, Held::No),
            None => return Err(format!("of {name} has no Status field")),
        };
        let version = self.text(at, stanza.version);
        if version.is_empty() && state.has_files() && state != PackageState::HalfInstalled {
            return Err(format!("of {name} has no Version field"));
        }
        let source = match self.layout {
            // OpenWrt writes the folder of its build system, Yocto a recipe or the addresses it was fetched from.
            Layout::Opkg => self.text(at, stanza.source_name),
            _ => self.text(at, stanza.source),
        };
        let (source_name, source_version) = self.source(at, &source, &name, &version);
        Ok(Package {
            architecture: self.text(at, stanza.architecture),
            source_name,
            source_version,
            name,
            version,
            state,
            held: held == Held::Yes,
            origin: PackageOrigin::Unknown,
            role: PackageRole::Ordinary,
            recorded_at: None,
            previous_version: None,
            provenance: Provenance::default(),
        })
    }

    /// `Source: name`, or `name (version)` where the source's version is not the binary's.
    fn source(&mut self, offset: usize, source: &str, name: &str, version: &str) -> (String, String) {
        if source.is_empty() {
            return (name.to_owned(), version.to_owned());
        }
        let Some((source_name, rest)) = source.split_once('(') else {
            return (source.to_owned(), version.to_owned());
        };
        let source_name = source_name.trim();
        match rest.strip_suffix(')').map(str::trim) {
            Some(source_version) if !source_version.is_empty() && !source_name.is_empty() => {
                (source_name.to_owned(), source_version.to_owned())
            }
            _ => {
                self.defect(offset, format!("the Source field of {name} is {source:?}, which is no name and version"));
                let source_name = if source_name.is_empty() { name } else { source_name };
                (source_name.to_owned(), version.to_owned())
            }
        }
    }

    fn text(&mut self, offset: usize, bytes: Option<&[u8]>) -> String {
        let bytes = bytes.unwrap_or_default();
        match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                self.defect(offset, format!("a field of the stanza is not UTF-8 and was read as {text:?}"));
                text
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    Yes,
    No,
}

/// The status triplet of dpkg(1): what is wanted, the error flag, the state. opkg writes a list of flags in place of
/// one, among them whether it holds the package, and two states of its own.
fn status(words: &[u8], layout: Layout) -> Option<(PackageState, Held)> {
    let mut words = words.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let (want, flag, state) = (words.next()?, words.next()?, words.next()?);
    let is_opkg = layout == Layout::Opkg;
    if words.next().is_some() || (!is_opkg && !matches!(flag, b"ok" | b"reinstreq")) {
        return None;
    }
    let is_held_by_flag = is_opkg && flag.split(|byte| *byte == b',').any(|flag| flag == b"hold");
    let held = match want {
        b"hold" => Held::Yes,
        _ if is_held_by_flag => Held::Yes,
        b"unknown" | b"install" | b"deinstall" | b"purge" => Held::No,
        _ => return None,
    };
    let state = match state {
        b"not-installed" => PackageState::NotInstalled,
        b"config-files" => PackageState::ConfigFiles,
        b"half-installed" => PackageState::HalfInstalled,
        b"unpacked" => PackageState::Unpacked,
        b"half-configured" => PackageState::HalfConfigured,
        b"triggers-awaited" => PackageState::TriggersAwaited,
        b"triggers-pending" => PackageState::TriggersPending,
        b"installed" => PackageState::Installed,
        b"post-inst-failed" if is_opkg => PackageState::HalfConfigured,
        b"removal-failed" if is_opkg => PackageState::HalfInstalled,
        _ => return None,
    };
    Some((state, held))
}

/// Counts lines from where it counted last, so that the same bytes are counted twice at most: a hostile file must not
/// cost more.
struct LineCounter<'a> {
    bytes: &'a [u8],
    offset: usize,
    line: u64,
}

impl<'a> LineCounter<'a> {
    fn new(bytes: &'a [u8]) -> LineCounter<'a> {
        LineCounter { bytes, offset: 0, line: 1 }
    }

    /// The line of an offset. A defect of a finished stanza may lie before one that was counted already.
    fn line_at(&mut self, offset: usize) -> u64 {
        if let Some(skipped) = self.bytes.get(self.offset..offset) {
            self.line += memchr_iter(b'\n', skipped).count() as u64;
            self.offset = offset;
            return self.line;
        }
        let back = self.bytes.get(offset..self.offset).unwrap_or_default();
        self.line - memchr_iter(b'\n', back).count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPECIMENS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/dpkg");

    fn specimen(name: &str) -> Parsed {
        let path = format!("{SPECIMENS}/{name}");
        parse(&std::fs::read(&path).unwrap_or_else(|cause| panic!("{path}: {cause}")), Layout::Database)
    }

    /// `packages` in the form `name architecture version source sourceversion state[ held]`, `defects` as `line: part`.
    #[track_caller]
    fn check(name: &str, packages: &[&str], defects: &[&str]) {
        let parsed = specimen(name);
        let seen: Vec<String> = parsed
            .packages
            .iter()
            .map(|package| {
                let held = if package.held { " held" } else { "" };
                let text = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
                format!(
                    "{} {} {} {} {} {:?}{held}",
                    package.name,
                    text(&package.architecture),
                    text(&package.version),
                    package.source_name,
                    text(&package.source_version),
                    package.state
                )
            })
            .collect();
        assert_eq!(seen, packages, "{name}");
        let seen: Vec<String> =
            parsed.defects.iter().map(|defect| format!("{}: {}", defect.line, defect.detail)).collect();
        assert_eq!(seen, defects, "{name}");
    }

    #[test]
    fn states_and_sources_are_as_dpkg_means_them() {
        check("residual-configuration", &["old amd64 1.0-1 old 1.0-1 ConfigFiles"], &[]);
        check("hold", &["kept amd64 2:1.0-1 kept 2:1.0-1 Installed held"], &[]);
        check("half-installed", &["broken amd64 3 broken 3 HalfInstalled", "never amd64 - never - HalfInstalled"], &[]);
        check("not-installed", &["wished - - wished - NotInstalled", "real all 1 real 1 Installed"], &[]);
        check("source-with-version", &["lib amd64 1.0-1+b2 src 1.0-1 Installed", "plain amd64 2 src 2 Installed"], &[]);
        check(
            "multi-arch",
            &["libc6 amd64 2.36-9 glibc 2.36-9 Installed", "libc6 i386 2.36-9 glibc 2.36-9 Installed"],
            &[],
        );
        check("field-case-and-continuation", &["odd all 1 odd-src 0.9 Installed"], &[]);
    }

    #[test]
    fn what_is_malformed_is_named_and_the_rest_kept() {
        check(
            "truncated",
            &["first all 1 first 1 Installed"],
            &[
                "12: the file ends in the middle of this line",
                "8: the stanza of second has no Version field and was left out",
            ],
        );
        check(
            "invalid-utf-8",
            &["caf\u{fffd} all 1 caf\u{fffd} 1 Installed", "next all 1 next 1 Installed"],
            &["1: a field of the stanza is not UTF-8 and was read as \"caf\u{fffd}\""],
        );
        check(
            "malformed",
            &["kept all 1 kept 1 Installed", "paren all 2 paren-src 2 Installed", "twice all 1 twice 1 Installed"],
            &[
                "1: the stanza has no Package field and was left out",
                "7: the line is no field and was left out",
                "11: the stanza of no-status has no Status field and was left out",
                "15: the stanza of odd-state has the Status \"install ok melted\", which dpkg does not know and was left out",
                "19: the Source field of paren is \"paren-src (3\", which is no name and version",
                "29: the stanza has a second Version field, which was left out",
            ],
        );
        check("empty", &[], &[]);
    }

    #[test]
    fn a_fragment_needs_no_status_and_no_final_newline() {
        let parsed = parse(b"Package: tzdata\nVersion: 2024a-0+deb12u1\nArchitecture: all", Layout::Fragment);
        assert_eq!(parsed.defects, []);
        assert_eq!(parsed.packages.len(), 1);
        assert_eq!(parsed.packages[0].state, PackageState::Installed);
        assert_eq!(parsed.packages[0].architecture, "all");
    }

    #[test]
    fn opkg_has_flags_and_states_of_its_own() {
        let stanza = |name: &str, status: &str| {
            format!("Package: {name}\nVersion: 1\nSource: package/libs/{name}\nStatus: {status}\nArchitecture: x\n\n")
        };
        let database = stanza("a", "install user installed")
            + &stanza("b", "install user,hold installed")
            + &stanza("c", "install ok post-inst-failed")
            + &stanza("d", "deinstall user not-installed")
            + &stanza("e", "install user molten")
            + "Package: libssl3\nVersion: 2\nSourceName: openssl\nStatus: install ok unpacked\n";
        let parsed = parse(database.as_bytes(), Layout::Opkg);
        let seen: Vec<(&str, &str, PackageState, bool)> = parsed
            .packages
            .iter()
            .map(|package| (package.name.as_str(), package.source_name.as_str(), package.state, package.held))
            .collect();
        assert_eq!(
            seen,
            [
                ("a", "a", PackageState::Installed, false),
                ("b", "b", PackageState::Installed, true),
                ("c", "c", PackageState::HalfConfigured, false),
                ("d", "d", PackageState::NotInstalled, false),
                ("libssl3", "openssl", PackageState::Unpacked, false),
            ]
        );
        assert_eq!(parsed.defects.len(), 1);
        assert!(parsed.defects[0].detail.contains("which opkg does not know"), "{:?}", parsed.defects);
    }

    #[test]
    fn a_hostile_file_keeps_few_defects_and_ends() {
        let parsed = parse("junk\n".repeat(100_000).as_bytes(), Layout::Database);
        assert_eq!(parsed.defects.len(), MAX_DEFECTS);
        assert_eq!(parsed.more_defects, 100_001 - MAX_DEFECTS as u64);
    }
}
