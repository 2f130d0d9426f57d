//! Hostile trees, each read through both resolutions.

use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;

use assay_model::evidence::ProblemKind;
use rustix::fs::mknodat;
use tempfile::TempDir;

use super::*;

const RESOLUTIONS: [Resolution; 2] = [Resolution::Kernel, Resolution::Components];

/// `base/outside` must never be seen; `base/root` is the root of the host.
struct Tree {
    base: TempDir,
}

impl Tree {
    fn new() -> Tree {
        let tree = Tree { base: tempfile::tempdir().unwrap() };
        fs::create_dir_all(tree.at("/etc")).unwrap();
        fs::write(tree.base.path().join("outside"), "outside").unwrap();
        tree
    }

    fn at(&self, path: &str) -> PathBuf {
        self.base.path().join("root").join(path.trim_start_matches('/'))
    }

    fn file(self, path: &str, content: &str) -> Tree {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        fs::write(self.at(path), content).unwrap();
        self
    }

    fn link(self, path: &str, to: &str) -> Tree {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        symlink(to, self.at(path)).unwrap();
        self
    }

    fn host(&self, resolution: Resolution) -> RootedHost {
        RootedHost { resolution, ..RootedHost::root_directory(&self.at("/")).unwrap() }
    }

    /// `expected` is the content, or the kind of the error.
    fn check(&self, path: &str, expected: Result<&str, ProblemKind>) {
        for resolution in RESOLUTIONS {
            let read = self.host(resolution).read(path, 1000);
            let read = read.map(|content| String::from_utf8(content).unwrap()).map_err(|error| {
                assert_eq!(error.path(), path, "{resolution:?}");
                error.kind()
            });
            assert_eq!(read, expected.map(str::to_owned), "{path} by {resolution:?}");
        }
    }
}

fn live(resolution: Resolution) -> RootedHost {
    RootedHost { resolution, ..RootedHost::live().unwrap() }
}

#[test]
fn paths_stay_inside_the_root() {
    let chain = (0..39).fold(Tree::new(), |tree, at| tree.link(&format!("/chain/{at}"), &(at + 1).to_string()));
    let tree = chain
        .link("/chain/39", "/etc/passwd")
        .link("/chain/first", "0")
        .file("/etc/passwd", "inside")
        .file("/usr/lib/os-release", "ID=debian")
        .link("/etc/os-release", "../usr/lib/os-release")
        .link("/lib", "usr/lib")
        .link("/absolute", "/etc/passwd")
        .link("/climbing", "../../../../../../../../etc/passwd")
        .link("/etc/outside", "../../outside")
        .link("/etc/real", "/outside")
        .link("/up", "..")
        .link("/here", ".")
        .link("/loop", "/loop")
        .link("/ping", "pong")
        .link("/pong", "ping")
        .link("/dangling", "nothing")
        .link("/slash", "/etc/passwd/")
        .link("/directory", "/etc/");
    for (path, expected) in [
        ("/etc/passwd", Ok("inside")),
        ("//etc//./passwd", Ok("inside")),
        ("/etc/os-release", Ok("ID=debian")),
        ("/lib/os-release", Ok("ID=debian")),
        ("/lib/../../etc/passwd", Ok("inside")),
        ("/absolute", Ok("inside")),
        ("/climbing", Ok("inside")),
        ("/../../outside", Err(ProblemKind::NotFound)),
        ("/etc/outside", Err(ProblemKind::NotFound)),
        ("/etc/real", Err(ProblemKind::NotFound)),
        ("/up/up/up/etc/passwd", Ok("inside")),
        ("/here/here/etc/../etc/passwd", Ok("inside")),
        ("/directory/passwd", Ok("inside")),
        ("/chain/0", Ok("inside")),
        ("/chain/first", Err(ProblemKind::LinkLoop)),
        ("/loop", Err(ProblemKind::LinkLoop)),
        ("/loop/x", Err(ProblemKind::LinkLoop)),
        ("/ping", Err(ProblemKind::LinkLoop)),
        ("/dangling", Err(ProblemKind::NotFound)),
        ("/slash", Err(ProblemKind::NotFound)),
        ("/etc/passwd/", Err(ProblemKind::NotFound)),
        ("/etc/passwd/.", Err(ProblemKind::NotFound)),
        ("/etc/passwd/..", Err(ProblemKind::NotFound)),
        ("/none/../etc/passwd", Err(ProblemKind::NotFound)),
        ("", Err(ProblemKind::NotFound)),
        ("/", Err(ProblemKind::WrongType)),
        ("/etc", Err(ProblemKind::WrongType)),
        ("/directory", Err(ProblemKind::WrongType)),
        ("/etc/\0", Err(ProblemKind::Failed)),
    ] {
        tree.check(path, expected);
    }
    tree.check(&format!("/{}", "x".repeat(300)), Err(ProblemKind::Failed));
    tree.check(&format!("/{}etc/passwd", "etc/../".repeat(200)), Ok("inside"));
}

#[test]
fn what_is_no_regular_file_is_refused_without_waiting() {
    let tree = Tree::new().link("/link", "pipe");
    mknodat(CWD, tree.at("/pipe"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let _listener = UnixListener::bind(tree.at("/socket")).unwrap();
    for path in ["/pipe", "/link", "/socket", "/etc"] {
        tree.check(path, Err(ProblemKind::WrongType));
    }
    for resolution in RESOLUTIONS {
        let error = tree.host(resolution).read("/pipe", 10).unwrap_err();
        assert_eq!(error.to_string(), "/pipe is a FIFO, not a file");
        for path in ["/dev/null", "/dev/zero"] {
            let error = live(resolution).read(path, 10).unwrap_err();
            assert_eq!(error.to_string(), format!("{path} is a character device, not a file"));
            assert!(live(resolution).open(path).is_err());
        }
    }
}

#[test]
fn too_large_is_refused_and_exactly_the_limit_is_read() {
    let tree = Tree::new().file("/etc/small", "12345");
    // Sparse, so that the test needs no space; reading it would take seconds and its size in memory.
    File::create(tree.at("/etc/huge")).unwrap().set_len(5 << 30).unwrap();
    for resolution in RESOLUTIONS {
        let host = tree.host(resolution);
        assert_eq!(host.read("/etc/small", 5).unwrap(), b"12345");
        for (path, limit, size) in [("/etc/small", 4, 5), ("/etc/small", 0, 5), ("/etc/huge", 1 << 20, 5 << 30)] {
            match host.read(path, limit) {
                Err(HostError::TooLarge { size: found, .. }) => assert_eq!(found, size, "{path}"),
                other => panic!("{path}: {other:?}"),
            }
        }
        // Files of procfs say that they are empty: the limit holds while reading.
        assert_eq!(live(resolution).metadata("/proc/self/status").unwrap().size, 0);
        assert!(live(resolution).read("/proc/self/status", 1 << 20).unwrap().starts_with(b"Name:"));
        assert_eq!(live(resolution).read("/proc/self/status", 10).unwrap_err().kind(), ProblemKind::TooLarge);
    }
}

#[test]
fn a_file_that_grows_past_its_size_is_too_large() {
    let tree = Tree::new().file("/var/log", "1234");
    let (file, size) = tree.host(Resolution::Kernel).open_file("/var/log").unwrap();
    fs::OpenOptions::new().append(true).open(tree.at("/var/log")).unwrap().write_all(b"5678").unwrap();
    assert_eq!(size, 4);
    assert_eq!(read_bounded("/var/log", file, size, 6).unwrap_err().kind(), ProblemKind::TooLarge);
}

#[test]
fn permissions_are_told_apart_from_absence() {
    let tree = Tree::new().file("/etc/shadow", "secret").file("/closed/file", "");
    fs::set_permissions(tree.at("/etc/shadow"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(tree.at("/closed"), fs::Permissions::from_mode(0o000)).unwrap();
    let expected: [(&str, Result<&str, ProblemKind>); 2] = if rustix::process::geteuid().is_root() {
        // Nothing is closed to root; that the system's refusal has its kind is tested with the error.
        [("/etc/shadow", Ok("secret")), ("/closed/file", Ok(""))]
    } else {
        [("/etc/shadow", Err(ProblemKind::NotPermitted)), ("/closed/file", Err(ProblemKind::NotPermitted))]
    };
    for (path, expected) in expected {
        tree.check(path, expected);
    }
    for resolution in RESOLUTIONS {
        assert_eq!(tree.host(resolution).metadata("/etc/shadow").unwrap().mode, 0);
    }
    fs::set_permissions(tree.at("/closed"), fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn metadata_follows_links_and_link_metadata_does_not() {
    let tree = Tree::new().file("/usr/bin/su", "elf").link("/bin", "usr/bin").link("/dangling", "none");
    fs::set_permissions(tree.at("/usr/bin/su"), fs::Permissions::from_mode(0o4755)).unwrap();
    for resolution in RESOLUTIONS {
        let host = tree.host(resolution);
        let su = host.metadata("/bin/su").unwrap();
        assert_eq!((su.kind, su.mode, su.size), (FileKind::File, 0o4755, 3));
        assert!(su.modified > 1_000_000_000 && su.inode > 0);
        assert_eq!(su, host.metadata("/usr/bin/su").unwrap());
        for (path, kind) in [
            ("/bin", FileKind::Link),
            ("/bin/", FileKind::Directory),
            ("/dangling", FileKind::Link),
            ("/bin/su", FileKind::File),
        ] {
            assert_eq!(host.link_metadata(path).unwrap().kind, kind, "{path} by {resolution:?}");
        }
        assert_eq!(host.metadata("/bin").unwrap().kind, FileKind::Directory);
        assert_eq!(host.metadata("/dangling").unwrap_err().kind(), ProblemKind::NotFound);
        assert_eq!(host.read_link("/bin").unwrap(), "usr/bin");
        assert_eq!(host.read_link("/usr/bin").unwrap_err().to_string(), "/usr/bin is a directory, not a symbolic link");
        assert_eq!(host.read_link("/none").unwrap_err().kind(), ProblemKind::NotFound);
    }
}

#[test]
fn directories_are_listed_in_order() {
    let tree = Tree::new().file("/d/b", "").file("/d/a/x", "").link("/d/c", "a");
    mknodat(CWD, tree.at("/d/pipe"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    fs::write(tree.at("/d").join(std::ffi::OsStr::from_bytes(b"odd\xff")), "").unwrap();
    for resolution in RESOLUTIONS {
        let host = tree.host(resolution);
        let entries = host.read_directory("/d").unwrap();
        let entries: Vec<_> = entries.iter().map(|entry| (entry.name.as_str(), entry.kind)).collect();
        assert_eq!(
            entries,
            [
                ("a", FileKind::Directory),
                ("b", FileKind::File),
                ("c", FileKind::Link),
                ("odd\u{fffd}", FileKind::File),
                ("pipe", FileKind::Other)
            ]
        );
        assert_eq!(host.read_directory("/d/c").unwrap().len(), 1);
        for (path, kind) in [
            ("/d/b", ProblemKind::WrongType),
            ("/d/pipe", ProblemKind::WrongType),
            ("/d/b/x", ProblemKind::NotFound),
            ("/none", ProblemKind::NotFound),
        ] {
            assert_eq!(host.read_directory(path).unwrap_err().kind(), kind, "{path} by {resolution:?}");
        }
    }
}

#[test]
fn magic_links_can_be_read_but_lead_nowhere() {
    let executable = std::env::current_exe().unwrap();
    for resolution in RESOLUTIONS {
        let host = live(resolution);
        assert_eq!(host.read_link("/proc/self/exe").unwrap(), executable.to_str().unwrap(), "{resolution:?}");
        assert_eq!(host.read_link("/proc/self/root").unwrap(), "/");
        for path in ["/proc/self/exe", "/proc/self/root/etc/passwd", "/proc/self/fd/0"] {
            assert_eq!(host.read(path, 1 << 40).unwrap_err().kind(), ProblemKind::LinkLoop, "{path} by {resolution:?}");
        }
        assert!(!host.read("/proc/mounts", 1 << 20).unwrap().is_empty(), "a link of procfs that is text is followed");
    }
}

#[test]
fn a_root_that_is_none_is_an_error() {
    let tree = Tree::new().file("/file", "");
    for (path, kind, text) in [
        ("/none", ProblemKind::NotFound, "does not exist"),
        ("/file", ProblemKind::WrongType, "is a file, not a directory"),
    ] {
        let error = RootedHost::root_directory(&tree.at(path)).unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().starts_with(tree.base.path().to_str().unwrap()), "{error}");
        assert!(error.to_string().ends_with(text), "{error}");
    }
    assert_eq!(tree.host(Resolution::Kernel).source(), SourceKind::RootDirectory);
    assert_eq!(RootedHost::live().unwrap().source(), SourceKind::LiveHost);
    assert_eq!(RootedHost::live().unwrap().resolution, Resolution::Kernel, "this kernel has openat2");
}
