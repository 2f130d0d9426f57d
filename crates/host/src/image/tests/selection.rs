//! Which of several images is meant, and what an image says of itself.

use serde_json::json;

use super::support::{files, open, open_with};
use crate::image::specimen::{Layout, Packed, Tar, docker_archive};
use crate::image::{ImageError, ImageHost, ImageOptions, Platform};
use crate::view::Host as _;

fn layer(content: &str) -> Vec<u8> {
    Tar::new().file("file", content).finish()
}

fn options(name: Option<&str>, platform: Option<&str>) -> ImageOptions {
    let platform = platform.map(|platform| platform.parse().unwrap());
    ImageOptions { name: name.map(str::to_owned), platform, ..ImageOptions::default() }
}

/// The content of the image's only file, or the error.
fn choose(archive: &[u8], name: Option<&str>, platform: Option<&str>) -> Result<String, String> {
    let host = open_with(archive, &options(name, platform)).map_err(|error| error.to_string())?;
    assert_eq!(host.problems(), []);
    Ok(files(&host).remove(0).replace("/file=", ""))
}

fn ok(content: &str) -> Result<String, String> {
    Ok(content.to_owned())
}

#[test]
fn images_of_docker_archives_are_chosen_by_name() {
    let (one, two, three) = ([layer("one")], [layer("two")], [layer("three")]);
    let single = docker_archive(&[(&["debian:12", "debian:bookworm"], &one)], Packed::No);
    assert_eq!(choose(&single, None, None), ok("one"));
    assert_eq!(choose(&single, Some("debian:bookworm"), None), ok("one"));
    assert_eq!(choose(&single, Some("docker.io/library/debian:12"), Some("linux/amd64")), ok("one"));
    let wrong = "no image is named \"debian\"; there is debian:12, debian:bookworm";
    assert_eq!(choose(&single, Some("debian"), None), Err(wrong.to_owned()));
    assert_eq!(
        choose(&single, None, Some("linux/arm64")),
        Err("the image is not there for linux/arm64; it is for linux/amd64".to_owned())
    );
    let several = docker_archive(&[(&["a:1"], &one), (&["b"], &two), (&[], &three)], Packed::No);
    let error = choose(&several, None, None).unwrap_err();
    assert!(error.starts_with("there are several images, so one has to be named: a:1, b, "), "{error}");
    assert_eq!(choose(&several, Some("b:latest"), None), ok("two"));
    let id = open_with(&several, &options(Some("a:1"), None)).unwrap().description().id.clone();
    assert_eq!(choose(&several, Some(&id), None), ok("one"));
    assert_eq!(choose(&several, id.get(7..19), None), ok("one"));
    assert!(choose(&docker_archive(&[], Packed::No), None, None).unwrap_err().contains("names none"));
}

#[test]
fn images_of_layouts_are_chosen_by_name_and_platform() {
    let mut layout = Layout::default();
    let mut platforms = Vec::new();
    for (platform, content) in
        [("linux/arm64/v8", "arm64"), ("linux/amd64", "amd64"), ("linux/arm/v7", "arm"), ("windows/amd64", "windows")]
    {
        platforms.push((platform, layout.image(platform, &[layer(content)], Packed::Gzip)));
    }
    let mut attestation = layout.image("unknown/unknown", &[layer("attestation")], Packed::No);
    attestation["annotations"] = json!({"vnd.docker.reference.type": "attestation-manifest"});
    platforms.push(("unknown/unknown", attestation));
    let list = layout.list(&platforms);
    let nested = layout.list(&[("linux/amd64", list.clone())]);
    layout.name("app:1", nested);
    let archive = layout.archive();
    for (platform, expected) in [
        ("linux/amd64", ok("amd64")),
        ("aarch64", ok("arm64")),
        ("linux/arm", ok("arm")),
        ("windows/amd64", Err("the image is for windows/amd64; only Linux is assessed".to_owned())),
        (
            "linux/s390x",
            Err("the image is not there for linux/s390x; it is for linux/arm64/v8, linux/amd64, linux/arm/v7, \
                 windows/amd64"
                .to_owned()),
        ),
    ] {
        assert_eq!(choose(&archive, None, Some(platform)), expected, "{platform}");
        assert_eq!(choose(&archive, Some("app:1"), Some(platform)), expected, "{platform}");
    }
    if Platform::of_this_machine().architecture == "amd64" {
        assert_eq!(choose(&archive, None, None), ok("amd64"));
    }

    let other = layout.image("linux/amd64", &[layer("other")], Packed::Zstd);
    layout.name("other:2", other.clone());
    let both = layout.archive();
    assert_eq!(
        choose(&both, None, None),
        Err("there are several images, so one has to be named: app:1, other:2".to_owned())
    );
    assert_eq!(choose(&both, Some("other:2"), None), ok("other"));
    assert_eq!(choose(&both, Some("app:1"), Some("linux/arm64")), ok("arm64"));
    assert_eq!(choose(&both, other["digest"].as_str(), None), ok("other"));
    assert!(choose(&both, Some("none"), None).unwrap_err().ends_with("there is app:1, other:2"));
}

#[test]
fn one_image_is_chosen_whatever_its_platform_or_number_of_names() {
    let mut layout = Layout::default();
    let image = layout.image("linux/s390x", &[layer("one")], Packed::No);
    layout.name("a:1", image.clone());
    layout.name("b:1", image);
    let archive = layout.archive();
    assert_eq!(choose(&archive, None, None), ok("one"));
    assert_eq!(open(&archive).unwrap().description().names, ["a:1", "b:1"]);
    // Manifests for other platforms are named, but were not fetched.
    let mut layout = Layout::default();
    let absent = layout.image("linux/amd64", &[layer("absent")], Packed::No);
    let present = layout.image("linux/s390x", &[layer("present")], Packed::No);
    let list = layout.list(&[("linux/amd64", absent.clone()), ("linux/s390x", present)]);
    layout.blobs.remove(&absent["digest"].as_str().unwrap().replace("sha256:", ""));
    layout.index.push(list);
    assert_eq!(choose(&layout.archive(), None, None), ok("present"));
}

#[test]
fn platforms_in_the_index_itself_are_a_choice_and_other_images_are_not() {
    let mut layout = Layout::default();
    for (platform, content) in [("linux/amd64", "amd64"), ("linux/arm64", "arm64")] {
        let image = layout.image(platform, &[layer(content)], Packed::No);
        layout.index.push(image);
    }
    assert_eq!(choose(&layout.archive(), None, Some("linux/arm64")), ok("arm64"));
    let image = layout.image("linux/arm64", &[layer("other")], Packed::No);
    layout.index.push(image);
    let error = choose(&layout.archive(), None, Some("linux/arm64")).unwrap_err();
    assert!(error.starts_with("there are several images, so one has to be named: sha256:"), "{error}");
    // In a list, the first of equals is meant.
    let mut layout = Layout::default();
    let images = ["gzip", "zstd"].map(|content| layout.image("linux/arm64", &[layer(content)], Packed::No));
    let list = layout.list(&images.each_ref().map(|image| ("linux/arm64", image.clone())));
    layout.index.push(list);
    assert_eq!(choose(&layout.archive(), None, Some("linux/arm64")), ok("gzip"));
}

#[test]
fn an_image_says_what_it_is() {
    let layers = [layer("1"), layer("2")];
    let mut layout = Layout::default();
    let image = layout.image("linux/arm/v6", &layers, Packed::Gzip);
    layout.name("app:1", image.clone());
    let host = open(&layout.archive()).unwrap();
    let description = host.description();
    assert_eq!(description.names, ["app:1"]);
    assert_eq!(description.digest.as_deref(), image["digest"].as_str());
    assert!(layout.blobs.contains_key(&description.id.replace("sha256:", "")));
    assert_eq!(description.platform, "linux/arm/v6".parse().unwrap());
    assert_eq!(description.created.unwrap().to_string(), "2024-02-03T04:05:06.789Z");
    assert_eq!((description.steps, description.layers), (2, 2));
    let docker = open(&docker_archive(&[(&[], &layers)], Packed::No)).unwrap();
    assert_eq!((docker.description().digest.as_ref(), docker.description().names.len()), (None, 0));
}

#[test]
fn what_is_no_image_says_why() {
    for (content, expected) in [
        (Vec::new(), "neither index.json (OCI layout) nor manifest.json (docker save)"),
        (Tar::new().file("etc/passwd", "").finish(), "neither index.json (OCI layout) nor manifest.json"),
        (b"text, and no archive at all".repeat(40), "the header at byte 0 has a wrong check sum"),
        (b"\x1f\x8bxxxxxxxxx".to_vec(), "failed to unpack the archive: it is damaged"),
        (b"BZh91AY&SY".to_vec(), "failed to unpack the archive: it is packed with bzip2"),
        (Tar::new().file("manifest.json", "{").finish(), "the image's /manifest.json is malformed"),
        (Tar::new().file("manifest.json", "{}").finish(), "the image's /manifest.json is malformed"),
        (Tar::new().file("index.json", "[]").finish(), "the image's /index.json is malformed"),
        (Tar::new().file("index.json", "{}").finish(), "its index names none"),
        (
            Tar::new().file("manifest.json", r#"[{"Config": "../../../etc/passwd"}]"#).finish(),
            "failed to read the image's /../../../etc/passwd",
        ),
    ] {
        let error = open(&content).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let directory = tempfile::tempdir().unwrap();
    let opened = |name: &str| ImageHost::open(&directory.path().join(name), &ImageOptions::default());
    assert!(matches!(opened(""), Err(ImageError::NoImage { .. })));
    assert!(matches!(opened("none"), Err(ImageError::Open { .. })));
    let pipe = directory.path().join("pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
    assert!(matches!(opened("pipe"), Err(ImageError::Open { .. })));
    std::fs::write(directory.path().join("link.tar"), Layout::of(&[layer("x")], Packed::No).archive()).unwrap();
    std::os::unix::fs::symlink("link.tar", directory.path().join("link")).unwrap();
    assert_eq!(files(&opened("link").unwrap()), ["/file=x"]);
}

#[test]
fn documents_that_contradict_are_refused() {
    let check = |harm: &dyn Fn(&mut Layout), expected: &str| {
        let mut layout = Layout::of(&[layer("x")], Packed::No);
        harm(&mut layout);
        let error = open(&layout.archive()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    let replace = |layout: &mut Layout, document: serde_json::Value| {
        let blob = layout.blob("application/vnd.oci.image.manifest.v1+json", document.to_string().into_bytes());
        layout.index = vec![blob];
    };
    let unclear = "is not clearly either an index or a manifest";
    check(&|layout| replace(layout, json!({"manifests": [], "layers": []})), unclear);
    check(&|layout| replace(layout, json!({"manifests": [], "config": {"digest": "sha256:0"}})), unclear);
    check(&|layout| replace(layout, json!({"schemaVersion": 1, "fsLayers": []})), unclear);
    let index_type = "application/vnd.oci.image.index.v1+json";
    let configuration = json!({"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "sha256:0"});
    check(
        &|layout| replace(layout, json!({"mediaType": index_type, "config": configuration, "layers": []})),
        "is not of the type that it states",
    );
    check(&|layout| replace(layout, json!({"config": configuration, "layers": []})), "which is no SHA-256");
    let chart = json!({"mediaType": "application/vnd.cncf.helm.config.v1+json", "digest": "sha256:0"});
    check(&|layout| replace(layout, json!({"config": chart, "layers": []})), "is of no container image");
    for part in ["config.v1+json", "manifest.v1+json"] {
        // The manifest or the configuration has changed since its digest was taken.
        let mark = if part.starts_with("config") { b"\"created\"".as_slice() } else { b"\"layers\"" };
        let change = |layout: &mut Layout| {
            let blob = layout.blobs.values_mut().find(|blob| blob.windows(mark.len()).any(|window| window == mark));
            blob.unwrap().push(b' ');
        };
        check(&change, "has the digest sha256:");
    }
    let docker = docker_archive(&[(&[], &[layer("x")])], Packed::No);
    let mut changed = docker.clone();
    let at = changed.windows(4).position(|window| window == b"2024").unwrap();
    changed[at] = b'3';
    let error = open(&changed).unwrap_err().to_string();
    assert!(error.contains("has the digest sha256:"), "{error}");
}
