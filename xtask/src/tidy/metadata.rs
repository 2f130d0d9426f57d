//! What `cargo metadata` says, cut down to what the checks need. Nothing is fetched: `--offline --locked`.

use std::collections::BTreeSet;
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
    /// The names of all packages that the agent's library is built from.
    #[serde(skip)]
    pub(crate) agent: BTreeSet<String>,
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
}

/// The platform that Assay runs on.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

impl Metadata {
    /// Asks cargo.
    pub(crate) fn read(root: &Path) -> Result<Metadata, XtaskError> {
        let mut metadata = Command::new("cargo");
        metadata.current_dir(root).args([
            "metadata",
            "--offline",
            "--locked",
            "--format-version=1",
            "--filter-platform",
            PLATFORM,
        ]);
        let document: Document =
            serde_json::from_str(&command_output(&mut metadata)?).map_err(|cause| XtaskError::Metadata { cause })?;
        // `metadata` also lists packages that only a feature nobody asks for would bring; `tree` does not.
        let used: BTreeSet<String> = cargo_tree(root, &["--workspace", "--edges=normal,build,dev"])?.collect();
        let agent = cargo_tree(root, &["--package=assay-agent", "--edges=normal"])?;
        let agent = agent.filter_map(|line| Some(line.split_once(' ')?.0.to_owned())).collect();
        let is_used = |package: &Package| used.contains(&format!("{} v{}", package.name, package.version));
        Ok(Metadata { packages: document.packages.into_iter().filter(is_used).collect(), agent })
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

/// `serde v1.0.0` for each package that `cargo tree` lists.
fn cargo_tree(root: &Path, selection: &[&str]) -> Result<impl Iterator<Item = String>, XtaskError> {
    let mut tree = Command::new("cargo");
    tree.current_dir(root).args(["tree", "--offline", "--locked", "--all-features", "--target", PLATFORM]);
    tree.args(["--prefix=none", "--format={p}"]).args(selection);
    let lines: Vec<String> = command_output(&mut tree)?.lines().filter_map(name_and_version).collect();
    Ok(lines.into_iter())
}

/// `serde v1.0.0` of a line of `cargo tree`, which may go on with a path or a remark.
fn name_and_version(line: &str) -> Option<String> {
    let mut words = line.split(' ');
    Some(format!("{} {}", words.next()?, words.next()?))
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
