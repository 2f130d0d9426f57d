//! A host that is the root file system of a container image.
//!
//! Nothing is unpacked into the file system: each layer is looked through once, and files are read where they lie in
//! it. A layer that cannot be read is left out and told of ([`Host::problems`]); the others are used. Surprising: such a
//! layer may have hidden or replaced what is seen of those below it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;

use assay_model::Timestamp;
use assay_model::evidence::{Problem, ProblemKind, SourceKind};
use rustix::fs::{CWD, FileType, Mode, OFlags, fstat, openat};

use super::content::{Content, Contents};
use super::digest::Digest;
use super::error::ImageError;
use super::extent::Extent;
use super::layer::Stack;
use super::options::ImageOptions;
use super::platform::Platform;
use super::selection::{LayerSource, Selected, select};
use super::store::Store;
use super::tar::TarBudget;
use super::unpack::{Expected, Packing, Unpacker};
use crate::error::HostError;
use crate::rooted::read_bounded;
use crate::tree::{FollowLast, TreeLimits, VirtualTree};
use crate::view::{DirectoryEntry, FileReader, Host, Metadata};

/// A host that is the root file system of a container image.
pub struct ImageHost {
    description: ImageDescription,
    tree: VirtualTree<Content>,
    contents: Contents,
    problems: Vec<Problem>,
}

/// What an image says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageDescription {
    /// Names with their tags; an image may have none.
    pub names: Vec<String>,
    /// Digest of its manifest, `sha256:` and 64 digits; an archive of `docker save` before version 25 has none.
    pub digest: Option<String>,
    /// Digest of its configuration, which is its id in Docker.
    pub id: String,
    /// For which platform it is.
    pub platform: Platform,
    /// When it was made, if it says so; builders that want the same bytes each time say 1970 or 1980.
    pub created: Option<Timestamp>,
    /// Steps that made it.
    pub steps: usize,
    /// Layers, with those that could not be read.
    pub layers: usize,
}

impl ImageHost {
    /// Opens an archive of `docker save`, an OCI layout, or an archive of one, which may be packed with gzip or
    /// Zstandard. Which of them it is, its content tells and not its name.
    ///
    /// # Errors
    ///
    /// See [`ImageError`].
    pub fn open(path: &Path, options: &ImageOptions) -> Result<ImageHost, ImageError> {
        let failed = |cause: io::Error| ImageError::Open { path: path.to_owned(), cause };
        // A FIFO is not waited for: what opens is looked at before it is read.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let opened = openat(CWD, path, flags, Mode::empty()).map_err(|errno| failed(errno.into()))?;
        let stat = fstat(&opened).map_err(|errno| failed(errno.into()))?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory => {
                let store = Store::directory(path).map_err(|cause| failed(io::Error::other(cause)))?;
                ImageHost::of_store(&store, &mut unpacker(options), options)
            }
            FileType::RegularFile => ImageHost::of_archive(File::from(opened), options),
            _ => Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "neither a file nor a directory"))),
        }
    }

    /// As [`ImageHost::open`], for an archive that is open already.
    ///
    /// # Errors
    ///
    /// See [`ImageError`].
    pub fn of_archive(file: File, options: &ImageOptions) -> Result<ImageHost, ImageError> {
        let unpack = |why: String| ImageError::Unpack { why };
        let size = file.metadata().map_err(|error| unpack(error.to_string()))?.len();
        let mut archive = Extent::whole(file, size);
        let mut unpacker = unpacker(options);
        if Packing::of(&archive).map_err(|error| unpack(error.to_string()))? != Packing::None {
            archive = unpacker.unpack(&archive, Expected::default()).map_err(|error| unpack(error.to_string()))?;
        }
        ImageHost::of_store(&Store::archive(archive), &mut unpacker, options)
    }

    fn of_store(store: &Store, unpacker: &mut Unpacker, options: &ImageOptions) -> Result<ImageHost, ImageError> {
        let Selected { names, manifest, id, configuration, layers, problems } = select(store, options)?;
        let description = ImageDescription {
            names,
            digest: manifest.map(|digest| digest.to_string()),
            id: id.to_string(),
            platform: configuration.platform(),
            created: configuration.created,
            steps: configuration.history.len(),
            layers: layers.len(),
        };
        let limits = &options.limits;
        let mut stack = Stack {
            tree: VirtualTree::new(TreeLimits { nodes: limits.files, text_bytes: limits.name_bytes }),
            contents: Contents::default(),
            budget: TarBudget::new(limits.entries, limits.sparse_pieces),
            problems,
        };
        if let Some(broken) = store.broken() {
            let problem = Problem::new("the image's archive", ProblemKind::Malformed, broken.to_string());
            stack.problems.push(problem);
        }
        put_layers(layers, unpacker, &mut stack);
        let Stack { tree, contents, problems, .. } = stack;
        Ok(ImageHost { description, tree, contents, problems })
    }

    /// What the image says of itself.
    pub fn description(&self) -> &ImageDescription {
        &self.description
    }
}

impl fmt::Debug for ImageHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImageHost").field("description", &self.description).finish_non_exhaustive()
    }
}

fn unpacker(options: &ImageOptions) -> Unpacker {
    let limits = &options.limits;
    Unpacker {
        directory: options.temporary_directory.clone(),
        limit: limits.unpacked_bytes,
        ratio: limits.ratio,
        written: 0,
    }
}

fn put_layers(layers: Vec<LayerSource>, unpacker: &mut Unpacker, stack: &mut Stack) {
    // An empty layer is often there many times.
    let mut unpacked: BTreeMap<(String, Option<Digest>), Extent> = BTreeMap::new();
    for LayerSource { label, path, blob } in layers {
        let (blob, expected) = match blob {
            Ok(blob) => blob,
            Err((kind, detail)) => {
                stack.problems.push(Problem::new(label, kind, detail));
                continue;
            }
        };
        let key = (path, expected.unpacked);
        let layer = match unpacked.get(&key) {
            Some(layer) => Ok(layer.clone()),
            None => unpacker.unpack(&blob, expected),
        };
        match layer {
            Ok(layer) => {
                stack.put(&label, &layer);
                unpacked.insert(key, layer);
            }
            Err(error) => stack.problems.push(Problem::new(label, error.kind(), error.to_string())),
        }
    }
}

impl Host for ImageHost {
    fn source(&self) -> SourceKind {
        SourceKind::ContainerImage
    }

    fn open(&self, path: &str) -> Result<Box<dyn FileReader + '_>, HostError> {
        let (size, content) = self.tree.file(path)?;
        Ok(Box::new(self.contents.reader(*content, size)))
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, HostError> {
        let (size, content) = self.tree.file(path)?;
        read_bounded(path, self.contents.reader(*content, size), size, limit)
    }

    fn metadata(&self, path: &str) -> Result<Metadata, HostError> {
        self.tree.metadata(path, FollowLast::Yes)
    }

    fn link_metadata(&self, path: &str) -> Result<Metadata, HostError> {
        self.tree.metadata(path, FollowLast::No)
    }

    fn read_link(&self, path: &str) -> Result<String, HostError> {
        self.tree.read_link(path)
    }

    fn read_directory(&self, path: &str) -> Result<Vec<DirectoryEntry>, HostError> {
        self.tree.read_directory(path)
    }

    fn problems(&self) -> Vec<Problem> {
        self.problems.clone()
    }
}
