//! Writes CycloneDX 1.6 (ECMA-424).

use assay_model::evidence::Evidence;
use assay_model::evidence::operating_system::OperatingSystem;
use serde_json::{Value, json};

use crate::identity::{timestamp, uuid_of};
use crate::packages::{purl_of_library, purl_of_package};

/// The bill of an evidence document with this digest.
pub fn write(evidence: &Evidence, digest: &str) -> Value {
    let os = evidence.os.facts.as_ref();
    let root = format!("host:{}", evidence.host.agent_id);
    let mut components: Vec<Value> = Vec::new();
    let mut references: Vec<String> = Vec::new();
    if let Some(os) = os {
        let reference = format!("os:{}", os.id);
        components.push(operating_system(os, &reference));
        references.push(reference);
    }
    if let Some(packages) = &evidence.packages.facts {
        for package in packages.packages.iter().filter(|package| package.state.has_files()) {
            let purl = purl_of_package(package, &packages.format, os).to_string();
            let properties = [
                Some(json!({ "name": "assay:source", "value": package.source_name })),
                Some(json!({ "name": "assay:sourceVersion", "value": package.source_version })),
                package.provenance.vendor.as_ref().map(|vendor| json!({ "name": "assay:vendor", "value": vendor })),
            ];
            components.push(json!({
                "type": "library",
                "bom-ref": purl,
                "name": package.name,
                "version": package.version,
                "purl": purl,
                "properties": properties.into_iter().flatten().collect::<Vec<Value>>(),
            }));
            references.push(purl);
        }
    }
    let libraries = evidence.libraries.facts.iter().flat_map(|libraries| &libraries.libraries);
    let mut by_purl: std::collections::BTreeMap<String, (&str, &str, Vec<Value>)> = std::collections::BTreeMap::new();
    for library in libraries {
        let entry = by_purl.entry(purl_of_library(library).to_string()).or_insert((
            &library.name,
            &library.version,
            Vec::new(),
        ));
        entry.2.push(json!({ "location": library.location }));
    }
    for (purl, (name, version, occurrences)) in by_purl {
        components.push(json!({
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": version,
            "purl": purl,
            "evidence": { "occurrences": occurrences },
        }));
        references.push(purl);
    }
    references.sort();
    references.dedup();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": format!("urn:uuid:{}", uuid_of(digest)),
        "version": 1,
        "metadata": {
            "timestamp": timestamp(evidence.collected_at),
            "tools": { "components": [{ "type": "application", "name": "assay", "version": env!("CARGO_PKG_VERSION") }] },
            "component": { "type": "device", "bom-ref": root, "name": evidence.host.hostname },
        },
        "components": unique(components),
        "dependencies": [{ "ref": root, "dependsOn": references }],
    })
}

fn operating_system(os: &OperatingSystem, reference: &str) -> Value {
    let stated = [
        ("assay:os:versionCodename", &os.version_codename),
        ("assay:os:prettyName", &os.pretty_name),
        ("assay:os:debianVersion", &os.debian_version),
    ];
    let properties: Vec<Value> = stated
        .into_iter()
        .filter_map(|(name, value)| value.as_ref().map(|value| json!({ "name": name, "value": value })))
        .collect();
    let mut component = json!({
        "type": "operating-system",
        "bom-ref": reference,
        "name": os.id,
        "properties": properties,
    });
    if let (Some(version), Some(members)) = (&os.version_id, component.as_object_mut()) {
        members.insert("version".to_owned(), json!(version));
    }
    component
}

/// References name one component each; a package of two databases comes once.
fn unique(components: Vec<Value>) -> Vec<Value> {
    let mut seen = std::collections::BTreeSet::new();
    let reference = |component: &Value| component.get("bom-ref").and_then(Value::as_str).unwrap_or_default().to_owned();
    components.into_iter().filter(|component| seen.insert(reference(component))).collect()
}
