//! `--ssh` against a real sshd on loopback, and against hosts that misbehave.

mod server;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{NOW, assay};
use server::Server;

/// What does not change by itself between two collections on a machine that other programs run on. All else is compared by
/// `equality::running`, on a machine where nothing else runs.
const SECTIONS: &str = "os,packages,kernel,processor,accounts,sshd,authentication,sysctl,mounts,paths";

/// Collects; returns the evidence and what was said.
#[track_caller]
fn collected(command: &mut Command) -> (Value, String) {
    let output = command.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    (serde_json::from_slice(&output.stdout).unwrap(), stderr)
}

/// The command must fail, naming the host and `expected`.
#[track_caller]
fn check_failure(output: &Output, expected: &[&str]) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(output.stdout.is_empty(), "{stderr}");
    for expected in expected {
        assert!(stderr.contains(expected), "no {expected:?} in: {stderr}");
    }
    assert!(stderr.lines().count() < 250, "{stderr}");
}

#[test]
fn the_evidence_is_what_the_host_itself_collects_and_nothing_stays_there() {
    let server = Server::start("");
    // bash reads this for a session without a terminal too, and what it prints comes before the evidence.
    fs::write(server.path("home/.bashrc"), "echo Welcome to this host\n").unwrap();
    let options = ["--now", NOW, "collect", "--sections", SECTIONS];
    let (mut there, said) = collected(assay().args(options).args(server.login("good")));
    let (mut here, _) = collected(server.inside(env!("CARGO_BIN_EXE_assay")).args(options));
    assert_eq!(there["source"], "live-host");
    assert_eq!(said, "");
    for section in SECTIONS.split(',') {
        assert_eq!(there[section].take(), here[section].take(), "{section}");
    }
    assert_eq!(there, here);
    assert_eq!(server.left_behind(), Vec::<String>::new());
    assert_eq!(server.log().matches("Accepted publickey").count(), 1, "{}", server.log());
    assert_eq!(server.log().matches("Starting session").count(), 1, "{}", server.log());
}

#[test]
fn a_host_is_assessed_by_ssh() {
    let server = Server::start("");
    let mut command = assay();
    let data = TempDir::new().unwrap();
    command.arg("--data").arg(data.path());
    command.args(["--quiet", "--now", NOW, "assess", "--offline", "--no-store", "-o", "json"]);
    let (document, _) = collected(command.args(["--rules", "best-practices"]).args(server.login("good")));
    assert_eq!(document["run"]["state"].as_str().map(|state| state.starts_with("COMPLETED")), Some(true));
    assert_eq!(server.left_behind(), Vec::<String>::new());
}

#[test]
fn directories_that_programs_cannot_run_from_are_passed_over() {
    let server = Server::start("/tmp /var/tmp");
    let collect = ["--now", NOW, "collect", "--sections", "os"];
    let (evidence, said) = collected(assay().args(collect).args(server.login("good")));
    assert_eq!((evidence["source"].as_str(), said.as_str()), (Some("live-host"), ""));
    assert_eq!(server.left_behind(), Vec::<String>::new());
    drop(server);
    let server = Server::start("/tmp /var/tmp HOME");
    let output = assay().args(collect).args(server.login("good")).output().unwrap();
    check_failure(&output, &["no directory that the collector may be run from", "mounted noexec"]);
    assert_eq!(server.left_behind(), Vec::<String>::new());
}

#[test]
fn every_failure_is_named() {
    let server = Server::start("");
    for (key, expected) in [
        ("stranger", &["target: ", "Permission denied", "could not connect or log in"][..]),
        ("garbage", &["failed to collect from target by SSH", "no evidence, but: nothing here"]),
        ("endless", &["no evidence within 64 KiB, but: y"]),
        ("colourful", &["target: \\x1b[31mred\\x07", "exit code 3"]),
        ("talkative", &["further messages are left out", "exit code 4"]),
        ("outdated", &["what target sent is evidence of schema 1"]),
        ("broken", &["what target sent is no evidence document"]),
    ] {
        let output = assay().args(["collect", "--sections", "os"]).args(server.login(key)).output().unwrap();
        check_failure(&output, expected);
    }
    let login = server.login("good");
    let run = |more: &[&str]| assay().args(["collect", "--sections", "os"]).args(&login).args(more).output().unwrap();
    check_failure(&run(&["--ssh-option", "Port=1"]), &["Connection refused", "could not connect or log in"]);
    let unknown = run(&["--ssh-option", "UserKnownHostsFile=/dev/null"]);
    check_failure(&unknown, &["Host key verification failed", "could not connect or log in"]);
    check_failure(&run(&["--ssh-option", "Nonsense=1"]), &["configuration option: nonsense", "exit code 255"]);
    check_failure(&run(&["--collector", "/etc/passwd"]), &["/etc/passwd cannot be the collector"]);
    assert_eq!(server.left_behind(), Vec::<String>::new());
}

#[test]
fn a_collector_for_another_machine_is_not_run() {
    let server = Server::start("");
    let mut program = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x16\0".to_vec();
    program.resize(8 << 20, 0);
    fs::write(server.path("other"), program).unwrap();
    let output = assay()
        .arg("collect")
        .args(server.login("good"))
        .arg("--collector")
        .arg(server.path("other"))
        .output()
        .unwrap();
    check_failure(&output, &["the collector is for Linux s390x", "another kind of machine"]);
    assert_eq!(server.left_behind(), Vec::<String>::new());
}

#[test]
fn a_connection_that_breaks_leaves_nothing_behind() {
    let server = Server::start("");
    // What the client sends ends after a hundred reads of at most 64 KiB, amid the program.
    let proxy = format!(
        "ProxyCommand=bash -c 'exec 3<>/dev/tcp/127.0.0.1/{}; cat <&3 & dd bs=65536 count=100 >&3 2>/dev/null; kill $!'",
        server.port
    );
    let output = assay().arg("collect").args(server.login("good")).args(["--ssh-option", &proxy]).output().unwrap();
    check_failure(&output, &["the connection broke"]);
    assert!(server.log().contains("Starting session"), "{}", server.log());
    let start = Instant::now();
    while !server.left_behind().is_empty() {
        assert!(start.elapsed() < server::PATIENCE, "{:?}", server.left_behind());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A folder of programs that stand before the machine's own: `ssh` runs its command here, as a user who is not root.
fn stand_ins(ssh: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let path = folder.path().display();
    for (name, script) in [
        ("ssh", format!("for command; do :; done\n{ssh}\n")),
        ("id", "echo 1000\n".to_owned()),
        ("sudo", format!("echo \"$1 $2\" >> {path}/elevations\nshift 2\nexec \"$@\"\n")),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, format!("#!/bin/sh\n{script}")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o700)).unwrap();
    }
    folder
}

fn with_stand_ins(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = assay();
    let path = std::env::var("PATH").unwrap();
    command.env("PATH", format!("{}:{path}", folder.path().display()));
    command.args(["--now", NOW, "collect", "--ssh", "me@web1", "--sections", "os"]).args(arguments);
    command
}

#[test]
fn privileges_are_raised_once_where_it_is_asked_for() {
    let folder = stand_ins("exec sh -c \"$command\"");
    let elevations = || fs::read_to_string(folder.path().join("elevations")).unwrap_or_default();
    collected(&mut with_stand_ins(&folder, &[]));
    assert_eq!(elevations(), "");
    let (evidence, _) = collected(&mut with_stand_ins(&folder, &["--sudo"]));
    assert_eq!(evidence["source"], "live-host");
    assert_eq!(elevations(), "-n --\n");
}

#[test]
fn a_cut_transfer_runs_nothing() {
    let folder = stand_ins("head -c 100000 | sh -c \"$command\"");
    let output = with_stand_ins(&folder, &["--sudo"]).output().unwrap();
    check_failure(&output, &["me@web1: 100000 of ", "did not arrive whole"]);
    assert!(!folder.path().join("elevations").exists());
}

#[test]
fn evidence_of_another_request_or_source_is_refused() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("evidence");
    for (options, expected) in [
        (&["--sections", "os,processor"][..], "evidence of another request"),
        (&["--root", folder.path().to_str().unwrap(), "--sections", "os"], "not of a running host"),
    ] {
        let (evidence, _) = collected(assay().args(["--now", NOW, "collect"]).args(options));
        fs::write(&file, evidence.to_string()).unwrap();
        let answer = format!("cat > /dev/null; echo assay-evidence-follows; cat {}", file.display());
        check_failure(&with_stand_ins(&stand_ins(&answer), &[]).output().unwrap(), &["me@web1", expected]);
    }
}

#[test]
fn a_command_line_that_cannot_be_is_a_usage_error() {
    for arguments in [
        &["collect", "--ssh", "-oProxyCommand=id"][..],
        &["collect", "--ssh=-oProxyCommand=id"],
        &["collect", "--ssh", "web1", "--root", "/"],
        &["collect", "--sudo"],
        &["collect", "--ssh", "web1", "--ssh-timeout", "0"],
    ] {
        let output = assay().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(64), "{arguments:?}");
    }
    let no_programs = TempDir::new().unwrap();
    let output = assay().args(["collect", "--ssh", "web1"]).env("PATH", no_programs.path()).output().unwrap();
    check_failure(&output, &["ssh is not installed here"]);
}
