//! `packages.lock.json` of NuGet, versions 1 and 2 (NuGet documentation, "Locking dependencies").
//!
//! Projects are left out. Surprising: each target framework has its own list, and they may differ in versions.

use assay_model::ecosystem::Ecosystem;
use serde::Deserialize;

use super::syntax::{self, Loose, Members};
use crate::libraries::found::{Found, ParseError, Parsed};

const NEWEST: u64 = 2;

#[derive(Deserialize)]
struct NugetLock<'a> {
    version: Option<u64>,
    #[serde(borrow)]
    dependencies: Option<Members<'a, Members<'a, Package<'a>>>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Loose<'a>,
    #[serde(default)]
    resolved: Loose<'a>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let lock: NugetLock<'_> = syntax::json(bytes)?;
    if let Some(version) = lock.version.filter(|version| *version > NEWEST) {
        return Err(ParseError::UnknownVersion { version: version.to_string() });
    }
    let Some(frameworks) = lock.dependencies else {
        return Err(ParseError::Missing { what: "dependencies" });
    };
    let mut parsed = Parsed::default();
    for (name, package) in frameworks.0.into_iter().flat_map(|(_, packages)| packages.0) {
        match package.resolved.0.as_deref() {
            _ if package.kind.0.as_deref() == Some("Project") => {}
            Some(version) => parsed.add(Found::locked(Ecosystem::Nuget, &name, version)),
            None => parsed.wrong(&name, "has no version"),
        }
    }
    Ok(parsed)
}
