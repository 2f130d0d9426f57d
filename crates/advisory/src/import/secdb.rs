//! Alpine's secdb: `main.json`, `community.json` of a branch (`https://secdb.alpinelinux.org/`).
//!
//! It lists what was fixed, and in which version; what was not is not in it, so that no entry means nothing. Version `0`
//! says that the package never was affected. A vulnerability that a package has under several versions was not fixed
//! completely at first: the highest counts.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::lenient::{Word, Words};
use crate::json::{few, guarded, parse_error};
use crate::version::VersionOrder;
use crate::{AdvisoryError, CveId, Entry, EntrySink, Level, Limits, Platform, Scope, Statement};

const FEED: &str = "alpine-secdb";

/// The version of what never was affected.
const NEVER: &str = "0";

/// The longest name, version or list of ids, in bytes.
const MAX_WORD: usize = 512;

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    distroversion: Word,
    #[serde(deserialize_with = "few::<100_000, _, _>")]
    packages: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    pkg: Package,
}

#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    name: Word,
    #[serde(default)]
    secfixes: Fixes,
}

/// Versions, and the ids of what each fixes.
#[derive(Default)]
struct Fixes {
    versions: Vec<(String, Words)>,
    /// Whether it is something else than an object, `null` or an empty array.
    is_other: bool,
}

impl<'de> Deserialize<'de> for Fixes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fixes, D::Error> {
        struct Versions;

        impl<'de> Visitor<'de> for Versions {
            type Value = Fixes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of versions")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fixes, A::Error> {
                let mut fixes = Fixes::default();
                while let Some(version) = map.next_entry()? {
                    fixes.versions.push(version);
                }
                Ok(fixes)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Fixes, A::Error> {
                let mut fixes = Fixes::default();
                while sequence.next_element::<IgnoredAny>()?.is_some() {
                    fixes.is_other = true;
                }
                Ok(fixes)
            }

            fn visit_unit<E>(self) -> Result<Fixes, E> {
                Ok(Fixes::default())
            }

            fn visit_str<E>(self, _: &str) -> Result<Fixes, E> {
                Ok(Fixes { is_other: true, ..Fixes::default() })
            }
        }

        deserializer.deserialize_any(Versions)
    }
}

/// What a package's record says of one vulnerability.
struct Fix {
    version: String,
    aliases: Vec<String>,
    note: String,
}

/// Reads one file: a repository of a branch.
///
/// # Errors
///
/// When it breaks off, is no JSON of this shape, names no branch or no package, is over a limit, or the sink fails.
pub fn read(reader: impl Read, limits: &Limits, sink: &mut dyn EntrySink) -> Result<(), AdvisoryError> {
    let document: Document =
        serde_json::from_reader(guarded(reader, limits)).map_err(|cause| parse_error(FEED, cause))?;
    let malformed = |place: &str, detail: &str| AdvisoryError::Malformed {
        feed: FEED,
        place: place.to_owned(),
        detail: detail.to_owned(),
    };
    let Word(branch) = &document.distroversion;
    let scope = Scope::new(Platform::Alpine, branch.strip_prefix('v').unwrap_or(branch))
        .map_err(|_| malformed("distroversion", "it names no branch of Alpine"))?;
    if document.packages.is_empty() {
        return Err(malformed("packages", "there is none"));
    }
    if !sink.wants(&scope) {
        return Ok(());
    }
    let mut count = 0;
    for Item { pkg } in document.packages {
        let Word(name) = pkg.name;
        if !is_word(&name) || pkg.secfixes.is_other {
            sink.malformed(&format!("package {name:.40?}"), "it has no name, or no object of fixes");
            continue;
        }
        for (id, fix) in fixes_of(&name, pkg.secfixes, sink) {
            count += 1;
            if count > limits.records {
                let (feed, what) = (FEED.to_owned(), "number of records");
                return Err(AdvisoryError::OverLimit { feed, what, limit: limits.records });
            }
            let (statement, status) = if fix.version == NEVER {
                (Statement::NotAffected { reason: None }, "not affected")
            } else {
                (Statement::fixed_in(fix.version), "fixed")
            };
            let mut entry = Entry::new(id, name.clone(), Level::Source, statement);
            entry.aliases = fix.aliases;
            entry.status = status.to_owned();
            entry.note = fix.note;
            sink.entry(&scope, entry)?;
        }
    }
    Ok(())
}

fn fixes_of(name: &str, fixes: Fixes, sink: &mut dyn EntrySink) -> BTreeMap<String, Fix> {
    let mut found: BTreeMap<String, Fix> = BTreeMap::new();
    for (version, listed) in fixes.versions {
        if !is_word(&version) || listed.others > 0 {
            sink.malformed(&format!("{name} {version:.40?}"), "it is no version, or not all that it fixes are ids");
        }
        if !is_word(&version) {
            continue;
        }
        for text in listed.texts {
            let Some((ids, fix)) = ids_of(&text, &version) else {
                sink.malformed(&format!("{name} {version}"), &format!("{text:.60?} is no id"));
                continue;
            };
            for id in ids {
                let fix = Fix { version: fix.version.clone(), aliases: fix.aliases.clone(), note: fix.note.clone() };
                match found.get_mut(&id) {
                    Some(known) if is_older(&known.version, &fix.version) => *known = fix,
                    Some(_) => {}
                    None => {
                        found.insert(id, fix);
                    }
                }
            }
        }
    }
    found
}

/// Whether a fix is older than another; "never affected" gives way to any fix.
fn is_older(known: &str, new: &str) -> bool {
    match (known, new) {
        (_, NEVER) => false,
        (NEVER, _) => true,
        _ => VersionOrder::Apk.compare(known, new) == Ok(Ordering::Less),
    }
}

/// The vulnerabilities of an entry such as `CVE-2019-1000 GHSA-x ALPINE-1 (+regression)`: each CVE, else the first id; the
/// other ids belong to it where it is the only one.
fn ids_of(text: &str, version: &str) -> Option<(Vec<String>, Fix)> {
    if text.len() > MAX_WORD || text.chars().any(char::is_control) {
        return None;
    }
    let trimmed = text.split_whitespace().map(|word| word.trim_matches(|char: char| ",;()[]".contains(char)));
    let is_id = |word: &&str| {
        let has_digit = word.bytes().any(|byte| byte.is_ascii_digit()) && word.contains('-');
        has_digit && word.starts_with(|first: char| first.is_ascii_uppercase())
    };
    let (ids, words): (Vec<&str>, Vec<&str>) = trimmed.partition(is_id);
    let cve = |id: &&str| id.parse::<CveId>().ok().map(|id| id.to_string());
    let mut cves: Vec<String> = ids.iter().filter_map(cve).collect();
    let mut aliases: Vec<String> = ids.iter().filter(|id| cve(id).is_none()).map(|id| (*id).to_owned()).collect();
    if cves.is_empty() {
        if aliases.is_empty() {
            return None;
        }
        cves.push(aliases.remove(0));
    } else if cves.len() > 1 {
        aliases.clear();
    }
    let note = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    Some((cves, Fix { version: version.to_owned(), aliases, note }))
}

fn is_word(text: &str) -> bool {
    (1..=MAX_WORD).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::collected::Collected;

    fn check(fixes: &str, expected: &[&str], malformed: usize) {
        let json = format!(
            r#"{{"reponame":"main","distroversion":"v3.20","packages":[{{"pkg":{{"name":"a","secfixes":{fixes}}}}}]}}"#
        );
        let mut collected = Collected::default();
        read(json.as_bytes(), &Limits::default(), &mut collected).unwrap();
        let lines = collected.entries.iter().map(|(scope, entry)| {
            let said = match &entry.statement {
                Statement::NotAffected { .. } => "never",
                statement => collected_version(statement),
            };
            format!("{scope} {} {} {said} {} {}", entry.id, entry.package, entry.aliases.join(","), entry.note)
        });
        assert_eq!(lines.collect::<Vec<_>>(), expected, "{fixes}");
        assert_eq!(collected.malformed.len(), malformed, "{fixes} {:?}", collected.malformed);
    }

    fn collected_version(statement: &Statement) -> &str {
        match statement {
            Statement::Affected { ranges, .. } => match &ranges[0].end {
                crate::RangeEnd::Fixed(version) => version,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn fixes_are_entries() {
        check(r#"{"1.2-r0":["CVE-2019-1000"]}"#, &["alpine-3.20 CVE-2019-1000 a 1.2-r0  "], 0);
        check(
            r#"{"1.2-r0":["CVE-2019-1000 GHSA-x1-y ALPINE-1 (+regression)"]}"#,
            &["alpine-3.20 CVE-2019-1000 a 1.2-r0 GHSA-x1-y,ALPINE-1 +regression"],
            0,
        );
        check(
            r#"{"1-r0":["CVE-2019-1000 CVE-2019-1001 XSA-1"]}"#,
            &["alpine-3.20 CVE-2019-1000 a 1-r0  ", "alpine-3.20 CVE-2019-1001 a 1-r0  "],
            0,
        );
        check(r#"{"1-r0":["XSA-201"]}"#, &["alpine-3.20 XSA-201 a 1-r0  "], 0);
        check(r#"{"0":["CVE-2019-1000"]}"#, &["alpine-3.20 CVE-2019-1000 a never  "], 0);
        let twice = r#"{"1.9-r0":["CVE-2019-1000"],"1.10-r0":["CVE-2019-1000"],"0":["CVE-2019-1000"]}"#;
        check(twice, &["alpine-3.20 CVE-2019-1000 a 1.10-r0  "], 0);
        check("{}", &[], 0);
        check("[]", &[], 0);
        check("null", &[], 0);
        check(r#"{"1-r0":null}"#, &[], 0);
    }

    #[test]
    fn a_bad_record_costs_itself_alone() {
        let good = "alpine-3.20 CVE-2019-1000 a 2-r0  ";
        check(r#"{"1-r0":[7],"2-r0":["CVE-2019-1000"]}"#, &[good], 1);
        check(r#"{"1-r0":["not one"],"2-r0":["CVE-2019-1000"]}"#, &[good], 1);
        check(r#"{"1 r0":["CVE-2019-1001"],"2-r0":["CVE-2019-1000"]}"#, &[good], 1);
        check(r#"["1-r0"]"#, &[], 1);
        check(r#""1-r0""#, &[], 1);
    }

    #[test]
    fn what_is_no_secdb_is_refused() {
        for (json, expected) in [
            ("", "failed to parse alpine-secdb"),
            ("{}", "failed to parse alpine-secdb"),
            (r#"{"distroversion":"v3.20","packages":[]}"#, "alpine-secdb: packages: there is none"),
            (r#"{"packages":[{"pkg":{}}]}"#, "alpine-secdb: distroversion: it names no branch of Alpine"),
            (r#"{"distroversion":"../x","packages":[]}"#, "alpine-secdb: distroversion: it names no branch of Alpine"),
        ] {
            let error = read(json.as_bytes(), &Limits::default(), &mut Collected::default()).unwrap_err();
            assert_eq!(error.to_string(), expected, "{json}");
        }
    }
}
