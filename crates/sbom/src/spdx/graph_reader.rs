//! Reads SPDX 3.0 in JSON-LD, in the compact form that the specification's context gives.

use serde::Deserialize;

use crate::error::SbomError;
use crate::read::{Bill, Component};

#[derive(Deserialize)]
struct Document {
    #[serde(default, rename = "@graph")]
    graph: Vec<Element>,
}

#[derive(Deserialize)]
struct Element {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default, rename = "software_packageVersion")]
    version: Option<String>,
    #[serde(default, rename = "software_packageUrl")]
    purl: Option<String>,
    #[serde(default, rename = "software_primaryPurpose")]
    purpose: Option<String>,
    #[serde(default, rename = "software_sourceInfo")]
    source_info: Option<String>,
    #[serde(default, rename = "externalIdentifier")]
    identifiers: Vec<Identifier>,
}

#[derive(Deserialize)]
struct Identifier {
    #[serde(default, rename = "externalIdentifierType")]
    kind: String,
    #[serde(default)]
    identifier: String,
}

/// Reads the packages of the graph.
pub(crate) fn read_graph(bytes: &[u8]) -> Result<Bill, SbomError> {
    let document: Document = serde_json::from_slice(bytes)?;
    if document.graph.is_empty() {
        return Err(SbomError::UnknownFormat);
    }
    let subject = document.graph.iter().find(|element| element.kind == "SpdxDocument");
    let mut bill = Bill { subject: subject.and_then(|element| element.name.clone()), ..Bill::default() };
    for element in document.graph.iter().filter(|element| element.kind == "software_Package") {
        let stated =
            element.identifiers.iter().find(|identifier| matches!(identifier.kind.as_str(), "packageUrl" | "purl"));
        let purl = element.purl.clone().or_else(|| stated.map(|identifier| identifier.identifier.clone()));
        let purpose = element.purpose.as_deref().unwrap_or_default();
        let location = element.source_info.as_deref().and_then(|text| text.strip_prefix("found in "));
        bill.push(Component {
            is_no_package: purl.is_none()
                && matches!(purpose, "device" | "container" | "file" | "archive" | "source" | "application"),
            is_os: purpose == "operatingSystem",
            name: element.name.clone().unwrap_or_default(),
            version: element.version.clone().unwrap_or_default(),
            purl,
            locations: location.map(str::to_owned).into_iter().collect(),
            ..Component::default()
        })?;
    }
    Ok(bill)
}
