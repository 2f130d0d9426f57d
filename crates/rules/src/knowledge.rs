//! Knowledge base: the rules packages that Assay brings along, and what the user adds.
//!
//! The files under `knowledge/` are embedded when the crate is compiled; a folder laid out like it, one folder for each
//! rules package by its slug, adds rules or replaces those with the same id.

use std::collections::BTreeMap;
use std::path::Path;

use assay_model::evidence::request::CollectionRequest;
use assay_model::rules_package::RulesPackageKind;
use rust_embed::RustEmbed;

use crate::error::RulesError;
use crate::package::{Files, RulesPackage, read_directory};

#[derive(RustEmbed)]
#[folder = "../../knowledge"]
struct Embedded;

/// The native rules packages.
#[derive(Clone, Debug)]
pub struct KnowledgeBase {
    packages: Vec<RulesPackage>,
}

impl KnowledgeBase {
    /// The knowledge that is embedded.
    ///
    /// # Errors
    ///
    /// When an embedded file is not well-formed, which only a defect of this crate can cause, and a test excludes.
    pub fn embedded() -> Result<KnowledgeBase, RulesError> {
        KnowledgeBase::from_folders(&embedded_folders())
    }

    /// The embedded knowledge, and over it a folder of the user's: `<folder>/<slug>/*.yaml`. A package that is not
    /// embedded needs a `package.yaml`; one that is must not repeat it.
    ///
    /// # Errors
    ///
    /// The first mistake in the folder, with its place.
    pub fn with_directory(directory: &Path) -> Result<KnowledgeBase, RulesError> {
        let folders = embedded_folders();
        let mut base = KnowledgeBase::from_folders(&folders)?;
        for kind in RulesPackageKind::ALL {
            let folder = directory.join(kind.slug());
            if !folder.is_dir() {
                continue;
            }
            let files = read_directory(&folder)?;
            let name = folder.to_string_lossy();
            match base.packages.iter_mut().find(|package| package.kind == kind) {
                Some(package) => {
                    let embedded = folders.get(kind.slug()).cloned().unwrap_or_default();
                    package.overlay(&name, &embedded, &files)?;
                }
                None => {
                    let package = RulesPackage::from_files(&name, &files)?;
                    base.packages.push(package.ok_or_else(|| RulesError::MissingPackage { path: folder.clone() })?);
                }
            }
        }
        base.packages.sort_by_key(|package| package.kind);
        Ok(base)
    }

    fn from_folders(folders: &BTreeMap<String, Files>) -> Result<KnowledgeBase, RulesError> {
        let mut packages = Vec::new();
        for (folder, files) in folders {
            packages.extend(RulesPackage::from_files(&format!("knowledge/{folder}"), files)?);
        }
        packages.sort_by_key(|package: &RulesPackage| package.kind);
        Ok(KnowledgeBase { packages })
    }

    /// The packages, in the order of the command line.
    pub fn packages(&self) -> &[RulesPackage] {
        &self.packages
    }

    /// The native rules of a package, where it has some.
    pub fn package(&self, kind: RulesPackageKind) -> Option<&RulesPackage> {
        self.packages.iter().find(|package| package.kind == kind)
    }

    /// The native rules of a package, to set their parameters.
    pub fn package_mut(&mut self, kind: RulesPackageKind) -> Option<&mut RulesPackage> {
        self.packages.iter_mut().find(|package| package.kind == kind)
    }

    /// What all rules need collected.
    pub fn request(&self) -> CollectionRequest {
        let mut request = CollectionRequest::default();
        self.packages.iter().for_each(|package| request.merge(&package.request()));
        request
    }
}

/// The embedded files by folder.
fn embedded_folders() -> BTreeMap<String, Files> {
    let mut folders: BTreeMap<String, Files> = BTreeMap::new();
    for path in Embedded::iter() {
        let Some((folder, name)) = path.rsplit_once('/').filter(|(_, name)| name.ends_with(".yaml")) else {
            continue;
        };
        if let Some(file) = Embedded::get(&path) {
            folders.entry(folder.to_owned()).or_default().insert(name.to_owned(), file.data.into_owned());
        }
    }
    folders
}
