//! Configuration files that nobody should wait for: larger than memory, or no files at all.

use std::fs::{self, File};
use std::process::Command;

use assay_host::RootedHost;
use assay_inventory::{authentication, sshd};
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
