//! Container images: whole archives, and layers alone.

use std::fs::File;
use std::io::Write as _;

use assay_host::{FileKind, Host, ImageHost, ImageLimits, ImageOptions, WalkLimits, walk_directories};

/// Small enough that a limit is met within the inputs that a fuzzer makes.
fn options() -> ImageOptions {
    let limits = ImageLimits {
        document_bytes: 1 << 16,
        layers: 16,
        unpacked_bytes: 4 << 20,
        ratio: 250,
        entries: 1000,
        files: 500,
        name_bytes: 1 << 16,
        sparse_pieces: 1000,
    };
    ImageOptions { limits, ..ImageOptions::default() }
}

/// An archive of an image, of any form.
pub fn container_image(data: &[u8]) {
    look(data);
}

/// A layer, twice upon itself. Nothing says its digest, which a fuzzer could not guess.
pub fn image_layer(data: &[u8]) {
    let mut archive = Vec::new();
    add_file(&mut archive, "c", b"{}");
    add_file(&mut archive, "l", data);
    add_file(&mut archive, "manifest.json", br#"[{"Config": "c", "Layers": ["l", "l"]}]"#);
    look(&archive);
}

fn look(archive: &[u8]) {
    let Ok(host) = ImageHost::of_archive(anonymous_file(archive), &options()) else { return };
    assert!(host.problems().len() < 1000, "problems are bounded");
    let walked = walk_directories(&host, "/", WalkLimits { depth: 2000, entries: 2000 });
    let walked = walked.expect("the root is a directory");
    assert!(walked.directories.len() <= 500, "files are bounded");
    for directory in &walked.directories {
        for entry in host.read_directory(&directory.path).unwrap_or_default() {
            let path = format!("{}/{}", directory.path.trim_end_matches('/'), entry.name);
            match entry.kind {
                FileKind::File => drop(host.read(&path, 1 << 16)),
                FileKind::Link => drop(host.metadata(&path)),
                _ => drop(host.read_directory(&path)),
            }
        }
    }
}

fn anonymous_file(content: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a temporary file can be made");
    file.write_all(content).expect("a temporary file can be written");
    file
}

/// Adds a file to a tar archive.
fn add_file(archive: &mut Vec<u8>, name: &str, content: &[u8]) {
    let mut header = [0; 512];
    let fields =
        [(0, name.to_owned()), (124, format!("{:011o}", content.len())), (148, " ".repeat(8)), (156, "0".into())];
    for (at, field) in fields {
        header.iter_mut().skip(at).zip(field.bytes()).for_each(|(byte, value)| *byte = value);
    }
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header.iter_mut().skip(148).zip(format!("{sum:06o}\0").bytes()).for_each(|(byte, value)| *byte = value);
    archive.extend_from_slice(&header);
    archive.extend_from_slice(content);
    archive.resize(archive.len().next_multiple_of(512), 0);
}
