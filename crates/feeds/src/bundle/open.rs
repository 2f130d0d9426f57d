//! Opening a bundle: the list and its signature first, then file after file, each against the list.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::time::{Duration, SystemTime};

use camino::{Utf8Path, Utf8PathBuf};
use flate2::bufread::GzDecoder;
use sha2::{Digest, Sha256};

use super::archive::{self, Fault};
use super::contents::{BundleContents, BundleFile};
use super::error::BundleError;
use super::key::PublicKey;
use crate::download::hexadecimal;
use crate::error::{FeedError, FetchError};
use crate::folder;

pub(super) const LIST: &str = "assay-feeds.json";
pub(super) const SIGNATURE: &str = "assay-feeds.sig";

/// The largest list, in bytes; that of a whole set has about 20 KiB.
const MAX_LIST: u64 = 4 * 1024 * 1024;

/// An Ed25519 signature, in bytes.
const SIGNATURE_BYTES: u64 = 64;

/// Checks a bundle to its last byte, and writes nothing.
///
/// # Errors
///
/// When it cannot be read, is no bundle, is not signed with this key, or is not what its list says.
pub fn verify_bundle(path: &Utf8Path, key: &PublicKey) -> Result<BundleContents, BundleError> {
    OpenBundle::open(path, key)?.verify()
}

/// As [`verify_bundle`], of bytes that are in memory.
///
/// # Errors
///
/// When they are no bundle, are not signed with this key, or are not what their list says.
pub fn verify_bundle_bytes(bytes: &[u8], key: &PublicKey) -> Result<BundleContents, BundleError> {
    OpenBundle::of(Utf8Path::new("the bundle"), bytes, key)?.verify()
}

/// A bundle whose list is signed.
#[derive(Debug)]
pub(super) struct OpenBundle<R> {
    path: Utf8PathBuf,
    pub(super) contents: BundleContents,
    rest: GzDecoder<R>,
}

impl OpenBundle<BufReader<File>> {
    pub(super) fn open(path: &Utf8Path, key: &PublicKey) -> Result<Self, BundleError> {
        match folder::open(path) {
            Ok(file) => OpenBundle::of(path, BufReader::new(file), key),
            Err(FetchError::Read { cause }) => Err(BundleError::Read { path: path.to_owned(), cause }),
            Err(other) => Err(BundleError::NotABundle { path: path.to_owned(), reason: other.to_string() }),
        }
    }
}

impl<R: BufRead> OpenBundle<R> {
    /// Errors name `path`.
    fn of(path: &Utf8Path, packed: R, key: &PublicKey) -> Result<Self, BundleError> {
        let read = |cause| BundleError::Read { path: path.to_owned(), cause };
        let mut rest = GzDecoder::new(packed);
        let mut small = |name: &str, limit| {
            archive::read_small(&mut rest, name, limit).map_err(|fault| match fault {
                Fault::Differs(reason) => {
                    BundleError::NotABundle { path: path.to_owned(), reason: format!("{name} {reason}") }
                }
                Fault::Io(cause) => read(cause),
            })
        };
        let list = small(LIST, MAX_LIST)?;
        let signature = small(SIGNATURE, SIGNATURE_BYTES)?;
        if !key.is_signed(&list, &signature) {
            return Err(BundleError::Signature { path: path.to_owned() });
        }
        let contents =
            BundleContents::parse(&list).map_err(|reason| BundleError::Refused { path: path.to_owned(), reason })?;
        Ok(OpenBundle { path: path.to_owned(), contents, rest })
    }

    fn verify(mut self) -> Result<BundleContents, BundleError> {
        self.read_files(None)?;
        Ok(self.contents)
    }

    /// Reads all files, to a folder or to nowhere. After an error the folder is of no use.
    pub(super) fn read_files(&mut self, to: Option<&Utf8Path>) -> Result<(), BundleError> {
        let altered = |path: &Utf8Path, member: &str, fault| match fault {
            Fault::Differs(reason) => {
                BundleError::Altered { path: path.to_owned(), member: member.to_owned(), reason: reason.to_owned() }
            }
            Fault::Io(cause) => BundleError::Read { path: path.to_owned(), cause },
        };
        for file in &self.contents.files {
            let mut target = to.map(|folder| Target::create(folder, file)).transpose()?;
            let mut hasher = Sha256::new();
            let mut unwritten = None;
            let taken = archive::read_file(&mut self.rest, &file.path, file.bytes, &mut |chunk| {
                hasher.update(chunk);
                let Some(target) = &mut target else { return Ok(()) };
                target.file.write_all(chunk).map_err(|cause| {
                    let kind = cause.kind();
                    unwritten = Some(FeedError::writing(&target.path, cause));
                    kind.into()
                })
            });
            if let Some(error) = unwritten {
                return Err(error.into());
            }
            taken.map_err(|fault| altered(&self.path, &file.path, fault))?;
            if hexadecimal(&hasher.finalize()) != file.digest {
                return Err(altered(&self.path, &file.path, Fault::Differs("is not what was signed")));
            }
            if let Some(target) = target {
                target.finish(file)?;
            }
        }
        archive::read_end(&mut self.rest).map_err(|fault| altered(&self.path, "the last file", fault))?;
        match self.rest.get_mut().fill_buf() {
            Ok([]) => Ok(()),
            Ok(_) => Err(altered(&self.path, "the archive", Fault::Differs("is followed by more"))),
            Err(cause) => Err(BundleError::Read { path: self.path.clone(), cause }),
        }
    }
}

/// A file being laid out as on a mirror.
struct Target {
    path: Utf8PathBuf,
    file: File,
}

impl Target {
    fn create(folder: &Utf8Path, file: &BundleFile) -> Result<Target, FeedError> {
        // The list was checked: this is one of the places of the table of sources.
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            crate::disk::make_folder(parent)?;
        }
        let file = File::create_new(&path).map_err(|cause| FeedError::writing(&path, cause))?;
        Ok(Target { path, file })
    }

    /// Its time is that of its publication, which is how a folder tells it.
    fn finish(self, file: &BundleFile) -> Result<(), FeedError> {
        let seconds = file.published_at.and_then(|time| u64::try_from(time.as_second()).ok()).unwrap_or_default();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        self.file.set_modified(time).map_err(|cause| FeedError::writing(&self.path, cause))
    }
}
