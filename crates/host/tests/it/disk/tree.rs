//! The directory that images are made of: everything that a root file system has, and what is odd.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::TempDir;

/// A directory with a root file system in it.
pub(super) struct Tree {
    directory: TempDir,
}

impl Tree {
    /// A tree with nothing but what makes it a root.
    pub(super) fn small() -> Tree {
        let tree = Tree { directory: tempfile::tempdir().unwrap() };
        tree.file("/etc/os-release", "ID=small\n");
        tree
    }

    /// A tree with all that is odd.
    pub(super) fn odd() -> Tree {
        let tree = Tree { directory: tempfile::tempdir().unwrap() };
        tree.file("/usr/lib/os-release", "ID=odd\n");
        tree.link("/etc/os-release", "../usr/lib/os-release");
        for (path, mode) in [("/usr/bin/su", 0o4755), ("/etc/shadow", 0o640), ("/usr/bin/wall", 0o2755)] {
            tree.file(path, &format!("content of {path}"));
            fs::set_permissions(tree.at(path), fs::Permissions::from_mode(mode)).unwrap();
        }
        if rustix::process::geteuid().is_root() {
            chown(tree.at("/etc/shadow"), Some(100_001), Some(70_042)).unwrap();
            chown(tree.at("/etc"), Some(7), Some(8)).unwrap();
        }
        tree.file("/empty", "");
        tree.bytes("/usr/lib/large", &noise(3 << 20));
        for (name, length) in [("59", 59), ("60", 60), ("61", 61), ("1023", 1023)] {
            tree.link(&format!("/links/of-{name}"), &"x".repeat(length));
        }
        tree.link("/lib", "usr/lib");
        tree.link("/absolute", "/etc/os-release");
        tree.link("/climbing", "../../../../../etc/os-release");
        tree.link("/loop", "/loop");
        tree.link("/ping", "pong");
        tree.link("/pong", "ping");
        tree.link("/up", "..");
        tree.link("/dangling", "nothing");
        tree.link("/slash", "/etc/os-release/");
        tree.link("/to-directory", "/etc/");
        for number in 0..1200 {
            tree.file(&format!("/var/lib/dpkg/info/package-with-a-long-name-{number}.list"), &number.to_string());
        }
        tree.file(&format!("/deep{}/bottom", "/down".repeat(40)), "deep");
        fs::create_dir(tree.at("/nothing-in-here")).unwrap();
        fs::hard_link(tree.at("/usr/bin/su"), tree.at("/usr/bin/sudo")).unwrap();
        mknodat(CWD, tree.at("/pipe"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        fs::write(tree.at("/").join(OsStr::from_bytes(b"odd\xff")), "no UTF-8").unwrap();
        tree.file("/etc/blank and \u{fc}ml\u{e4}ut", "text");
        tree.sparse("/var/sparse", 40 << 20, &[(0, b"first"), (9_000_000, b"middle"), ((40 << 20) - 4, b"last")]);
        // Not later than 2038: mkfs.ext4 keeps 32 bits of the times of what it copies.
        for (path, seconds) in [("/etc/shadow", 1), ("/empty", 2_000_000_000)] {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            File::options().write(true).open(tree.at(path)).unwrap().set_modified(time).unwrap();
        }
        tree
    }

    /// Where `path` of the tree is on this machine.
    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.directory.path().join(path.trim_start_matches('/'))
    }

    /// The directory.
    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(super) fn file(&self, path: &str, content: &str) {
        self.bytes(path, content.as_bytes());
    }

    pub(super) fn bytes(&self, path: &str, content: &[u8]) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        fs::write(self.at(path), content).unwrap();
    }

    pub(super) fn link(&self, path: &str, to: &str) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        symlink(to, self.at(path)).unwrap();
    }

    pub(super) fn sparse(&self, path: &str, size: u64, parts: &[(u64, &[u8])]) {
        use std::os::unix::fs::FileExt as _;
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        let file = File::create(self.at(path)).unwrap();
        file.set_len(size).unwrap();
        for (offset, content) in parts {
            file.write_all_at(content, *offset).unwrap();
        }
    }
}

/// Bytes that do not compress, the same in every run.
pub(super) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}
