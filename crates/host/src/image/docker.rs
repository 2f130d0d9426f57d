//! Archives of `docker save`: `manifest.json` is a list of images, each with its configuration and layers as paths.
//!
//! A configuration is named by its own digest, and holds the digests of the unpacked layers; nothing else is signed or
//! digested. Podman, kaniko, Bazel and Nix write such archives too, some with packed layers.

use super::digest::Digest;
use super::documents::DockerImage;
use super::error::ImageError;
use super::name::{is_digest, is_named};
use super::options::ImageOptions;
use super::selection::{LayerSource, Selected, check_layers, parse_document, read_document, unpacked_digests};
use super::store::Store;
use super::unpack::Expected;

/// The list of images.
pub(crate) const MANIFEST: &str = "/manifest.json";

/// Finds the image that is meant.
///
/// # Errors
///
/// See [`ImageError`].
pub(crate) fn select(store: &Store, options: &ImageOptions) -> Result<Selected, ImageError> {
    let limit = options.limits.document_bytes;
    let images: Vec<DockerImage> = parse_document(MANIFEST, &read_document(store, MANIFEST, limit)?)?;
    let image = choose(images, options.name.as_deref())?;
    check_layers(image.layers.len(), options)?;
    let path = format!("/{}", image.config);
    let bytes = read_document(store, &path, limit)?;
    let id = Digest::of(&bytes);
    if let Some(stated) = digest_in(&image.config).filter(|stated| *stated != id) {
        let what = format!("has the digest {id}, not {stated}");
        return Err(ImageError::Inconsistent { document: path, what });
    }
    let configuration = parse_document(&path, &bytes)?;
    let mut problems = Vec::new();
    let digests = unpacked_digests(&configuration, image.layers.len(), &mut problems);
    let mut layers = Vec::new();
    for ((at, path), unpacked) in image.layers.iter().enumerate().zip(digests) {
        let blob = store.blob(&format!("/{path}")).map_err(|error| (error.kind(), error.to_problem().detail));
        let expected = Expected { unpacked, ..Expected::default() };
        let digest = unpacked.map_or_else(|| path.clone(), |digest| digest.to_string());
        layers.push(LayerSource {
            label: format!("layer {} ({digest})", at + 1),
            path: path.clone(),
            blob: blob.map(|blob| (blob, expected)),
        });
    }
    Ok(Selected { names: image.repo_tags, manifest: None, id, configuration, layers, problems })
}

fn choose(mut images: Vec<DockerImage>, wanted: Option<&str>) -> Result<DockerImage, ImageError> {
    let all = |images: &[DockerImage]| images.iter().flat_map(shown_names).collect();
    let Some(wanted) = wanted else {
        return match images.len() {
            0 => Err(ImageError::NoImage { why: "its manifest.json names none".to_owned() }),
            1 => Ok(images.remove(0)),
            _ => Err(ImageError::SeveralImages { names: all(&images) }),
        };
    };
    let is_wanted = |image: &DockerImage| {
        let has_digest = digest_in(&image.config).is_some_and(|digest| is_digest(digest, wanted));
        has_digest || image.repo_tags.iter().any(|name| is_named(name, wanted))
    };
    match images.iter().position(is_wanted) {
        Some(at) => Ok(images.remove(at)),
        None => Err(ImageError::NoSuchName { name: wanted.to_owned(), names: all(&images) }),
    }
}

fn shown_names(image: &DockerImage) -> Vec<String> {
    if image.repo_tags.is_empty() { vec![image.config.clone()] } else { image.repo_tags.clone() }
}

/// The digest in the name of a configuration: `DIGITS.json`, `sha256:DIGITS` or `blobs/sha256/DIGITS`.
fn digest_in(path: &str) -> Option<Digest> {
    let name = path.rsplit('/').next()?;
    let name = name.strip_suffix(".json").unwrap_or(name);
    Digest::parse_hexadecimal(name).or_else(|| Digest::parse(name))
}
