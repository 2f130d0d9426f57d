//! Layers upon layers, and layers that cannot be read.

use assay_model::evidence::ProblemKind;
use serde_json::{Value, json};

use super::support::{files, image_of, open, problems};
use crate::image::digest::Digest;
use crate::image::specimen::{Layout, Member, Packed, Tar, docker_archive};
use crate::view::{FileKind, Host as _};

fn check(layers: &[Tar], expected: &[&str]) {
    let layers: Vec<Vec<u8>> = layers.iter().cloned().map(Tar::finish).collect();
    let host = image_of(&layers);
    assert_eq!(files(&host), expected);
    assert_eq!(host.problems(), []);
}

#[test]
fn later_layers_override_and_hide() {
    let base = Tar::new().file("etc/a", "1").file("etc/b", "2").file("usr/c", "3").link("lib", "usr");
    let upon = |layer: Tar| [base.clone(), layer];
    check(&upon(Tar::new().file("etc/a", "new")), &["/etc/a=new", "/etc/b=2", "/usr/c=3"]);
    check(&upon(Tar::new().file("etc/.wh.a", "")), &["/etc/b=2", "/usr/c=3"]);
    check(&upon(Tar::new().file(".wh.etc", "").file("etc/x", "x")), &["/etc/x=x", "/usr/c=3"]);
    check(&upon(Tar::new().file("etc/x", "x").file("etc/.wh..wh..opq", "")), &["/etc/x=x", "/usr/c=3"]);
    check(&upon(Tar::new().file("etc/a", "new").file("etc/.wh.a", "")), &["/etc/a=new", "/etc/b=2", "/usr/c=3"]);
    check(&upon(Tar::new().file("etc", "a file")), &["/etc=a file", "/usr/c=3"]);
    check(&upon(Tar::new().file("etc/a/x", "x")), &["/etc/a/x=x", "/etc/b=2", "/usr/c=3"]);
    check(&upon(Tar::new().file("lib/d", "4")), &["/etc/a=1", "/etc/b=2", "/usr/c=3", "/usr/d=4"]);
    check(&upon(Tar::new().file("lib/.wh.c", "")), &["/etc/a=1", "/etc/b=2"]);
    check(&upon(Tar::new().hard_link("etc/name", "usr/c")), &["/etc/a=1", "/etc/b=2", "/etc/name=3", "/usr/c=3"]);
    check(&upon(Tar::new().hard_link("etc/a", "lib/c")), &["/etc/a=3", "/etc/b=2", "/usr/c=3"]);
    check(
        &upon(Tar::new().file(".wh..wh.plnk/1", "").file("etc/.wh..wh.aufs", "")),
        &["/etc/a=1", "/etc/b=2", "/usr/c=3"],
    );
    let again = [base.clone(), Tar::new().file(".wh.etc", ""), base.clone(), Tar::new().file(".wh..wh..opq", "")];
    check(&again[..3], &["/etc/a=1", "/etc/b=2", "/usr/c=3"]);
    check(&again, &[]);
}

#[test]
fn names_and_contents_of_every_dialect_arrive() {
    let long = format!("{}/{}", "d".repeat(200), "f".repeat(200));
    let records = [
        ("GNU.sparse.size", b"10".as_slice()),
        ("GNU.sparse.numblocks", b"1"),
        ("GNU.sparse.map", b"3,2"),
        ("SCHILY.xattr.security.capability", b"\x01\0\0\x02"),
    ];
    let layer = Tar::new()
        .file(&long, "pax")
        .gnu_long(b'L', long.replace('d', "g"))
        .file("short", "gnu")
        .pax(b'x', &records)
        .file("sparse", "ab")
        .file("/absolute", "a")
        .file("./dotted/../file/", "d");
    let expected = [
        "/absolute=a".to_owned(),
        format!("/{long}=pax"),
        "/file=d".to_owned(),
        format!("/{}=gnu", long.replace('d', "g")),
        "/sparse=\0\0\0ab\0\0\0\0\0".to_owned(),
    ];
    check(&[layer], &expected.each_ref().map(String::as_str));
}

#[test]
fn what_is_no_file_is_there_but_not_opened() {
    let mut layer = Tar::new();
    for (name, flag) in [("char", b'3'), ("block", b'4'), ("pipe", b'6')] {
        layer = layer.member(Member { mode: 0o4711, uid: 70_000, gid: 5, ..Member::new(name, flag) });
    }
    let host = image_of(&[layer.finish()]);
    for (path, text) in [("/char", "a character device"), ("/block", "a block device"), ("/pipe", "a FIFO")] {
        let metadata = host.metadata(path).unwrap();
        assert_eq!((metadata.kind, metadata.mode, metadata.uid), (FileKind::Other, 0o4711, 70_000));
        assert_eq!(host.read(path, 10).unwrap_err().to_string(), format!("{path} is {text}, not a file"));
        assert!(host.open(path).is_err());
    }
}

/// Three layers, of which something is done to the middle one; it has `middle` and replaces `low`.
fn damage(packed: Packed, harm: impl FnOnce(&mut Layout, &mut Value)) -> (Vec<String>, Vec<(String, ProblemKind)>) {
    let layers = [
        Tar::new().file("low", "1").finish(),
        Tar::new().file("middle", "2").file("low", "2").finish(),
        Tar::new().file("high", "3").finish(),
    ];
    let mut layout = Layout::default();
    let mut descriptors: Vec<Value> = layers.iter().map(|layer| layout.layer(layer, packed)).collect();
    harm(&mut layout, &mut descriptors[1]);
    let image = layout.manifest("linux/amd64", &descriptors, &layers);
    layout.index.push(image);
    let host = open(&layout.archive()).unwrap();
    (files(&host), problems(&host))
}

fn digits(descriptor: &Value) -> String {
    descriptor["digest"].as_str().unwrap().replace("sha256:", "")
}

#[test]
fn a_layer_that_cannot_be_read_is_told_of_and_the_others_are_used() {
    let check = |packed, kind, harm: &dyn Fn(&mut Layout, &mut Value)| {
        let (files, problems) = damage(packed, harm);
        assert_eq!(files, ["/high=3", "/low=1"]);
        assert!(problems.len() == 1 && problems[0].0.starts_with("layer 2 (sha"), "{problems:?}");
        assert_eq!(problems[0].1, kind);
    };
    let (files, problems) = damage(Packed::Gzip, |_, _| {});
    assert_eq!((files.join(" ").as_str(), problems.len()), ("/high=3 /low=2 /middle=2", 0));
    for packed in Packed::ALL {
        check(packed, ProblemKind::NotFound, &|layout, layer| drop(layout.blobs.remove(&digits(layer))));
        check(packed, ProblemKind::NotSupported, &|layout, layer| {
            layout.blobs.remove(&digits(layer));
            layer["urls"] = json!(["https://example.org/layer"]);
        });
        check(packed, ProblemKind::NotSupported, &|_, layer| {
            layer["mediaType"] = json!("application/vnd.oci.image.layer.v1.tar+gzip+encrypted");
        });
        check(packed, ProblemKind::NotSupported, &|_, layer| layer["digest"] = json!("sha512:00"));
        check(packed, ProblemKind::Malformed, &|_, layer| layer["size"] = json!(7));
        check(packed, ProblemKind::Malformed, &|layout, layer| {
            layout.blobs.get_mut(&digits(layer)).unwrap()[0] ^= 1;
        });
        // What the configuration says of the unpacked layer is not true.
        check(packed, ProblemKind::Malformed, &|layout, layer| {
            *layer = layout.layer(&Tar::new().file("other", "").finish(), packed);
        });
    }
    for packed in [Packed::Gzip, Packed::Zstd] {
        check(packed, ProblemKind::Malformed, &|layout, layer| {
            let whole = layout.blobs[&digits(layer)].clone();
            *layer = layout.blob(layer["mediaType"].as_str().unwrap(), whole[..whole.len() / 2].to_vec());
        });
    }
    check(Packed::No, ProblemKind::NotSupported, &|layout, layer| {
        *layer = layout.blob("application/vnd.oci.image.layer.v1.tar", b"\xfd7zXZ\0".to_vec());
    });
}

#[test]
fn layers_of_every_known_type_are_read() {
    for media_type in [
        "application/vnd.oci.image.layer.v1.tar",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
        "application/vnd.docker.image.rootfs.diff.tar.gzip",
        "application/vnd.docker.image.rootfs.diff.tar.zstd",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    ] {
        // How it is packed is told by the content, whatever the type says.
        for packed in Packed::ALL {
            let (files, problems) = damage(packed, |_, layer| layer["mediaType"] = json!(media_type));
            assert_eq!((files.len(), problems.len()), (3, 0), "{media_type}");
        }
    }
}

#[test]
fn a_layer_is_used_up_to_where_it_breaks() {
    let broken = Tar::new().file("first", "1").file("second", "2").unfinished();
    let cut = broken[..broken.len() - 600].to_vec();
    let host = image_of(&[Tar::new().file("low", "0").finish(), cut, Tar::new().file("high", "3").finish()]);
    assert_eq!(files(&host), ["/first=1", "/high=3", "/low=0"]);
    assert_eq!(host.problems().len(), 1);
    assert!(host.problems()[0].detail.starts_with("the archive breaks off in the entry at byte 1024"));
    let host = image_of(&[b"no archive at all, but long enough to be looked at".repeat(20)]);
    assert_eq!(host.problems()[0].detail, "the header at byte 0 has a wrong check sum; what would follow is not seen");
}

#[test]
fn layers_of_docker_archives_may_be_links_and_may_be_missing() {
    let layer = Tar::new().file("file", "x").finish();
    let digest = Digest::of(&layer).to_string();
    let configuration = json!({"os": "linux", "rootfs": {"diff_ids": [digest, digest, digest, digest]}}).to_string();
    let manifest = json!([{"Config": "c.json", "RepoTags": ["a:1"],
        "Layers": ["1/layer.tar", "2/layer.tar", "3/layer.tar", "../../../../etc/passwd"]}]);
    let archive = Tar::new()
        .file("1/layer.tar", &layer)
        .link("2/layer.tar", "../1/layer.tar")
        .hard_link("3/layer.tar", "1/layer.tar")
        .file("c.json", configuration)
        .file("manifest.json", manifest.to_string());
    let host = open(&archive.finish()).unwrap();
    assert_eq!(files(&host), ["/file=x"]);
    assert_eq!(problems(&host), [(format!("layer 4 ({digest})"), ProblemKind::NotFound)]);
}

#[test]
fn digests_that_cannot_be_verified_are_told_of() {
    let layer = Tar::new().file("file", "x").finish();
    for (digests, kind) in [
        (json!([]), ProblemKind::Malformed),
        (json!(["sha256:0", "sha256:0"]), ProblemKind::Malformed),
        (json!(["sha512:00"]), ProblemKind::NotSupported),
        (Value::Null, ProblemKind::Malformed),
    ] {
        let configuration = json!({"rootfs": {"diff_ids": digests}}).to_string();
        let archive = Tar::new()
            .file("l", &layer)
            .file("c", configuration)
            .file("manifest.json", json!([{"Config": "c", "Layers": ["l"]}]).to_string());
        let host = open(&archive.finish()).unwrap();
        assert_eq!(files(&host), ["/file=x"]);
        assert_eq!(problems(&host), [("the image's configuration".to_owned(), kind)]);
    }
}

#[test]
fn an_archive_that_breaks_off_is_told_of() {
    let layers = [Tar::new().file("low", "1").finish(), Tar::new().file("high", "2").finish()];
    let layout = Layout::of(&layers, Packed::No);
    let whole = layout.archive();
    // The index comes first, the blobs by their digests; without its end only the last blob is damaged.
    let last = layout.blobs.values().last().unwrap();
    let host = open(&whole[..whole.len() - 1024 - last.len().next_multiple_of(512)]);
    match host {
        Ok(host) => assert!(problems(&host).contains(&("the image's archive".to_owned(), ProblemKind::Malformed))),
        Err(error) => assert!(error.to_string().contains("failed to read"), "{error}"),
    }
    let docker = docker_archive(&[(&["a"], &layers)], Packed::No);
    let error = open(&docker[..docker.len() - 2000]).unwrap_err();
    assert!(error.to_string().starts_with("this is no container image: the archive breaks off"), "{error}");
}
