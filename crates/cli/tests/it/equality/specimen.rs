//! Hosts that have some of everything that is collected.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;

use tempfile::TempDir;

use super::forms::{text, tool};
use super::{language, machine, system};
use crate::support::{shared, shared_host, write};

/// Writes a file below the root.
pub(super) fn put(root: &Path, path: &str, content: &[u8]) {
    write(root, path, content);
}

/// Sets the permissions of a path below the root.
pub(super) fn mode(root: &Path, path: &str, mode: u32) {
    fs::set_permissions(root.join(path), fs::Permissions::from_mode(mode)).unwrap();
}

/// Sets the owner and the group of a path below the root.
pub(super) fn owner(root: &Path, path: &str, uid: u32, gid: u32) {
    chown(root.join(path), Some(uid), Some(gid)).expect("this test needs root");
}

fn empty() -> TempDir {
    let folder = TempDir::new().unwrap();
    mode(folder.path(), "", 0o755);
    folder
}

/// What every host has: a machine id, so that its identity does not depend on where it lies, and the rest.
fn complete(folder: &TempDir) {
    let root = folder.path();
    put(root, "etc/machine-id", b"0123456789abcdef0123456789abcdef\n");
    system::add(root);
    language::add(root);
}

/// Debian 12.11 with the packages of the shared host, and with the programs that it needs to run.
pub(super) fn debian() -> TempDir {
    let folder = empty();
    let root = folder.path();
    for directory in ["usr/bin", "usr/sbin", "usr/lib"] {
        fs::create_dir_all(root.join(directory)).unwrap();
        std::os::unix::fs::symlink(directory, root.join(directory.trim_start_matches("usr/"))).unwrap();
    }
    tool("cp", &["-a", &format!("{}/.", text(shared_host())), text(root)], "");
    mode(root, "", 0o755);
    complete(&folder);
    system::add_debian(root);
    machine::make_runnable(root);
    folder
}

/// The root file system of Alpine 3.20.
pub(super) fn alpine() -> TempDir {
    let folder = empty();
    let archive = shared().join("hosts/alpine-minirootfs-3.20.3-x86_64.tar.gz");
    tool("tar", &["-C", text(folder.path()), "--exclude=./dev/*", "-xzf", text(&archive)], "");
    complete(&folder);
    folder
}

/// CBL-Mariner 2.0, whose rpm database is real.
pub(super) fn mariner() -> TempDir {
    let folder = empty();
    let root = folder.path();
    let database = shared().join("hosts/pkgdb/go-rpmdb/cbl-mariner-2.0/rpmdb.sqlite");
    put(root, "var/lib/rpm/rpmdb.sqlite", &fs::read(database).unwrap());
    put(root, "etc/os-release", b"ID=mariner\nVERSION_ID=\"2.0\"\nNAME=\"Common Base Linux Mariner\"\n");
    put(
        root,
        "etc/yum.repos.d/base.repo",
        b"[base]\nname=Base\nbaseurl=https://packages.example/$releasever\nenabled=1\n",
    );
    put(root, "usr/bin/program", b"");
    complete(&folder);
    folder
}
