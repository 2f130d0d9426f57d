//! Paths resolve as below a real root directory; layers lie on each other as a container runtime unpacks them.

use rustix::fs::FileType;

use super::*;
use crate::error::HostError;
use crate::view::{FileKind, Metadata};
use assay_model::evidence::ProblemKind;

const LIMITS: TreeLimits = TreeLimits { nodes: 1000, text_bytes: 100_000 };

const ATTRIBUTES: Attributes = Attributes { mode: 0o640, uid: 7, gid: 8, size: 5, modified: 9 };

/// A tree whose files have a word as their content.
struct Layers(VirtualTree<&'static str>);

impl Layers {
    fn new() -> Layers {
        Layers(VirtualTree::new(LIMITS))
    }

    fn put(mut self, path: &str, kind: NodeKind<&'static str>) -> Layers {
        self.0.insert(path.as_bytes(), ATTRIBUTES, kind).unwrap();
        self
    }

    fn file(self, path: &str, content: &'static str) -> Layers {
        self.put(path, NodeKind::File(content))
    }

    fn directory(self, path: &str) -> Layers {
        self.put(path, NodeKind::Directory)
    }

    fn link(self, path: &str, to: &str) -> Layers {
        self.put(path, NodeKind::Link(to.as_bytes().into()))
    }

    fn hard_link(mut self, path: &str, to: &str) -> Layers {
        self.0.insert_hard_link(path.as_bytes(), to.as_bytes()).unwrap();
        self
    }

    fn layer(mut self) -> Layers {
        self.0.begin_layer();
        self
    }

    fn hide(mut self, path: &str) -> Layers {
        self.0.hide(path.as_bytes());
        self
    }

    fn hide_content(mut self, path: &str) -> Layers {
        self.0.hide_content(path.as_bytes());
        self
    }

    /// Every path, parents first: `/path/` for a directory, `/path=content` for a file, `/path>text` for a link.
    fn list(&self) -> Vec<String> {
        let mut list = Vec::new();
        let mut pending = vec![String::new()];
        while let Some(directory) = pending.pop() {
            for entry in self.0.read_directory(&format!("{directory}/")).unwrap() {
                let path = format!("{directory}/{}", entry.name);
                list.push(match entry.kind {
                    FileKind::Directory => format!("{path}/"),
                    FileKind::File => format!("{path}={}", self.0.file(&path).unwrap().1),
                    FileKind::Link => format!("{path}>{}", self.0.read_link(&path).unwrap()),
                    FileKind::Other => format!("{path}!"),
                });
                if entry.kind == FileKind::Directory {
                    pending.push(path);
                }
            }
        }
        list.sort();
        list
    }

    fn check(&self, expected: &[&str]) {
        assert_eq!(self.list(), expected);
    }

    fn metadata(&self, path: &str) -> Metadata {
        self.0.metadata(path, FollowLast::No).unwrap()
    }
}

#[test]
fn paths_resolve_as_below_a_root() {
    let chain = (0..39).fold(Layers::new(), |tree, at| tree.link(&format!("chain/{at}"), &(at + 1).to_string()));
    let tree = chain
        .link("chain/39", "/etc/passwd")
        .link("chain/first", "0")
        .file("etc/passwd", "inside")
        .file("usr/lib/os-release", "ID=debian")
        .link("etc/os-release", "../usr/lib/os-release")
        .link("lib", "usr/lib")
        .link("climbing", "../../../../../../../../etc/passwd")
        .link("etc/outside", "../../outside")
        .link("up", "..")
        .link("here", ".")
        .link("loop", "/loop")
        .link("ping", "pong")
        .link("pong", "ping")
        .link("dangling", "nothing")
        .link("empty", "")
        .link("slash", "/etc/passwd/")
        .link("directory", "/etc/")
        .put("pipe", NodeKind::Other(FileType::Fifo));
    for (path, expected) in [
        ("/etc/passwd", Ok("inside")),
        ("//etc//./passwd", Ok("inside")),
        ("/etc/os-release", Ok("ID=debian")),
        ("/lib/os-release", Ok("ID=debian")),
        ("/lib/../../etc/passwd", Ok("inside")),
        ("/climbing", Ok("inside")),
        ("/../../outside", Err(ProblemKind::NotFound)),
        ("/etc/outside", Err(ProblemKind::NotFound)),
        ("/up/up/up/etc/passwd", Ok("inside")),
        ("/here/here/etc/../etc/passwd", Ok("inside")),
        ("/directory/passwd", Ok("inside")),
        ("/chain/0", Ok("inside")),
        ("/chain/first", Err(ProblemKind::LinkLoop)),
        ("/loop", Err(ProblemKind::LinkLoop)),
        ("/loop/x", Err(ProblemKind::LinkLoop)),
        ("/ping", Err(ProblemKind::LinkLoop)),
        ("/dangling", Err(ProblemKind::NotFound)),
        ("/empty", Err(ProblemKind::NotFound)),
        ("/slash", Err(ProblemKind::NotFound)),
        ("/etc/passwd/", Err(ProblemKind::NotFound)),
        ("/etc/passwd/.", Err(ProblemKind::NotFound)),
        ("/etc/passwd/..", Err(ProblemKind::NotFound)),
        ("/none/../etc/passwd", Err(ProblemKind::NotFound)),
        ("", Err(ProblemKind::NotFound)),
        ("/", Err(ProblemKind::WrongType)),
        ("/etc", Err(ProblemKind::WrongType)),
        ("/directory", Err(ProblemKind::WrongType)),
        ("/pipe", Err(ProblemKind::WrongType)),
        ("/etc/\0", Err(ProblemKind::Failed)),
    ] {
        let found = tree.0.file(path).map(|(_, content)| *content).map_err(|error| {
            assert_eq!(error.path(), path);
            error.kind()
        });
        assert_eq!(found, expected, "{path}");
    }
    for path in [format!("/{}", "x".repeat(300)), format!("/{}", "x/".repeat(3000))] {
        assert_eq!(tree.0.file(&path).unwrap_err().kind(), ProblemKind::Failed);
    }
    assert_eq!(tree.0.file("/pipe").unwrap_err().to_string(), "/pipe is a FIFO, not a file");
    assert!(matches!(tree.0.read_directory("/etc/passwd"), Err(HostError::WrongType { .. })));
    assert!(matches!(tree.0.read_directory("/etc/passwd/"), Err(HostError::NotFound { .. })));
    assert!(matches!(tree.0.read_link("/etc/passwd"), Err(HostError::WrongType { .. })));
}

#[test]
fn attributes_are_those_of_the_entry() {
    let tree = Layers::new().file("etc/file", "x").link("etc/link", "file").hard_link("etc/name", "etc/file");
    let expected = Metadata {
        kind: FileKind::File,
        mode: 0o640,
        uid: 7,
        gid: 8,
        size: 5,
        device: 1,
        inode: tree.metadata("/etc/name").inode,
        modified: 9,
    };
    assert_eq!(tree.metadata("/etc/file"), expected);
    let link = tree.metadata("/etc/link");
    assert_eq!((link.kind, link.mode, link.size), (FileKind::Link, 0o777, 4));
    let implied = tree.metadata("/etc");
    assert_eq!((implied.kind, implied.mode, implied.uid, implied.modified), (FileKind::Directory, 0o755, 0, 0));
    assert_eq!(tree.directory("etc").directory("").metadata("/").mode, 0o640);
}

#[test]
fn later_entries_take_the_place_of_earlier_ones() {
    let lower = || Layers::new().file("a/one", "1").file("a/two", "2").file("b", "b").link("l", "a").layer();
    lower().file("a/one", "new").check(&["/a/", "/a/one=new", "/a/two=2", "/b=b", "/l>a"]);
    lower().file("a", "file").check(&["/a=file", "/b=b", "/l>a"]);
    lower().directory("a").check(&["/a/", "/a/one=1", "/a/two=2", "/b=b", "/l>a"]);
    lower().directory("b").check(&["/a/", "/a/one=1", "/a/two=2", "/b/", "/l>a"]);
    lower().file("b/c", "c").check(&["/a/", "/a/one=1", "/a/two=2", "/b/", "/b/c=c", "/l>a"]);
    lower().file("l/three", "3").check(&["/a/", "/a/one=1", "/a/three=3", "/a/two=2", "/b=b", "/l>a"]);
    lower().directory("l").file("l/x", "x").check(&["/a/", "/a/one=1", "/a/two=2", "/b=b", "/l/", "/l/x=x"]);
    lower().file("a", "file").file("a/x", "x").check(&["/a/", "/a/x=x", "/b=b", "/l>a"]);
    let linked = Layers::new().file("a", "old").hard_link("b", "a").layer().file("a", "new");
    linked.check(&["/a=new", "/b=old"]);
    Layers::new().link("gone", "made/below").file("gone/x", "x").check(&[
        "/gone>made/below",
        "/made/",
        "/made/below/",
        "/made/below/x=x",
    ]);
    Layers::new().link("up", "../..").file("up/x", "x").check(&["/up>../..", "/x=x"]);
}

#[test]
fn a_layer_hides_what_lies_below_and_nothing_of_its_own() {
    let lower = || Layers::new().file("a/one", "1").file("a/deep/two", "2").file("b", "b").layer();
    lower().hide("a/one").check(&["/a/", "/a/deep/", "/a/deep/two=2", "/b=b"]);
    lower().hide("a").check(&["/b=b"]);
    lower().hide("a").file("a/new", "n").check(&["/a/", "/a/new=n", "/b=b"]);
    lower().file("a/new", "n").hide("a").check(&["/a/", "/a/new=n", "/b=b"]);
    lower().file("a/deep/new", "n").hide("a").check(&["/a/", "/a/deep/", "/a/deep/new=n", "/b=b"]);
    lower().file("b", "new").hide("b").check(&["/a/", "/a/deep/", "/a/deep/two=2", "/a/one=1", "/b=new"]);
    lower().hide_content("a").file("a/new", "n").check(&["/a/", "/a/new=n", "/b=b"]);
    lower().file("a/new", "n").hide_content("a").check(&["/a/", "/a/new=n", "/b=b"]);
    lower().directory("a/deep").hide_content("a").check(&["/a/", "/a/deep/", "/b=b"]);
    lower().hide_content("").check(&[]);
    lower().hide_content("a").layer().hide_content("").check(&[]);
    lower().hide("none").hide("none/x").hide("b/x").hide("").hide_content("b").hide_content("none").check(&[
        "/a/",
        "/a/deep/",
        "/a/deep/two=2",
        "/a/one=1",
        "/b=b",
    ]);
    let linked = Layers::new().file("usr/lib/x", "x").file("usr/y", "y").link("lib", "usr/lib").layer();
    linked.hide("lib/x").check(&["/lib>usr/lib", "/usr/", "/usr/lib/", "/usr/y=y"]);
}

#[test]
fn what_cannot_be_put_says_why() {
    let file = || NodeKind::File("x");
    let put = |path: &[u8]| Layers::new().link("loop", "loop").0.insert(path, ATTRIBUTES, file());
    assert_eq!(put(b""), Err(TreeError::ReplacesRoot));
    assert_eq!(put(b"loop/x"), Err(TreeError::LinkLoop));
    assert_eq!(put(&[b'x'; 256]), Err(TreeError::NameTooLong));
    assert_eq!(put("x/".repeat(2048).as_bytes()), Err(TreeError::NameTooLong));
    assert_eq!(put(&[b'x'; 255]), Ok(()));
    let mut tree = Layers::new().directory("d").link("long", &"y".repeat(300)).0;
    assert_eq!(tree.insert(b"long/x", ATTRIBUTES, file()), Err(TreeError::NameTooLong));
    assert_eq!(tree.insert_hard_link(b"a", b"d"), Err(TreeError::LinkToDirectory));
    assert_eq!(tree.insert_hard_link(b"a", b"none"), Err(TreeError::NoLinkTarget));
    assert_eq!(tree.insert_hard_link(b"", b"long"), Err(TreeError::ReplacesRoot));
    assert_eq!(tree.insert_hard_link(b"self", b"long"), Ok(()));
    assert_eq!(tree.insert_hard_link(b"self", b"self"), Ok(()));
    let mut small = VirtualTree::new(TreeLimits { nodes: 3, text_bytes: 10 });
    assert_eq!(small.insert(b"a/b/c", ATTRIBUTES, file()), Err(TreeError::TooManyNodes { limit: 3 }));
    let mut short = VirtualTree::new(TreeLimits { nodes: 10, text_bytes: 10 });
    assert_eq!(short.insert(b"12345", ATTRIBUTES, NodeKind::Link(b"1234".as_slice().into())), Ok(()));
    let error = short.insert(b"ab", ATTRIBUTES, file()).unwrap_err();
    assert!(error == TreeError::TooMuchText { limit: 10 } && error.is_limit(), "{error}");
}
