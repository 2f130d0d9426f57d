//! Exit codes, outputs, configuration, completions and man pages.

use std::os::unix::process::CommandExt as _;
use std::process::Stdio;

use tempfile::TempDir;

use crate::support::{NOW, assay, check, feeds, run, small_host};

#[test]
fn exit_codes_tell_what_happened() {
    let root = small_host();
    let root = root.path().to_str().unwrap();
    let assess = ["--quiet", "--feeds", feeds(), "--now", NOW, "assess", "--root", root, "--offline", "--no-store"];
    let cases: [(&[&str], i32); 12] = [
        (&[], 0),
        (&["--fail-on", "high"], 2),
        (&["--fail-on", "critical"], 0),
        (&["--rules", "cve", "--fail-on-incomplete"], 3),
        (&["--max-feed-age", "1h", "--now", "2026-12-24T10:00:00Z"], 4),
        (&["--max-feed-age", "1000d"], 0),
        (&["--max-feed-age", "soon"], 64),
        (&["--fail-on", "urgent"], 64),
        (&["--rules", "everything"], 64),
        (&["-o", "docx"], 64),
        (&["--no-such-option"], 64),
        (&["-o", "json=/nonexistent/folder/file"], 1),
    ];
    for (arguments, code) in cases {
        check(&[&assess[..], arguments].concat(), code);
    }
    check(
        &[
            "--quiet",
            "--feeds",
            "/nonexistent",
            "assess",
            "--root",
            root,
            "--offline",
            "--no-store",
            "--max-feed-age",
            "1d",
        ],
        4,
    );
    check(&["assess", "--root", "/nonexistent", "--no-store"], 1);
    check(&["frobnicate"], 64);
    check(&["--version"], 0);
}

#[test]
fn what_is_not_permitted_ends_with_77() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    // Another user may not reach a checkout in a private folder, so the program is taken out of it. `cp` does it: a file
    // that this process has open for writing cannot be started while another test is between fork and exec.
    let program = folder.path().join("assay");
    let copied = std::process::Command::new("cp").arg(env!("CARGO_BIN_EXE_assay")).arg(&program).status().unwrap();
    assert!(copied.success());
    let mut command = std::process::Command::new(program);
    command.args(["--data", data.to_str().unwrap(), "runs", "list"]).stdin(Stdio::null());
    if rustix::process::geteuid().is_root() {
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        command.uid(65_534).gid(65_534);
    }
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(77), "{stderr}");
    assert!(stderr.contains(data.to_str().unwrap()), "{stderr}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let root = small_host();
    let mut command = assay();
    let arguments = ["--feeds", feeds(), "assess", "--root", root.path().to_str().unwrap(), "--offline", "--no-store"];
    let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("error"), "{:?}", output.stderr);
}

#[test]
fn a_full_disk_is_a_clear_error() {
    let root = small_host();
    let root = root.path().to_str().unwrap();
    let output =
        run(&["--feeds", feeds(), "assess", "--root", root, "--offline", "--no-store", "-o", "json=/dev/full"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.contains("failed to write /dev/full: No space left on device"), "{stderr}");
}

#[test]
fn several_outputs_come_from_one_run() {
    let root = small_host();
    let folder = TempDir::new().unwrap();
    let outputs: Vec<String> = ["table", "text", "json", "jsonl", "csv", "html"]
        .iter()
        .map(|format| format!("{format}={}", folder.path().join(format).display()))
        .collect();
    let mut arguments =
        vec!["--feeds", feeds(), "assess", "--root", root.path().to_str().unwrap(), "--offline", "--no-store"];
    for output in &outputs {
        arguments.extend(["-o", output]);
    }
    assert_eq!(check(&arguments, 0), "");
    for format in ["table", "text", "json", "jsonl", "csv", "html"] {
        let content = std::fs::read_to_string(folder.path().join(format)).unwrap();
        assert!(content.contains("CVE-2023-52425"), "{format}");
    }
}

#[test]
fn an_unknown_key_of_the_configuration_names_line_and_nearest_key() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("assay.toml");
    std::fs::write(&file, "data = \"/tmp\"\nmirorr = \"https://mirror.example.org\"\n").unwrap();
    let output = run(&["--config", file.to_str().unwrap(), "feeds", "status"]);
    assert_eq!(output.status.code(), Some(64));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("assay.toml:2: unknown key \"mirorr\"; did you mean \"mirror\"?"), "{stderr}");
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_configuration() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("assay.toml");
    let named = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(&file, format!("data = {:?}\n", named("configured"))).unwrap();
    let list = |environment: Option<&str>, flag: Option<&str>| {
        let mut command = assay();
        command.args(["--config", file.to_str().unwrap()]);
        if let Some(value) = environment {
            command.env("ASSAY_DATA", named(value));
        }
        if let Some(value) = flag {
            command.args(["--data", &named(value)]);
        }
        assert!(command.args(["runs", "list"]).output().unwrap().status.success());
    };
    let exists = |name: &str| folder.path().join(name).exists();
    list(Some("environment"), Some("flag"));
    assert!(exists("flag") && !exists("environment") && !exists("configured"));
    list(Some("environment"), None);
    assert!(exists("environment") && !exists("configured"));
    list(None, None);
    assert!(exists("configured"));
}

#[test]
fn a_switch_can_be_set_by_the_environment() {
    let root = small_host();
    for (value, is_offline) in [("1", true), ("true", true), ("0", false), ("", false)] {
        let mut command = assay();
        command.env("ASSAY_OFFLINE", value).args(["--data", root.path().join("data").to_str().unwrap()]);
        command.args([
            "--mirror",
            "http://127.0.0.1:1/",
            "assess",
            "--no-store",
            "--root",
            root.path().to_str().unwrap(),
        ]);
        let output = command.output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        assert_eq!(stderr.contains("Connection refused"), !is_offline, "{value:?}: {stderr}");
    }
}

#[test]
fn completions_and_man_pages_know_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(check(&["completion", shell], 0).contains("why-not"), "{shell}");
    }
    let folder = TempDir::new().unwrap();
    check(&["man", folder.path().to_str().unwrap()], 0);
    for page in ["assay.1", "assay-assess.1", "assay-why-not.1", "assay-feeds-sync.1"] {
        let text = std::fs::read_to_string(folder.path().join(page)).unwrap();
        assert!(text.contains(".SH NAME"), "{page}");
    }
}
