//! Images as sources: the same host gives the same evidence and the same findings, whichever way it comes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{NOW, check, feeds, run, shared, shared_host};

/// Runs a tool, which must do its work.
#[track_caller]
fn tool(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The shared host, with a machine id, so that its identity does not depend on where it lies.
fn root() -> TempDir {
    let folder = TempDir::new().unwrap();
    tool("cp", &["-a", &format!("{}/.", text(shared_host())), text(folder.path())]);
    fs::write(folder.path().join("etc/machine-id"), "0123456789abcdef0123456789abcdef\n").unwrap();
    folder
}

/// A root file system of Alpine, with a machine id.
fn alpine_root() -> TempDir {
    let folder = TempDir::new().unwrap();
    let archive = shared().join("hosts/alpine-minirootfs-3.20.3-x86_64.tar.gz");
    tool("tar", &["-C", text(folder.path()), "--exclude=./dev/*", "-xzf", text(&archive)]);
    fs::write(folder.path().join("etc/machine-id"), "0123456789abcdef0123456789abcdef\n").unwrap();
    folder
}

/// An archive as `docker save` writes it, of one layer.
fn docker_archive(root: &Path, folder: &Path) -> PathBuf {
    tool("tar", &["-C", text(root), "-cf", text(&folder.join("layer.tar")), "."]);
    let sum = tool("sha256sum", &[text(&folder.join("layer.tar"))]);
    let digest = sum.split_whitespace().next().unwrap();
    let config = format!(
        r#"{{"architecture":"amd64","os":"linux","config":{{}},"rootfs":{{"type":"layers","diff_ids":["sha256:{digest}"]}}}}"#
    );
    fs::write(folder.join("config.json"), config).unwrap();
    let manifest = r#"[{"Config":"config.json","RepoTags":["shared:12.11"],"Layers":["layer.tar"]}]"#;
    fs::write(folder.join("manifest.json"), manifest).unwrap();
    let archive = folder.join("image.tar");
    tool("tar", &["-C", text(folder), "-cf", text(&archive), "manifest.json", "config.json", "layer.tar"]);
    archive
}

/// A raw image of one ext4 file system without a partition table.
fn disk_image(root: &Path, folder: &Path) -> PathBuf {
    let image = folder.join("disk.raw");
    tool("/sbin/mkfs.ext4", &["-q", "-d", text(root), text(&image), "64M"]);
    image
}

/// The evidence and the findings, but for what names the source, and the digest of the evidence that names it.
fn seen(source: &[&str]) -> (Value, Value) {
    let evidence =
        check(&[&["--now", NOW, "collect", "--sections", "os,packages,accounts,sshd"][..], source].concat(), 0);
    let mut evidence: Value = serde_json::from_str(&evidence).unwrap();
    evidence["source"].take();
    let fixed = ["--quiet", "--feeds", feeds(), "--now", NOW, "assess", "--offline", "--no-store", "--rules", "cve"];
    let assessment = check(&[&fixed[..], &["-o", "json"], source].concat(), 0);
    let mut assessment: Value = serde_json::from_str(&assessment).unwrap();
    for finding in assessment["findings"].as_array_mut().unwrap() {
        for name in ["source", "evidenceDigest"] {
            finding["assay"]["host"][name].take();
        }
    }
    (evidence, assessment["findings"].take())
}

/// Evidence and findings of a root, which its image and its disk must have too.
#[track_caller]
fn same_by_every_source(root: &Path) -> (Value, Value) {
    let work = TempDir::new().unwrap();
    let (evidence, findings) = seen(&["--root", text(root)]);
    let image = docker_archive(root, work.path());
    let disk = disk_image(root, work.path());
    for source in [["--image", text(&image)], ["--disk", text(&disk)]] {
        let (other_evidence, other_findings) = seen(&source);
        assert_eq!(evidence, other_evidence, "{source:?}");
        assert_eq!(findings, other_findings, "{source:?}");
    }
    (evidence, findings)
}

#[test]
fn every_source_of_a_host_gives_the_same_evidence_and_findings() {
    let (_, findings) = same_by_every_source(root().path());
    assert!(findings.as_array().unwrap().len() > 300, "the shared host has its findings");
    let (evidence, _) = same_by_every_source(alpine_root().path());
    let packages = &evidence["packages"]["facts"];
    assert_eq!((packages["format"].as_str(), packages["packages"].as_array().unwrap().len()), (Some("apk"), 14));
    assert_eq!(packages["repositories"][1]["id"], "v3.20/main");
}

#[test]
fn what_is_no_image_is_refused_and_only_one_source_is_taken() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("notes");
    fs::write(&file, "not an image\n").unwrap();
    for option in ["--image", "--disk"] {
        for path in [&file, &folder.path().join("missing")] {
            let output = run(&["collect", option, text(path)]);
            assert_eq!(output.status.code(), Some(1), "{option} {}", path.display());
            assert!(String::from_utf8_lossy(&output.stderr).contains(text(path)), "{option} {}", path.display());
        }
    }
    let both = run(&["collect", "--root", "/", "--image", text(&file)]);
    assert_eq!(both.status.code(), Some(64));
}
