//! `poetry.lock` (Poetry documentation, "Basic usage"; the format is what Poetry 1 and 2 write).
//!
//! What comes from git, a directory, a file or an address is left out. Surprising: Poetry 1.0 to 1.4 had a category,
//! later ones said nothing, and since 2.0 there are groups; every group but `main` is one for development.

use assay_model::ecosystem::Ecosystem;
use serde::Deserialize;

use super::syntax::{self, Text};
use crate::libraries::found::{Found, ParseError, Parsed};

#[derive(Deserialize)]
struct PoetryLock<'a> {
    #[serde(borrow, default)]
    package: Vec<Package<'a>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    category: Option<Text<'a>>,
    #[serde(default)]
    groups: Vec<Text<'a>>,
    source: Option<Source<'a>>,
}

#[derive(Deserialize)]
struct Source<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let lock: PoetryLock<'_> = syntax::toml(bytes)?;
    let mut parsed = Parsed::default();
    for package in lock.package {
        // `legacy` is another registry of the same interface (PEP 503).
        if package.source.is_some_and(|source| &*source.kind != "legacy") {
            continue;
        }
        let is_in_category = package.category.is_some_and(|category| &*category == "dev");
        let is_in_groups = !package.groups.is_empty() && package.groups.iter().all(|group| &**group != "main");
        parsed.add(Found {
            development: is_in_category || is_in_groups,
            ..Found::locked(Ecosystem::Pypi, &package.name, &package.version)
        });
    }
    Ok(parsed)
}
