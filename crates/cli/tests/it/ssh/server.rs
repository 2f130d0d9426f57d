//! A real sshd on loopback, with keys, configuration, home and temporary folders of its own.
//!
//! It runs in a mount namespace in which `/tmp`, `/var/tmp` and the home directory are folders of the test, so that what
//! is left behind can be seen, and so that they can be mounted noexec. It needs root, and ends with the test.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Keys, and what the server runs for each instead of what it is asked to; `stranger` may not log in.
const KEYS: [(&str, &str); 8] = [
    ("good", ""),
    ("stranger", ""),
    ("garbage", "echo nothing here"),
    ("endless", "yes"),
    ("colourful", r"printf '\033[31mred\007\n' >&2; exit 3"),
    ("talkative", "seq 1 10000 >&2; exit 4"),
    ("outdated", r#"echo assay-evidence-follows; echo '{"schema":1}'"#),
    ("broken", "echo assay-evidence-follows; echo '{'"),
];

/// How long the server may take to listen, or to notice that a client is gone.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A server; it is killed when it is dropped.
pub(super) struct Server {
    folder: TempDir,
    process: Child,
    pub(super) port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only where the server has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// Starts a server in whose namespace the directories `noexec` are mounted so; `HOME` stands for the home directory.
    pub(super) fn start(noexec: &str) -> Server {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        for name in ["tmp", "var", "home"] {
            fs::create_dir(folder.path().join(name)).unwrap();
            let mode = if name == "home" { 0o700 } else { 0o1777 };
            fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::create_dir_all("/run/sshd").expect("sshd needs the directory /run/sshd; run this test as root");
        let host_key = make_key(folder.path(), "host");
        let mut authorized = String::new();
        for (name, command) in KEYS {
            let key = make_key(folder.path(), name);
            let forced = command.replace('"', "\\\"");
            match command {
                _ if name == "stranger" => {}
                "" => authorized.push_str(&key),
                _ => write!(authorized, "command=\"{forced}\" {key}").unwrap(),
            }
        }
        fs::write(folder.path().join("authorized_keys"), authorized).unwrap();
        loop {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            fs::write(folder.path().join("known_hosts"), format!("[127.0.0.1]:{port} {host_key}")).unwrap();
            write_configuration(folder.path(), port);
            let mut process = spawn(folder.path(), noexec);
            if listens(&mut process, port) {
                return Server { folder, process, port };
            }
            // Somebody else took the port, or the server cannot start at all.
            let log = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            process.kill().unwrap();
            process.wait().unwrap();
            assert!(log.contains("Address already in use"), "sshd does not start: {log}");
        }
    }

    /// A path in the server's folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Arguments that log in with one of the keys.
    pub(super) fn login(&self, key: &str) -> Vec<String> {
        let option = format!("IdentityFile={}", self.path(key).display());
        let config = self.path("ssh_config").display().to_string();
        ["--ssh", "target", "--ssh-config", &config, "--ssh-option", &option].map(str::to_owned).to_vec()
    }

    /// A command in the server's mount namespace.
    pub(super) fn inside(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["-t", &self.process.id().to_string(), "-m", "--", program]).stdin(Stdio::null());
        command
    }

    /// What the temporary folders and the home directory hold, the test's own files left out.
    pub(super) fn left_behind(&self) -> Vec<String> {
        let folders = ["tmp", "var", "home"].map(|name| fs::read_dir(self.path(name)).unwrap());
        let names = folders.into_iter().flatten().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name != ".bashrc").collect()
    }

    /// What the server logged.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap()
    }
}

/// Makes a key pair; returns the public key.
fn make_key(folder: &Path, name: &str) -> String {
    let file = folder.join(name);
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"]).arg(&file).status();
    assert!(made.expect("ssh-keygen is installed (Debian: openssh-client)").success(), "{name}");
    fs::read_to_string(file.with_extension("pub")).unwrap()
}

fn write_configuration(folder: &Path, port: u16) {
    let path = folder.display();
    let server = format!(
        "ListenAddress 127.0.0.1:{port}\nHostKey {path}/host\nAuthorizedKeysFile {path}/authorized_keys\nPidFile none\n\
         StrictModes no\nUsePAM no\nPermitRootLogin prohibit-password\nPasswordAuthentication no\n\
         KbdInteractiveAuthentication no\nLogLevel VERBOSE\nMaxStartups 100\n"
    );
    fs::write(folder.join("sshd_config"), server).unwrap();
    let client = format!(
        "Host target\n  HostName 127.0.0.1\n  Port {port}\n  User root\n  IdentitiesOnly yes\n  StrictHostKeyChecking yes\n\
         \x20 UserKnownHostsFile {path}/known_hosts\n  GlobalKnownHostsFile /dev/null\n"
    );
    fs::write(folder.join("ssh_config"), client).unwrap();
}

/// Starts the server; the kernel ends it where the thread that started it ends without doing so.
fn spawn(folder: &Path, noexec: &str) -> Child {
    let script = format!(
        "set -e; cd '{}'; mount --bind tmp /tmp; mount --bind var /var/tmp; mount --bind home ~; \
         for path in {}; do mount -o remount,bind,noexec \"$path\"; done; \
         exec setpriv --pdeathsig KILL /usr/sbin/sshd -D -e -f \"$PWD/sshd_config\"",
        folder.display(),
        noexec.replace("HOME", "~"),
    );
    let log = File::create(folder.join("log")).unwrap();
    let mut command = Command::new("unshare");
    command.args(["-m", "--", "sh", "-c", &script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    command.spawn().expect("unshare is installed (Debian: util-linux)")
}

fn listens(process: &mut Child, port: u16) -> bool {
    let start = Instant::now();
    while start.elapsed() < PATIENCE && process.try_wait().unwrap().is_none() {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}
