//! `NAME.deps.json`, which .NET writes beside a program it builds (.NET documentation, "runtime-configuration-file").
//!
//! Packages are built into the program or lie beside it. Surprising: a program that brings its own .NET has that as a
//! library whose name begins with `runtimepack.`; the rest is the package that advisories about .NET name.

use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::library::LibraryKind;
use serde::Deserialize;

use super::syntax::{self, Loose, Members};
use crate::libraries::found::{Found, ParseError, Parsed};

#[derive(Deserialize)]
struct DepsJson<'a> {
    #[serde(borrow)]
    libraries: Option<Members<'a, Library<'a>>>,
}

#[derive(Deserialize)]
struct Library<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Loose<'a>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let deps: DepsJson<'_> = syntax::json(bytes)?;
    let Some(libraries) = deps.libraries else {
        return Err(ParseError::Missing { what: "libraries" });
    };
    let mut parsed = Parsed::default();
    for (key, library) in libraries.0 {
        let name = match library.kind.0.as_deref() {
            Some(kind) if kind.eq_ignore_ascii_case("package") => &*key,
            Some(kind) if kind.eq_ignore_ascii_case("runtimepack") => key.strip_prefix("runtimepack.").unwrap_or(&key),
            _ => continue,
        };
        match name.split_once('/') {
            Some((name, version)) => {
                parsed.add(Found { kind: LibraryKind::Embedded, ..Found::locked(Ecosystem::Nuget, name, version) })
            }
            None => parsed.wrong(name, "has no version"),
        }
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_brings_its_runtime() {
        let text = r#"{"libraries":{"App/1.0.0":{"type":"project"},
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/6.0.1":{"type":"runtimepack"},
            "Newtonsoft.Json/13.0.1":{"type":"package"}, "System.X/1.0.0.0":{"type":"referenceassembly"}}}"#;
        let parsed = parse(text.as_bytes()).unwrap().finish();
        let found: Vec<_> = parsed.found.iter().map(|found| (found.name.as_str(), found.version.as_str())).collect();
        assert_eq!(found, [("microsoft.netcore.app.runtime.linux-x64", "6.0.1"), ("newtonsoft.json", "13.0.1")]);
        assert!(parsed.found.iter().all(|found| found.kind == LibraryKind::Embedded));
    }
}
