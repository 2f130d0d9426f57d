//! Reads CycloneDX of any version 1.x in JSON.

use assay_model::evidence::operating_system::OperatingSystem;
use serde::Deserialize;

use crate::error::SbomError;
use crate::packages::{StatedSource, operating_system};
use crate::read::{Bill, Component};

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    metadata: Option<Metadata>,
    #[serde(default)]
    components: Vec<Stated>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    component: Option<Stated>,
}

#[derive(Deserialize)]
struct Stated {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    purl: Option<String>,
    #[serde(default)]
    properties: Vec<Property>,
    #[serde(default)]
    evidence: Option<Evidence>,
    #[serde(default)]
    components: Vec<Stated>,
}

#[derive(Deserialize)]
struct Property {
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: Option<String>,
}

#[derive(Deserialize, Default)]
struct Evidence {
    #[serde(default)]
    occurrences: Vec<Occurrence>,
}

#[derive(Deserialize)]
struct Occurrence {
    #[serde(default)]
    location: String,
}

/// Reads the components, nested ones among them; serde_json bounds how deep they nest.
pub(crate) fn read(bytes: &[u8]) -> Result<Bill, SbomError> {
    let document: Document = serde_json::from_slice(bytes)?;
    let mut bill = Bill::default();
    if let Some(subject) = document.metadata.and_then(|metadata| metadata.component) {
        bill.subject = Some(subject.name.clone()).filter(|name| !name.is_empty());
        for component in subject.components {
            add(component, &mut bill)?;
        }
    }
    for component in document.components {
        add(component, &mut bill)?;
    }
    Ok(bill)
}

fn add(stated: Stated, bill: &mut Bill) -> Result<(), SbomError> {
    let property = |name: &str| {
        let found = stated.properties.iter().find(|property| property.name == name);
        found.and_then(|property| property.value.clone()).filter(|value| !value.is_empty())
    };
    let is_os = stated.kind == "operating-system";
    let occurrences = stated.evidence.iter().flat_map(|evidence| &evidence.occurrences);
    let mut locations: Vec<String> = occurrences.map(|occurrence| occurrence.location.clone()).collect();
    if locations.is_empty() {
        let paths = ["syft:location:0:path", "aquasecurity:trivy:FilePath"];
        locations.extend(paths.into_iter().find_map(property));
    }
    let own = property("assay:os:prettyName").or_else(|| property("assay:os:versionCodename"));
    let os = own.filter(|_| is_os).map(|_| OperatingSystem {
        version_id: stated.version.clone(),
        version_codename: property("assay:os:versionCodename"),
        pretty_name: property("assay:os:prettyName"),
        debian_version: property("assay:os:debianVersion"),
        ..operating_system(&stated.name, None)
    });
    let os = os.or_else(|| {
        let id = property("syft:distro:id").filter(|_| is_os)?;
        Some(operating_system(&id, property("syft:distro:versionID").as_deref()))
    });
    // What lock files and images stand for themselves is no package.
    let is_no_package = stated.purl.is_none()
        && matches!(stated.kind.as_str(), "file" | "container" | "application" | "device" | "data" | "firmware");
    let source = StatedSource {
        name: property("aquasecurity:trivy:SrcName").or_else(|| property("assay:source")),
        version: property("aquasecurity:trivy:SrcVersion").or_else(|| property("assay:sourceVersion")),
        release: property("aquasecurity:trivy:SrcRelease"),
        epoch: property("aquasecurity:trivy:SrcEpoch"),
    };
    let component = Component {
        is_os,
        is_no_package,
        locations,
        source,
        os,
        version: stated.version.clone().unwrap_or_default(),
        purl: stated.purl.clone(),
        name: stated.name.clone(),
    };
    bill.push(component)?;
    stated.components.into_iter().try_for_each(|component| add(component, bill))
}
