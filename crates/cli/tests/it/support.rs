//! What the tests share: running the program, a root directory with the shared host, feeds imported once.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

/// The time at which every test runs.
pub(crate) const NOW: &str = "2026-11-24T10:00:00Z";

/// The program, in an environment that says nothing.
pub(crate) fn assay() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    for name in ["ASSAY_DATA", "ASSAY_FEEDS", "ASSAY_FEEDS_MIRROR", "ASSAY_MAX_FEED_AGE", "ASSAY_OFFLINE", "ASSAY_NOW"]
    {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs the program with these arguments.
pub(crate) fn run(arguments: &[&str]) -> Output {
    assay().args(arguments).output().expect("the program can be started")
}

/// Runs the program, which must end with `code`; returns what it printed.
#[track_caller]
pub(crate) fn check(arguments: &[&str], code: i32) -> String {
    let output = run(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "assay {}\n{stderr}", arguments.join(" "));
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

/// The shared data.
pub(crate) fn shared() -> PathBuf {
    match std::env::var_os("ASSAY_SHARED") {
        Some(folder) => PathBuf::from(folder).join("data"),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    }
}

/// Unpacks a shared `.xz` file.
pub(crate) fn unpack(path: &str) -> Vec<u8> {
    let output = Command::new("xz").arg("-dc").arg(shared().join(path)).output();
    let output = output.expect("xz is installed (Debian: xz-utils)");
    assert!(output.status.success(), "xz could not unpack {path}");
    output.stdout
}

/// A root directory with the package database of the shared Debian 12.11 host.
pub(crate) fn shared_host() -> &'static Path {
    static ROOT: OnceLock<TempDir> = OnceLock::new();
    let root = ROOT.get_or_init(|| {
        let root = TempDir::new().unwrap();
        let host = shared().join("hosts/debian-12.11");
        write(root.path(), "var/lib/dpkg/status", &unpack("hosts/debian-12.11/dpkg-status.xz"));
        write(root.path(), "etc/os-release", &std::fs::read(host.join("os-release")).unwrap());
        write(root.path(), "etc/debian_version", &std::fs::read(host.join("debian_version")).unwrap());
        write(root.path(), "etc/hostname", b"shared-host\n");
        root
    });
    root.path()
}

/// A folder of feeds, imported once from the shared data.
pub(crate) fn feeds() -> &'static str {
    static FEEDS: OnceLock<(TempDir, String)> = OnceLock::new();
    let (_, folder) = FEEDS.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let text = folder.path().join("feeds").to_str().unwrap().to_owned();
        let mirror = shared().join("feeds");
        check(&["--feeds", &text, "--now", NOW, "feeds", "import", mirror.to_str().unwrap()], 0);
        (folder, text)
    });
    folder
}

/// Writes a file of a root directory, with its folders.
pub(crate) fn write(root: &Path, path: &str, content: &[u8]) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

/// A small Debian 12 root directory with one vulnerable package, whose passwords never expire.
pub(crate) fn small_host() -> TempDir {
    let root = TempDir::new().unwrap();
    write(root.path(), "etc/os-release", b"ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n");
    write(root.path(), "etc/hostname", b"small\n");
    write(root.path(), "etc/login.defs", b"PASS_MAX_DAYS 99999\n");
    write(
        root.path(),
        "var/lib/dpkg/status",
        b"Package: libexpat1\nStatus: install ok installed\nArchitecture: amd64\nSource: expat\n\
          Version: 2.5.0-1+deb12u1\n\nPackage: zip\nStatus: deinstall ok config-files\nArchitecture: amd64\n\
          Version: 3.0-13\n\n",
    );
    root
}

/// Assesses a root directory without a store and returns the JSON document.
#[track_caller]
pub(crate) fn document(root: &Path, arguments: &[&str]) -> Value {
    let root = root.to_str().unwrap();
    let mut all =
        vec!["--quiet", "--feeds", feeds(), "--now", NOW, "assess", "--root", root, "--offline", "--no-store"];
    all.extend(["-o", "json"]);
    all.extend(arguments);
    serde_json::from_str(&check(&all, 0)).expect("the document is JSON")
}
