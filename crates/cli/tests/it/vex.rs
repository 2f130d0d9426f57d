//! `--vex`: findings that the user's own documents set aside, and documents that cannot be read.

use serde_json::{Value, json};

use tempfile::TempDir;

use crate::support::{NOW, check, document, feeds, run, small_host, write};

/// A document that says `status` of each of these vulnerabilities in the small host's package.
fn openvex(cves: &[&str], status: &str) -> Vec<u8> {
    let purl = "pkg:deb/debian/libexpat1@2.5.0-1%2Bdeb12u1?arch=amd64";
    let statement = |cve: &&str| {
        json!({"vulnerability": {"name": cve}, "products": [{"@id": purl}], "status": status,
            "justification": "vulnerable_code_not_in_execute_path"})
    };
    let statements: Vec<Value> = cves.iter().map(statement).collect();
    let document = json!({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.org/vex/1",
        "author": "Example Security", "timestamp": NOW, "version": 1, "statements": statements});
    serde_json::to_vec(&document).unwrap()
}

fn ids(document: &Value) -> Vec<&str> {
    document["findings"].as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap()).collect()
}

#[test]
fn a_finding_that_a_document_sets_aside_is_an_exclusion() {
    let root = small_host();
    let before = document(root.path(), &["--rules", "cve"]);
    let before = ids(&before);
    let (aside, rest) = before.split_first().unwrap();
    write(root.path(), "vex.json", &openvex(&[aside], "not_affected"));
    let file = root.path().join("vex.json");
    let file = file.to_str().unwrap();
    let after = document(root.path(), &["--rules", "cve", "--vex", file]);
    assert_eq!(ids(&after), rest);
    let exclusions = after["exclusions"].as_array().unwrap();
    let told: Vec<&Value> = exclusions.iter().filter(|exclusion| exclusion["title"] == "Set aside by VEX").collect();
    let [told] = told.as_slice() else { panic!("{exclusions:?}") };
    let words = ["libexpat1 2.5.0-1+deb12u1", "vulnerable_code_not_in_execute_path", "Example Security", file, aside];
    for word in words {
        assert!(told["description"].as_str().unwrap().contains(word), "{word} in {told}");
    }
    write(root.path(), "vex.json", &openvex(&before, "under_investigation"));
    let noted = document(root.path(), &["--rules", "cve", "--vex", file]);
    assert_eq!(ids(&noted), before);
    assert!(noted["findings"][0]["assay"]["trace"]["comparisons"].to_string().contains("VEX under_investigation"));
}

#[test]
fn what_is_set_aside_passes_both_gates() {
    let root = small_host();
    let before = document(root.path(), &["--rules", "cve"]);
    write(root.path(), "vex.json", &openvex(&ids(&before), "fixed"));
    let (root_path, file) = (root.path().to_str().unwrap(), root.path().join("vex.json"));
    let gate = |more: &[&str]| {
        let mut arguments =
            vec!["--quiet", "--feeds", feeds(), "--now", NOW, "assess", "--root", root_path, "--offline"];
        arguments.extend(["--no-store", "--rules", "cve", "--fail-on", "informational"]);
        arguments.extend(more);
        run(&arguments).status.code()
    };
    assert_eq!(gate(&[]), Some(2));
    assert_eq!(gate(&["--vex", file.to_str().unwrap()]), Some(0));
}

#[test]
fn a_document_that_cannot_be_read_is_an_error_that_names_it() {
    let root = small_host();
    let folder = root.path().to_str().unwrap();
    for (name, content) in [("none.json", &b"no JSON"[..]), ("other.json", b"{}"), ("absent.json", b"")] {
        let file = root.path().join(name);
        if !content.is_empty() {
            write(root.path(), name, content);
        }
        let file = file.to_str().unwrap();
        let output = run(&["assess", "--root", folder, "--offline", "--no-store", "--vex", file]);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), stderr.contains(name)), (Some(1), true), "{name}: {stderr}");
    }
}

#[test]
fn why_not_and_compare_tell_what_was_set_aside() {
    let root = small_host();
    let folder = TempDir::new().unwrap();
    let data = folder.path().to_str().unwrap();
    let id = "CVE-2023-52425";
    write(root.path(), "vex.json", &openvex(&[id], "not_affected"));
    let (root_path, file) = (root.path().to_str().unwrap(), root.path().join("vex.json"));
    let file = file.to_str().unwrap();
    let common = ["--quiet", "--data", data, "--feeds", feeds(), "--now", NOW];
    let assess = ["assess", "--root", root_path, "--offline", "--rules", "cve", "--run-name"];
    let with = |arguments: &[&str]| check(&[&common[..], arguments].concat(), 0);
    with(&[&assess[..], &["without"]].concat());
    with(&[&assess[..], &["with", "--vex", file]].concat());
    let told = |text: &str| {
        for part in [
            "libexpat1 2.5.0-1+deb12u1",
            "VEX not_affected (vulnerable_code_not_in_execute_path)",
            "Example Security",
            file,
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    };
    for arguments in [&["--run", "with"][..], &["--run", "without", "--vex", file]] {
        let text = with(&[&["why-not", id][..], arguments].concat());
        assert!(text.starts_with(&format!("{id} on small: set-aside: {id} in ")), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
        told(&text);
    }
    assert!(with(&["why-not", id, "--run", "without"]).contains(": affected: "));
    let report = json!({"SchemaVersion": 2, "ArtifactName": "small", "ArtifactType": "filesystem", "Results": [{
        "Target": "small (debian 12)", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": [{"VulnerabilityID": id,
        "PkgName": "libexpat1", "InstalledVersion": "2.5.0-1+deb12u1", "Severity": "HIGH"}]}]});
    write(root.path(), "trivy.json", report.to_string().as_bytes());
    let report = root.path().join("trivy.json");
    let compared = with(&["compare", report.to_str().unwrap(), "--run", "with", "--json"]);
    let line = compared.lines().find(|line| line.contains("set-aside")).unwrap_or_else(|| panic!("{compared}"));
    told(line);
}
