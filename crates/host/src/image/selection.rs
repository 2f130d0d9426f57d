//! Finds the image that is meant: its configuration, and where its layers lie.

use std::io::Read as _;

use assay_model::evidence::{Problem, ProblemKind};
use serde::de::DeserializeOwned;

use super::digest::Digest;
use super::documents::Configuration;
use super::error::ImageError;
use super::extent::Extent;
use super::options::ImageOptions;
use super::store::Store;
use super::unpack::Expected;
use super::{docker, oci};
use crate::error::HostError;

/// The image that is meant.
#[derive(Debug)]
pub(crate) struct Selected {
    pub(crate) names: Vec<String>,
    /// Digest of its manifest; Docker's own archives have none.
    pub(crate) manifest: Option<Digest>,
    /// Digest of its configuration: Docker's image id.
    pub(crate) id: Digest,
    pub(crate) configuration: Configuration,
    /// The lowest first.
    pub(crate) layers: Vec<LayerSource>,
    pub(crate) problems: Vec<Problem>,
}

/// A layer before it is read.
#[derive(Debug)]
pub(crate) struct LayerSource {
    /// What problems are about.
    pub(crate) label: String,
    /// Its path in the store: the same layer may lie in an image several times.
    pub(crate) path: String,
    /// Where it lies, or why it cannot be read.
    pub(crate) blob: Result<(Extent, Expected), (ProblemKind, String)>,
}

/// Finds the image in a store of any form.
///
/// # Errors
///
/// See [`ImageError`].
pub(crate) fn select(store: &Store, options: &ImageOptions) -> Result<Selected, ImageError> {
    // Docker's archives have had both since version 25; the index has the digests.
    let selected = if store.has(oci::INDEX) {
        oci::select(store, options)?
    } else if store.has(docker::MANIFEST) {
        docker::select(store, options)?
    } else {
        let why = match store.broken() {
            Some(broken) => broken.to_string(),
            None => "it holds neither index.json (OCI layout) nor manifest.json (docker save)".to_owned(),
        };
        return Err(ImageError::NoImage { why });
    };
    let platform = selected.configuration.platform();
    if let Some(wanted) = options.platform.as_ref().filter(|wanted| !wanted.is_same_as(&platform)) {
        let platforms = vec![platform.to_string()];
        return Err(ImageError::NoSuchPlatform { platform: wanted.clone(), platforms });
    }
    if platform.os != "linux" {
        return Err(ImageError::NotLinux { platform });
    }
    Ok(selected)
}

/// Reads a document.
///
/// # Errors
///
/// When it is not there, too large, or cannot be read.
pub(crate) fn read_document(store: &Store, path: &str, limit: u64) -> Result<Vec<u8>, ImageError> {
    let failed = |cause| ImageError::ReadDocument { document: path.to_owned(), cause };
    let blob = store.blob(path).map_err(failed)?;
    if blob.size() > limit {
        return Err(failed(HostError::TooLarge { path: path.to_owned(), size: blob.size(), limit }));
    }
    let mut bytes = Vec::new();
    blob.reader().read_to_end(&mut bytes).map_err(|cause| failed(HostError::from_io(path, cause)))?;
    Ok(bytes)
}

/// Understands a document.
///
/// # Errors
///
/// When it is malformed.
pub(crate) fn parse_document<T: DeserializeOwned>(path: &str, bytes: &[u8]) -> Result<T, ImageError> {
    serde_json::from_slice(bytes).map_err(|cause| ImageError::ParseDocument { document: path.to_owned(), cause })
}

/// The digests of the unpacked layers: as many as there are layers. Where the configuration has others, none is known,
/// which is a problem.
pub(crate) fn unpacked_digests(
    configuration: &Configuration,
    layers: usize,
    problems: &mut Vec<Problem>,
) -> Vec<Option<Digest>> {
    let stated = &configuration.rootfs.diff_ids;
    if stated.len() != layers {
        let detail =
            format!("names {} layers where there are {layers}, so their digests are not verified", stated.len());
        problems.push(Problem::new("the image's configuration", ProblemKind::Malformed, detail));
        return vec![None; layers];
    }
    let parse = |(at, text): (usize, &String)| {
        let digest = Digest::parse(text);
        if digest.is_none() {
            let detail = format!("the digest of layer {} is no SHA-256, so it is not verified", at + 1);
            problems.push(Problem::new("the image's configuration", ProblemKind::NotSupported, detail));
        }
        digest
    };
    stated.iter().enumerate().map(parse).collect()
}

/// Checks the number of layers.
///
/// # Errors
///
/// When there are more than are read.
pub(crate) fn check_layers(layers: usize, options: &ImageOptions) -> Result<(), ImageError> {
    let limit = options.limits.layers;
    if layers > limit { Err(ImageError::TooMany { what: "layers", limit }) } else { Ok(()) }
}
