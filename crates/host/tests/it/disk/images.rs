//! Images made by the real tools.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use assay_host::disk::{DiskError, DiskHost, DiskOptions};
use tempfile::TempDir;

use super::tree::Tree;

/// A folder for images, removed in the end.
pub(super) struct Images {
    folder: TempDir,
}

impl Images {
    pub(super) fn new() -> Images {
        Images { folder: tempfile::tempdir().unwrap() }
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A sparse file.
    pub(super) fn empty(&self, name: &str, size: u64) -> PathBuf {
        File::create(self.at(name)).unwrap().set_len(size).unwrap();
        self.at(name)
    }

    /// A file system of ext2 to ext4 with the content of a tree.
    pub(super) fn ext(&self, name: &str, kind: &str, tree: &Tree, mebibytes: u64, options: &[&str]) -> PathBuf {
        let image = self.empty(name, mebibytes << 20);
        let directory = tree.path().to_str().unwrap();
        let arguments = ["-q", "-F", "-t", kind, "-d", directory];
        run("mkfs.ext4", &[&arguments, options, &[image.to_str().unwrap()]].concat(), "");
        image
    }

    /// A disk with a table by an `sfdisk` script and file systems from other images at places in MiB.
    pub(super) fn disk(&self, name: &str, mebibytes: u64, script: &str, parts: &[(u64, &Path)]) -> PathBuf {
        let image = self.empty(name, mebibytes << 20);
        run("sfdisk", &["--quiet", "--no-reread", "--no-tell-kernel", image.to_str().unwrap()], script);
        for (place, part) in parts {
            write_at(&image, place << 20, part);
        }
        image
    }

    /// The image in another format, by `qemu-img convert`.
    pub(super) fn convert(&self, name: &str, from: &Path, options: &[&str]) -> PathBuf {
        let image = self.at(name);
        let files = [from.to_str().unwrap(), image.to_str().unwrap()];
        run("qemu-img", &[&["convert", "-f", "raw"], options, &files].concat(), "");
        image
    }
}

/// Copies a file into an image, leaving out what is zero.
pub(super) fn write_at(image: &Path, place: u64, part: &Path) {
    let image = File::options().write(true).open(image).unwrap();
    for (index, chunk) in fs::read(part).unwrap().chunks(1 << 16).enumerate() {
        if chunk.iter().any(|byte| *byte != 0) {
            image.write_all_at(chunk, place + ((index as u64) << 16)).unwrap();
        }
    }
}

/// Runs a tool to its end; it must succeed.
pub(super) fn run(tool: &str, arguments: &[&str], input: &str) -> String {
    let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap());
    let mut command = Command::new(tool);
    command.args(arguments).env("PATH", path).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{tool}, which ./test installs: {error}"));
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool} {arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The host in an image.
pub(super) fn open(image: &Path) -> Result<DiskHost, DiskError> {
    DiskHost::open(image, &DiskOptions::default())
}

/// Overwrites some bytes of an image.
pub(super) fn patch(image: &Path, place: u64, bytes: &[u8]) {
    File::options().write(true).open(image).unwrap().write_all_at(bytes, place).unwrap();
}
