//! `uv.lock`, version 1 (uv documentation, "Structure and files").
//!
//! Only what comes from a registry is taken: the project, its workspace members, directories, git and addresses are left
//! out. Surprising: no package says that it is for development; that follows from the ways that lead to it from the
//! project. A name stands for all its versions in that walk, which can only make fewer packages development ones.

use std::collections::{HashMap, HashSet};

use assay_model::ecosystem::Ecosystem;
use serde::Deserialize;

use super::syntax::{self, Loose, Members, Text};
use crate::libraries::found::{Found, ParseError, Parsed};

#[derive(Deserialize)]
struct UvLock<'a> {
    version: Option<u64>,
    #[serde(borrow, default)]
    package: Vec<Package<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Package<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Option<Text<'a>>,
    source: Option<Source<'a>>,
    #[serde(default)]
    dependencies: Vec<Dependency<'a>>,
    #[serde(default)]
    optional_dependencies: Members<'a, Vec<Dependency<'a>>>,
    #[serde(default)]
    dev_dependencies: Members<'a, Vec<Dependency<'a>>>,
}

#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow)]
    registry: Option<Loose<'a>>,
    r#virtual: Option<Loose<'a>>,
    editable: Option<Loose<'a>>,
}

#[derive(Deserialize)]
struct Dependency<'a> {
    #[serde(borrow)]
    name: Text<'a>,
}

impl Package<'_> {
    fn is_of_registry(&self) -> bool {
        self.source.as_ref().is_none_or(|source| source.registry.is_some())
    }

    /// Whether it is the project or a member of its workspace.
    fn is_project(&self) -> bool {
        self.source.as_ref().is_some_and(|source| source.r#virtual.is_some() || source.editable.is_some())
    }

    fn needs(&self) -> impl Iterator<Item = &str> {
        let optional = self.optional_dependencies.0.iter().flat_map(|(_, needs)| needs);
        self.dependencies.iter().chain(optional).map(|dependency| &*dependency.name)
    }
}

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let lock: UvLock<'_> = syntax::toml(bytes)?;
    if let Some(version) = lock.version.filter(|version| *version > 1) {
        return Err(ParseError::UnknownVersion { version: version.to_string() });
    }
    let development = only_for_development(&lock.package);
    let mut parsed = Parsed::default();
    for package in lock.package.iter().filter(|package| package.is_of_registry()) {
        match &package.version {
            None => parsed.wrong(&package.name, "has no version"),
            Some(version) => parsed.add(Found {
                development: development.contains(&*package.name),
                ..Found::locked(Ecosystem::Pypi, &package.name, version)
            }),
        }
    }
    Ok(parsed)
}

/// Names that the project needs in its groups for development, and not otherwise.
fn only_for_development<'p>(packages: &'p [Package<'_>]) -> HashSet<&'p str> {
    let mut by_name: HashMap<&str, Vec<&Package<'_>>> = HashMap::new();
    for package in packages {
        by_name.entry(&package.name).or_default().push(package);
    }
    let reach = |start: Vec<&'p str>| {
        let mut reached = HashSet::new();
        let mut pending = start;
        while let Some(name) = pending.pop() {
            if reached.insert(name) {
                pending.extend(by_name.get(name).into_iter().flatten().flat_map(|package| package.needs()));
            }
        }
        reached
    };
    let projects = || packages.iter().filter(|package| package.is_project());
    let needed = reach(projects().flat_map(Package::needs).collect());
    let groups = projects().flat_map(|project| project.dev_dependencies.0.iter().flat_map(|(_, needs)| needs));
    let reached = reach(groups.map(|dependency| &*dependency.name).collect());
    reached.difference(&needed).copied().collect()
}
