//! OCI layouts: `index.json` leads to manifests, they to a configuration and layers; every step by digest
//! (OCI image-spec 1.1, "Image Layout").
//!
//! An index may lead to indexes, one manifest for each platform. Surprising: layouts often lack most of what their
//! index names, since only the wanted platform was fetched; what is not there is no choice.

use std::collections::BTreeSet;

use assay_model::evidence::ProblemKind;

use super::digest::Digest;
use super::documents::{Configuration, Descriptor, Manifest};
use super::error::ImageError;
use super::extent::Extent;
use super::name::{is_digest, is_named};
use super::options::ImageOptions;
use super::platform::Platform;
use super::selection::{LayerSource, Selected, check_layers, parse_document, read_document, unpacked_digests};
use super::store::Store;
use super::unpack::Expected;
use crate::error::HostError;

/// Where all begins.
pub(crate) const INDEX: &str = "/index.json";

/// Indexes below indexes.
const MAX_DEPTH: usize = 8;

/// Manifests and indexes that are looked at.
const MAX_MANIFESTS: usize = 1000;

/// Finds the image that is meant.
///
/// # Errors
///
/// See [`ImageError`].
pub(crate) fn select(store: &Store, options: &ImageOptions) -> Result<Selected, ImageError> {
    let layout = Layout { store, options };
    let limit = options.limits.document_bytes;
    let index: Manifest = parse_document(INDEX, &read_document(store, INDEX, limit)?)?;
    let images = layout.choose_by_name(index.manifests.unwrap_or_default())?;
    let mut found = Found::default();
    for image in &images {
        layout.find(&image.descriptor, image.digest, 0, &mut found)?;
    }
    let manifest = layout.choose_by_platform(&found)?;
    let names = images.into_iter().find(|image| image.digest == manifest.image).map(|image| image.names);
    layout.read(manifest.digest, names.unwrap_or_default())
}

/// What one entry of `index.json` stands for, or several with the same digest.
struct Image {
    digest: Digest,
    descriptor: Descriptor,
    names: Vec<String>,
}

/// What the indexes lead to.
#[derive(Default)]
struct Found {
    manifests: Vec<FoundManifest>,
    seen: BTreeSet<Digest>,
    /// What the indexes name, but is not there.
    missing: Vec<String>,
}

/// A manifest that is there.
struct FoundManifest {
    digest: Digest,
    /// The digest of the image in `index.json` that led here.
    image: Digest,
    platform: Option<Platform>,
}

struct Layout<'a> {
    store: &'a Store,
    options: &'a ImageOptions,
}

impl Layout<'_> {
    /// The images with the wanted name, or all.
    fn choose_by_name(&self, descriptors: Vec<Descriptor>) -> Result<Vec<Image>, ImageError> {
        let mut images: Vec<Image> = Vec::new();
        for descriptor in descriptors {
            let Some(digest) = Digest::parse(&descriptor.digest).filter(|_| !descriptor.is_attestation()) else {
                continue;
            };
            let names: Vec<String> = descriptor.names().map(str::to_owned).collect();
            if let Some(image) = images.iter_mut().find(|image| image.digest == digest) {
                image.names.extend(names);
                continue;
            }
            if images.len() == MAX_MANIFESTS {
                return Err(ImageError::TooMany { what: "manifests", limit: MAX_MANIFESTS });
            }
            images.push(Image { digest, descriptor, names });
        }
        for image in &mut images {
            image.names.sort();
            image.names.dedup();
        }
        let Some(wanted) = &self.options.name else {
            let is_one_name = images.windows(2).all(|pair| matches!(pair, [one, other] if one.names == other.names));
            return if is_one_name {
                Ok(images)
            } else {
                Err(ImageError::SeveralImages { names: shown_names(&images) })
            };
        };
        let all = shown_names(&images);
        images.retain(|image| is_digest(image.digest, wanted) || image.names.iter().any(|name| is_named(name, wanted)));
        if images.is_empty() {
            return Err(ImageError::NoSuchName { name: wanted.clone(), names: all });
        }
        Ok(images)
    }

    /// Finds the manifests that a descriptor leads to.
    fn find(&self, descriptor: &Descriptor, image: Digest, depth: usize, found: &mut Found) -> Result<(), ImageError> {
        let Some(digest) = Digest::parse(&descriptor.digest).filter(|_| !descriptor.is_attestation()) else {
            return Ok(());
        };
        if !found.seen.insert(digest) {
            return Ok(());
        }
        if depth > MAX_DEPTH || found.seen.len() > MAX_MANIFESTS {
            return Err(ImageError::TooMany { what: "manifests", limit: MAX_MANIFESTS });
        }
        if !self.store.has(&blob_path(digest)) {
            found.missing.push(digest.to_string());
            return Ok(());
        }
        let manifest = self.manifest(digest)?;
        let below = match manifest.manifests {
            Some(below) => below,
            None => {
                found.manifests.push(FoundManifest { digest, image, platform: descriptor.platform.clone() });
                return Ok(());
            }
        };
        for descriptor in &below {
            self.find(descriptor, image, depth + 1, found)?;
        }
        Ok(())
    }

    /// The one manifest, or the one for the wanted platform. The first of several for one platform: image-spec 1.1,
    /// "Image Index". But different images without names are no such choice.
    fn choose_by_platform<'a>(&self, found: &'a Found) -> Result<&'a FoundManifest, ImageError> {
        let manifests = &found.manifests;
        let wanted = match (&self.options.platform, manifests.as_slice()) {
            (Some(platform), _) => platform.clone(),
            (None, [only]) => return Ok(only),
            (None, []) => {
                let why = match found.missing.first() {
                    Some(missing) => format!("its index names {missing}, which is not in it"),
                    None => "its index names none".to_owned(),
                };
                return Err(ImageError::NoImage { why });
            }
            (None, _) => Platform::of_this_machine(),
        };
        let mut chosen: Option<&FoundManifest> = None;
        let mut platforms = Vec::new();
        for manifest in manifests {
            let platform = self.platform_of(manifest)?;
            if !platform.is_same_as(&wanted) {
                platforms.push(platform.to_string());
                continue;
            }
            match chosen {
                Some(first) if first.image != manifest.image => {
                    let names = vec![first.image.to_string(), manifest.image.to_string()];
                    return Err(ImageError::SeveralImages { names });
                }
                Some(_) => {}
                None => chosen = Some(manifest),
            }
        }
        chosen.ok_or(ImageError::NoSuchPlatform { platform: wanted, platforms })
    }

    fn platform_of(&self, found: &FoundManifest) -> Result<Platform, ImageError> {
        match &found.platform {
            Some(platform) => Ok(platform.clone()),
            None => Ok(self.configuration(&self.manifest(found.digest)?, found.digest)?.1.platform()),
        }
    }

    /// Reads the manifest of the image that is meant.
    fn read(&self, digest: Digest, names: Vec<String>) -> Result<Selected, ImageError> {
        let manifest = self.manifest(digest)?;
        let descriptors = manifest.layers.as_deref().unwrap_or_default();
        check_layers(descriptors.len(), self.options)?;
        let (id, configuration) = self.configuration(&manifest, digest)?;
        let mut problems = Vec::new();
        let digests = unpacked_digests(&configuration, descriptors.len(), &mut problems);
        let layers = descriptors.iter().enumerate().zip(digests);
        let layers = layers.map(|((at, descriptor), unpacked)| self.layer(at, descriptor, unpacked)).collect();
        Ok(Selected { names, manifest: Some(digest), id, configuration, layers, problems })
    }

    fn layer(&self, at: usize, descriptor: &Descriptor, unpacked: Option<Digest>) -> LayerSource {
        LayerSource {
            label: format!("layer {} ({})", at + 1, descriptor.digest),
            path: descriptor.digest.clone(),
            blob: self.layer_blob(descriptor, unpacked),
        }
    }

    fn layer_blob(
        &self,
        descriptor: &Descriptor,
        unpacked: Option<Digest>,
    ) -> Result<(Extent, Expected), (ProblemKind, String)> {
        if !is_layer(&descriptor.media_type) {
            let detail = format!("layers of the type {:?} are not read", descriptor.media_type);
            return Err((ProblemKind::NotSupported, detail));
        }
        let Some(packed) = Digest::parse(&descriptor.digest) else {
            let detail = format!("{:?} is no SHA-256", descriptor.digest);
            return Err((ProblemKind::NotSupported, detail));
        };
        match self.store.blob(&blob_path(packed)) {
            Ok(blob) => Ok((blob, Expected { size: descriptor.size, packed: Some(packed), unpacked })),
            Err(HostError::NotFound { .. }) => Err(match descriptor.urls.first() {
                Some(url) => (
                    ProblemKind::NotSupported,
                    format!("it is not part of the image, but kept at {url}; nothing is fetched"),
                ),
                None => (ProblemKind::NotFound, "it is missing from the image".to_owned()),
            }),
            Err(error) => Err((error.kind(), error.to_problem().detail)),
        }
    }

    fn manifest(&self, digest: Digest) -> Result<Manifest, ImageError> {
        let (path, bytes) = self.verified(digest)?;
        let manifest: Manifest = parse_document(&path, &bytes)?;
        let inconsistent = |what: &str| ImageError::Inconsistent { document: path.clone(), what: what.to_owned() };
        // A document that can be taken for both would be read as one by one tool and as the other by another
        // (CVE-2021-41190).
        let is_index = manifest.manifests.is_some();
        if is_index == manifest.config.is_some() || (is_index && manifest.layers.is_some()) {
            return Err(inconsistent("is not clearly either an index or a manifest"));
        }
        let stated = manifest.media_type.as_str();
        if !stated.is_empty() && INDEX_TYPES.contains(&stated) != is_index {
            return Err(inconsistent("is not of the type that it states"));
        }
        Ok(manifest)
    }

    fn configuration(&self, manifest: &Manifest, digest: Digest) -> Result<(Digest, Configuration), ImageError> {
        let inconsistent = |what: String| ImageError::Inconsistent { document: blob_path(digest), what };
        let Some(descriptor) = &manifest.config else {
            return Err(inconsistent("names no configuration".to_owned()));
        };
        if !CONFIGURATION_TYPES.contains(&descriptor.media_type.as_str()) {
            return Err(inconsistent(format!("is of no container image but of {:?}", descriptor.media_type)));
        }
        let Some(id) = Digest::parse(&descriptor.digest) else {
            return Err(inconsistent(format!("names a configuration by {:?}, which is no SHA-256", descriptor.digest)));
        };
        let (path, bytes) = self.verified(id)?;
        Ok((id, parse_document(&path, &bytes)?))
    }

    /// A document that is what its name says.
    fn verified(&self, digest: Digest) -> Result<(String, Vec<u8>), ImageError> {
        let path = blob_path(digest);
        let bytes = read_document(self.store, &path, self.options.limits.document_bytes)?;
        let found = Digest::of(&bytes);
        if found != digest {
            let what = format!("has the digest {found}");
            return Err(ImageError::Inconsistent { document: path, what });
        }
        Ok((path, bytes))
    }
}

const INDEX_TYPES: [&str; 2] =
    ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];

const CONFIGURATION_TYPES: [&str; 2] =
    ["application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"];

/// Whether a media type is one of a file system's layer; how it is packed is told by its content.
fn is_layer(media_type: &str) -> bool {
    let base = ["+gzip", "+zstd", ".gzip", ".zstd"].iter().find_map(|packing| media_type.strip_suffix(packing));
    matches!(
        base.unwrap_or(media_type),
        "application/vnd.oci.image.layer.v1.tar"
            | "application/vnd.oci.image.layer.nondistributable.v1.tar"
            | "application/vnd.docker.image.rootfs.diff.tar"
            | "application/vnd.docker.image.rootfs.foreign.diff.tar"
    )
}

fn blob_path(digest: Digest) -> String {
    format!("/blobs/sha256/{}", digest.hexadecimal())
}

fn shown_names(images: &[Image]) -> Vec<String> {
    let names =
        |image: &Image| if image.names.is_empty() { vec![image.digest.to_string()] } else { image.names.clone() };
    images.iter().flat_map(names).collect()
}
