//! `--image-name` and `--platform`: which of several images is looked at, by every command that takes one. Options of one
//! source are no options of another.

use std::fs;
use std::path::Path;

use assay_model::evidence::Evidence;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{NOW, check, run, write};

/// An OCI layout, made blob by blob.
struct Layout {
    folder: TempDir,
    index: Vec<Value>,
}

impl Layout {
    /// Writes a blob and gives its descriptor.
    fn blob(&self, media_type: &str, content: &[u8]) -> Value {
        let digest = Evidence::digest(content);
        write(self.folder.path(), &format!("blobs/sha256/{digest}"), content);
        json!({"mediaType": format!("application/vnd.oci.image.{media_type}"), "digest": format!("sha256:{digest}"),
            "size": content.len()})
    }

    /// Writes an image whose only file says what its host's name is.
    fn image(&self, architecture: &str, hostname: &str) -> Value {
        let layer = tar("etc/hostname", hostname.as_bytes());
        let config = json!({"architecture": architecture, "os": "linux", "config": {}, "rootfs": {"type": "layers",
            "diff_ids": [format!("sha256:{}", Evidence::digest(&layer))]}});
        let config = self.blob("config.v1+json", config.to_string().as_bytes());
        let layer = self.blob("layer.v1.tar", &layer);
        let manifest = json!({"schemaVersion": 2, "config": config, "layers": [layer]});
        let mut descriptor = self.blob("manifest.v1+json", manifest.to_string().as_bytes());
        descriptor["platform"] = json!({"os": "linux", "architecture": architecture});
        descriptor
    }

    fn name(&mut self, name: &str, mut descriptor: Value) {
        descriptor["annotations"] = json!({"org.opencontainers.image.ref.name": name});
        self.index.push(descriptor);
    }

    fn finish(self) -> TempDir {
        write(self.folder.path(), "oci-layout", br#"{"imageLayoutVersion": "1.0.0"}"#);
        let index = json!({"schemaVersion": 2, "manifests": self.index});
        write(self.folder.path(), "index.json", index.to_string().as_bytes());
        self.folder
    }
}

/// An archive of one file, in the form of ustar.
fn tar(path: &str, content: &[u8]) -> Vec<u8> {
    let mut header = [0u8; 512];
    let mut put = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, path);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{:011o}\0", content.len()));
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let padding = vec![0; content.len().next_multiple_of(512) - content.len() + 1024];
    [&header[..], content, &padding].concat()
}

/// `shop:1` for two platforms, and `other:2` for one, which is neither's.
fn layout() -> TempDir {
    let mut layout = Layout { folder: TempDir::new().unwrap(), index: Vec::new() };
    let platforms = [layout.image("arm64", "shop-arm64"), layout.image("riscv64", "shop-riscv64")];
    let list = json!({"schemaVersion": 2, "manifests": platforms});
    let list = layout.blob("index.v1+json", list.to_string().as_bytes());
    layout.name("shop:1", list);
    let other = layout.image("s390x", "other");
    layout.name("other:2", other);
    layout.finish()
}

/// Name and id of the host that these options choose.
#[track_caller]
fn chosen(layout: &Path, options: &[&str]) -> (String, String) {
    let arguments = ["--now", NOW, "collect", "--sections", "os", "--image", layout.to_str().unwrap()];
    let evidence: Value = serde_json::from_str(&check(&[&arguments[..], options].concat(), 0)).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&evidence["host"]["hostname"]), text(&evidence["host"]["agent_id"]))
}

#[test]
fn names_and_platforms_choose_an_image() {
    let layout = layout();
    let digest = fs::read_to_string(layout.path().join("index.json")).unwrap();
    let index: Value = serde_json::from_str(&digest).unwrap();
    let digest = index["manifests"][1]["digest"].as_str().unwrap();
    let short = digest.get("sha256:".len()..).and_then(|digits| digits.get(..12)).unwrap();
    let mut ids = Vec::new();
    for (options, hostname) in [
        (&["--image-name", "shop:1", "--platform", "linux/arm64"][..], "shop-arm64"),
        (&["--image-name", "docker.io/library/shop:1", "--platform", "aarch64"], "shop-arm64"),
        (&["--image-name", "shop:1", "--platform", "linux/riscv64"], "shop-riscv64"),
        (&["--image-name", "other:2"], "other"),
        (&["--image-name", digest], "other"),
        (&["--image-name", short], "other"),
    ] {
        let (found, id) = chosen(layout.path(), options);
        assert_eq!(found, hostname, "{options:?}");
        ids.push(id);
    }
    assert_ne!(ids[0], ids[2], "two platforms of an image are two hosts");
    assert_ne!(ids[0], ids[3], "two images of a layout are two hosts");
}

#[test]
fn what_cannot_be_chosen_is_an_error_that_says_how_and_among_which() {
    let layout = layout();
    let path = layout.path().to_str().unwrap();
    for (options, parts) in [
        (&[][..], &["--image-name", "several images", "shop:1", "other:2"][..]),
        (&["--image-name", "none:1"], &["--image-name", "none:1", "shop:1", "other:2"]),
        (&["--image-name", "shop:1", "--platform", "s390x"], &["--platform", "linux/s390x", "linux/arm64"]),
        (&["--image-name", "other:2", "--platform", "linux/arm64"], &["--platform", "linux/arm64", "linux/s390x"]),
    ] {
        let output = run(&[&["collect", "--image", path][..], options].concat());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{options:?}: {stderr}");
        for part in parts {
            assert!(stderr.contains(part), "{part} in {stderr}");
        }
    }
}

#[test]
fn every_command_takes_the_options_and_only_with_their_source() {
    let layout = layout();
    let image = ["--image", layout.path().to_str().unwrap(), "--image-name", "shop:1", "--platform", "arm64"];
    let assessed =
        ["--quiet", "--now", NOW, "assess", "--no-store", "--offline", "--rules", "best-practices", "-o", "json"];
    let assessed: Value = serde_json::from_str(&check(&[&assessed[..], &image].concat(), 0)).unwrap();
    let exclusions = assessed["exclusions"].to_string();
    let (_, id) = chosen(layout.path(), &image[2..]);
    assert!(exclusions.contains(&id), "{exclusions}");
    let bill = check(&[&["--quiet", "--now", NOW, "sbom"][..], &image].concat(), 0);
    assert!(bill.contains("shop-arm64"), "{bill}");
    let empty = TempDir::new().unwrap();
    let root = ["--root", empty.path().to_str().unwrap()];
    for command in [&["assess", "--no-store", "--offline"][..], &["collect"], &["sbom"]] {
        for option in [["--image-name", "shop:1"], ["--platform", "linux/arm64"]] {
            check(&[command, &option].concat(), 64);
            check(&[command, &option, &root].concat(), 64);
        }
        for option in [&["--sudo"][..], &["--ssh-timeout", "9"], &["--ssh-option", "A=b"]] {
            check(&[command, option].concat(), 64);
            check(&[command, option, &root].concat(), 64);
        }
        for option in [["--image-name", ""], ["--platform", "linux//"], ["--platform", ""]] {
            check(&[command, &image[..2], &option].concat(), 64);
        }
    }
}

#[test]
fn a_layer_that_is_missing_is_told_of_once_and_lets_nothing_pass() {
    let mut layout = Layout { folder: TempDir::new().unwrap(), index: Vec::new() };
    let image = layout.image("amd64", "host");
    layout.index.push(image);
    let folder = layout.finish();
    let layer = tar("etc/hostname", b"host");
    let assess = |options: &[&str]| {
        let image = ["--image", folder.path().to_str().unwrap()];
        let fixed = ["--quiet", "--now", NOW, "assess", "--no-store", "--offline", "-o", "json"];
        let text = check(&[&fixed[..], &image, options].concat(), 0);
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let title = "Source could not be read whole";
    assert!(!assess(&[])["exclusions"].to_string().contains(title));
    fs::remove_file(folder.path().join("blobs/sha256").join(Evidence::digest(&layer))).unwrap();
    let document = assess(&["--rules", "best-practices"]);
    let exclusions = document["exclusions"].as_array().unwrap();
    let told: Vec<&Value> = exclusions.iter().filter(|exclusion| exclusion["title"] == title).collect();
    let [told] = told.as_slice() else { panic!("{exclusions:?}") };
    let description = told["description"].as_str().unwrap();
    for part in ["container image", "layer 1 (sha256:", "missing from the image"] {
        assert!(description.contains(part), "{part} in {description}");
    }
    let outcomes = document["coverage"].to_string();
    assert!(outcomes.contains("\"pass\":0"), "{outcomes}");
    let evidence = ["--now", NOW, "collect", "--sections", "sshd", "--image", folder.path().to_str().unwrap()];
    let evidence: Value = serde_json::from_str(&check(&evidence, 0)).unwrap();
    assert_eq!(evidence["source_problems"].as_array().unwrap().len(), 1, "{evidence}");
    assert_eq!(evidence["packages"]["problems"], json!([]), "{evidence}");
}
