//! Reading a bill of any format as evidence.

use assay_model::evidence::library::{Libraries, Library, LibraryKind};
use assay_model::evidence::operating_system::OperatingSystem;
use assay_model::evidence::package::{Package, Packages};
use assay_model::evidence::{Collected, Evidence, HostIdentity, Problem, ProblemKind, SourceKind};
use assay_model::{Timestamp, ecosystem::Ecosystem};
use serde::Deserialize;

use crate::error::SbomError;
use crate::kernel_role::role_of;
use crate::packages::{StatedSource, library_name, operating_system, os_of_distro, package_of, sort_packages};
use crate::purl::Purl;
use crate::{cyclonedx, spdx};

/// The largest document that is read.
pub const MAX_BYTES: u64 = 512 << 20;

/// The most components that are read.
pub(crate) const MAX_COMPONENTS: usize = 2_000_000;

/// The most components that are named as problems one by one.
pub(crate) const MAX_PROBLEMS: usize = 100;

/// One component of a bill, as far as it matters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Component {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) purl: Option<String>,
    /// Whether it is an operating system.
    pub(crate) is_os: bool,
    /// Whether it is something that is no package by its nature: a file, the described thing itself.
    pub(crate) is_no_package: bool,
    pub(crate) locations: Vec<String>,
    pub(crate) source: StatedSource,
    /// What our own bills say of the operating system.
    pub(crate) os: Option<OperatingSystem>,
}

/// What a bill describes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bill {
    pub(crate) subject: Option<String>,
    pub(crate) components: Vec<Component>,
}

impl Bill {
    pub(crate) fn push(&mut self, component: Component) -> Result<(), SbomError> {
        if self.components.len() >= MAX_COMPONENTS {
            return Err(SbomError::TooManyComponents { limit: MAX_COMPONENTS });
        }
        self.components.push(component);
        Ok(())
    }
}

#[derive(Deserialize)]
struct Head {
    #[serde(default, rename = "bomFormat")]
    bom_format: Option<String>,
    #[serde(default, rename = "spdxVersion")]
    spdx_version: Option<String>,
    #[serde(default, rename = "@context")]
    context: Option<serde_json::Value>,
}

/// Reads CycloneDX 1.x, SPDX 2.x or SPDX 3.0 in JSON as evidence of the sections os, packages and libraries.
///
/// `identity` is the agent id to give the host, `now` the time to give the evidence.
///
/// # Errors
///
/// When it is too large, no JSON, or of another format. A component that cannot be used is a problem of the evidence.
pub fn read(bytes: &[u8], agent_id: &str, collector: &str, now: Timestamp) -> Result<Evidence, SbomError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(SbomError::TooLarge { bytes: bytes.len() as u64, limit: MAX_BYTES });
    }
    let head: Head = serde_json::from_slice(bytes)?;
    let bill = if head.bom_format.as_deref() == Some("CycloneDX") {
        cyclonedx::read(bytes)?
    } else if head.spdx_version.is_some() {
        spdx::read(bytes)?
    } else if head.context.is_some() {
        spdx::read_graph(bytes)?
    } else {
        return Err(SbomError::UnknownFormat);
    };
    let host = HostIdentity {
        agent_id: agent_id.to_owned(),
        hostname: bill.subject.clone().unwrap_or_else(|| "unnamed".to_owned()),
        ipv4_addresses: Vec::new(),
    };
    Ok(evidence_of(bill, Evidence::empty(SourceKind::Sbom, host, collector, now)))
}

#[derive(Default)]
struct Sorter {
    os: Option<OperatingSystem>,
    distro: Option<String>,
    format: Option<&'static str>,
    packages: Vec<Package>,
    libraries: Vec<Library>,
    problems: Vec<Problem>,
    unnamed_problems: usize,
}

fn evidence_of(bill: Bill, mut evidence: Evidence) -> Evidence {
    let mut sorter = Sorter::default();
    for component in bill.components {
        sorter.sort(component);
    }
    let Sorter { os, distro, format, mut packages, mut libraries, mut problems, unnamed_problems } = sorter;
    if unnamed_problems > 0 {
        let detail = format!("{unnamed_problems} more components cannot be used");
        problems.push(Problem::new("components", ProblemKind::NotSupported, detail));
    }
    evidence.os = match os.or_else(|| distro.as_deref().and_then(os_of_distro)) {
        Some(os) => Collected::complete(os),
        None => Collected::unavailable(Problem::new(
            "components",
            ProblemKind::NotFound,
            "the bill names no operating system, and none of its packages names a distribution",
        )),
    };
    sort_packages(&mut packages);
    libraries.sort();
    libraries.dedup();
    evidence.packages = match format {
        Some(format) => {
            Collected::partial(Packages { format: format.to_owned(), packages, repositories: Vec::new() }, problems)
        }
        None => Collected::partial(Packages { format: "none".to_owned(), ..Packages::default() }, problems),
    };
    evidence.libraries = Collected::complete(Libraries { libraries });
    evidence
}

impl Sorter {
    fn sort(&mut self, component: Component) {
        if component.is_os {
            let version = Some(component.version.as_str()).filter(|version| !version.is_empty());
            self.os = Some(component.os.unwrap_or_else(|| operating_system(&component.name, version)));
            return;
        }
        if component.is_no_package {
            return;
        }
        let Some(text) = &component.purl else {
            return self.tell(&component.name, "it has no package URL");
        };
        let purl: Purl = match text.parse() {
            Ok(purl) => purl,
            Err(error) => return self.tell(&component.name, &error.to_string()),
        };
        let format = match purl.purl_type.as_str() {
            "deb" => "dpkg",
            "rpm" => "rpm",
            "apk" => "apk",
            "opkg" => "opkg",
            purl_type => {
                let Some(ecosystem) = Ecosystem::from_purl_type(purl_type) else {
                    return self.tell(&component.name, &format!("packages of type {purl_type} are not judged"));
                };
                return self.library(ecosystem, &purl, &component);
            }
        };
        if purl.version.is_empty() {
            return self.tell(&component.name, "its package URL has no version");
        }
        if *self.format.get_or_insert(format) != format {
            return self.tell(&component.name, "it is of another package manager than the packages before it");
        }
        if self.distro.is_none() {
            self.distro = purl.qualifier("distro").map(str::to_owned);
        }
        let mut package = package_of(&purl, &component.source);
        package.role = role_of(format, &package.name, &package.source_name);
        self.packages.push(package);
    }

    fn library(&mut self, ecosystem: Ecosystem, purl: &Purl, component: &Component) {
        if purl.version.is_empty() {
            return self.tell(&component.name, "its package URL has no version");
        }
        let locations = if component.locations.is_empty() { vec![String::new()] } else { component.locations.clone() };
        for location in locations {
            self.libraries.push(Library {
                ecosystem,
                name: library_name(ecosystem, purl),
                version: purl.version.clone(),
                location,
                kind: LibraryKind::Installed,
                owner: None,
                development: false,
            });
        }
    }

    fn tell(&mut self, name: &str, detail: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            let name = name.chars().take(200).collect::<String>();
            self.problems.push(Problem::new(name, ProblemKind::NotSupported, detail));
        } else {
            self.unnamed_problems += 1;
        }
    }
}
