//! `gradle.lockfile` and `buildscript-gradle.lockfile` (Gradle documentation, "Locking Versions").
//!
//! A line is `group:artifact:version=configuration,configuration`. Surprising: `empty=` lists the configurations that have
//! nothing, and names of configurations are free; Gradle's own for tests begin with `test`.

use assay_model::ecosystem::Ecosystem;

use super::syntax;
use crate::libraries::found::{Found, ParseError, Parsed};

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let text = syntax::text(bytes)?;
    let mut parsed = Parsed::default();
    for (line, content) in (1..).zip(text.lines().map(str::trim)) {
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let (coordinates, configurations) = match content.split_once('=') {
            Some(("empty", _)) => continue,
            Some(parts) => parts,
            None => (content, ""),
        };
        let parts: Vec<&str> = coordinates.split(':').collect();
        let [group, artifact, version] = parts[..] else {
            parsed.tell(ParseError::Line { line, what: "is no `group:artifact:version=configurations`" });
            continue;
        };
        parsed.add(Found {
            development: configurations.split(',').all(|configuration| configuration.starts_with("test")),
            ..Found::locked(Ecosystem::Maven, &format!("{group}:{artifact}"), version)
        });
    }
    Ok(parsed)
}
