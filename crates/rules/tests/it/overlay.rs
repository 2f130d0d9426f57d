//! Folders of rules: reading one, and laying it over the embedded knowledge.

use std::fs;
use std::path::Path;

use assay_model::evidence::Section;
use assay_model::rules_package::RulesPackageKind;
use assay_rules::{KnowledgeBase, RulesPackage};

const RULE: &str = "id: Mine\ntitle: t {host}\ndescription: d\nseverity: Low\nrationale: w\npasses_when: true\n";
const PACKAGE: &str = "package: cis\nname: Ours\nversion: '3'\nprovider: We\ndescription: d\n";

fn write(folder: &Path, files: &[(&str, &str)]) {
    fs::create_dir_all(folder).unwrap();
    for (name, content) in files {
        fs::write(folder.join(name), content).unwrap();
    }
}

#[test]
fn a_folder_is_a_package() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("package.yaml", PACKAGE), ("a.yaml", RULE), ("README.md", "no rule")]);
    let package = RulesPackage::load(folder.path()).unwrap();
    assert_eq!((package.kind, package.name.as_str(), package.rules.len()), (RulesPackageKind::Cis, "Ours", 1));
    assert_eq!(package.digest.len(), 64);
    let before = package.digest;
    write(folder.path(), &[("a.yaml", &RULE.replace("Low", "High"))]);
    assert_ne!(RulesPackage::load(folder.path()).unwrap().digest, before);
}

#[test]
fn folders_that_are_no_package_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_string_lossy().into_owned();
    let error = RulesPackage::load(&folder.path().join("absent")).unwrap_err();
    assert_eq!(error.to_string(), format!("failed to list the rules in {path}/absent"));
    write(folder.path(), &[("a.yaml", RULE)]);
    let error = RulesPackage::load(folder.path()).unwrap_err();
    assert_eq!(error.to_string(), format!("{path} has no package.yaml, so the rules in it belong to no rules package"));
    write(folder.path(), &[("package.yaml", PACKAGE), ("b.yaml", RULE)]);
    let error = RulesPackage::load(folder.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{path}/b.yaml:1:1: duplicate rule id \"Mine\", first given at {path}/a.yaml:1:1")
    );
    write(folder.path(), &[("b.yaml", "id: B\nid: C\n")]);
    let error = RulesPackage::load(folder.path()).unwrap_err();
    assert_eq!(error.to_string(), format!("{path}/b.yaml:2:1: duplicate key `id`, first given in line 1"));
}

#[test]
fn a_folder_lies_over_the_embedded_knowledge() {
    let folder = tempfile::tempdir().unwrap();
    let replaced = RULE.replace("id: Mine", "id: Enable ASLR");
    write(&folder.path().join("best-practices"), &[("mine.yaml", RULE), ("aslr.yaml", &replaced)]);
    write(&folder.path().join("cis"), &[("package.yaml", PACKAGE), ("a.yaml", RULE)]);
    let embedded = KnowledgeBase::embedded().unwrap();
    let knowledge = KnowledgeBase::with_directory(folder.path()).unwrap();
    let ours = knowledge.package(RulesPackageKind::BestPractices).unwrap();
    let theirs = embedded.package(RulesPackageKind::BestPractices).unwrap();
    assert_eq!(ours.rules.len(), theirs.rules.len() + 1);
    assert_eq!(ours.rule("Enable ASLR").unwrap().passes_when, "true");
    assert_ne!(ours.digest, theirs.digest);
    assert!(ours.rules.is_sorted_by_key(|rule| rule.id.clone()));
    let kinds: Vec<_> = knowledge.packages().iter().map(|package| package.kind).collect();
    assert_eq!(kinds, [RulesPackageKind::Cis, RulesPackageKind::BestPractices]);
}

#[test]
fn the_request_says_what_to_collect() {
    let request = KnowledgeBase::embedded().unwrap().request();
    for section in [Section::Sshd, Section::Authentication, Section::Sysctl, Section::Paths, Section::Accounts] {
        assert!(request.sections.contains(&section), "{section:?}");
    }
    assert!(request.sysctl.contains("kernel.randomize_va_space"));
    assert!(request.paths.contains("/etc/**/"));
    assert!(!request.sections.contains(&Section::Packages));
}
