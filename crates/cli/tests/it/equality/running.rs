//! A machine that runs: on itself, by SSH, as the root directory `/`, and as the directory that it is from outside.

use std::fs;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::compare::{difference, request};
use super::machine::{Machine, OTHER, OTHER_PORT};
use super::specimen;
use crate::support::{NOW, assay};

/// Evidence, as it is printed.
#[track_caller]
fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), stderr.as_str()), (Some(0), ""));
    String::from_utf8(output.stdout).unwrap()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[track_caller]
fn assert_same(left: &str, right: &str, what: &str) {
    if let Some(difference) = difference(left, right) {
        panic!("{what}: {difference}");
    }
}

/// The processes but for those that collect: all that are below one of these.
///
/// A collection is seen by itself, and it is another one each time: its program has another process id and path, and by
/// SSH it hangs below a child of sshd, a shell and timeout(1). Everything else on the machine has to be the same, with
/// the files that it has mapped, which the evidence names by their places in a list of all.
fn settled(evidence: &mut Value, is_collecting: impl Fn(&Value) -> bool) -> Value {
    let facts = &evidence["processes"]["facts"];
    let mapped = facts["mapped_files"].as_array().unwrap();
    let mut collecting: Vec<Value> = Vec::new();
    let mut settled = Vec::new();
    for process in facts["processes"].as_array().unwrap() {
        if is_collecting(process) || collecting.contains(&process["parent_pid"]) {
            collecting.push(process["pid"].clone());
            continue;
        }
        let mut process = process.clone();
        for place in process["mapped"].as_array_mut().into_iter().flatten() {
            *place = mapped[usize::try_from(place.as_u64().unwrap()).unwrap()].clone();
        }
        settled.push(process);
    }
    assert!(!collecting.is_empty(), "the collection sees itself");
    evidence["processes"]["facts"].take();
    Value::from(settled)
}

/// What only a system that runs has; a directory says that it does not, or says nothing.
fn still(evidence: &mut Value) {
    for section in ["processor", "processes", "sockets"] {
        evidence[section].take();
    }
    evidence["source"].take();
    evidence["host"]["hostname"].take();
    for name in ["running", "live_patches", "command_line"] {
        evidence["kernel"]["facts"][name].take();
    }
    evidence["mounts"]["facts"]["mounted"].take();
    for (_, value) in evidence["sysctl"]["facts"].as_object_mut().unwrap() {
        value["running"].take();
    }
}

#[test]
fn a_running_host_is_the_same_by_every_way() {
    let folder = specimen::debian();
    let work = TempDir::new().unwrap();
    let request = request(work.path());
    let machine = Machine::start(folder.path());
    // Old code that runs on: the file of the other server is replaced by another one with the same content.
    let other = folder.path().join(OTHER.trim_start_matches('/'));
    fs::copy(&other, work.path().join("other")).unwrap();
    fs::remove_file(&other).unwrap();
    fs::copy(work.path().join("other"), &other).unwrap();
    let within = machine.write("request", &fs::read(&request).unwrap());
    let collect = ["--now", NOW, "collect", "--request"];
    let live = printed(machine.assay().args(collect).arg(&within));
    let ssh = printed(assay().args(collect).arg(&request).args(machine.login()));
    let slash = printed(machine.assay().args(collect).arg(&within).args(["--root", "/"]));
    let root = printed(assay().args(collect).arg(&request).arg("--root").arg(folder.path()));

    assert_same(&root, &slash, "a root directory, and / of the machine that it is");

    let (mut live, mut ssh, mut slash) = (parsed(&live), parsed(&ssh), parsed(&slash));
    let sshd = |process: &Value| process["parent_pid"] == 1 && process["name"] == "sshd";
    let here = settled(&mut live, |process| process["name"] == "assay");
    let there = settled(&mut ssh, sshd);
    assert_eq!(here, there, "processes");
    let names: Vec<_> = here.as_array().unwrap().iter().map(|process| process["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["sshd", "other-server"]);
    let server = &here[1];
    assert_eq!((&server["executable"], &server["executable_replaced"]), (&OTHER.into(), &true.into()));
    assert_eq!((&server["uid"], &server["user"]), (&1000.into(), &"me".into()));
    assert!(server["mapped"].as_array().unwrap().iter().any(|file| file["replaced"] == true), "{server}");
    assert!(here[0]["mapped"].as_array().unwrap().iter().any(|file| file["package"] == "openssh-server"));
    let sockets = live["sockets"]["facts"]["listening"].as_array().unwrap();
    let listens = |socket: &&Value| socket["port"] == OTHER_PORT && socket["listeners"][0]["pid"] == server["pid"];
    assert_eq!(sockets.iter().filter(listens).count(), 2, "IPv4 and IPv6: {sockets:?}");
    assert_same(&live.to_string(), &ssh.to_string(), "all but processes, on the machine and by SSH");

    assert_eq!(live["sysctl"]["facts"]["kernel.randomize_va_space"]["persistent"]["value"], "1");
    still(&mut live);
    still(&mut slash);
    assert_same(&live.to_string(), &slash.to_string(), "all that needs no running system");
}
