//! Packages of programming languages: installed, locked by a project, or built into a program.

use serde::{Deserialize, Serialize};

use crate::ecosystem::Ecosystem;

/// How a library was found, which says how sure it is that its code is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LibraryKind {
    /// Metadata of an installed library: `dist-info`, `node_modules`, a gemspec, a jar.
    Installed,
    /// Built into a program, which says so itself: Go, cargo-auditable, `deps.json`.
    Embedded,
    /// A lock file names it: it is what an installation would bring, not what is installed.
    Locked,
}

/// One library at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Library {
    /// Ecosystem, which is part of its identity.
    pub ecosystem: Ecosystem,
    /// Name as its ecosystem's registry writes it: PEP 503 form for Python, `@scope/name` for npm, `group:artifact` for
    /// Maven, the module path for Go (`stdlib` for Go itself). Small letters for NuGet and Packagist, which ignore case.
    pub name: String,
    /// Version as found; Go versions keep their `v`, but for `stdlib`.
    pub version: String,
    /// The file that says so; `outer.jar!/inner.jar` for what lies in an archive.
    pub location: String,
    /// How it was found.
    pub kind: LibraryKind,
    /// The package of the operating system that owns that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whether it is needed for development or tests only, where the lock file says.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub development: bool,
}

/// All libraries, sorted, each once per place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Libraries {
    /// Libraries.
    pub libraries: Vec<Library>,
}
