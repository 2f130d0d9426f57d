//! The same tree as a root directory and as an image of any form gives the same answers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use assay_model::evidence::SourceKind;

use super::support::{list, open};
use crate::image::specimen::{Layout, Packed, Tar, docker_archive};
use crate::image::unpack::{Expected, Unpacker};
use crate::image::{ImageHost, ImageOptions};
use crate::rooted::RootedHost;
use crate::view::Host as _;

/// A real root file system, as an archive that is not packed.
fn alpine() -> Vec<u8> {
    let shared = match std::env::var_os("ASSAY_SHARED") {
        Some(shared) => PathBuf::from(shared),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    };
    let path = shared.join("data/hosts/alpine-minirootfs-3.20.3-x86_64.tar.gz");
    let packed = fs::File::open(&path).expect("ASSAY_SHARED is the folder of shared data");
    let size = packed.metadata().unwrap().len();
    let packed = crate::image::extent::Extent::whole(packed, size);
    let mut unpacker = Unpacker { directory: None, limit: 1 << 30, ratio: 250, written: 0 };
    let mut content = Vec::new();
    let unpacked = unpacker.unpack(&packed, Expected::default()).unwrap();
    std::io::Read::read_to_end(&mut unpacked.reader(), &mut content).unwrap();
    content
}

/// Layers that have the same files as `root` once they lie on each other: things that are there too much, what takes
/// them away, and the root itself.
fn layered(root: &[u8]) -> [Vec<u8>; 3] {
    let lowest = Tar::new()
        .file("etc/passwd", "an older one")
        .file("usr", "a file where a directory comes")
        .file("bin/extra", "to be hidden")
        .directory("junk/deep/deeper/")
        .file("junk/deep/file", "to be hidden with its directory")
        .file("lib/old/one", "to be hidden by an opaque directory")
        .link("lib/two", "old/one")
        .directory("etc/os-release/is/a/directory/")
        .link("sbin", "bin")
        .hard_link("junk/name", "etc/passwd");
    let middle = Tar::new()
        .file(".wh.junk", "")
        .file("bin/.wh.extra", "")
        .directory("lib/")
        .file("lib/.wh..wh..opq", "")
        .file("opt/.wh.never-was-there", "")
        .file(".wh..wh.plnk/1.2", "");
    [lowest.finish(), middle.finish(), root.to_vec()]
}

#[test]
fn a_tree_gives_the_same_answers_in_every_form() {
    let alpine = alpine();
    let unpacked = tempfile::tempdir().unwrap();
    fs::write(unpacked.path().join("root.tar"), &alpine).unwrap();
    let root = unpacked.path().join("root");
    fs::create_dir(&root).unwrap();
    let mut tar = Command::new("tar");
    tar.args(["--extract", "--preserve-permissions", "--no-same-owner", "--file"])
        .arg(unpacked.path().join("root.tar"));
    let status = tar.arg("--directory").arg(&root).status().expect("GNU tar is there (package tar)");
    assert!(status.success());
    let expected = list(&RootedHost::root_directory(&root).unwrap());
    assert!(expected.len() > 500);

    let mut seen = 0;
    let mut check = |host: &ImageHost, form: &str| {
        assert_eq!(host.source(), SourceKind::ContainerImage);
        assert_eq!(host.problems(), [], "{form}");
        let found = list(host);
        for (path, fact) in &expected {
            assert_eq!(found.get(path), Some(fact), "{form}: {path}");
        }
        assert_eq!(found.len(), expected.len(), "{form}");
        for path in ["/etc/os-release", "/bin/sh", "/bin/../lib/apk", "/usr/bin/../../bin/ls", "/etc/passwd/", "/none"]
        {
            let rooted = RootedHost::root_directory(&root).unwrap();
            let kind =
                |host: &dyn crate::Host| host.metadata(path).map(|found| found.kind).map_err(|error| error.kind());
            assert_eq!(kind(host), kind(&rooted), "{form}: {path}");
        }
        seen += 1;
    };
    for layers in [vec![alpine.clone()], layered(&alpine).to_vec()] {
        for packed in Packed::ALL {
            let form = format!("{} layers, {packed:?}", layers.len());
            check(&open(&docker_archive(&[(&["alpine:3.20"], &layers)], packed)).unwrap(), &format!("docker, {form}"));
            let layout = Layout::of(&layers, packed);
            check(&open(&layout.archive()).unwrap(), &format!("OCI archive, {form}"));
            let directory = layout.directory();
            let host = ImageHost::open(directory.path(), &ImageOptions::default()).unwrap();
            check(&host, &format!("OCI layout, {form}"));
        }
        let layout = Layout::of(&layers, Packed::No).archive();
        for packed in [Packed::Gzip, Packed::Zstd] {
            check(&open(&packed.pack(&layout)).unwrap(), &format!("archive, {packed:?}"));
        }
    }
    assert_eq!(seen, 2 * (3 * 3 + 2));
}

#[test]
fn owners_are_those_of_the_archive() {
    let alpine = alpine();
    let archive = tempfile::NamedTempFile::new().unwrap();
    fs::write(archive.path(), &alpine).unwrap();
    let mut tar = Command::new("tar");
    tar.args(["--list", "--verbose", "--numeric-owner", "--file"]).arg(archive.path());
    let output = tar.output().expect("GNU tar is there (package tar)");
    let host = super::support::image_of(&layered(&alpine));
    let mut groups = 0;
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let mut words = line.split_whitespace();
        let (uid, gid) = words.nth(1).unwrap().split_once('/').unwrap();
        let path = words.nth(3).unwrap().trim_start_matches('.');
        let metadata =
            host.link_metadata(path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path)).unwrap();
        assert_eq!((metadata.uid.to_string().as_str(), metadata.gid.to_string().as_str()), (uid, gid), "{line}");
        groups += usize::from(gid == "42");
    }
    assert_eq!(groups, 1, "/etc/shadow belongs to the group shadow");
}
