//! Images that mean no good: each is read within its limits, and what is not used is told of.

use assay_model::evidence::ProblemKind;
use serde_json::json;

use super::support::{files, image_of, open, open_with, problems};
use crate::image::specimen::{Layout, Member, Packed, Tar, docker_archive, octal};
use crate::image::{ImageLimits, ImageOptions};
use crate::view::{FileKind, Host as _};

fn limited(limits: ImageLimits) -> ImageOptions {
    ImageOptions { limits, ..ImageOptions::default() }
}

#[test]
fn entries_that_lead_out_are_not_used() {
    let layer = Tar::new()
        .file("../../etc/passwd", "out")
        .file("etc/../../../outside", "out")
        .file("/etc/absolute", "in")
        .file("/../etc/rooted", "in")
        .link("up", "../../../..")
        .file("up/etc/through", "in")
        .link("slash", "/")
        .file("slash/etc/slashed", "in")
        .hard_link("stolen", "../../etc/shadow")
        .link("shadow", "../../../../etc/shadow")
        .finish();
    let host = image_of(&[layer]);
    assert_eq!(files(&host), ["/etc/absolute=in", "/etc/rooted=in", "/etc/slashed=in", "/etc/through=in"]);
    let subjects: Vec<_> = problems(&host).into_iter().map(|(subject, _)| subject).collect();
    assert_eq!(subjects, ["../../etc/passwd", "etc/../../../outside", "stolen"]);
    assert_eq!(host.read("/shadow", 100).unwrap_err().kind(), ProblemKind::NotFound);
    assert_eq!(host.read("/up/etc/through", 100).unwrap(), b"in");
}

#[test]
fn entries_that_make_no_sense_are_not_used() {
    let cases: [(Tar, ProblemKind); 9] = [
        (Tar::new().hard_link("name", "nowhere"), ProblemKind::NotFound),
        (Tar::new().hard_link("name", "name"), ProblemKind::NotFound),
        (Tar::new().directory("d").hard_link("name", "d"), ProblemKind::WrongType),
        (Tar::new().link("loop", "loop").file("loop/x", ""), ProblemKind::LinkLoop),
        (Tar::new().file(".", ""), ProblemKind::WrongType),
        (Tar::new().file("x".repeat(256), ""), ProblemKind::Malformed),
        (Tar::new().file("x/".repeat(2100), ""), ProblemKind::Malformed),
        (Tar::new().member(Member::new("volume", b'V')), ProblemKind::NotSupported),
        (Tar::new().file("etc/.wh...", ""), ProblemKind::Malformed),
    ];
    for (tar, kind) in cases {
        let host = image_of(&[tar.file("next", "n").finish()]);
        assert_eq!(files(&host), ["/next=n"]);
        let found = problems(&host);
        assert_eq!(found.iter().map(|(_, kind)| *kind).collect::<Vec<_>>(), [kind], "{found:?}");
    }
}

#[test]
fn many_senseless_entries_are_counted() {
    let layer = (0..1000).fold(Tar::new(), |tar, at| tar.file(format!("../{at}"), ""));
    let host = image_of(&[layer.finish()]);
    let problems = host.problems();
    assert_eq!(problems.len(), 21);
    assert_eq!(problems[20].detail, "980 more of its entries are not used");
}

#[test]
fn links_in_circles_end() {
    let chain = (0..50).fold(Tar::new(), |tar, at| tar.link(format!("chain{at}"), format!("chain{}", at + 1)));
    let layer = chain.link("self", "self").link("a", "b/x").link("b", "a/y").link("dir/up", "../dir").finish();
    let host = image_of(&[layer]);
    for path in ["/self", "/a", "/b/z", "/chain0"] {
        assert_eq!(host.metadata(path).unwrap_err().kind(), ProblemKind::LinkLoop, "{path}");
        assert_eq!(host.link_metadata(path.strip_suffix("/z").unwrap_or(path)).unwrap().kind, FileKind::Link);
    }
    assert_eq!(host.metadata(&format!("/dir{}", "/up".repeat(40))).unwrap().kind, FileKind::Directory);
    assert_eq!(host.metadata(&format!("/dir{}", "/up".repeat(41))).unwrap_err().kind(), ProblemKind::LinkLoop);
}

#[test]
fn odd_names_are_kept_apart() {
    let layer = Tar::new()
        .file(b"no\xffutf8", "1")
        .file(b"no\xfeutf8", "2")
        .file("new\nline", "3")
        .file("\u{202e}txt.exe", "4")
        .file("cut\0off", "5")
        .pax(b'x', &[("path", b"nul\0inside")])
        .file("x", "6")
        .finish();
    let host = image_of(&[layer]);
    let names: Vec<_> = host.read_directory("/").unwrap().into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["cut", "new\nline", "no\u{fffd}utf8", "no\u{fffd}utf8", "\u{202e}txt.exe"]);
    assert_eq!(host.read("/no\u{fffd}utf8", 10).unwrap_err().kind(), ProblemKind::NotFound);
    assert!(host.problems()[0].detail.contains("has a NUL in a name"));
}

#[test]
fn deep_trees_are_walked() {
    let path = format!("{}file", "d/".repeat(1000));
    let host = image_of(&[Tar::new().file(&path, "deep").finish()]);
    assert_eq!(host.read(&format!("/{path}"), 10).unwrap(), b"deep");
    let limits = crate::WalkLimits { depth: 100, entries: 10_000 };
    let walked = crate::walk_directories(&host, "/", limits).unwrap();
    assert_eq!((walked.directories.len(), walked.problems.len()), (101, 1));
}

#[test]
fn absurd_sizes_and_numbers_harm_nothing() {
    let mut member = Member { size: Some([0xff; 12]), ..Member::new("negative", b'0') };
    let host = image_of(&[Tar::new().file("a", "1").raw(member.header(Tar::GNU)).finish()]);
    assert_eq!((files(&host).join(" ").as_str(), host.problems().len()), ("/a=1", 1));
    member.size = Some(octal((1 << 33) - 1));
    let host = image_of(&[Tar::new().file("a", "1").raw(member.header(Tar::GNU)).finish()]);
    assert_eq!((files(&host).join(" ").as_str(), host.problems().len()), ("/a=1", 1));
    let ids = [("uid", b"-1".as_slice()), ("gid", b"99999999999"), ("mtime", b"-9223372036854775808.5")];
    let host = image_of(&[Tar::new().pax(b'x', &ids).file("a", "1").file("b", "2").finish()]);
    assert!(host.problems()[0].detail.contains("has an extended time that is none"));
    let host = image_of(&[Tar::new().pax(b'x', &ids[..2]).file("a", "1").finish()]);
    let metadata = host.metadata("/a").unwrap();
    assert_eq!((metadata.uid, metadata.gid), (u32::MAX, u32::MAX));
    // Eight exabytes of holes.
    let records = [
        ("GNU.sparse.size", b"9223372036854775807".as_slice()),
        ("GNU.sparse.numblocks", b"0"),
        ("GNU.sparse.map", b""),
        ("GNU.sparse.major", b"0"),
        ("GNU.sparse.minor", b"1"),
    ];
    let host = image_of(&[Tar::new().pax(b'x', &records).file("holes", "").finish()]);
    assert_eq!(host.metadata("/holes").unwrap().size, i64::MAX as u64);
    assert_eq!(host.read("/holes", 1 << 20).unwrap_err().kind(), ProblemKind::TooLarge);
    let mut start = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(host.open("/holes").unwrap(), 1000), &mut start).unwrap();
    assert_eq!(start, [0; 1000]);
}

#[test]
fn bombs_cost_their_limit() {
    let bomb = Tar::new().file("low", "1").file("zeros", vec![0; 70 << 20]).finish();
    let layers = [Tar::new().file("a", "1").finish(), bomb];
    for packed in [Packed::Gzip, Packed::Zstd] {
        let archive = Layout::of(&layers, packed).archive();
        for limits in [
            ImageLimits { unpacked_bytes: 1 << 20, ..ImageLimits::default() },
            ImageLimits { ratio: 100, ..ImageLimits::default() },
        ] {
            let host = open_with(&archive, &limited(limits)).unwrap();
            assert_eq!(files(&host), ["/a=1"]);
            assert!(matches!(problems(&host).as_slice(), [(_, ProblemKind::TooLarge)]));
        }
        // The whole archive is one.
        let limits = ImageLimits { unpacked_bytes: 1 << 20, ..ImageLimits::default() };
        let error = open_with(&packed.pack(&archive.repeat(1000)), &limited(limits)).unwrap_err();
        assert!(error.to_string().contains("more than 1048576 bytes"), "{error}");
    }
}

#[test]
fn too_many_of_anything_is_told() {
    let many = (0..100).fold(Tar::new(), |tar, at| tar.file(format!("file{at}"), "")).finish();
    let next = Tar::new().file("next", "").finish();
    let archive = Layout::of(&[many, next.clone(), next], Packed::No).archive();
    let defaults = ImageLimits::default();
    for (limits, files_there, told) in [
        (ImageLimits { files: 51, ..defaults }, 50, 3),
        (ImageLimits { name_bytes: 110, ..defaults }, 20, 3),
        (ImageLimits { entries: 50, ..defaults }, 50, 3),
    ] {
        let host = open_with(&archive, &limited(limits)).unwrap();
        assert_eq!(host.read_directory("/").unwrap().len(), files_there);
        let problems = problems(&host);
        assert!(problems.iter().all(|(subject, kind)| subject.starts_with("layer ") && *kind == ProblemKind::TooLarge));
        assert_eq!(problems.len(), told);
    }
    let error = open_with(&archive, &limited(ImageLimits { layers: 2, ..defaults })).unwrap_err();
    assert_eq!(error.to_string(), "the image has more than 2 layers");
    let error = open_with(&archive, &limited(ImageLimits { document_bytes: 20, ..defaults })).unwrap_err();
    assert_eq!(error.to_string(), "failed to read the image's /index.json");
}

#[test]
fn indexes_of_indexes_end() {
    // Each level names the one below it a hundred times: 100 to the power of 8 ways to one manifest.
    let mut layout = Layout::default();
    let mut image = layout.image("linux/amd64", &[Tar::new().file("a", "1").finish()], Packed::No);
    for _ in 0..8 {
        let images: Vec<_> = (0..100).map(|_| ("linux/amd64", image.clone())).collect();
        image = layout.list(&images);
    }
    layout.index.push(image.clone());
    assert_eq!(files(&open(&layout.archive()).unwrap()), ["/a=1"]);
    let deeper = layout.list(&[("linux/amd64", image)]);
    layout.index = vec![deeper];
    assert_eq!(open(&layout.archive()).unwrap_err().to_string(), "the image has more than 1000 manifests");
}

#[test]
fn documents_that_nest_without_end_are_refused() {
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let error = open(&Tar::new().file("manifest.json", nested).finish()).unwrap_err();
    assert!(error.to_string().contains("malformed"), "{error}");
}

#[test]
fn every_cut_and_every_flip_is_survived() {
    let layers = [
        Tar::new().file("etc/a", "1").link("lib", "usr/lib").hard_link("b", "etc/a").finish(),
        Tar::new().file("etc/.wh.a", "").pax(b'x', &[("path", b"long")]).file("x", "2").finish(),
    ];
    let archive = docker_archive(&[(&["a:1"], &layers)], Packed::No);
    let mut opened = 0;
    for at in (0..archive.len()).step_by(37) {
        let mut flipped = archive.clone();
        flipped[at] ^= 1 << (at % 8);
        for bytes in [&archive[..at], &flipped] {
            if let Ok(host) = open(bytes) {
                files(&host);
                opened += 1;
            }
        }
    }
    assert!(opened > 20, "{opened}");
}

#[test]
fn a_layout_directory_is_not_left() {
    let layout = Layout::of(&[Tar::new().file("a", "1").finish()], Packed::No);
    let outside = tempfile::tempdir().unwrap();
    let directory = layout.directory();
    let digits = layout.index[0]["digest"].as_str().unwrap().replace("sha256:", "");
    let blob = directory.path().join("blobs/sha256").join(digits);
    std::fs::rename(&blob, outside.path().join("blob")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("blob"), &blob).unwrap();
    let error = crate::ImageHost::open(directory.path(), &ImageOptions::default()).unwrap_err();
    assert!(error.to_string().contains("which is not in it"), "{error}");
    let manifest = json!([{"Config": "../c.json", "Layers": []}]).to_string();
    std::fs::write(outside.path().join("c.json"), "{}").unwrap();
    std::fs::create_dir(outside.path().join("in")).unwrap();
    std::fs::write(outside.path().join("in/manifest.json"), manifest).unwrap();
    let error = crate::ImageHost::open(&outside.path().join("in"), &ImageOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "failed to read the image's /../c.json");
}
