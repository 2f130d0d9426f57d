//! What one erratum of AlmaLinux or Rocky Linux says, as they write it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::notice::{Fix, Notice, Output, UpdatedPackage, evr, module_of_release};
use crate::CveId;
use crate::json::few;
use crate::platform::Platform;
use crate::scope::Scope;

/// An erratum of AlmaLinux.
#[derive(Deserialize)]
pub(crate) struct AlmaErratum {
    #[serde(default, alias = "updateinfo_id")]
    id: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default, deserialize_with = "few::<100_000, _, _>")]
    packages: Vec<AlmaPackage>,
    /// Only in the older document.
    pkglist: Option<AlmaPackageList>,
    #[serde(default, deserialize_with = "few::<20_000, _, _>")]
    references: Vec<Reference>,
}

#[derive(Deserialize)]
struct AlmaPackageList {
    #[serde(default, deserialize_with = "few::<100_000, _, _>")]
    packages: Vec<AlmaPackage>,
    module: Option<Module>,
}

#[derive(Deserialize)]
struct Module {
    name: String,
    stream: String,
}

#[derive(Deserialize)]
struct AlmaPackage {
    name: String,
    #[serde(default)]
    epoch: String,
    version: String,
    release: String,
    #[serde(default)]
    arch: String,
    /// `NAME:STREAM:VERSION:CONTEXT:ARCHITECTURE`.
    module: Option<String>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    id: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    href: String,
}

impl AlmaErratum {
    /// The notice; nothing when it is about no vulnerability.
    pub(crate) fn into_notice(self, output: &mut Output<'_>) -> Option<Notice> {
        if self.id.is_empty() {
            output.malformed("erratum", "it has no id");
            return None;
        }
        let mut notice = Notice { id: self.id, severity: self.severity, title: self.title, ..Notice::default() };
        notice.description = self.description;
        for reference in self.references {
            match reference.kind.as_str() {
                "self" => notice.reference = reference.href,
                "cve" => add_fix(&mut notice, &reference.id, Vec::new(), output),
                _ => {}
            }
        }
        if notice.fixes.is_empty() && self.kind != "security" {
            return None;
        }
        name_itself(&mut notice);
        let (listed, module) = self.pkglist.map_or_else(Default::default, |list| (list.packages, list.module));
        let module = module.map(|module| format!("{}:{}", module.name, module.stream));
        for package in self.packages.into_iter().chain(listed) {
            let evr = evr(&package.epoch, &package.version, &package.release);
            let own = package.module.as_deref().and_then(name_and_stream);
            let module = own.or_else(|| module.clone()).or_else(|| module_of_release(&evr));
            let architecture = package.arch;
            notice.packages.push(UpdatedPackage { name: package.name, evr, architecture, module, channel: None });
        }
        notice.packages.retain(|package| package.architecture != "src");
        Some(notice)
    }
}

/// An advisory of the Rocky Linux errata API; version 2 and version 3 name their members differently.
#[derive(Deserialize)]
pub(crate) struct RockyAdvisory {
    #[serde(default)]
    name: String,
    #[serde(default, alias = "type")]
    kind: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    synopsis: String,
    #[serde(default)]
    description: String,
    #[serde(default, deserialize_with = "few::<20_000, _, _>")]
    cves: Vec<RockyCve>,
    /// Version 3.
    #[serde(default, deserialize_with = "few::<100_000, _, _>")]
    packages: Vec<RockyPackage>,
    /// Version 2, by product.
    #[serde(default)]
    rpms: BTreeMap<String, RockyFiles>,
}

#[derive(Deserialize)]
struct RockyCve {
    #[serde(alias = "name")]
    cve: String,
    #[serde(default, alias = "cvss3ScoringVector")]
    cvss3_scoring_vector: Option<String>,
}

#[derive(Deserialize)]
struct RockyPackage {
    nevra: String,
    module_name: Option<String>,
    module_stream: Option<String>,
    #[serde(default)]
    product_name: String,
}

#[derive(Deserialize)]
struct RockyFiles {
    #[serde(default, deserialize_with = "few::<100_000, _, _>")]
    nvras: Vec<String>,
}

impl RockyAdvisory {
    /// One notice for each major release that it has packages for; none when it is about no vulnerability.
    pub(crate) fn into_notices(self, output: &mut Output<'_>) -> BTreeMap<Scope, Notice> {
        let mut packages = self.packages;
        for (product_name, files) in self.rpms {
            packages.extend(files.nvras.into_iter().map(|nevra| {
                let product_name = product_name.clone();
                RockyPackage { nevra, module_name: None, module_stream: None, product_name }
            }));
        }
        let mut about = Notice { id: self.name, title: self.synopsis, ..Notice::default() };
        about.severity = self.severity.trim_start_matches("SEVERITY_").to_owned();
        about.description = self.description;
        if about.id.is_empty() {
            output.malformed("advisory", "it has no name");
            return BTreeMap::new();
        }
        for cve in self.cves {
            let vector = cve.cvss3_scoring_vector.filter(|vector| vector.starts_with("CVSS:"));
            add_fix(&mut about, &cve.cve, vector.into_iter().collect(), output);
        }
        let is_security = ["Security", "TYPE_SECURITY"].contains(&self.kind.as_str());
        if about.fixes.is_empty() && !is_security {
            return BTreeMap::new();
        }
        name_itself(&mut about);
        let mut of_scope: BTreeMap<Scope, Vec<UpdatedPackage>> = BTreeMap::new();
        for package in packages {
            let Some(scope) = scope_of_product(&package.product_name) else {
                output.malformed(&about.id, &format!("the product {:.64?} is not known", package.product_name));
                continue;
            };
            let Some((name, evr, architecture)) = parts_of_nevra(&package.nevra) else {
                output.malformed(&about.id, &format!("{:.64?} is no name of a package's file", package.nevra));
                continue;
            };
            let named = package.module_name.zip(package.module_stream);
            let module = named.map(|(name, stream)| format!("{name}:{stream}")).or_else(|| module_of_release(evr));
            let (name, evr, architecture) = (name.to_owned(), evr.to_owned(), architecture.to_owned());
            if architecture != "src" {
                let package = UpdatedPackage { name, evr, architecture, module, channel: None };
                of_scope.entry(scope).or_default().push(package);
            }
        }
        let notice_of = |packages| Notice { packages, ..about.without_packages() };
        of_scope.into_iter().map(|(scope, packages)| (scope, notice_of(packages))).collect()
    }
}

impl Notice {
    fn without_packages(&self) -> Notice {
        let copy = |fix: &Fix| Fix { id: fix.id.clone(), cvss: fix.cvss.clone(), severity: fix.severity.clone() };
        Notice {
            id: self.id.clone(),
            severity: self.severity.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            reference: self.reference.clone(),
            fixes: self.fixes.iter().map(copy).collect(),
            packages: Vec::new(),
        }
    }
}

fn add_fix(notice: &mut Notice, id: &str, cvss: Vec<String>, output: &mut Output<'_>) {
    match id.parse::<CveId>() {
        Ok(cve) if notice.fixes.iter().any(|fix| fix.id == cve.to_string()) => {}
        Ok(cve) => notice.fixes.push(Fix { id: cve.to_string(), cvss, ..Fix::default() }),
        Err(error) => output.malformed(&notice.id, &error.to_string()),
    }
}

/// A notice that names no vulnerability is one.
fn name_itself(notice: &mut Notice) {
    if notice.fixes.is_empty() {
        notice.fixes.push(Fix { id: notice.id.clone(), ..Fix::default() });
    }
}

/// `mariadb:10.3` of `mariadb:10.3:8050020220427075058:c5368500:x86_64`.
fn name_and_stream(module: &str) -> Option<String> {
    let mut parts = module.split(':');
    let (name, stream) = (parts.next()?, parts.next()?);
    (!name.is_empty() && !stream.is_empty()).then(|| format!("{name}:{stream}"))
}

/// `rocky-8` of `Rocky Linux 8 x86_64` and of `Rocky Linux 8.4 x86_64 (Legacy)`: updates of a minor release that has
/// ended are those of its major one.
fn scope_of_product(product: &str) -> Option<Scope> {
    let release = product.strip_prefix("Rocky Linux ")?.split(' ').next()?;
    let major = release.split('.').next()?;
    let is_number = major.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Scope::new(Platform::Rocky, major).ok()).flatten()
}

/// `delve`, `0:1.25.2-1.el10_1`, `aarch64` of `delve-0:1.25.2-1.el10_1.aarch64.rpm`.
fn parts_of_nevra(file: &str) -> Option<(&str, &str, &str)> {
    let (rest, architecture) = file.strip_suffix(".rpm").unwrap_or(file).rsplit_once('.')?;
    let (before_release, _) = rest.rsplit_once('-')?;
    let (name, _) = before_release.rsplit_once('-')?;
    Some((name, rest.get(name.len() + 1..)?, architecture))
}
