//! Opens images that are bytes, and lists all that a host has.

use std::collections::BTreeMap;
use std::io::Write as _;

use assay_model::evidence::ProblemKind;

use crate::image::digest::Digest;
use crate::image::specimen::{Layout, Packed};
use crate::image::{ImageError, ImageHost, ImageOptions};
use crate::view::{FileKind, Host};

/// Opens an archive with other than the default options.
pub(crate) fn open_with(archive: &[u8], options: &ImageOptions) -> Result<ImageHost, ImageError> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(archive).unwrap();
    ImageHost::of_archive(file, options)
}

pub(crate) fn open(archive: &[u8]) -> Result<ImageHost, ImageError> {
    open_with(archive, &ImageOptions::default())
}

/// The host of an image that has these layers.
pub(crate) fn image_of(layers: &[Vec<u8>]) -> ImageHost {
    open(&Layout::of(layers, Packed::No).archive()).unwrap()
}

/// What a host says of a path, but for its owner: mode, time, and content or text.
pub(crate) type Fact = (FileKind, u32, i64, String);

/// All paths of a host.
pub(crate) fn list(host: &dyn Host) -> BTreeMap<String, Fact> {
    let mut facts = BTreeMap::new();
    let mut pending = vec!["/".to_owned()];
    while let Some(path) = pending.pop() {
        let metadata = host.link_metadata(&path).unwrap();
        let said = match metadata.kind {
            FileKind::File => {
                let content = host.read(&path, 1 << 30).unwrap();
                assert_eq!(content.len() as u64, metadata.size, "{path}");
                let mut streamed = Vec::new();
                host.open(&path).unwrap().read_to_end(&mut streamed).unwrap();
                assert!(streamed == content, "{path}");
                Digest::of(&content).to_string()
            }
            FileKind::Link => {
                let text = host.read_link(&path).unwrap();
                assert_eq!(text.len() as u64, metadata.size, "{path}");
                text
            }
            FileKind::Directory => {
                for entry in host.read_directory(&path).unwrap() {
                    let child = format!("{}/{}", path.trim_end_matches('/'), entry.name);
                    assert_eq!(host.link_metadata(&child).unwrap().kind, entry.kind, "{child}");
                    pending.push(child);
                }
                String::new()
            }
            FileKind::Other => String::new(),
        };
        facts.insert(path, (metadata.kind, metadata.mode, metadata.modified, said));
    }
    facts
}

/// The paths of all files, with what is in them.
pub(crate) fn files(host: &ImageHost) -> Vec<String> {
    let contents = list(host).into_iter().filter(|(_, fact)| fact.0 == FileKind::File).map(|(path, _)| {
        let content = host.read(&path, 1 << 20).unwrap();
        format!("{path}={}", String::from_utf8_lossy(&content))
    });
    contents.collect()
}

/// What problems a host has, without their wording.
pub(crate) fn problems(host: &ImageHost) -> Vec<(String, ProblemKind)> {
    host.problems().into_iter().map(|problem| (problem.subject, problem.kind)).collect()
}
