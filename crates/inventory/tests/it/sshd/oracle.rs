//! Asks the real server: writes a configuration tree, runs `sshd -T` on it, and collects the same tree.
//!
//! The tree is a root directory in which its own absolute path leads back to its root, so that one text serves the
//! server, which sees the machine, and the collector, which sees the tree.
//!
//! Another release can be asked with `ASSAY_TEST_SSHD_ROOT`, a directory that holds an unpacked system to `chroot` into,
//! and `ASSAY_TEST_SSHD_VERSION`, the version of the package `openssh-server` in it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use assay_host::RootedHost;
use assay_inventory::sshd::collect;
use assay_model::evidence::package::{Package, PackageOrigin, PackageRole, PackageState, Packages, Provenance};
use assay_model::evidence::sshd::Sshd;
use assay_model::evidence::{Problem, ProblemKind};

const INSTALL: &str = "install Debian's package openssh-server: this test asks the real sshd";

/// Values by keyword, in order.
pub(super) type Values = BTreeMap<String, Vec<String>>;

/// One configuration: files by path, and the options of the command line. `@` stands for the tree's own path.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) files: &'static [(&'static str, &'static str)],
    pub(super) options: &'static str,
}

/// Both answers to one configuration.
pub(super) struct Answers {
    /// What the server prints, or why it refuses to start.
    pub(super) server: Result<Values, String>,
    /// What was collected.
    pub(super) collected: Values,
    pub(super) problems: Vec<Problem>,
}

impl Answers {
    /// What the collector says is wrong with the configuration.
    pub(super) fn malformed(&self) -> Vec<&str> {
        let malformed = self.problems.iter().filter(|problem| problem.kind == ProblemKind::Malformed);
        malformed.map(|problem| problem.detail.as_str()).collect()
    }
}

/// Which server is asked.
struct Server {
    chroot: Option<PathBuf>,
    package_version: String,
    key: PathBuf,
}

/// Whether another server than the machine's own is asked.
pub(super) fn is_another_release() -> bool {
    server().chroot.is_some()
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let chroot = std::env::var_os("ASSAY_TEST_SSHD_ROOT").map(PathBuf::from);
        let root = chroot.clone().unwrap_or_else(|| PathBuf::from("/"));
        assert!(root.join("usr/sbin/sshd").exists(), "/usr/sbin/sshd is missing; {INSTALL}");
        fs::create_dir_all(root.join("run/sshd")).expect("sshd needs the directory /run/sshd; run this test as root");
        let package_version = std::env::var("ASSAY_TEST_SSHD_VERSION").unwrap_or_else(|_| installed_version());
        Server { package_version, key: host_key(chroot.as_deref()), chroot }
    })
}

fn installed_version() -> String {
    let output = Command::new("dpkg-query").args(["-W", "-f", "${Version}", "openssh-server"]).output();
    let output = output.expect("dpkg-query cannot be run; this test needs a Debian system");
    assert!(output.status.success(), "dpkg does not know openssh-server; {INSTALL}");
    String::from_utf8(output.stdout).unwrap()
}

/// A key of its own: the server does not start without one, and the machine may have none.
fn host_key(chroot: Option<&Path>) -> PathBuf {
    let directory = chroot.map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), |root| root.join("tmp"));
    let key = directory.join("sshd-host-key");
    if !key.exists() {
        let output = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).output();
        let output = output.expect("ssh-keygen is missing; install Debian's package openssh-client");
        assert!(output.status.success(), "ssh-keygen failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    chroot.map_or_else(|| key.clone(), |root| Path::new("/").join(key.strip_prefix(root).unwrap()))
}

impl Case {
    /// Asks both.
    pub(super) fn ask(&self) -> Answers {
        let server = server();
        let root = server.chroot.clone().unwrap_or_else(|| PathBuf::from("/"));
        let tree = tempfile::Builder::new().prefix("assay-sshd-").tempdir_in(root.join("tmp")).unwrap();
        // As the server sees it: the same path without the directory that it is confined to.
        let seen = Path::new("/").join(tree.path().strip_prefix(&root).unwrap());
        let seen = seen.to_str().unwrap();
        let options = format!("-h {} -f {seen}/etc/ssh/sshd_config {}", server.key.display(), self.options);
        self.write(tree.path(), seen, &options);
        let (collected, problems) = collected(tree.path(), &server.package_version);
        Answers { server: self.ask_server(server, &options, seen), collected, problems }
    }

    fn write(&self, tree: &Path, seen: &str, options: &str) {
        let inside = |path: &str| tree.join(path.trim_start_matches('/'));
        let put = |path: &str, content: &str| {
            fs::create_dir_all(inside(path).parent().unwrap()).unwrap();
            fs::write(inside(path), content).unwrap();
        };
        put("/usr/sbin/sshd", "");
        put("/etc/default/ssh", &format!("SSHD_OPTS='{}'\n", options.replace('@', seen).replace('\'', "'\\''")));
        for (path, content) in self.files {
            if path.ends_with('/') {
                fs::create_dir_all(inside(path)).unwrap();
            } else {
                put(path, &content.replace('@', seen));
            }
        }
        fs::create_dir_all(inside(seen).parent().unwrap()).unwrap();
        symlink("/", inside(seen)).unwrap();
    }

    fn ask_server(&self, server: &Server, options: &str, seen: &str) -> Result<Values, String> {
        let mut command = match &server.chroot {
            Some(root) => {
                let mut command = Command::new("chroot");
                command.arg(root).arg("/usr/sbin/sshd");
                command
            }
            None => Command::new("/usr/sbin/sshd"),
        };
        command.arg("-T").current_dir("/");
        command.args(options.replace('@', seen).split_whitespace().map(|word| word.trim_matches('\'')));
        let output = command.output().unwrap_or_else(|error| panic!("sshd cannot be run ({error}); {INSTALL}"));
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let mut values = Values::new();
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let (keyword, value) = line.split_once(' ').unwrap_or((line, ""));
            let (keyword, value) = in_newer_words(keyword, value);
            values.entry(keyword.to_owned()).or_default().push(value.to_owned());
        }
        Ok(values)
    }
}

/// The server prints the oldest word that it knows for a value; the collector the newest.
fn in_newer_words<'a>(keyword: &'a str, value: &'a str) -> (&'a str, &'a str) {
    match (keyword, value) {
        ("permitrootlogin", "without-password") => (keyword, "prohibit-password"),
        ("loglevel", "SILENT") => (keyword, "QUIET"),
        ("hostbasedacceptedkeytypes", _) => ("hostbasedacceptedalgorithms", value),
        ("pubkeyacceptedkeytypes", _) => ("pubkeyacceptedalgorithms", value),
        _ => (keyword, value),
    }
}

fn collected(tree: &Path, package_version: &str) -> (Values, Vec<Problem>) {
    let package = Package {
        name: "openssh-server".to_owned(),
        version: package_version.to_owned(),
        architecture: "amd64".to_owned(),
        source_name: "openssh".to_owned(),
        source_version: package_version.to_owned(),
        state: PackageState::Installed,
        held: false,
        origin: PackageOrigin::Distribution,
        role: PackageRole::Ordinary,
        recorded_at: None,
        previous_version: None,
        provenance: Provenance::default(),
    };
    let packages = Packages { format: "dpkg".to_owned(), packages: vec![package], ..Packages::default() };
    let host = RootedHost::root_directory(tree).unwrap();
    let collected = collect(&host, Some(&packages));
    let sshd = collected.facts.expect("the server is installed");
    assert!(sshd.installed);
    (all_values(&sshd), collected.problems)
}

fn all_values(sshd: &Sshd) -> Values {
    let single = sshd.effective.iter().map(|(keyword, setting)| (keyword.clone(), vec![setting.value.clone()]));
    let lists = sshd
        .lists
        .iter()
        .map(|(keyword, settings)| (keyword.clone(), settings.iter().map(|setting| setting.value.clone()).collect()));
    single.chain(lists).collect()
}
