//! What `cargo metadata` says, cut down to what the checks need. Nothing is fetched: `--offline --locked`.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use super::tree::command_output;
use crate::error::XtaskError;

/// The packages of the workspace and all that they depend on, on the platform that Assay runs on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Metadata {
    /// Every package.
    pub(crate) packages: Vec<Package>,
}

/// One package.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Package {
    /// Name.
    pub(crate) name: String,
    /// Version.
    pub(crate) version: String,
    /// An SPDX expression, or cargo's old form with `/`.
    pub(crate) license: Option<String>,
    /// Where it comes from; absent for packages of the workspace.
    pub(crate) source: Option<String>,
    /// What it asks for, absent features included.
    #[serde(default)]
    pub(crate) dependencies: Vec<Dependency>,
    /// Its id in the resolution.
    #[serde(default)]
    pub(crate) id: String,
}

/// One dependency as declared.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Dependency {
    /// Name of the package.
    pub(crate) name: String,
    /// Absent for normal ones, else `dev` or `build`.
    pub(crate) kind: Option<String>,
}

#[derive(Deserialize)]
struct Document {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
}

impl Metadata {
    /// Asks cargo.
    pub(crate) fn read(root: &Path) -> Result<Metadata, XtaskError> {
        let text = command_output(Command::new("cargo").current_dir(root).args([
            "metadata",
            "--offline",
            "--locked",
            "--format-version=1",
            "--filter-platform=x86_64-unknown-linux-gnu",
        ]))?;
        let document: Document = serde_json::from_str(&text).map_err(|cause| XtaskError::Metadata { cause })?;
        let is_used = |package: &Package| document.resolve.nodes.iter().any(|node| node.id == package.id);
        Ok(Metadata { packages: document.packages.into_iter().filter(is_used).collect() })
    }

    /// The packages of the workspace.
    pub(crate) fn own(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.source.is_none())
    }

    /// The packages from elsewhere.
    pub(crate) fn foreign(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.source.is_some())
    }
}

impl Package {
    /// What it needs when it is used or built; what only its tests need is left out.
    pub(crate) fn needs(&self) -> impl Iterator<Item = &str> {
        self.dependencies
            .iter()
            .filter(|dependency| dependency.kind.as_deref() != Some("dev"))
            .map(|dependency| dependency.name.as_str())
    }
}
