//! Writes SPDX 2.3 in JSON.

use assay_model::evidence::Evidence;
use serde_json::{Value, json};

use crate::identity::{timestamp, uuid_of};
use crate::packages::{purl_of_library, purl_of_package};

/// The bill of an evidence document with this digest.
pub fn write(evidence: &Evidence, digest: &str) -> Value {
    let os = evidence.os.facts.as_ref();
    let mut packages = vec![json!({
        "SPDXID": "SPDXRef-Host",
        "name": evidence.host.hostname,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": false,
        "primaryPackagePurpose": "DEVICE",
    })];
    let mut relationships = vec![json!({
        "spdxElementId": "SPDXRef-DOCUMENT",
        "relationshipType": "DESCRIBES",
        "relatedSpdxElement": "SPDXRef-Host",
    })];
    let mut add = |mut package: Value, id: String| {
        relationships.push(json!({
            "spdxElementId": "SPDXRef-Host",
            "relationshipType": "CONTAINS",
            "relatedSpdxElement": id,
        }));
        if let Some(members) = package.as_object_mut() {
            members.insert("SPDXID".to_owned(), json!(id));
            members.insert("downloadLocation".to_owned(), json!("NOASSERTION"));
            members.insert("filesAnalyzed".to_owned(), json!(false));
        }
        packages.push(package);
    };
    if let Some(os) = os {
        let mut package = json!({ "name": os.id, "primaryPackagePurpose": "OPERATING-SYSTEM" });
        if let (Some(members), Some(version)) = (package.as_object_mut(), &os.version_id) {
            members.insert("versionInfo".to_owned(), json!(version));
        }
        if let (Some(members), Some(name)) = (package.as_object_mut(), &os.pretty_name) {
            members.insert("description".to_owned(), json!(name));
        }
        add(package, "SPDXRef-OperatingSystem".to_owned());
    }
    if let Some(facts) = &evidence.packages.facts {
        let installed = facts.packages.iter().filter(|package| package.state.has_files());
        for (index, package) in installed.enumerate() {
            let purl = purl_of_package(package, &facts.format, os).to_string();
            add(entry(&package.name, &package.version, &purl, None), format!("SPDXRef-Package-{index}"));
        }
    }
    let libraries = evidence.libraries.facts.iter().flat_map(|libraries| &libraries.libraries);
    for (index, library) in libraries.enumerate() {
        let purl = purl_of_library(library).to_string();
        let found = Some(format!("found in {}", library.location));
        add(entry(&library.name, &library.version, &purl, found), format!("SPDXRef-Library-{index}"));
    }
    json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": evidence.host.hostname,
        "documentNamespace": format!("urn:uuid:{}", uuid_of(digest)),
        "creationInfo": {
            "created": timestamp(evidence.collected_at),
            "creators": [concat!("Tool: assay-", env!("CARGO_PKG_VERSION"))],
        },
        "packages": packages,
        "relationships": relationships,
    })
}

fn entry(name: &str, version: &str, purl: &str, source_info: Option<String>) -> Value {
    let mut package = json!({
        "name": name,
        "versionInfo": version,
        "externalRefs": [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": purl,
        }],
    });
    if let (Some(members), Some(text)) = (package.as_object_mut(), source_info) {
        members.insert("sourceInfo".to_owned(), json!(text));
    }
    package
}
