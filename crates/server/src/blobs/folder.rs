//! A folder of objects, `ab/cdef…`: readable by its owner only, each file complete or not there.
//!
//! A file is written beside its place, reaches the disk, and is renamed. What a process that died left behind begins with a
//! dot, and is removed when it is old.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

use assay_model::Timestamp;
use camino::{Utf8Path, Utf8PathBuf};
use hyper::body::Bytes;
use uuid::Uuid;

use super::error::BlobError;
use super::name::{BlobName, shard_name};

/// The file that says whose the folder is.
const OWNER: &str = "owner";
const MAX_OWNER_BYTES: u64 = 1024;

/// A folder of objects.
#[derive(Debug)]
pub(super) struct Folder {
    path: Utf8PathBuf,
}

impl Folder {
    pub(super) fn new(path: Utf8PathBuf) -> Folder {
        Folder { path }
    }

    fn file(&self, name: &BlobName) -> Utf8PathBuf {
        let (shard, rest) = name.parts();
        self.path.join(shard).join(rest)
    }

    pub(super) async fn put(&self, name: &BlobName, bytes: Bytes) -> Result<(), BlobError> {
        let path = self.file(name);
        blocking(move || write_whole(&path, &bytes)).await
    }

    pub(super) async fn get(&self, name: &BlobName, most: u64) -> Result<Option<Bytes>, BlobError> {
        let path = self.file(name);
        blocking(move || read_whole(&path, most)).await
    }

    pub(super) async fn has(&self, name: &BlobName) -> Result<bool, BlobError> {
        let path = self.file(name);
        blocking(move || path.try_exists().map_err(failed("look for", &path))).await
    }

    pub(super) async fn older_than(&self, shard: u8, before: Timestamp) -> Result<Vec<BlobName>, BlobError> {
        let folder = self.path.join(shard_name(shard));
        blocking(move || list(&folder, shard, before)).await
    }

    pub(super) async fn remove(&self, name: &BlobName) -> Result<(), BlobError> {
        let path = self.file(name);
        blocking(move || remove(&path)).await
    }

    pub(super) async fn owner_or(&self, owner: &str) -> Result<String, BlobError> {
        let (path, owner) = (self.path.join(OWNER), owner.to_owned());
        blocking(move || {
            if read_whole(&path, MAX_OWNER_BYTES)?.is_none() {
                write_whole(&path, owner.as_bytes())?;
            }
            let found = read_whole(&path, MAX_OWNER_BYTES)?.unwrap_or_default();
            Ok(String::from_utf8_lossy(&found).trim().to_owned())
        })
        .await
    }
}

/// Runs what waits for the disk on a thread that may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(cause) => Err(BlobError::File {
            operation: "use",
            path: "the folder of evidence".to_owned(),
            cause: io::Error::other(cause),
        }),
    }
}

fn failed(operation: &'static str, path: &Utf8Path) -> impl Fn(io::Error) -> BlobError {
    move |cause| BlobError::File { operation, path: path.to_string(), cause }
}

fn write_whole(path: &Utf8Path, bytes: &[u8]) -> Result<(), BlobError> {
    let folder = parent(path);
    let to_make = folder.ancestors().take_while(|above| !above.as_str().is_empty() && !above.is_dir());
    // The names must last as long as the row that counts on them.
    let to_sync: Vec<&Utf8Path> = std::iter::once(folder).chain(to_make.map(parent)).collect();
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed("make", folder))?;
    let neighbour = folder.join(format!(".{}", Uuid::now_v7().simple()));
    let written = write_through(&neighbour, bytes).and_then(|()| fs::rename(&neighbour, path));
    if let Err(cause) = written {
        // It may not even be there; what stays is removed when it is old.
        drop(fs::remove_file(&neighbour));
        return Err(failed("write", path)(cause));
    }
    for folder in to_sync {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed("write", folder))?;
    }
    Ok(())
}

/// The folder that a path is in.
fn parent(path: &Utf8Path) -> &Utf8Path {
    path.parent().filter(|parent| !parent.as_str().is_empty()).unwrap_or(Utf8Path::new("."))
}

fn write_through(path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn read_whole(path: &Utf8Path, most: u64) -> Result<Option<Bytes>, BlobError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(failed("read", path)(cause)),
    };
    let size = file.metadata().map_err(failed("read", path))?.len();
    if size > most {
        return Err(BlobError::TooLarge { address: path.to_string(), size, most });
    }
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).map_err(failed("read", path))?;
    Ok(Some(bytes.into()))
}

fn remove(path: &Utf8Path) -> Result<(), BlobError> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(failed("remove", path)(cause)),
        _ => Ok(()),
    }
}

/// What is neither an object nor the rest of one is nobody's business here.
fn list(folder: &Utf8Path, shard: u8, before: Timestamp) -> Result<Vec<BlobName>, BlobError> {
    let failed = failed("list", folder);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(failed(cause)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(&failed)?;
        let Ok(path) = Utf8PathBuf::from_path_buf(entry.path()) else { continue };
        let Some(name) = path.file_name() else { continue };
        let modified = match entry.metadata().and_then(|metadata| metadata.modified()) {
            Ok(modified) => modified,
            // Another process has renamed or removed it.
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => continue,
            Err(cause) => return Err(failed(cause)),
        };
        if Timestamp::try_from(modified).is_ok_and(|modified| modified >= before) {
            continue;
        }
        let is_rest = |name: &str| name.strip_prefix('.').is_some_and(|name| Uuid::try_parse(name).is_ok());
        match BlobName::in_shard(shard, name) {
            Some(name) => names.push(name),
            None if is_rest(name) => remove(&path)?,
            None => {}
        }
    }
    Ok(names)
}
