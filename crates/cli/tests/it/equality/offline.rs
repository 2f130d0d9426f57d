//! Root directory, container images of every form and disk images of every form: one host, one evidence.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::compare::{difference, request};
use super::forms::{Form, every_form, text};
use super::specimen;
use crate::support::{NOW, check, feeds};

/// What was collected, as it is printed; only the word for the source is made the same.
fn evidence(request: &Path, option: &str, path: &Path, word: &str) -> String {
    let printed = check(&["--now", NOW, "collect", "--request", text(request), option, text(path)], 0);
    let source = format!("\"source\":\"{word}\"");
    assert_eq!(printed.matches(&source).count(), 1, "{printed}");
    printed.replace(&source, "\"source\":\"any\"")
}

/// The findings, but for what names the source, and the digest of the evidence that names it.
fn findings(option: &str, path: &Path) -> Value {
    let fixed = ["--quiet", "--feeds", feeds(), "--now", NOW, "assess", "--offline", "--no-store", "--rules", "cve"];
    let text = check(&[&fixed[..], &["-o", "json", option, text(path)]].concat(), 0);
    let mut assessment: Value = serde_json::from_str(&text).unwrap();
    for finding in assessment["findings"].as_array_mut().unwrap() {
        for name in ["source", "evidenceDigest"] {
            finding["assay"]["host"][name].take();
        }
    }
    assessment["findings"].take()
}

/// The evidence of a root directory, which every other form of it must have too; some are asked for their findings.
#[track_caller]
fn same_in_every_form(root: &Path, findings_of: &[&str]) -> Value {
    let work = TempDir::new().unwrap();
    let request = request(work.path());
    let expected = evidence(&request, "--root", root, "root-directory");
    let expected_findings = (!findings_of.is_empty()).then(|| findings("--root", root));
    for Form { name, option, word, path } in every_form(root, work.path()) {
        if findings_of.contains(&name) {
            assert_eq!(expected_findings, Some(findings(option, &path)), "{name}");
        }
        if let Some(difference) = difference(&expected, &evidence(&request, option, &path, word)) {
            panic!("{name}: {difference}");
        }
    }
    serde_json::from_str(&expected).unwrap()
}

#[test]
fn a_debian_host_is_the_same_in_every_form() {
    let root = specimen::debian();
    let evidence = same_in_every_form(root.path(), &["docker save", "qcow2"]);
    // What the comparison would be worth nothing without.
    let facts = |section: &str| &evidence[section]["facts"];
    assert!(facts("packages")["packages"].as_array().unwrap().len() > 300, "packages");
    assert!(findings("--root", root.path()).as_array().unwrap().len() > 300, "findings");
    let libraries = facts("libraries")["libraries"].as_array().unwrap();
    let of = |name: &str| libraries.iter().map(|library| library[name].as_str().unwrap_or("")).collect::<BTreeSet<_>>();
    let ecosystems = ["crates-io", "go", "maven", "npm", "nuget", "packagist", "pypi", "rubygems"];
    assert_eq!(of("ecosystem"), ecosystems.into(), "ecosystems");
    assert_eq!(of("kind"), ["embedded", "installed", "locked"].into());
    assert_eq!(of("owner"), ["", "python3-six"].into());
    assert!(of("location").contains("/srv/java/app.war!/WEB-INF/lib/inner.jar"), "{:?}", of("location"));
    assert!(evidence["libraries"]["problems"].as_array().unwrap().len() > 2, "{}", evidence["libraries"]["problems"]);
    let paths = facts("paths")["entries"].as_array().unwrap();
    assert!(paths.iter().any(|path| path["path"] == "/usr/bin/su" && path["mode"] == 0o4755), "the setuid program");
    let hard_link = paths.iter().find(|path| path["path"] == "/usr/bin/su-again").unwrap();
    assert_eq!(hard_link["mode"], 0o4755);
    assert!(paths.iter().any(|path| path["path"] == "/tmp" && path["mode"] == 0o1777), "the sticky directory");
    assert!(paths.iter().any(|path| path["uid"] == 100_001 && path["gid"] == 70_042), "the owner of many bits");
    assert_eq!(facts("kernel")["installed"][0]["release"], "6.1.0-37-amd64");
    assert_eq!(facts("mounts")["fstab"].as_array().unwrap().len(), 4);
    assert_eq!(facts("sysctl")["kernel.randomize_va_space"]["persistent"]["value"], "1");
    for section in ["os", "accounts", "sshd", "authentication"] {
        assert!(facts(section).is_object(), "{section}: {}", evidence[section]);
    }
}

#[test]
fn an_alpine_and_an_rpm_host_are_the_same_in_every_form() {
    let evidence = same_in_every_form(specimen::alpine().path(), &[]);
    let packages = &evidence["packages"]["facts"];
    assert_eq!((packages["format"].as_str(), packages["packages"].as_array().unwrap().len()), (Some("apk"), 14));
    assert_eq!(packages["repositories"][1]["id"], "v3.20/main");
    let evidence = same_in_every_form(specimen::mariner().path(), &[]);
    let packages = &evidence["packages"]["facts"];
    assert_eq!(packages["format"], "rpm");
    assert!(packages["packages"].as_array().unwrap().len() > 50, "{packages}");
}
