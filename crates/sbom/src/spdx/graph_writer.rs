//! Writes SPDX 3.0.1 in JSON-LD.

use assay_model::evidence::Evidence;
use serde_json::{Value, json};

use crate::identity::{timestamp, uuid_of};
use crate::packages::{purl_of_library, purl_of_package};

const CONTEXT: &str = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";

/// The bill of an evidence document with this digest.
pub fn write_graph(evidence: &Evidence, digest: &str) -> Value {
    let base = format!("urn:uuid:{}", uuid_of(digest));
    let id = |name: &str| format!("{base}#{name}");
    let creation = "_:creation";
    let os = evidence.os.facts.as_ref();
    let mut graph = vec![
        json!({
            "type": "CreationInfo",
            "@id": creation,
            "specVersion": "3.0.1",
            "created": timestamp(evidence.collected_at),
            "createdBy": [id("agent")],
            "createdUsing": [id("tool")],
        }),
        json!({ "type": "SoftwareAgent", "spdxId": id("agent"), "creationInfo": creation, "name": "assay" }),
        json!({
            "type": "Tool",
            "spdxId": id("tool"),
            "creationInfo": creation,
            "name": concat!("assay-", env!("CARGO_PKG_VERSION")),
        }),
        json!({
            "type": "software_Package",
            "spdxId": id("host"),
            "creationInfo": creation,
            "name": evidence.host.hostname,
            "software_primaryPurpose": "device",
        }),
    ];
    let mut contained: Vec<String> = Vec::new();
    if let Some(os) = os {
        let mut element = json!({
            "type": "software_Package",
            "spdxId": id("os"),
            "creationInfo": creation,
            "name": os.id,
            "software_primaryPurpose": "operatingSystem",
        });
        if let (Some(version), Some(members)) = (&os.version_id, element.as_object_mut()) {
            members.insert("software_packageVersion".to_owned(), json!(version));
        }
        graph.push(element);
        contained.push(id("os"));
    }
    let package = |spdx_id: &str, name: &str, version: &str, purl: String| {
        json!({
            "type": "software_Package",
            "spdxId": spdx_id,
            "creationInfo": creation,
            "name": name,
            "software_packageVersion": version,
            "software_packageUrl": purl,
            "software_primaryPurpose": "library",
        })
    };
    if let Some(facts) = &evidence.packages.facts {
        let installed = facts.packages.iter().filter(|package| package.state.has_files());
        for (index, installed) in installed.enumerate() {
            let spdx_id = id(&format!("package-{index}"));
            let purl = purl_of_package(installed, &facts.format, os).to_string();
            graph.push(package(&spdx_id, &installed.name, &installed.version, purl));
            contained.push(spdx_id);
        }
    }
    let libraries = evidence.libraries.facts.iter().flat_map(|libraries| &libraries.libraries);
    for (index, library) in libraries.enumerate() {
        let spdx_id = id(&format!("library-{index}"));
        let mut element = package(&spdx_id, &library.name, &library.version, purl_of_library(library).to_string());
        if let Some(members) = element.as_object_mut() {
            members.insert("software_sourceInfo".to_owned(), json!(format!("found in {}", library.location)));
        }
        graph.push(element);
        contained.push(spdx_id);
    }
    graph.push(json!({
        "type": "Relationship",
        "spdxId": id("contains"),
        "creationInfo": creation,
        "from": id("host"),
        "relationshipType": "contains",
        "to": contained,
    }));
    graph.push(json!({
        "type": "software_Sbom",
        "spdxId": id("sbom"),
        "creationInfo": creation,
        "rootElement": [id("host")],
        "software_sbomType": ["deployed"],
    }));
    graph.push(json!({
        "type": "SpdxDocument",
        "spdxId": id("document"),
        "creationInfo": creation,
        "name": evidence.host.hostname,
        "rootElement": [id("sbom")],
    }));
    json!({ "@context": CONTEXT, "@graph": graph })
}
