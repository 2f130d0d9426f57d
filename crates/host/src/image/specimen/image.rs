//! Writers of images: Docker's archives, and OCI layouts as directories and as archives.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::tar::Tar;
use crate::image::digest::Digest;

/// How a layer is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packed {
    No,
    Gzip,
    Zstd,
}

impl Packed {
    pub(crate) const ALL: [Packed; 3] = [Packed::No, Packed::Gzip, Packed::Zstd];

    pub(crate) fn pack(self, content: &[u8]) -> Vec<u8> {
        match self {
            Packed::No => content.to_vec(),
            Packed::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(content).unwrap();
                encoder.finish().unwrap()
            }
            Packed::Zstd => compress_to_vec(content, CompressionLevel::Fastest),
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Packed::No => "application/vnd.oci.image.layer.v1.tar",
            Packed::Gzip => "application/vnd.oci.image.layer.v1.tar+gzip",
            Packed::Zstd => "application/vnd.oci.image.layer.v1.tar+zstd",
        }
    }
}

fn configuration(platform: &str, layers: &[Vec<u8>]) -> Vec<u8> {
    let parts: Vec<&str> = platform.split('/').collect();
    let digests: Vec<String> = layers.iter().map(|layer| Digest::of(layer).to_string()).collect();
    let mut configuration = json!({
        "os": parts[0],
        "architecture": parts[1],
        "created": "2024-02-03T04:05:06.789Z",
        "config": {"Labels": {"not": "kept"}, "Cmd": null},
        "rootfs": {"type": "layers", "diff_ids": digests},
        "history": layers.iter().map(|_| json!({"created_by": "a test"})).collect::<Vec<_>>(),
    });
    if let Some(variant) = parts.get(2) {
        configuration["variant"] = json!(variant);
    }
    configuration.to_string().into_bytes()
}

/// What `docker save` wrote before version 25: of each image its names and unpacked layers.
pub(crate) fn docker_archive(images: &[(&[&str], &[Vec<u8>])], packed: Packed) -> Vec<u8> {
    let mut manifest = Vec::new();
    let mut tar = Tar::new();
    for (number, (names, layers)) in images.iter().enumerate() {
        let bytes = configuration("linux/amd64", layers);
        let name = format!("{}.json", Digest::of(&bytes).hexadecimal());
        let mut paths = Vec::new();
        for (at, layer) in layers.iter().enumerate() {
            let directory = format!("{number}-{at}");
            tar = tar.directory(format!("{directory}/")).file(format!("{directory}/VERSION"), "1.0");
            tar = tar.file(format!("{directory}/layer.tar"), packed.pack(layer));
            paths.push(format!("{directory}/layer.tar"));
        }
        let tags = if names.is_empty() { Value::Null } else { json!(names) };
        manifest.push(json!({"Config": name, "RepoTags": tags, "Layers": paths}));
        tar = tar.file(&name, bytes);
    }
    tar.file("manifest.json", Value::from(manifest).to_string()).finish()
}

/// An OCI layout in the making.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    pub(crate) blobs: BTreeMap<String, Vec<u8>>,
    pub(crate) index: Vec<Value>,
}

impl Layout {
    /// One image without a name.
    pub(crate) fn of(layers: &[Vec<u8>], packed: Packed) -> Layout {
        let mut layout = Layout::default();
        let image = layout.image("linux/amd64", layers, packed);
        layout.index.push(image);
        layout
    }

    /// Adds a blob; gives its descriptor.
    pub(crate) fn blob(&mut self, media_type: &str, content: Vec<u8>) -> Value {
        let digest = Digest::of(&content);
        let descriptor = json!({"mediaType": media_type, "digest": digest.to_string(), "size": content.len()});
        self.blobs.insert(digest.hexadecimal(), content);
        descriptor
    }

    pub(crate) fn layer(&mut self, layer: &[u8], packed: Packed) -> Value {
        self.blob(packed.media_type(), packed.pack(layer))
    }

    /// Adds a manifest of layers that are there; `unpacked` are their contents.
    pub(crate) fn manifest(&mut self, platform: &str, layers: &[Value], unpacked: &[Vec<u8>]) -> Value {
        let bytes = configuration(platform, unpacked);
        let configuration = self.blob("application/vnd.oci.image.config.v1+json", bytes);
        let media_type = "application/vnd.oci.image.manifest.v1+json";
        let manifest = json!({"schemaVersion": 2, "mediaType": media_type, "config": configuration, "layers": layers});
        self.blob(media_type, manifest.to_string().into_bytes())
    }

    pub(crate) fn image(&mut self, platform: &str, layers: &[Vec<u8>], packed: Packed) -> Value {
        let descriptors: Vec<Value> = layers.iter().map(|layer| self.layer(layer, packed)).collect();
        self.manifest(platform, &descriptors, layers)
    }

    /// Adds an index of images, each with its platform.
    pub(crate) fn list(&mut self, images: &[(&str, Value)]) -> Value {
        let with_platform = |(platform, image): &(&str, Value)| {
            let parts: Vec<&str> = platform.split('/').collect();
            let mut image = image.clone();
            image["platform"] = json!({"os": parts[0], "architecture": parts[1]});
            if let Some(variant) = parts.get(2) {
                image["platform"]["variant"] = json!(variant);
            }
            image
        };
        let manifests: Vec<Value> = images.iter().map(with_platform).collect();
        let media_type = "application/vnd.oci.image.index.v1+json";
        let index = json!({"schemaVersion": 2, "mediaType": media_type, "manifests": manifests});
        self.blob(media_type, index.to_string().into_bytes())
    }

    /// Names an image in `index.json`.
    pub(crate) fn name(&mut self, name: &str, mut image: Value) {
        image["annotations"] = json!({"org.opencontainers.image.ref.name": name});
        self.index.push(image);
    }

    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let index = json!({"schemaVersion": 2, "manifests": self.index}).to_string().into_bytes();
        let mut files = vec![
            ("oci-layout".to_owned(), br#"{"imageLayoutVersion": "1.0.0"}"#.to_vec()),
            ("index.json".to_owned(), index),
        ];
        files.extend(self.blobs.iter().map(|(name, content)| (format!("blobs/sha256/{name}"), content.clone())));
        files
    }

    pub(crate) fn archive(&self) -> Vec<u8> {
        let tar = self.files().into_iter().fold(Tar::new(), |tar, (name, content)| tar.file(name, content));
        tar.finish()
    }

    pub(crate) fn directory(&self) -> TempDir {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir_all(directory.path().join("blobs/sha256")).unwrap();
        for (name, content) in self.files() {
            fs::write(directory.path().join(name), content).unwrap();
        }
        directory
    }
}
