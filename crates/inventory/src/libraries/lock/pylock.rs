//! `pylock.toml` and `pylock.NAME.toml` (PyPA specification "pylock.toml", PEP 751), version 1.
//!
//! What comes from version control, a directory or an archive's address is left out. Surprising: `version` may be absent
//! where the version is made while building; such a package is told.

use assay_model::ecosystem::Ecosystem;
use serde::Deserialize;

use super::syntax::{self, Loose, Text};
use crate::libraries::found::{Found, ParseError, Parsed, shorten};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Pylock<'a> {
    #[serde(borrow)]
    lock_version: Option<Text<'a>>,
    #[serde(default)]
    packages: Vec<Package<'a>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Option<Text<'a>>,
    vcs: Option<Loose<'a>>,
    directory: Option<Loose<'a>>,
    archive: Option<Loose<'a>>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let lock: Pylock<'_> = syntax::toml(bytes)?;
    if let Some(version) = lock.lock_version.filter(|version| !version.starts_with("1.")) {
        return Err(ParseError::UnknownVersion { version: shorten(&version) });
    }
    let mut parsed = Parsed::default();
    for package in lock.packages {
        if package.vcs.is_some() || package.directory.is_some() || package.archive.is_some() {
            continue;
        }
        match &package.version {
            Some(version) => parsed.add(Found::locked(Ecosystem::Pypi, &package.name, version)),
            None => parsed.wrong(&package.name, "has no version"),
        }
    }
    Ok(parsed)
}
