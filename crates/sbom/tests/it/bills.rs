//! Bills that are written, and bills of other tools that are read.

use std::path::Path;
use std::process::Command;

use assay_model::Timestamp;
use assay_model::evidence::Evidence;
use assay_sbom::{SbomError, cyclonedx, read, spdx};
use serde_json::Value;

use crate::support::{hosts, unpacked};

fn read_back(document: &Value) -> Evidence {
    read(document.to_string().as_bytes(), "i-0", "test", Timestamp::UNIX_EPOCH).unwrap()
}

/// What a verdict rests on: name, version, architecture, source name and version of each package.
fn packages(evidence: &Evidence) -> Vec<(String, String, String, String, String)> {
    let installed = evidence.packages.facts.iter().flat_map(|packages| &packages.packages);
    let mut found: Vec<_> = installed
        .filter(|package| package.state.has_files())
        .map(|package| {
            let (name, version) = (package.name.clone(), package.version.clone());
            (name, version, package.architecture.clone(), package.source_name.clone(), package.source_version.clone())
        })
        .collect();
    found.sort();
    found
}

fn libraries(evidence: &Evidence) -> Vec<(String, String, String)> {
    let libraries = evidence.libraries.facts.iter().flat_map(|libraries| &libraries.libraries);
    let mut found: Vec<_> =
        libraries.map(|library| (library.name.clone(), library.version.clone(), library.location.clone())).collect();
    found.sort();
    found
}

#[test]
fn every_format_keeps_what_verdicts_rest_on() {
    for host in hosts() {
        let digest = "0123456789abcdef".repeat(4);
        for (name, document) in [
            ("cyclonedx", cyclonedx::write(&host, &digest)),
            ("spdx", spdx::write(&host, &digest)),
            ("spdx3", spdx::write_graph(&host, &digest)),
        ] {
            let again = read_back(&document);
            assert_eq!(packages(&again), packages(&host), "{name}");
            assert_eq!(libraries(&again), libraries(&host), "{name}");
            let (found, expected) = (again.os.facts.unwrap(), host.os.facts.clone().unwrap());
            assert_eq!((found.id, found.version_id), (expected.id, expected.version_id), "{name}");
            assert_eq!(again.host.hostname, "web1", "{name}");
            assert_eq!(again.packages.problems, [], "{name}");
        }
    }
}

/// The schema's own validator is the judge: JSON Schema, by Debian's `python3-jsonschema`.
const VALIDATE: &str = r"
import json, sys
from jsonschema import Draft7Validator, RefResolver
folder, document = sys.argv[1:3]
load = lambda name: json.load(open(folder + '/' + name))
schema = load('bom-1.6.schema.json')
store = {}
for name in ('spdx.schema.json', 'jsf-0.82.schema.json', 'bom-1.6.schema.json'):
    part = load(name)
    store[part['$id']] = part
    store['http://cyclonedx.org/schema/' + name] = part
resolver = RefResolver(schema['$id'], schema, store=store)
errors = list(Draft7Validator(schema, resolver=resolver).iter_errors(json.load(open(document))))
for error in errors[:5]:
    print(list(error.path), error.message[:300])
sys.exit(1 if errors else 0)
";

fn is_valid(folder: &Path, document: &Path) -> (bool, String) {
    let schema = folder.join("sbom/cyclonedx/schema");
    let output = Command::new("/usr/bin/python3")
        .args(["-W", "ignore", "-c", VALIDATE])
        .arg(schema)
        .arg(document)
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains("Traceback"), "{said}");
    (output.status.success(), said)
}

#[test]
fn cyclonedx_is_valid_by_the_official_schema() {
    let folder = unpacked("formats/sbom.tar.xz");
    for (index, host) in hosts().iter().enumerate() {
        let document = folder.path().join(format!("{index}.json"));
        std::fs::write(&document, cyclonedx::write(host, &"ab".repeat(32)).to_string()).unwrap();
        let (is_valid, said) = is_valid(folder.path(), &document);
        assert!(is_valid, "{said}");
    }
    let document = folder.path().join("wrong.json");
    std::fs::write(&document, r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":"one"}"#).unwrap();
    assert!(!is_valid(folder.path(), &document).0, "the validator tells nothing apart");
}

#[test]
fn the_same_evidence_gives_the_same_bytes() {
    let write = || cyclonedx::write(&hosts()[0], &"ab".repeat(32)).to_string();
    assert_eq!(write(), write());
    assert!(write().contains("urn:uuid:abababab-abab-8bab-8bab-abababababab"));
}

/// Every valid document of the specifications' own collections is read; what they hold is packages or problems.
#[test]
fn documents_of_the_specifications_are_read() {
    let folder = unpacked("formats/sbom.tar.xz");
    let mut count = 0;
    for file in files(folder.path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let is_bill = name.ends_with(".json") && !name.contains("schema") && !name.starts_with("invalid");
        if !is_bill || file.components().any(|part| part.as_os_str() == "content") {
            continue;
        }
        let bytes = std::fs::read(&file).unwrap();
        match read(&bytes, "i-0", "test", Timestamp::UNIX_EPOCH) {
            Ok(_) => count += 1,
            Err(error) => panic!("{}: {error}", file.display()),
        }
    }
    assert!(count > 100, "{count} documents");
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found.sort();
    found
}

#[test]
fn other_tools_spellings_are_read() {
    let syft = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"type":"container","name":"debian"}},
        "components":[{"type":"operating-system","name":"debian","version":"12","properties":[
            {"name":"syft:distro:id","value":"debian"},{"name":"syft:distro:versionID","value":"12"}]},
        {"type":"library","name":"libssl3","version":"3.0.11-1~deb12u1",
         "purl":"pkg:deb/debian/libssl3@3.0.11-1~deb12u1?arch=amd64&distro=debian-12&upstream=openssl"},
        {"type":"file","name":"/etc/passwd"},
        {"type":"library","name":"thing","version":"1"}]}"#;
    let evidence = read(syft.as_bytes(), "i-0", "test", Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(packages(&evidence)[0].3, "openssl");
    assert_eq!(evidence.os.facts.unwrap().version_id.as_deref(), Some("12"));
    assert_eq!(
        evidence.packages.problems.len(),
        1,
        "only the library without a package URL: {:?}",
        evidence.packages.problems
    );

    let trivy = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
        {"type":"operating-system","name":"redhat","version":"9.2"},
        {"type":"library","name":"openssl-libs","version":"1:3.0.7-24.el9",
         "purl":"pkg:rpm/redhat/openssl-libs@3.0.7-24.el9?arch=x86_64&distro=redhat-9.2&epoch=1","properties":[
            {"name":"aquasecurity:trivy:SrcEpoch","value":"1"},{"name":"aquasecurity:trivy:SrcName","value":"openssl"},
            {"name":"aquasecurity:trivy:SrcRelease","value":"24.el9"},{"name":"aquasecurity:trivy:SrcVersion","value":"3.0.7"}]}]}"#;
    let evidence = read(trivy.as_bytes(), "i-0", "test", Timestamp::UNIX_EPOCH).unwrap();
    let found = &packages(&evidence)[0];
    assert_eq!((&*found.1, &*found.3, &*found.4), ("1:3.0.7-24.el9", "openssl", "1:3.0.7-24.el9"));
    assert_eq!(evidence.os.facts.unwrap().id, "rhel");
}

#[test]
fn what_is_no_bill_is_refused() {
    let check = |bytes: &[u8]| read(bytes, "i-0", "test", Timestamp::UNIX_EPOCH).unwrap_err();
    assert!(matches!(check(b""), SbomError::Parse(_)));
    assert!(matches!(check(b"{}"), SbomError::UnknownFormat));
    assert!(matches!(check(br#"{"bomFormat":"CycloneDX","components":7}"#), SbomError::Parse(_)));
    let deep = format!(
        r#"{{"bomFormat":"CycloneDX","components":[{}{}]}}"#,
        r#"{"components":["#.repeat(5000),
        "]}".repeat(5000)
    );
    assert!(matches!(check(deep.as_bytes()), SbomError::Parse(_)));
}
