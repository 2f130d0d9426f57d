//! Reads SPDX 2.2 and 2.3 in JSON.

use serde::Deserialize;

use crate::error::SbomError;
use crate::read::{Bill, Component};

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    packages: Vec<Stated>,
    #[serde(default, rename = "documentDescribes")]
    describes: Vec<String>,
    #[serde(default)]
    relationships: Vec<Relationship>,
}

#[derive(Deserialize)]
struct Relationship {
    #[serde(default, rename = "relationshipType")]
    kind: String,
    #[serde(default, rename = "relatedSpdxElement")]
    to: String,
}

#[derive(Deserialize)]
struct Stated {
    #[serde(default, rename = "SPDXID")]
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default, rename = "versionInfo")]
    version: Option<String>,
    #[serde(default, rename = "primaryPackagePurpose")]
    purpose: Option<String>,
    #[serde(default, rename = "sourceInfo")]
    source_info: Option<String>,
    #[serde(default, rename = "externalRefs")]
    references: Vec<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default, rename = "referenceType")]
    kind: String,
    #[serde(default, rename = "referenceLocator")]
    locator: String,
}

/// Reads the packages.
pub(crate) fn read(bytes: &[u8]) -> Result<Bill, SbomError> {
    let document: Document = serde_json::from_slice(bytes)?;
    let described = document.relationships.iter().filter(|relationship| relationship.kind == "DESCRIBES");
    let described: std::collections::BTreeSet<&str> = described
        .map(|relationship| relationship.to.as_str())
        .chain(document.describes.iter().map(String::as_str))
        .collect();
    let mut bill = Bill { subject: document.name.filter(|name| !name.is_empty()), ..Bill::default() };
    for stated in &document.packages {
        let is_purl = |reference: &&Reference| reference.kind == "purl" || reference.kind.ends_with("/purl");
        let purl = stated.references.iter().find(is_purl).map(|reference| reference.locator.clone());
        let location = stated.source_info.as_deref().and_then(|text| {
            let syft = text.split_once("the following paths: ").map(|(_, paths)| paths);
            let path = text.strip_prefix("found in ").or(syft)?;
            Some(path.split(", ").next().unwrap_or(path).to_owned())
        });
        let is_os = stated.purpose.as_deref().is_some_and(|purpose| purpose.replace('_', "-") == "OPERATING-SYSTEM");
        let is_subject = described.contains(stated.id.as_str());
        bill.push(Component {
            is_no_package: purl.is_none() && (is_subject || stated.purpose.as_deref().is_some_and(is_container)),
            is_os,
            name: stated.name.clone(),
            version: stated.version.clone().unwrap_or_default(),
            purl,
            locations: location.into_iter().collect(),
            ..Component::default()
        })?;
    }
    Ok(bill)
}

/// What holds packages and is none.
fn is_container(purpose: &str) -> bool {
    matches!(purpose, "CONTAINER" | "DEVICE" | "FILE" | "FIRMWARE" | "ARCHIVE" | "SOURCE" | "APPLICATION")
}
