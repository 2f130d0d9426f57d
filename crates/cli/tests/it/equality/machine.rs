//! A root directory that runs: a machine of its own, as far as the kernel goes, with sshd and one more server.
//!
//! Processes, mounts, network and host name are namespaces of their own, so that nothing else changes what is seen in it.
//! It needs root, and ends with the test.

use std::fs::{self, File};
use std::net::Ipv4Addr;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::forms::{text, tool};
use super::specimen::{mode, owner, put};

/// What the script that `--ssh` sends asks for, and what the machine runs.
const PROGRAMS: &[&str] = &[
    "/bin/sh",
    "/usr/bin/cat",
    "/usr/bin/chmod",
    "/usr/bin/head",
    "/usr/bin/id",
    "/usr/bin/mktemp",
    "/usr/bin/rm",
    "/usr/bin/tail",
    "/usr/bin/timeout",
    "/usr/bin/uname",
    "/usr/bin/wc",
    "/usr/sbin/sshd",
];

/// The ports of sshd, and of the other server.
const SSHD_PORT: u16 = 2222;
pub(super) const OTHER_PORT: u16 = 2223;

/// The other server, a copy of sshd that no package owns and that an ordinary user runs.
pub(super) const OTHER: &str = "/usr/local/sbin/other-server";

/// How long the machine may take to listen.
const PATIENCE: Duration = Duration::from_secs(60);

/// Puts below a root what is needed to run it.
pub(super) fn make_runnable(root: &Path) {
    symlink("usr/lib64", root.join("lib64")).unwrap();
    fs::create_dir_all(root.join("usr/lib64")).unwrap();
    let programs = PROGRAMS.iter().copied().chain([env!("CARGO_BIN_EXE_assay")]);
    for program in programs.clone() {
        for word in tool("ldd", &[program], "").split_whitespace().filter(|word| word.starts_with('/')) {
            copy(root, word.trim_end_matches(':'), word);
        }
    }
    for program in PROGRAMS {
        copy(root, program, program);
    }
    copy(root, "/usr/sbin/sshd", OTHER);
    for key in ["etc/ssh/ssh_host_ed25519_key", "home/me/key", "root/.ssh/id"] {
        let key = root.join(key);
        fs::create_dir_all(key.parent().unwrap()).unwrap();
        tool("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", text(&key)], "");
    }
    owner(root, "home/me/key", 1000, 1000);
    fs::copy(root.join("root/.ssh/id.pub"), root.join("root/.ssh/authorized_keys")).unwrap();
    let sshd = "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin prohibit-password\nStrictModes no\nUsePAM no\n\
                Match User me\n  X11Forwarding yes\n";
    put(root, "etc/ssh/sshd_config", sshd.as_bytes());
    put(root, "home/me/other_config", b"HostKey /home/me/key\nPidFile none\nUsePAM no\n");
    mode(root, "root/.ssh", 0o700);
}

/// Copies a file of this machine, links to it followed.
fn copy(root: &Path, from: &str, to: &str) {
    let to = root.join(to.trim_start_matches('/'));
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    if !to.exists() {
        fs::copy(from, &to).unwrap_or_else(|error| panic!("{from}: {error}"));
    }
}

/// A machine that runs; it ends when it is dropped.
pub(super) struct Machine {
    folder: TempDir,
    root: PathBuf,
    process: Child,
    /// The id of its first process, as it is called outside.
    init: u32,
}

impl Drop for Machine {
    fn drop(&mut self) {
        // Both fail only where the machine has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Machine {
    /// Starts what is below the root, which [`make_runnable`] has prepared.
    pub(super) fn start(root: &Path) -> Machine {
        let folder = TempDir::new().unwrap();
        let script = format!(
            "set -e; cd '{}'; ip link set lo up; hostname equal; mount --bind . .; cd \"$PWD\"; mount -t proc proc proc; \
             mount -t tmpfs -o mode=755 dev dev; touch dev/null; mount --bind /dev/null dev/null; \
             mount -t tmpfs -o mode=755 run run; mkdir run/sshd; touch run/assay; mount --bind '{}' run/assay; \
             mount -t tmpfs -o mode=1777 tmp tmp; \
             chroot --userspec=1000:1000 . {OTHER} -D -e -f /home/me/other_config -o Port={OTHER_PORT} & \
             exec chroot . /usr/sbin/sshd -D -e",
            root.display(),
            env!("CARGO_BIN_EXE_assay"),
        );
        let log = File::create(folder.path().join("log")).unwrap();
        let mut command = Command::new("setpriv");
        command.args([
            "--pdeathsig",
            "KILL",
            "unshare",
            "--mount",
            "--pid",
            "--net",
            "--uts",
            "--fork",
            "--kill-child",
        ]);
        command.args(["--", "sh", "-c", &script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let process = command.spawn().expect("setpriv is installed (Debian: util-linux)");
        let mut machine = Machine { folder, root: root.to_owned(), process, init: 0 };
        let start = Instant::now();
        while !machine.runs() {
            let log = fs::read_to_string(machine.folder.path().join("log")).unwrap();
            let has_ended = machine.process.try_wait().unwrap().is_some();
            assert!(start.elapsed() < PATIENCE && !has_ended, "the machine does not start: {log}");
            std::thread::sleep(Duration::from_millis(20));
        }
        machine
    }

    /// Whether both servers listen.
    fn runs(&mut self) -> bool {
        let id = self.process.id();
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        let Some(init) = children.split_whitespace().next() else { return false };
        self.init = init.parse().unwrap();
        let table = fs::read_to_string(format!("/proc/{init}/net/tcp")).unwrap_or_default();
        [SSHD_PORT, OTHER_PORT].iter().all(|port| table.contains(&format!(" 00000000:{port:04X} ")))
    }

    /// Assay on the machine itself.
    pub(super) fn assay(&self) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["-t", &self.init.to_string(), "-m", "-p", "-n", "-u", "-r", "-w", "--", "/run/assay"]);
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin").stdin(Stdio::null());
        command
    }

    /// Arguments that log in by SSH.
    pub(super) fn login(&self) -> Vec<String> {
        let host_key = fs::read_to_string(self.root.join("etc/ssh/ssh_host_ed25519_key.pub")).unwrap();
        fs::write(self.folder.path().join("known_hosts"), format!("machine {host_key}")).unwrap();
        let address = format!("/dev/tcp/{}/{SSHD_PORT}", Ipv4Addr::LOCALHOST);
        let config = format!(
            "Host machine\n  User root\n  IdentitiesOnly yes\n  IdentityFile {}\n  UserKnownHostsFile {}/known_hosts\n  \
             StrictHostKeyChecking yes\n  GlobalKnownHostsFile /dev/null\n  \
             ProxyCommand nsenter -t {} -n -- bash -c 'exec 3<>{address}; cat <&3 & cat >&3; kill $!'\n",
            self.root.join("root/.ssh/id").display(),
            self.folder.path().display(),
            self.init,
        );
        let file = self.folder.path().join("ssh_config");
        fs::write(&file, config).unwrap();
        ["--ssh", "machine", "--ssh-config", text(&file)].map(str::to_owned).to_vec()
    }

    /// Writes a file for the programs of the machine; it is no part of what is compared.
    pub(super) fn write(&self, name: &str, content: &[u8]) -> String {
        fs::write(format!("/proc/{}/root/run/{name}", self.init), content).unwrap();
        format!("/run/{name}")
    }
}
