//! Which image is looked at, and how much of it at most.

use std::path::PathBuf;

use super::platform::Platform;

/// Which image is looked at, and how.
#[derive(Clone, Debug, Default)]
pub struct ImageOptions {
    /// A name with its tag, or a digest or its first 12 digits; needed where there are several images.
    pub name: Option<String>,
    /// Needed where an image is there for several platforms, and this machine's is not the one that is meant.
    pub platform: Option<Platform>,
    /// Where packed layers are unpacked to, in files without a name; by default where the environment says
    /// (`TMPDIR`, else `/tmp`).
    pub temporary_directory: Option<PathBuf>,
    /// How much is read.
    pub limits: ImageLimits,
}

/// How much of an image is read; the defaults are several times what the largest real images hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageLimits {
    /// Bytes of a manifest, an index or a configuration.
    pub document_bytes: u64,
    /// Layers of the image.
    pub layers: usize,
    /// Bytes that packed layers may take once they are unpacked, all together.
    pub unpacked_bytes: u64,
    /// Unpacked bytes for each packed byte of a layer, judged after the first 64 MiB.
    pub ratio: u64,
    /// Entries of all layers together, with those that later layers replace.
    pub entries: u64,
    /// Files, directories and links; 130 bytes of memory each.
    pub files: usize,
    /// Bytes of their names, and of the texts of links.
    pub name_bytes: usize,
    /// Pieces of sparse files of all layers together.
    pub sparse_pieces: u64,
}

impl Default for ImageLimits {
    fn default() -> ImageLimits {
        ImageLimits {
            document_bytes: 8 << 20,
            layers: 1000,
            unpacked_bytes: 64 << 30,
            ratio: 250,
            entries: 8_000_000,
            files: 2_000_000,
            name_bytes: 128 << 20,
            sparse_pieces: 1_000_000,
        }
    }
}
