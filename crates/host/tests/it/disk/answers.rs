//! Compares the answers of two hosts, path by path.

use assay_host::{FileKind, Host, HostError, RootedHost};
use assay_model::evidence::ProblemKind;

use super::tree::Tree;

/// What a host says about a path, but for what differs between two copies of a tree.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    kind: FileKind,
    mode: u32,
    owner: (u32, u32),
    size: u64,
    modified: i64,
    content: Option<Result<Vec<u8>, ProblemKind>>,
    link: Option<String>,
}

/// Whether the maker of an image keeps the times of what it copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Kept,
    Lost,
}

fn ask(host: &dyn Host, path: &str, times: Times) -> Result<Answer, HostError> {
    let metadata = host.link_metadata(path)?;
    let is_file = metadata.kind == FileKind::File;
    // The size of a directory is the file system's own affair, and its time that of the copying.
    let is_directory = metadata.kind == FileKind::Directory;
    Ok(Answer {
        kind: metadata.kind,
        mode: metadata.mode,
        owner: (metadata.uid, metadata.gid),
        size: if is_directory { 0 } else { metadata.size },
        modified: if path == "/" || times == Times::Lost { 0 } else { metadata.modified },
        content: is_file.then(|| host.read(path, 1 << 30).map_err(|error| error.kind())),
        link: (metadata.kind == FileKind::Link).then(|| host.read_link(path).unwrap()),
    })
}

/// Both hosts give the same answers for every path that either has.
pub(super) fn assert_same(tree: &Tree, host: &dyn Host, what: &str) {
    assert_same_but(tree, host, what, Times::Kept);
}

/// As [`assert_same`], where times may be lost.
pub(super) fn assert_same_but(tree: &Tree, host: &dyn Host, what: &str, times: Times) {
    let expected = RootedHost::root_directory(tree.path()).unwrap();
    let mut pending = vec!["/".to_owned()];
    let mut count = 0;
    while let Some(path) = pending.pop() {
        count += 1;
        let is_name_lost = path.contains(char::REPLACEMENT_CHARACTER);
        let (ours, theirs) = (ask(host, &path, times), ask(&expected, &path, times));
        if is_name_lost {
            assert_eq!(ours.unwrap_err().kind(), theirs.unwrap_err().kind(), "{what}: {path}");
            continue;
        }
        let (ours, theirs) = (ours.unwrap_or_else(|error| panic!("{what}: {error}")), theirs.unwrap());
        assert!(ours == theirs, "{what}: {path}: {} and not {}", brief(&ours), brief(&theirs));
        if ours.kind == FileKind::Directory {
            let mut entries = host.read_directory(&path).unwrap();
            entries.retain(|entry| !(path == "/" && entry.name == "lost+found"));
            assert_eq!(entries, expected.read_directory(&path).unwrap(), "{what}: {path}");
            let folder = path.trim_end_matches('/');
            pending.extend(entries.iter().map(|entry| format!("{folder}/{}", entry.name)));
        }
    }
    assert!(count > 1, "{what}: nothing was compared");
}

fn brief(answer: &Answer) -> String {
    let content = answer.content.as_ref().map(|content| content.as_ref().map(Vec::len));
    format!("{:?}", Answer { content: None, ..answer_without(answer) }) + &format!(" with {content:?} bytes")
}

fn answer_without(answer: &Answer) -> Answer {
    Answer { content: None, link: answer.link.clone(), ..*answer }
}

/// Paths that lead nowhere, in circles or around corners.
const ODD_PATHS: &[&str] = &[
    "",
    "/",
    "//etc//./os-release",
    "/lib/os-release",
    "/lib/../../etc/os-release",
    "/../../etc/os-release",
    "/absolute",
    "/climbing",
    "/up/up/etc/os-release",
    "/to-directory/os-release",
    "/to-directory",
    "/loop",
    "/loop/x",
    "/ping",
    "/dangling",
    "/slash",
    "/etc/os-release/",
    "/etc/os-release/.",
    "/etc/os-release/..",
    "/none/../etc/os-release",
    "/etc/os-release/x",
    "/pipe",
    "/pipe/x",
    "/etc/\0",
    "relative",
];

/// Both hosts give the same answers, or the same errors, for odd paths.
pub(super) fn assert_same_on_odd_paths(tree: &Tree, host: &dyn Host) {
    let expected = RootedHost::root_directory(tree.path()).unwrap();
    let long = [format!("/{}", "x".repeat(300)), format!("/{}etc/os-release", "etc/../".repeat(700))];
    for path in ODD_PATHS.iter().copied().chain(long.iter().map(String::as_str)) {
        let both = [host, &expected as &dyn Host];
        let text = |error: HostError| (error.kind(), error.path().to_owned(), error.to_string());
        let [ours, theirs] = both.map(|host| host.read(path, 100).map_err(text));
        assert_eq!(ours, theirs, "read {path:?}");
        let [ours, theirs] = both.map(|host| host.read_link(path).map_err(text));
        assert_eq!(ours, theirs, "read_link {path:?}");
        let [ours, theirs] = both.map(|host| host.metadata(path).map(|found| found.kind).map_err(text));
        assert_eq!(ours, theirs, "metadata {path:?}");
        let [ours, theirs] = both.map(|host| host.link_metadata(path).map(|found| found.kind).map_err(text));
        assert_eq!(ours, theirs, "link_metadata {path:?}");
        let without = |mut entries: Vec<assay_host::DirectoryEntry>| {
            entries.retain(|entry| entry.name != "lost+found");
            entries
        };
        let [ours, theirs] = both.map(|host| host.read_directory(path).map(without).map_err(text));
        assert_eq!(ours, theirs, "read_directory {path:?}");
    }
}
