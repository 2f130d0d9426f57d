//! `assay apply` and `assay export`: what the manual shows is taken, shown as a difference, made once and given back.

use std::path::Path;
use std::process::Stdio;

use crate::support::{assay, check, run};

/// The document that docs/service.md shows.
fn manual() -> String {
    let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/service.md");
    let manual = std::fs::read_to_string(manual).unwrap();
    let (_, document) = manual.split_once("```yaml\nassessmentTargets:").unwrap();
    format!("assessmentTargets:{}", document.split_once("```").unwrap().0)
}

/// A data directory with an account, and the document in a file beside it.
fn prepared() -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let file = folder.path().join("assay.yaml").to_str().unwrap().to_owned();
    std::fs::write(&file, manual()).unwrap();
    check(&["--data", &data, "admin", "accounts", "create", "111122223333"], 0);
    (folder, data, file)
}

#[test]
fn what_the_manual_shows_is_made_once_and_given_back() {
    let (_folder, data, file) = prepared();
    let ours = ["--data", &data, "apply", "--account", "111122223333", "-f", &file];
    let planned = check(&[&ours[..], &["--diff"]].concat(), 2);
    let made = check(&ours, 0);
    assert_eq!(made, planned);
    assert_eq!(
        made.lines().map(|line| line.split('"').next().unwrap()).collect::<Vec<_>>(),
        ["+ assessment target ", "+ assessment template ", "+ event subscription of ", "+ schedule "],
        "{made}"
    );
    assert_eq!(check(&ours, 0), "all is as declared: nothing was changed\n");
    assert_eq!(check(&[&ours[..], &["--diff"]].concat(), 0), "");

    let exported = check(&["--data", &data, "export", "--account", "111122223333"], 0);
    let mut child = assay()
        .args(["--data", &data, "apply", "--account", "111122223333", "-f", "-", "--diff"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), exported.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{exported}");
}

#[test]
fn a_template_that_differs_stops_all_unless_it_may_be_replaced() {
    let (_folder, data, file) = prepared();
    let ours = ["--data", &data, "apply", "--account", "111122223333", "-f", &file];
    check(&ours, 0);
    let changed = manual().replace("durationInSeconds: 3600", "durationInSeconds: 900").replace("prod\n", "test\n");
    std::fs::write(&file, changed).unwrap();
    let refused = run(&ours);
    let stderr = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("nothing was changed") && stderr.contains("--replace"), "{stderr}");
    let planned = check(&[&ours[..], &["--diff"]].concat(), 2);
    let signs: Vec<_> = planned.lines().map(|line| line.split('"').next().unwrap()).collect();
    // What goes with the template comes back.
    assert_eq!(
        signs,
        ["~ assessment target ", "! assessment template ", "+ event subscription of ", "+ schedule "],
        "{planned}"
    );
    check(&[&ours[..], &["--replace"]].concat(), 0);
    let exported = check(&["--data", &data, "export", "--account", "111122223333"], 0);
    assert!(exported.contains("durationInSeconds: 900") && exported.contains("every night"), "{exported}");
}

#[test]
fn what_cannot_be_read_changes_nothing() {
    let (folder, data, file) = prepared();
    let other = folder.path().join("other.yaml");
    std::fs::write(&other, "assessmentTargets:\n  - name: production\n").unwrap();
    for (text, arguments, code, reason) in [
        (manual().replace("expression", "expresion"), &[][..], 1, "did you mean `expression`?"),
        (manual(), &["-f", other.to_str().unwrap()][..], 1, "stands in another file, too"),
        (manual(), &["--region", "Moon 1"][..], 64, "Moon 1"),
        (manual(), &["--account", "999988887777"][..], 1, "there is no account 999988887777"),
        (manual(), &["-f", "/nowhere/x.yaml"][..], 1, "failed to open /nowhere/x.yaml"),
    ] {
        std::fs::write(&file, text).unwrap();
        let account = if arguments.contains(&"--account") { &[][..] } else { &["--account", "111122223333"][..] };
        let output = run(&[&["--data", &data, "apply", "-f", &file], account, arguments].concat());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(stderr.contains(reason), "{arguments:?}: {stderr}");
    }
    assert_eq!(check(&["--data", &data, "export", "--account", "111122223333"], 0), "assessmentTargets: []\n");
}
