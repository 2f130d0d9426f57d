//! `pnpm-lock.yaml`, lock file versions 5 to 9 (pnpm documentation, "pnpm-lock.yaml").
//!
//! The keys of `packages` say it all: `/name/1.0.0_peer@2.0.0` in version 5, `/name@1.0.0(peer@2.0.0)` in 6, the same
//! without its first letter in 9, where the peers are in `snapshots`. Directories, git and addresses are left out.
//! Surprising: since version 9 no package says that it is for development; that follows from the importers, by the
//! snapshots that lead on from them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use assay_model::ecosystem::Ecosystem;

use super::npm_version;
use super::syntax;
use super::yaml::{Value, Yaml};
use crate::libraries::found::{Found, ParseError, Parsed, shorten};

const NEWEST: u64 = 9;

/// One document.
#[derive(Default)]
struct PnpmLock<'a> {
    version: Option<Cow<'a, str>>,
    packages: Vec<Package<'a>>,
    needed: Vec<String>,
    needed_for_development: Vec<String>,
    snapshots: HashMap<Cow<'a, str>, Vec<String>>,
}

struct Package<'a> {
    key: Cow<'a, str>,
    /// Up to version 8.
    development: bool,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let mut yaml = Yaml::new(syntax::text(bytes)?);
    let mut parsed = Parsed::default();
    let mut documents = 0;
    while let Some(value) = yaml.document()? {
        let Value::Mapping = value else {
            return Err(ParseError::Missing { what: "lockfileVersion" });
        };
        documents += 1;
        read(&mut yaml)?.add_to(&mut parsed)?;
    }
    if documents == 0 {
        return Err(ParseError::Missing { what: "lockfileVersion" });
    }
    Ok(parsed)
}

fn read<'a>(yaml: &mut Yaml<'a>) -> Result<PnpmLock<'a>, ParseError> {
    let mut lock = PnpmLock::default();
    yaml.members(|yaml, key, value| match (&*key, value) {
        ("lockfileVersion", value) => {
            lock.version = yaml.text(value)?;
            Ok(())
        }
        ("packages", Value::Mapping) => yaml.members(|yaml, key, value| {
            let development = is_for_development(yaml, value)?;
            lock.packages.push(Package { key, development });
            Ok(())
        }),
        ("importers", Value::Mapping) => yaml.members(|yaml, _, value| match value {
            Value::Mapping => yaml.members(|yaml, group, value| match &*group {
                "dependencies" | "optionalDependencies" => read_needs(yaml, value, &mut lock.needed),
                "devDependencies" => read_needs(yaml, value, &mut lock.needed_for_development),
                _ => yaml.skip(&value),
            }),
            other => yaml.skip(&other),
        }),
        ("snapshots", Value::Mapping) => yaml.members(|yaml, key, value| {
            let mut needs = Vec::new();
            match value {
                Value::Mapping => yaml.members(|yaml, group, value| match &*group {
                    "dependencies" | "optionalDependencies" => read_needs(yaml, value, &mut needs),
                    _ => yaml.skip(&value),
                })?,
                other => yaml.skip(&other)?,
            }
            lock.snapshots.insert(key, needs);
            Ok(())
        }),
        (_, other) => yaml.skip(&other),
    })?;
    Ok(lock)
}

/// Whether an entry of `packages` has `dev: true`.
fn is_for_development<'a>(yaml: &mut Yaml<'a>, value: Value<'a>) -> Result<bool, ParseError> {
    let mut development = false;
    match value {
        Value::Mapping => yaml.members(|yaml, key, value| {
            let text = yaml.text(value)?;
            development |= key == "dev" && text.as_deref() == Some("true");
            Ok(())
        })?,
        other => yaml.skip(&other)?,
    }
    Ok(development)
}

/// Names with versions, or in an importer with what holds one, as keys of `snapshots`.
fn read_needs<'a>(yaml: &mut Yaml<'a>, value: Value<'a>, needs: &mut Vec<String>) -> Result<(), ParseError> {
    let Value::Mapping = value else {
        return yaml.skip(&value);
    };
    yaml.members(|yaml, name, value| {
        let mut add = |version: &str| {
            // An alias has the key itself in the place of a version.
            let is_version = version.starts_with(|first: char| first.is_ascii_digit());
            needs.push(if is_version { format!("{name}@{version}") } else { version.to_owned() });
        };
        match value {
            Value::Scalar(version) => add(&version),
            Value::Mapping => yaml.members(|yaml, key, value| {
                if let (true, Some(version)) = (key == "version", yaml.text(value)?) {
                    add(&version);
                }
                Ok(())
            })?,
            Value::Sequence => yaml.skip(&value)?,
        }
        Ok(())
    })
}

impl PnpmLock<'_> {
    fn add_to(self, parsed: &mut Parsed) -> Result<(), ParseError> {
        let Some(version) = &self.version else {
            return Err(ParseError::Missing { what: "lockfileVersion" });
        };
        let major = version.split('.').next().and_then(|major| major.parse::<u64>().ok());
        let Some(major) = major.filter(|major| (5..=NEWEST).contains(major)) else {
            return Err(ParseError::UnknownVersion { version: shorten(version) });
        };
        let development = if major >= 9 { self.only_for_development() } else { HashSet::new() };
        for package in &self.packages {
            match identity(&package.key, major) {
                Identity::Registry { name, version } => parsed.add(Found {
                    development: package.development || development.contains(&*package.key),
                    ..Found::locked(Ecosystem::Npm, name, version)
                }),
                Identity::Elsewhere => {}
                Identity::Unknown => parsed.wrong(&package.key, "is no package with its version"),
            }
        }
        Ok(())
    }

    /// Keys of `packages` that are reached from groups for development, and not otherwise.
    fn only_for_development(&self) -> HashSet<&str> {
        let reach = |start: &[String]| -> HashSet<String> {
            let mut reached = HashSet::new();
            let mut packages = HashSet::new();
            let mut pending: Vec<&str> = start.iter().map(String::as_str).collect();
            while let Some(key) = pending.pop() {
                if reached.insert(key) {
                    packages.insert(without_peers(key).to_owned());
                    pending.extend(self.snapshots.get(key).into_iter().flatten().map(String::as_str));
                }
            }
            packages
        };
        let needed = reach(&self.needed);
        let for_development = reach(&self.needed_for_development);
        let keys = self.packages.iter().map(|package| &*package.key);
        keys.filter(|key| for_development.contains(*key) && !needed.contains(*key)).collect()
    }
}

fn without_peers(key: &str) -> &str {
    key.split_once('(').map_or(key, |(key, _)| key)
}

/// What a key of `packages` stands for.
#[derive(Debug, PartialEq, Eq)]
enum Identity<'a> {
    Registry { name: &'a str, version: &'a str },
    Elsewhere,
    Unknown,
}

fn identity(key: &str, major: u64) -> Identity<'_> {
    let key = without_peers(key);
    // Before version 9 a package of a registry begins with `/` or with the registry's host, an address with `@`.
    let is_address = major < 9 && (key.starts_with('@') || is_of_code_host(key));
    if is_address || npm_version::is_elsewhere(key) {
        return Identity::Elsewhere;
    }
    let key = match key.strip_prefix('/') {
        Some(key) => key,
        // Another registry's host stands before the name.
        None if major < 9 => match key.split_once('/') {
            Some((host, key)) if host.contains('.') => key,
            _ => return Identity::Unknown,
        },
        None => key,
    };
    let parts = if major < 6 { key.rsplit_once('/') } else { split_at_version(key) };
    let Some((name, version)) = parts else {
        return Identity::Unknown;
    };
    // `_` follows the version in version 5 only, and no version has one.
    let version = version.split_once('_').map_or(version, |(version, _)| version);
    match version {
        _ if version.starts_with(|first: char| first.is_ascii_digit()) => Identity::Registry { name, version },
        _ if version.contains(':') => Identity::Elsewhere,
        _ => Identity::Unknown,
    }
}

/// `name@1.0.0`; what follows the first `@` after the name may be an address with another one.
fn split_at_version(key: &str) -> Option<(&str, &str)> {
    let at = key.get(1..)?.find('@')? + 1;
    Some((key.get(..at)?, key.get(at + 1..)?))
}

fn is_of_code_host(key: &str) -> bool {
    ["github.com/", "codeload.github.com/", "gitlab.com/", "bitbucket.org/"].iter().any(|host| key.starts_with(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        let registry = |name, version| Identity::Registry { name, version };
        for (major, key, expected) in [
            (5, "/a/1.0.0", registry("a", "1.0.0")),
            (5, "/@s/a_b/1.0.0_@c+d@2.0.0", registry("@s/a_b", "1.0.0")),
            (5, "/a/1.0.0_x@1.0.0+y@2.0.0", registry("a", "1.0.0")),
            (5, "npm.example/@s/a/1.0.0", registry("@s/a", "1.0.0")),
            (5, "github.com/o/r/0a1b2c", Identity::Elsewhere),
            (5, "file:../a", Identity::Elsewhere),
            (5, "@gitlab.example/@s/a/-/@s/a-3.2.3.tgz", Identity::Elsewhere),
            (5, "/a/b", Identity::Unknown),
            (5, "a", Identity::Unknown),
            (6, "/a@1.0.0(@s/b@2.0.0)(c@1.0.0)", registry("a", "1.0.0")),
            (6, "/@s/a@1.0.0-rc.1", registry("@s/a", "1.0.0-rc.1")),
            (6, "@github.com/o/r/tarball/4.3.4", Identity::Elsewhere),
            (9, "@s/a@1.0.0", registry("@s/a", "1.0.0")),
            (9, "a@https://codeload.github.com/o/r/tar.gz/0a1b", Identity::Elsewhere),
            (9, "a@file:b", Identity::Elsewhere),
            (9, "a", Identity::Unknown),
            (9, "", Identity::Unknown),
            (9, "é", Identity::Unknown),
        ] {
            assert_eq!(identity(key, major), expected, "{key}");
        }
    }

    #[test]
    fn aliases_are_anchors_of_nothing() {
        for text in ["a: &x 1\nb: *x\n", "lockfileVersion: !!str 9\n", "- 1\n", "", "lockfileVersion: '99.0'\n", "[[[["]
        {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn development_follows_from_the_importers() {
        let text = "lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: {specifier: ^1, version: 1.0.0(p@1.0.0)}
    devDependencies:
      d: {specifier: ^1, version: 1.0.0}
      alias: {specifier: 'npm:e@1', version: e@1.0.0}
packages:
  a@1.0.0: {}
  b@1.0.0: {}
  d@1.0.0: {}
  e@1.0.0: {}
  f@1.0.0: {}
snapshots:
  a@1.0.0(p@1.0.0):
    dependencies: {b: 1.0.0}
  b@1.0.0: {}
  d@1.0.0:
    dependencies: {b: 1.0.0, f: 1.0.0}
  e@1.0.0: {}
  f@1.0.0:
    dependencies: {d: 1.0.0}
";
        let parsed = parse(text.as_bytes()).unwrap().finish();
        let development: Vec<_> = parsed.found.iter().map(|found| (found.name.as_str(), found.development)).collect();
        assert_eq!(development, [("a", false), ("b", false), ("d", true), ("e", true), ("f", true)]);
    }
}
