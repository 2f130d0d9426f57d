//! Windows as tables: what two looks make together.

use assay_model::evidence::socket::Listener;

use super::*;

fn process(pid: u32, name: &str, mapped: Option<&[u32]>) -> Process {
    Process {
        pid,
        parent_pid: 1,
        name: name.into(),
        executable: Some(format!("/usr/bin/{name}")),
        executable_replaced: false,
        uid: 0,
        user: None,
        unit: None,
        mapped: mapped.map(<[u32]>::to_vec),
    }
}

fn file(path: &str, replaced: bool, package: Option<&str>) -> MappedFile {
    MappedFile { path: path.into(), replaced, package: package.map(str::to_owned) }
}

fn look(processes: Vec<Process>, mapped_files: Vec<MappedFile>) -> Collected<Processes> {
    Collected::complete(Processes { processes, mapped_files })
}

/// What each process has mapped, by name.
fn told(collected: &Collected<Processes>) -> Vec<String> {
    let facts = collected.facts.as_ref().unwrap();
    let name = |place: &u32| {
        let file = &facts.mapped_files[*place as usize];
        format!("{}{}", file.path, if file.replaced { "!" } else { "" })
    };
    let line = |process: &Process| {
        let mapped: Option<Vec<String>> = process.mapped.as_ref().map(|mapped| mapped.iter().map(name).collect());
        format!("{} {} {}", process.pid, process.name, mapped.map_or("?".to_owned(), |mapped| mapped.join(" ")))
    };
    facts.processes.iter().map(line).collect()
}

#[test]
fn a_process_seen_once_stays() {
    let first = look(
        vec![process(1, "init", Some(&[1])), process(9, "short", Some(&[0])), process(7, "hidden", None)],
        vec![file("/lib/a", false, Some("a")), file("/lib/c", false, None)],
    );
    let second = look(
        vec![process(1, "init", Some(&[0, 1, 2])), process(9, "another", Some(&[])), process(7, "hidden", Some(&[1]))],
        vec![file("/lib/b", false, None), file("/lib/c", false, Some("c")), file("/lib/c", true, None)],
    );
    let merged = merge(first.clone(), second.clone(), merge_processes);
    let expected = ["1 init /lib/b /lib/c /lib/c!", "7 hidden /lib/c", "9 another ", "9 short /lib/a"];
    assert_eq!(told(&merged), expected);
    let packages: Vec<Option<&str>> =
        merged.facts.as_ref().unwrap().mapped_files.iter().map(|file| file.package.as_deref()).collect();
    assert_eq!(packages, [Some("a"), None, Some("c"), None]);
    // Nothing new is seen, nothing changes; and what could not be looked at takes nothing away.
    assert_eq!(merge(merged.clone(), second, merge_processes), merged);
    assert_eq!(merge(merged.clone(), Collected::default(), merge_processes), merged);
    assert_eq!(told(&merge(Collected::default(), first.clone(), merge_processes)), told(&first));
}

#[test]
fn indexes_that_lead_nowhere_are_dropped() {
    let hostile = look(vec![process(1, "init", Some(&[0, 7, u32::MAX]))], vec![file("/lib/a", false, None)]);
    assert_eq!(told(&merge(hostile.clone(), hostile, merge_processes)), ["1 init /lib/a"]);
}

fn socket(port: u16, listeners: &[(u32, &str)]) -> ListeningSocket {
    let listener =
        |(pid, name): &(u32, &str)| Listener { pid: *pid, name: (*name).to_owned(), executable: None, package: None };
    ListeningSocket {
        protocol: Protocol::Tcp,
        address: "0.0.0.0".parse().unwrap(),
        port,
        uid: 0,
        listeners: listeners.iter().map(listener).collect(),
    }
}

#[test]
fn a_socket_seen_once_stays() {
    let sockets = |listening: Vec<ListeningSocket>| Collected::complete(Sockets { listening });
    let first = sockets(vec![socket(80, &[(5, "web")]), socket(22, &[])]);
    let second = sockets(vec![socket(22, &[(3, "sshd")]), socket(80, &[(4, "web"), (5, "web")]), socket(9, &[])]);
    let merged = merge(first, second.clone(), merge_sockets);
    let expected = vec![socket(9, &[]), socket(22, &[(3, "sshd")]), socket(80, &[(4, "web"), (5, "web")])];
    assert_eq!(merged.facts.as_ref().unwrap().listening, expected);
    assert_eq!(merge(merged.clone(), second, merge_sockets), merged);
}

#[test]
fn of_a_problem_that_counts_the_last_is_kept() {
    let with = |subject: &str, detail: &str| Collected::<Sockets> {
        facts: None,
        problems: vec![Problem::new(subject, ProblemKind::NotPermitted, detail)],
    };
    let merged = merge(with("/proc/*/fd", "3 of 40"), with("/proc/*/fd", "4 of 41"), merge_sockets);
    assert_eq!(merged.problems, with("/proc/*/fd", "4 of 41").problems);
    let mut all = Collected::default();
    for number in 0..200 {
        all = merge(all, with(&number.to_string(), ""), merge_sockets);
    }
    assert_eq!(all.problems.len(), MAX_PROBLEMS);
}
