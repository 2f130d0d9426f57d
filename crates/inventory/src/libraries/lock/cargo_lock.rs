//! `Cargo.lock`, versions 1 to 4 (the Cargo Book, "Cargo.toml vs Cargo.lock").
//!
//! Packages without a source are members of the workspace or path dependencies; those from git are no release of a
//! registry. Both are left out. Surprising: whether a package is needed for tests only is not in this file.

use assay_model::ecosystem::Ecosystem;
use serde::Deserialize;

use super::syntax::{self, Text};
use crate::libraries::found::{Found, ParseError, Parsed};

const NEWEST: u64 = 4;

#[derive(Deserialize)]
struct CargoLock<'a> {
    version: Option<u64>,
    #[serde(borrow, default)]
    package: Vec<Package<'a>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    source: Option<Text<'a>>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let lock: CargoLock<'_> = syntax::toml(bytes)?;
    if let Some(version) = lock.version.filter(|version| *version > NEWEST) {
        return Err(ParseError::UnknownVersion { version: version.to_string() });
    }
    let mut parsed = Parsed::default();
    for package in lock.package {
        let is_of_registry =
            package.source.is_some_and(|source| source.starts_with("registry+") || source.starts_with("sparse+"));
        if is_of_registry {
            parsed.add(Found::locked(Ecosystem::CratesIo, &package.name, &package.version));
        }
    }
    Ok(parsed)
}
