//! `package-lock.json` and `npm-shrinkwrap.json`, lock file versions 1 to 3 (npm documentation, "package-lock.json").
//!
//! `packages` (versions 2 and 3) names each place under `node_modules`; `dependencies` (version 1) nests them, and
//! version 2 has it too for old clients, where it adds nothing. Workspaces, links and what comes from a directory, from git
//! or from a tarball's address are left out: their version is not one of the registry. Surprising: a package may be
//! installed under another name, which then is the name of the place, and its own stands in `name` or after `npm:`.

use std::fmt;

use assay_model::ecosystem::Ecosystem;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::npm_version::{self, Origin};
use super::syntax::{self, Loose, Members, Text};
use crate::libraries::found::{Found, ParseError, Parsed};

const NEWEST: u64 = 3;

#[derive(Default)]
struct PackageLock<'a> {
    version: Option<u64>,
    packages: Option<Members<'a, Place<'a>>>,
    dependencies: Option<Members<'a, Dependency<'a>>>,
}

/// An entry of `packages`.
#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    version: Option<Text<'a>>,
    /// `false` where npm 7 knew no address.
    #[serde(default)]
    resolved: Loose<'a>,
    #[serde(default)]
    link: bool,
    #[serde(default)]
    dev: bool,
}

/// An entry of `dependencies`.
#[derive(Deserialize)]
struct Dependency<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(default)]
    dev: bool,
    dependencies: Option<Members<'a, Dependency<'a>>>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let lock: PackageLock<'_> = syntax::json(bytes)?;
    if let Some(version) = lock.version.filter(|version| *version > NEWEST) {
        return Err(ParseError::UnknownVersion { version: version.to_string() });
    }
    let mut parsed = Parsed::default();
    match (lock.packages, lock.dependencies) {
        (Some(packages), _) => add_places(packages, &mut parsed),
        (None, Some(dependencies)) => add_dependencies(dependencies, &mut parsed),
        // A project without dependencies has neither in version 1.
        (None, None) if lock.version.is_some() => {}
        (None, None) => return Err(ParseError::Missing { what: "lockfileVersion" }),
    }
    Ok(parsed)
}

fn add_places(places: Members<'_, Place<'_>>, parsed: &mut Parsed) {
    for (path, place) in places.0 {
        // Without `node_modules` it is the project itself or a workspace of it.
        let Some((_, name)) = path.rsplit_once("node_modules/") else {
            continue;
        };
        let comes_from_elsewhere = place.resolved.0.as_deref().is_some_and(npm_version::is_elsewhere);
        if place.link || comes_from_elsewhere {
            continue;
        }
        let name = place.name.as_deref().unwrap_or(name);
        match place.version.as_deref() {
            None => parsed.wrong(&path, "has no version"),
            Some(version) => add(name, version, place.dev, parsed),
        }
    }
}

/// Nesting is bounded by the depth that the JSON parser allows.
fn add_dependencies(dependencies: Members<'_, Dependency<'_>>, parsed: &mut Parsed) {
    for (name, dependency) in dependencies.0 {
        match dependency.version.as_deref() {
            None => parsed.wrong(&name, "has no version"),
            Some(version) => add(&name, version, dependency.dev, parsed),
        }
        if let Some(nested) = dependency.dependencies {
            add_dependencies(nested, parsed);
        }
    }
}

fn add(name: &str, version: &str, development: bool, parsed: &mut Parsed) {
    if let Origin::Registry { name, version } = npm_version::origin(name, version) {
        parsed.add(Found { development, ..Found::locked(Ecosystem::Npm, name, version) });
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for PackageLock<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Root)
    }
}

/// By hand, so that `dependencies` is skipped instead of read where `packages` came before it: half of the time.
struct Root;

impl<'de> Visitor<'de> for Root {
    type Value = PackageLock<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PackageLock<'de>, A::Error> {
        let mut lock = PackageLock::default();
        while let Some(key) = map.next_key::<Text<'_>>()? {
            match &*key {
                "lockfileVersion" => lock.version = Some(map.next_value()?),
                "packages" => lock.packages = Some(map.next_value()?),
                "dependencies" if lock.packages.is_none() => lock.dependencies = Some(map.next_value()?),
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(lock)
    }
}
