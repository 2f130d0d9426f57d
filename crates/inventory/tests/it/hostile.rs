//! Configuration files that nobody should wait for: larger than memory, or no files at all.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::process::Command;

use assay_host::RootedHost;
use assay_inventory::{authentication, libraries, sshd};
use assay_model::evidence::ProblemKind;

const SIZE: u64 = 5 << 30;

#[test]
fn five_gigabytes_and_a_fifo_are_problems_and_no_wait() {
    let tree = tempfile::tempdir().unwrap();
    let inside = |path: &str| tree.path().join(path);
    for directory in ["usr/sbin", "etc/ssh", "etc/pam.d", "etc/security"] {
        fs::create_dir_all(inside(directory)).unwrap();
    }
    fs::write(inside("usr/sbin/sshd"), "").unwrap();
    for path in ["etc/ssh/sshd_config", "etc/pam.d/sshd", "etc/login.defs"] {
        File::create(inside(path)).unwrap().set_len(SIZE).unwrap();
    }
    for path in ["etc/pam.d/fifo", "etc/security/pwquality.conf", "etc/default"] {
        let status = Command::new("mkfifo").arg(inside(path)).status();
        assert!(status.expect("mkfifo is missing; install Debian's package coreutils").success());
    }
    let host = RootedHost::root_directory(tree.path()).unwrap();
    let collected = sshd::collect(&host, None);
    let facts = collected.facts.unwrap();
    assert!(facts.installed && facts.effective.is_empty());
    let told = |problems: &[assay_model::evidence::Problem]| {
        problems.iter().map(|problem| (problem.subject.clone(), problem.kind)).collect::<Vec<_>>()
    };
    assert!(told(&collected.problems).contains(&("/etc/ssh/sshd_config".to_owned(), ProblemKind::TooLarge)));
    let collected = authentication::collect(&host);
    assert_eq!(
        told(&collected.problems),
        [
            ("/etc/pam.d/fifo".to_owned(), ProblemKind::WrongType),
            ("/etc/pam.d/sshd".to_owned(), ProblemKind::TooLarge),
            ("/etc/login.defs".to_owned(), ProblemKind::TooLarge),
            ("/etc/security/pwquality.conf".to_owned(), ProblemKind::WrongType),
        ]
    );
}

#[test]
fn a_tree_that_means_harm_ends_and_the_rest_of_it_is_read() {
    let tree = tempfile::tempdir().unwrap();
    let inside = |path: &str| tree.path().join(path);
    for directory in ["srv/node_modules/big", "srv/fifo.dist-info", "srv/fine.dist-info", "opt"] {
        fs::create_dir_all(inside(directory)).unwrap();
    }
    symlink("..", inside("srv/up")).unwrap();
    symlink("loop", inside("srv/loop")).unwrap();
    symlink("/", inside("srv/node_modules/root")).unwrap();
    for path in ["srv/node_modules/big/package.json", "srv/Cargo.lock", "opt/huge.jar", "opt/huge"] {
        File::create(inside(path)).unwrap().set_len(SIZE).unwrap();
    }
    let status = Command::new("chmod").arg("755").arg(inside("opt/huge")).status();
    assert!(status.expect("chmod is missing; install Debian's package coreutils").success());
    let status = Command::new("mkfifo").arg(inside("srv/fifo.dist-info/METADATA")).status();
    assert!(status.expect("mkfifo is missing; install Debian's package coreutils").success());
    fs::write(inside("srv/fine.dist-info/METADATA"), "Name: fine\nVersion: 1.0\n").unwrap();
    let mut deep = tree.path().join("opt");
    for _ in 0..300 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).unwrap();
    let collected = libraries::collect(&RootedHost::root_directory(tree.path()).unwrap());
    let names: Vec<String> = collected.facts.unwrap().libraries.into_iter().map(|library| library.name).collect();
    assert_eq!(names, ["fine"]);
    let told: Vec<(String, ProblemKind)> =
        collected.problems.into_iter().map(|problem| (problem.subject, problem.kind)).collect();
    assert_eq!(
        told,
        [
            (format!("/opt{}", "/d".repeat(256)), ProblemKind::TooLarge),
            ("/opt/huge.jar".to_owned(), ProblemKind::Malformed),
            ("/srv/Cargo.lock".to_owned(), ProblemKind::TooLarge),
            ("/srv/node_modules/big/package.json".to_owned(), ProblemKind::TooLarge),
        ]
    );
}
