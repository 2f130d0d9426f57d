//! The JSON documents of images: OCI image-spec 1.1 (index, manifest, configuration), and Docker's `manifest.json`.
//!
//! Only what is used is read. A list that is `null` counts as one that is not there: Go writes both.

use std::collections::BTreeMap;

use assay_model::Timestamp;
use serde::{Deserialize, Deserializer};

use super::platform::Platform;

/// A pointer to a blob.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) media_type: String,
    pub(crate) digest: String,
    pub(crate) size: Option<u64>,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) urls: Vec<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) annotations: BTreeMap<String, String>,
    pub(crate) platform: Option<Platform>,
}

impl Descriptor {
    /// The names that tools give an image in an index.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        // containerd's and Docker's has the whole name, the specification's often only the tag.
        let keys = ["io.containerd.image.name", "org.opencontainers.image.ref.name"];
        keys.into_iter().filter_map(|key| self.annotations.get(key)).map(String::as_str)
    }

    /// Whether it is no image, but says something of another one: how it was built, or what is in it.
    pub(crate) fn is_attestation(&self) -> bool {
        let is_unknown = |platform: &Platform| platform.os == "unknown" && platform.architecture == "unknown";
        self.annotations.contains_key("vnd.docker.reference.type") || self.platform.as_ref().is_some_and(is_unknown)
    }
}

/// An index or a manifest: which of the two it is, its members say.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) media_type: String,
    pub(crate) manifests: Option<Vec<Descriptor>>,
    pub(crate) config: Option<Descriptor>,
    pub(crate) layers: Option<Vec<Descriptor>>,
}

/// The configuration of an image.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Configuration {
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) os: String,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) architecture: String,
    pub(crate) variant: Option<String>,
    #[serde(default, deserialize_with = "unreadable_is_none")]
    pub(crate) created: Option<Timestamp>,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) rootfs: RootFileSystem,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) history: Vec<serde::de::IgnoredAny>,
}

impl Configuration {
    /// For which platform the image is; one that names no operating system is for Linux.
    pub(crate) fn platform(&self) -> Platform {
        let os = if self.os.is_empty() { "linux" } else { &self.os };
        Platform { os: os.to_owned(), architecture: self.architecture.clone(), variant: self.variant.clone() }
    }
}

/// The digests of the unpacked layers, the lowest first.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct RootFileSystem {
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) diff_ids: Vec<String>,
}

/// One image in Docker's `manifest.json`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DockerImage {
    pub(crate) config: String,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) repo_tags: Vec<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) layers: Vec<String>,
}

fn null_is_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(value: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(value)?.unwrap_or_default())
}

/// A time that is none is not worth losing an image for.
fn unreadable_is_none<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(serde_json::Value::deserialize(value)?.as_str().and_then(|text| text.parse().ok()))
}
