//! OpenVEX: what is written has the required members, and is read back as it was meant.

use assay_advisory::Limits;
use assay_advisory::import::vex::{self, VexStatus};
use assay_report::{Format, Options};
use serde_json::Value;

use crate::fixture;

#[test]
fn our_own_reader_reads_it() {
    let assessment = fixture::assessment();
    let bytes = Format::OpenVex.render(&assessment, &Options::default()).unwrap();
    let vex = vex::read(&bytes, &Limits::default()).unwrap();
    assert_eq!(vex.malformed, Vec::<String>::new());
    let said: Vec<(&str, &str)> = vex
        .statements
        .iter()
        .map(|statement| (statement.vulnerability.as_str(), statement.products[0].purl.as_str()))
        .collect();
    let packages = assessment.findings.iter().map(|finding| finding.packages.len()).sum::<usize>();
    assert_eq!(said.len(), packages);
    assert!(said.contains(&("CVE-2026-31337", "pkg:deb/debian/libssl3@3.0.16-1~deb12u1?arch=amd64&distro=debian-12")));
    assert!(said.contains(&("CVE-2026-7788", "pkg:generic/libc6@2.36-9%2Bdeb12u10")), "{said:?}");
    let aliased = vex.statements.iter().find(|statement| statement.vulnerability == "CVE-2026-31337").unwrap();
    assert_eq!(aliased.aliases, ["DSA-2026-31337"]);
    for statement in &vex.statements {
        assert_eq!(statement.status, VexStatus::Affected);
        assert_eq!(statement.timestamp, assessment.run.completed_at);
        assert!(!statement.statement.is_empty() && statement.source.ends_with("/openvex"), "{statement:?}");
    }
}

/// The members that the specification's schema requires, and `action_statement`, which `affected` requires.
#[test]
fn required_members_are_there() {
    for assessment in [fixture::assessment(), fixture::hostile()] {
        let bytes = Format::OpenVex.render(&assessment, &Options::default()).unwrap();
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        for member in ["@context", "@id", "author", "timestamp"] {
            assert!(document[member].as_str().is_some_and(|text| !text.is_empty()), "{member}");
        }
        assert_eq!((&document["@context"], &document["version"]), (&"https://openvex.dev/ns/v0.2.0".into(), &1.into()));
        let statements = document["statements"].as_array().unwrap();
        assert!(!statements.is_empty());
        for statement in statements {
            assert!(statement["vulnerability"]["name"].is_string() && statement["action_statement"].is_string());
            assert_eq!(statement["products"][0]["@id"], statement["products"][0]["identifiers"]["purl"]);
            assert_eq!(statement["status"], "affected");
        }
    }
}

#[test]
fn a_library_in_two_places_is_one_product_with_both() {
    let mut assessment = fixture::assessment();
    let finding = assessment.findings.iter_mut().find(|finding| !finding.packages.is_empty()).unwrap();
    let first = finding.packages[0].clone();
    finding.packages = ["/srv/a", "/srv/b"]
        .map(|location| assay_model::finding::AffectedPackage { location: Some(location.into()), ..first.clone() })
        .to_vec();
    let name = finding.rule_id.clone();
    let bytes = Format::OpenVex.render(&assessment, &Options::default()).unwrap();
    let vex = vex::read(&bytes, &Limits::default()).unwrap();
    let said: Vec<_> = vex.statements.iter().filter(|statement| statement.vulnerability == name).collect();
    let [said] = said.as_slice() else { panic!("{said:?}") };
    assert!(said.statement.contains("/srv/a") && said.statement.contains("/srv/b"), "{said:?}");
}
