//! Opening: the folder, the file, the connection and the schema.
//!
//! SQLite's POSIX locks fall when *any* descriptor of the file is closed in the process, so nothing here opens an
//! existing database file beside SQLite.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::sync::Once;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use rustix::fs::{Access, access};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, Connection, Executor};
use tokio::sync::{Mutex, MutexGuard};

use super::error::{ResultCode, StoreError};

/// The database file in the data directory.
pub const FILE_NAME: &str = "assay.db";

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// `synchronous` NORMAL cannot lose a commit to a killed process; with WAL it never damages the file, and a power cut
/// may at most take back the last commits. The WAL is emptied at 16 MiB rather than at 4, so that saving one large
/// assessment does not wait for the disk.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
                        PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 1024; PRAGMA cache_size = -16384";

/// While one process turns a fresh file to WAL, SQLite answers "busy" to others without the wait that `busy_timeout`
/// asks for: they come again.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// The store: one connection, whose users wait for each other. (A pool would try a file that cannot be opened again and
/// again until its time-out.)
#[derive(Debug)]
pub struct Store {
    connection: Mutex<AnyConnection>,
    path: Utf8PathBuf,
}

impl Store {
    /// Opens `assay.db` in a data directory; makes the directory (mode 0700) and the file (mode 0600) when missing, and
    /// brings the schema up to date.
    ///
    /// # Errors
    ///
    /// When the directory or file cannot be made, read or written; when the file is damaged; when a newer version of
    /// Assay has written it; when no space is left.
    pub async fn open(data_directory: &Utf8Path) -> Result<Store, StoreError> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        let path = data_directory.join(FILE_NAME);
        create_directory(data_directory)?;
        create_file(&path)?;
        let started = Instant::now();
        loop {
            match connect(&path, Locking::Shared).await {
                Err(StoreError::Busy { .. }) if started.elapsed() < BUSY_TIMEOUT => {}
                Err(StoreError::Full { .. }) => {
                    let connection = connect(&path, Locking::Exclusive).await?;
                    return Ok(Store { connection: Mutex::new(connection), path });
                }
                result => return Ok(Store { connection: Mutex::new(result?), path }),
            }
            tokio::time::sleep(BUSY_PAUSE).await;
        }
    }

    /// Closes the connection; SQLite then moves what is in the WAL into the database file. Dropping the store loses
    /// nothing either, and leaves the WAL to the next one who opens it.
    pub async fn close(self) {
        // A failure here loses nothing: the WAL stays, and is read by the next one who opens the store.
        drop(self.connection.into_inner().close().await);
    }

    /// The database file.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    pub(super) async fn connection(&self) -> MutexGuard<'_, AnyConnection> {
        self.connection.lock().await
    }

    /// For `map_err`: names the operation that the database failed in.
    pub(super) fn failed_to(&self, operation: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
        move |cause| StoreError::execute(&self.path, operation, cause)
    }

    pub(super) fn decode<T: DeserializeOwned>(&self, what: &'static str, body: &str) -> Result<T, StoreError> {
        serde_json::from_str(body).map_err(|cause| StoreError::Decode { path: self.path.clone(), what, cause })
    }
}

/// Who else may use the file meanwhile.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Locking {
    /// Other processes; SQLite shares the index of the WAL with them in a file.
    Shared,
    /// Nobody; the index is in memory, so that a full disk can still be read from.
    Exclusive,
}

async fn connect(path: &Utf8Path, locking: Locking) -> Result<AnyConnection, StoreError> {
    let url = format!("sqlite://{}?mode=rw", percent_encode(path.as_str()));
    let mut connection = AnyConnection::connect(&url).await.map_err(|cause| open_error(path, cause))?;
    if locking == Locking::Exclusive {
        // Must come before the first access to the WAL (https://sqlite.org/wal.html#noshm).
        let exclusive = "PRAGMA locking_mode = EXCLUSIVE";
        connection.execute(exclusive).await.map_err(|cause| open_error(path, cause))?;
    }
    connection.execute(SETTINGS).await.map_err(|cause| open_error(path, cause))?;
    migrate(&mut connection, path).await?;
    Ok(connection)
}

async fn migrate(connection: &mut AnyConnection, path: &Utf8Path) -> Result<(), StoreError> {
    let result = match MIGRATIONS.run(&mut *connection).await {
        // SQLite has no advisory lock: of two processes that meet a fresh file, the second fails in the statement that
        // the first one ran, and finds all done when it looks again.
        Err(MigrateError::ExecuteMigration(..) | MigrateError::Execute(..)) => MIGRATIONS.run(&mut *connection).await,
        result => result,
    };
    match result {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(found)) => {
            let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
            Err(StoreError::NewerSchema { path: path.to_owned(), found, known })
        }
        Err(MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)) => {
            Err(StoreError::execute(path, "update the schema", cause))
        }
        Err(cause) => Err(StoreError::Migrate { path: path.to_owned(), cause }),
    }
}

/// The JSON form of an object.
pub(super) fn encode<T: Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|cause| StoreError::Encode { what, cause })
}

fn create_directory(path: &Utf8Path) -> Result<(), StoreError> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|cause| StoreError::CreateDirectory { path: path.to_owned(), cause })
}

/// Makes the empty file before SQLite sees it: SQLite would take the mode from the umask, and gives its WAL files the
/// mode of the database.
fn create_file(path: &Utf8Path) -> Result<(), StoreError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(cause) => Err(StoreError::CreateFile { path: path.to_owned(), cause }),
    }
}

fn open_error(path: &Utf8Path, cause: sqlx::Error) -> StoreError {
    let may_use = |path: &Utf8Path| access(path.as_std_path(), Access::READ_OK | Access::WRITE_OK).is_ok();
    let path = path.to_owned();
    match ResultCode::of(&cause) {
        ResultCode::Damaged => StoreError::Damaged { path, cause },
        ResultCode::Full => StoreError::Full { path, cause },
        ResultCode::Busy => StoreError::Busy { path, cause },
        _ if !may_use(&path) || !path.parent().is_none_or(may_use) => StoreError::NotPermitted { path },
        _ => StoreError::Open { path, cause },
    }
}

/// Encodes a path for the database's URL: any byte but a letter, digit, `/`, `.`, `-` and `_` could have a meaning there.
fn percent_encode(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
