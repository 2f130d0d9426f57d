//! `packages.config` of NuGet (NuGet documentation, "packages.config reference").
//!
//! Surprising: `version` is exact, and `allowedVersions` beside it only bounds updates.

use assay_model::ecosystem::Ecosystem;

use super::xml::{self, Step};
use crate::libraries::found::{Found, ParseError, Parsed};

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let mut parsed = Parsed::default();
    xml::walk(bytes, |path, step| {
        let Step::Start(attributes) = step else {
            return;
        };
        if path != ["packages", "package"] {
            return;
        }
        let value = |wanted: &str| {
            let found = attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map_or("", |(_, value)| value.trim())
        };
        parsed.add(Found {
            development: value("developmentDependency").eq_ignore_ascii_case("true"),
            ..Found::locked(Ecosystem::Nuget, value("id"), value("version"))
        });
    })?;
    Ok(parsed)
}
