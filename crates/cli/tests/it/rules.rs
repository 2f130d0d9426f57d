//! `assay rules`.

use tempfile::TempDir;

use crate::support::{check, run};

/// Inspector's nine Security Best Practices.
const BEST_PRACTICES: [&str; 9] = [
    "Disable root login over SSH",
    "Support SSH version 2 only",
    "Disable password authentication over SSH",
    "Configure password maximum age",
    "Configure password minimum length",
    "Configure password complexity",
    "Enable ASLR",
    "Enable DEP",
    "Configure permissions for system directories",
];

#[test]
fn the_built_in_rules_are_listed_tested_and_clean() {
    let list = check(&["rules", "list"], 0);
    for id in BEST_PRACTICES {
        assert!(list.contains(id), "{id} in {list}");
        assert!(check(&["rules", "show", id], 0).starts_with(id));
    }
    assert_eq!(check(&["rules", "test"], 0), "");
    assert_eq!(check(&["rules", "lint"], 0), "");
    check(&["rules", "show", "No such rule"], 1);
}

#[test]
fn an_unknown_key_of_a_rule_names_file_line_and_nearest_key() {
    let folder = TempDir::new().unwrap();
    let package = folder.path().join("best-practices");
    std::fs::create_dir(&package).unwrap();
    std::fs::write(package.join("mine.yaml"), "id: Mine\ntitle: Mine\ndescription: Mine.\nseverty: High\n").unwrap();
    let output = run(&["--knowledge", folder.path().to_str().unwrap(), "rules", "list"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    for part in ["mine.yaml:4:1", "severty", "severity"] {
        assert!(stderr.contains(part), "{part} in {stderr}");
    }
}
