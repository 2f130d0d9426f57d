//! `pdm.lock` (PDM documentation, "Lock file").
//!
//! What comes from git, a path or an address is left out. Surprising: extras of the project and groups for development
//! are both `groups`, so that only PDM's own default group `dev` is sure to be for development.

use assay_model::ecosystem::Ecosystem;
use serde::Deserialize;

use super::syntax::{self, Loose, Text};
use crate::libraries::found::{Found, ParseError, Parsed};

#[derive(Deserialize)]
struct PdmLock<'a> {
    #[serde(borrow, default)]
    package: Vec<Package<'a>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    #[serde(default)]
    groups: Vec<Text<'a>>,
    git: Option<Loose<'a>>,
    path: Option<Loose<'a>>,
    url: Option<Loose<'a>>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let lock: PdmLock<'_> = syntax::toml(bytes)?;
    let mut parsed = Parsed::default();
    for package in lock.package {
        if package.git.is_some() || package.path.is_some() || package.url.is_some() {
            continue;
        }
        parsed.add(Found {
            development: !package.groups.is_empty() && package.groups.iter().all(|group| &**group == "dev"),
            ..Found::locked(Ecosystem::Pypi, &package.name, &package.version)
        });
    }
    Ok(parsed)
}
