//! Examples, hostile files, and systemd-sysctl(8) asked about the same trees.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assay_host::{MemoryHost, RootedHost};
use assay_model::evidence::SourceKind;
use tempfile::TempDir;

use super::*;

const SYSTEMD: &str = "/usr/lib/systemd/systemd-sysctl";

fn collect_one(host: &dyn Host, name: &str) -> (Option<SysctlValue>, Vec<(String, ProblemKind)>) {
    let collected = collect(host, &BTreeSet::from([name.to_owned()]));
    let told = collected.problems.into_iter().map(|problem| (problem.subject, problem.kind)).collect();
    (collected.facts.unwrap().remove(name), told)
}

/// `expected` is the value with its file and line.
fn check(host: &MemoryHost, name: &str, expected: Option<(&str, &str, u32)>) {
    let (value, told) = collect_one(host, name);
    let persistent = value.unwrap().persistent;
    let found = persistent.as_ref().map(|set| (set.value.as_str(), set.file.as_deref().unwrap(), set.line.unwrap()));
    assert_eq!((found, told), (expected, Vec::new()), "{name}");
}

fn systemd() -> MemoryHost {
    MemoryHost::new(SourceKind::RootDirectory).file(SYSTEMD, "")
}

#[test]
fn the_last_file_by_name_wins_and_an_earlier_folder_hides() {
    let host = systemd()
        .file("/etc/sysctl.d/50-a.conf", "kernel.a = 1\nkernel.b=1\n# kernel.c=1\n")
        .file("/usr/lib/sysctl.d/60-b.conf", "kernel.a=2\n")
        .file("/usr/lib/sysctl.d/50-a.conf", "kernel.d=1\n")
        .file("/run/sysctl.d/70-c.conf", "kernel/b = 2 \r\n")
        .file("/usr/local/lib/sysctl.d/80-d.conf", "kernel.e=1\n")
        .file("/etc/sysctl.d/80-d.conf.bak", "kernel.e=2\n")
        .link("/etc/sysctl.d/90-e.conf", "/dev/null")
        .file("/usr/lib/sysctl.d/90-e.conf", "kernel.a=3\n");
    check(&host, "kernel.a", Some(("2", "/usr/lib/sysctl.d/60-b.conf", 1)));
    check(&host, "kernel.b", Some(("2", "/run/sysctl.d/70-c.conf", 1)));
    check(&host, "kernel/b", Some(("2", "/run/sysctl.d/70-c.conf", 1)));
    check(&host, "kernel.c", None);
    check(&host, "kernel.d", None);
    check(&host, "kernel.e", Some(("1", "/usr/local/lib/sysctl.d/80-d.conf", 1)));
}

#[test]
fn the_old_file_counts_where_its_link_stands() {
    let linked = systemd()
        .file("/etc/sysctl.conf", "kernel.a=1\nkernel.b=1\n")
        .link("/etc/sysctl.d/99-sysctl.conf", "../sysctl.conf")
        .file("/etc/sysctl.d/50-a.conf", "kernel.a=2\n")
        .file("/etc/sysctl.d/99-z.conf", "kernel.b=2\n");
    check(&linked, "kernel.a", Some(("1", "/etc/sysctl.conf", 1)));
    check(&linked, "kernel.b", Some(("2", "/etc/sysctl.d/99-z.conf", 1)));
    let unlinked = systemd().file("/etc/sysctl.conf", "kernel.a=1\n");
    check(&unlinked, "kernel.a", None);
    let without_systemd = MemoryHost::new(SourceKind::RootDirectory)
        .file("/etc/sysctl.conf", "kernel.a=1\n")
        .file("/etc/sysctl.d/zz.conf", "kernel.a=2\n");
    check(&without_systemd, "kernel.a", Some(("1", "/etc/sysctl.conf", 1)));
}

#[test]
fn a_name_counts_before_a_pattern() {
    let host = systemd()
        .file(
            "/etc/sysctl.d/a.conf",
            "net.ipv4.conf.all.rp_filter = 1\nnet.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.lo.rp_filter\n",
        )
        .file(
            "/etc/sysctl.d/b.conf",
            "-net.ipv4.conf.eth?.rp_filter = 0\nnet.ipv4.conf.eth1.x=1\n-net.ipv4.conf.eth1.x",
        );
    check(&host, "net.ipv4.conf.all.rp_filter", Some(("1", "/etc/sysctl.d/a.conf", 1)));
    check(&host, "net.ipv4.conf.default.rp_filter", Some(("2", "/etc/sysctl.d/a.conf", 2)));
    check(&host, "net.ipv4.conf.lo.rp_filter", None);
    check(&host, "net.ipv4.conf.eth0.rp_filter", Some(("0", "/etc/sysctl.d/b.conf", 1)));
    check(&host, "net.ipv4.conf.eth0/1.rp_filter", Some(("2", "/etc/sysctl.d/a.conf", 2)));
    check(&host, "net.ipv4.conf.eth1.x", None);
}

#[test]
fn running_values_are_those_of_the_live_host() {
    let live = MemoryHost::new(SourceKind::LiveHost)
        .file("/proc/sys/kernel/randomize_va_space", "2\n")
        .file("/proc/sys/net/ipv4/conf/eth0.1/forwarding", "0\n")
        .denied("/proc/sys/kernel/closed")
        .file("/etc/shadow", "secret");
    let running = |name: &str| {
        let (value, told) = collect_one(&live, name);
        (value.map(|value| value.running), told)
    };
    let value = |text: &str| Some(Some(text.to_owned()));
    assert_eq!(running("kernel.randomize_va_space"), (value("2"), vec![]));
    assert_eq!(running("net.ipv4.conf.eth0/1.forwarding"), (value("0"), vec![]));
    assert_eq!(running("kernel.none"), (Some(None), vec![]));
    let closed = vec![("/proc/sys/kernel/closed".to_owned(), ProblemKind::NotPermitted)];
    assert_eq!(running("kernel.closed"), (Some(None), closed));
    for (name, kind) in [
        ("kernel/../../../etc/shadow", ProblemKind::Malformed),
        ("kernel.//.//.//.etc.shadow", ProblemKind::Malformed),
        ("", ProblemKind::Malformed),
        ("net.ipv6.conf.eth0.stable_secret", ProblemKind::NotSupported),
        ("net.ipv4.tcp_fastopen_key", ProblemKind::NotSupported),
    ] {
        assert_eq!(running(name), (None, vec![(name.to_owned(), kind)]), "{name}");
    }
    let at_rest = MemoryHost::new(SourceKind::RootDirectory).file("/proc/sys/kernel/randomize_va_space", "2\n");
    assert_eq!(collect_one(&at_rest, "kernel.randomize_va_space").0.unwrap().running, None);
    assert_eq!(collect(&at_rest, &BTreeSet::new()), Collected::complete(Sysctl::new()));
}

#[test]
fn this_machine_runs_what_sysctl_says() {
    let ours = collect_one(&RootedHost::live().unwrap(), "kernel.ostype").0.unwrap().running.unwrap();
    let theirs = fs::read_to_string("/proc/sys/kernel/ostype").unwrap();
    assert_eq!(ours, theirs.trim_end());
}

#[test]
fn hostile_files_are_told_and_the_rest_is_read() {
    let good = || systemd().file("/etc/sysctl.d/a.conf", "kernel.a=1\n");
    let b = "/etc/sysctl.d/b.conf";
    for (hostile, path, kind) in [
        (good().fifo(b), b, ProblemKind::WrongType),
        (good().link(b, "b.conf"), b, ProblemKind::LinkLoop),
        (good().link(b, "nothing"), b, ProblemKind::NotFound),
        (good().denied(b), b, ProblemKind::NotPermitted),
        (good().directory(b, 0o755, 0, 0), b, ProblemKind::WrongType),
        (good().file(b, vec![b'#'; 5 << 20]), b, ProblemKind::TooLarge),
        (good().file(b, "kernel.b = \n = 1\nnonsense\n"), b, ProblemKind::Malformed),
        (good().file(b, "net.{a,b}.*=1\nnet.[[:alpha:]]=1"), b, ProblemKind::Malformed),
        (good().file(b, b"kernel.\xff=1\n\xff"), b, ProblemKind::Malformed),
        (good().denied("/run/sysctl.d"), "/run/sysctl.d", ProblemKind::NotPermitted),
    ] {
        let (value, told) = collect_one(&hostile, "kernel.a");
        assert_eq!(value.unwrap().persistent.unwrap().value, "1", "{path} {kind:?}");
        assert!(!told.is_empty() && told.iter().all(|each| *each == (path.to_owned(), kind)), "{told:?}");
    }
    let many = (0..1001).fold(good(), |host, at| host.file(&format!("/etc/sysctl.d/z{at}.conf"), ""));
    assert_eq!(collect_one(&many, "kernel.a").1, [("/etc/sysctl.d".to_owned(), ProblemKind::TooLarge)]);
}

/// A root directory in which the machine's own systemd-sysctl writes into plain files instead of the kernel.
struct Oracle {
    root: TempDir,
}

const KEYS: [&str; 7] =
    ["kernel/a", "kernel/b", "kernel/c", "net/conf/all/x", "net/conf/eth0/x", "net/conf/eth0.1/x", "net/conf/eth0.1/y"];

impl Oracle {
    fn new() -> Oracle {
        let oracle = Oracle { root: tempfile::tempdir().unwrap() };
        let program = Path::new("/lib/systemd/systemd-sysctl");
        assert!(program.exists(), "{} is needed: install Debian's package systemd", program.display());
        oracle.copy(program, Path::new(SYSTEMD));
        let output = Command::new("ldd").arg(program).output().expect("ldd (libc-bin) is needed");
        for library in String::from_utf8(output.stdout).unwrap().split_whitespace().filter(|word| word.starts_with('/'))
        {
            oracle.copy(Path::new(library), Path::new(library));
        }
        oracle
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path.trim_start_matches('/'))
    }

    fn copy(&self, from: &Path, to: &Path) {
        let to = self.at(to.to_str().unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    }

    fn write(&self, path: &str, content: &str) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        match content.strip_prefix("-> ") {
            Some(target) => std::os::unix::fs::symlink(target, self.at(path)).unwrap(),
            None => fs::write(self.at(path), content).unwrap(),
        }
    }

    /// Lays out the files, lets systemd-sysctl apply them, and compares every key.
    fn check(&self, files: &[(&str, String)]) {
        for folder in ["etc", "run", "usr/lib/sysctl.d", "usr/local", "proc"] {
            let _ = fs::remove_dir_all(self.at(folder));
        }
        for (path, content) in files {
            self.write(path, content);
        }
        for key in KEYS {
            self.write(&format!("/proc/sys/{key}"), "");
        }
        let mut command = if rustix::process::geteuid().is_root() {
            Command::new("chroot")
        } else {
            let mut command = Command::new("unshare");
            command.args(["--user", "--map-root-user", "chroot"]);
            command
        };
        let applied = command.arg(self.root.path()).arg(SYSTEMD).output();
        let applied = applied.expect("chroot (coreutils) and unshare (util-linux) are needed");
        let host = RootedHost::root_directory(self.root.path()).unwrap();
        for key in KEYS {
            let theirs = fs::read_to_string(self.at(&format!("/proc/sys/{key}"))).unwrap();
            let ours = collect_one(&host, key).0.unwrap().persistent.map(|setting| setting.value).unwrap_or_default();
            assert_eq!(
                ours,
                theirs.trim_end_matches('\n'),
                "{key} of {files:#?}\n{}",
                String::from_utf8_lossy(&applied.stderr)
            );
        }
    }
}

#[test]
fn systemd_sysctl_sets_the_same() {
    let oracle = Oracle::new();
    let check = |files: &[(&str, &str)]| {
        oracle.check(&files.iter().map(|(path, content)| (*path, (*content).to_owned())).collect::<Vec<_>>());
    };
    check(&[]);
    check(&[("/etc/sysctl.d/a.conf", "kernel.a=1\nkernel.a=2\n  kernel/b  =  x y\t\n;kernel.c=1\n")]);
    check(&[("/etc/sysctl.d/a.conf", "kernel.a=1\n"), ("/usr/lib/sysctl.d/a.conf", "kernel.a=2\nkernel.b=2\n")]);
    check(&[("/run/sysctl.d/a.conf", "kernel.a=1\n"), ("/usr/local/lib/sysctl.d/b.conf", "kernel.a=2\n")]);
    check(&[("/etc/sysctl.d/a.conf", "-> /dev/null"), ("/usr/lib/sysctl.d/a.conf", "kernel.a=2\n")]);
    check(&[("/etc/sysctl.conf", "kernel.a=1\n")]);
    check(&[("/etc/sysctl.conf", "kernel.a=1\n"), ("/etc/sysctl.d/99-sysctl.conf", "-> ../sysctl.conf")]);
    check(&[
        ("/etc/sysctl.conf", "kernel.a=1\n"),
        ("/etc/sysctl.d/99-sysctl.conf", "-> ../sysctl.conf"),
        ("/etc/sysctl.d/99-z.conf", "kernel.a=2\n"),
    ]);
    check(&[("/etc/sysctl.d/a.conf", "net.conf.*.x=1\nnet.conf.all.x=2\nnet.conf.eth0/1.x=3\nnet.conf.*.x=1\n")]);
    check(&[("/etc/sysctl.d/a.conf", "net.conf.eth*.x=1\nnet.conf.*.x=2\nnet.conf.eth*.x=1\n")]);
    check(&[("/etc/sysctl.d/a.conf", "net.conf.eth*.x=1\nnet.conf.*.x=2\nnet.conf.eth*.x=3\n")]);
    check(&[("/etc/sysctl.d/a.conf", "net/conf/*/x=1\n-net.conf.all.x\n-net.conf.*.y=2\nnet.conf.eth0=1\n")]);
    check(&[("/etc/sysctl.d/a.conf", "net.conf.all.x=1\n-net.conf.all.x\nnet.conf.[!a]*.x=4\n")]);
    check(&[("/etc/sysctl.d/a.conf", "nonsense\nkernel.a\nkernel.b=1=2\nkernel.c=\n=5\n-=5\n")]);
    check(&[("/etc/sysctl.d/a.conf", "kernel.a=1 # no comment\nkernel..b=1\n/kernel/c=1")]);
    check(&[("/etc/sysctl.d/a.conf/directory", "x"), ("/usr/lib/sysctl.d/a.conf", "kernel.a=1\n")]);
    check(&[("/etc/sysctl.d/a.conf", "-> nothing"), ("/usr/lib/sysctl.d/a.conf", "kernel.a=1\n")]);
    check(&[("/etc/sysctl.d/a.conf", ""), ("/usr/lib/sysctl.d/a.conf", "kernel.a=1\n")]);
    check(&[("/etc/sysctl.d/.hidden.conf", "kernel.a=1\n"), ("/etc/sysctl.d/b.conf~", "kernel.b=1\n")]);
}

#[test]
fn systemd_sysctl_sets_the_same_for_many_files() {
    let oracle = Oracle::new();
    // A linear congruential generator (Knuth's MMIX constants): the same trees on every run.
    let mut state: u64 = 2026;
    let mut pick = |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let names = [
        "kernel.a",
        "kernel/b",
        "kernel.*",
        "net.conf.all.x",
        "net.conf.*.x",
        "net.conf.eth*.x",
        "net.conf.eth0/1.?",
        "net/conf/eth0.1/x",
        "net.conf.eth0.x",
        "net/*/*/x",
    ];
    let folders = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d"];
    for _ in 0..60 {
        let mut files: Vec<(&str, String)> = Vec::new();
        let paths: Vec<String> =
            folders.iter().flat_map(|folder| ["a", "b", "c"].map(|name| format!("{folder}/{name}.conf"))).collect();
        for path in &paths {
            let content = match pick(8) {
                0..=2 => continue,
                3 => "-> /dev/null".to_owned(),
                lines => (0..lines)
                    .map(|_| match (names[pick(names.len())], pick(6)) {
                        (name, 0) => format!("-{name}\n"),
                        (name, 1) => format!("-{name} = {}\n", pick(3)),
                        (name, value) => format!("{name}={value}\n"),
                    })
                    .collect(),
            };
            files.push((path, content));
        }
        oracle.check(&files);
    }
}
