//! Opening: the folder, the file, the connections and the schema.
//!
//! SQLite's POSIX locks fall when *any* descriptor of the file is closed in the process, so nothing here opens an
//! existing database file beside SQLite.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::sync::Once;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rustix::fs::{Access, access};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AnyConnection, Connection, Executor};

use super::connections::{Backend, Connections, Lease, WriteTransaction};
use super::error::{ResultCode, StoreError};
use super::wake::Bells;
use crate::blobs::Blobs;

/// In a path for the database's URL, any byte but a letter, digit, `/`, `.`, `-` and `_` could have a meaning.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');
/// The database file in the data directory.
pub const FILE_NAME: &str = "assay.db";

/// The folder of evidence in the data directory.
const EVIDENCE_FOLDER: &str = "evidence";

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// `synchronous` NORMAL cannot lose a commit to a killed process; with WAL it never damages the file, and a power cut
/// may at most take back the last commits. The WAL is emptied at 16 MiB rather than at 4, so that saving one large
/// assessment does not wait for the disk.
const SETTINGS: &str = "PRAGMA busy_timeout = 5000; PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; \
                        PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 1024; PRAGMA cache_size = -16384";

/// So many may read at a time; one writes.
const SQLITE_CONNECTIONS: usize = 4;
const POSTGRES_CONNECTIONS: usize = 10;

/// While one process turns a fresh file to WAL, SQLite answers "busy" to others without the wait that `busy_timeout`
/// asks for: they come again.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// The store: a few connections to one database, and the place of evidence, if that is another one.
#[derive(Debug)]
pub struct Store {
    connections: Connections,
    path: Utf8PathBuf,
    blobs: Option<Blobs>,
}

impl Store {
    /// Opens `assay.db` in a data directory; makes the directory (mode 0700) and the file (mode 0600) when missing, and
    /// brings the schema up to date. Evidence is kept in the folder `evidence` there.
    ///
    /// # Errors
    ///
    /// When the directory or file cannot be made, read or written; when the file is damaged; when a newer version of
    /// Assay has written it; when no space is left.
    pub async fn open(data_directory: &Utf8Path) -> Result<Store, StoreError> {
        install_drivers();
        let path = data_directory.join(FILE_NAME);
        create_directory(data_directory)?;
        create_file(&path)?;
        let url = format!("sqlite://{}?mode=rw", utf8_percent_encode(path.as_str(), ENCODED));
        let blobs = Some(Blobs::in_folder(data_directory.join(EVIDENCE_FOLDER)));
        let started = Instant::now();
        loop {
            match connect(&url, &path, Locking::Shared).await {
                Err(StoreError::Busy { .. }) if started.elapsed() < BUSY_TIMEOUT => {}
                Err(StoreError::Full { .. }) => {
                    let connection = connect(&url, &path, Locking::Exclusive).await?;
                    let connections = Connections::new(Backend::Sqlite, url, SETTINGS, 1, connection);
                    return Ok(Store { connections, path, blobs });
                }
                result => {
                    let connections = Connections::new(Backend::Sqlite, url, SETTINGS, SQLITE_CONNECTIONS, result?);
                    return Ok(Store { connections, path, blobs });
                }
            }
            tokio::time::sleep(BUSY_PAUSE).await;
        }
    }

    /// Connects to a PostgreSQL database, `postgres://USER[:PASSWORD]@HOST[:PORT]/DATABASE`, and brings its schema up to
    /// date. Several processes may share it, and with it the evidence that is kept there unless another place is named.
    ///
    /// # Errors
    ///
    /// When the address is not understood, nobody answers there, the server refuses the user, or a newer version of Assay
    /// has written it.
    pub async fn connect(url: &str) -> Result<Store, StoreError> {
        install_drivers();
        let path = Utf8PathBuf::from(without_password(url));
        let mut connection = AnyConnection::connect(url).await.map_err(|cause| open_error(&path, cause))?;
        migrate(&mut connection, &path).await?;
        let connections = Connections::new(Backend::Postgres, url.to_owned(), "", POSTGRES_CONNECTIONS, connection);
        Ok(Store { connections, path, blobs: None })
    }

    /// Keeps evidence elsewhere from now on; with nothing, in the database. What the database holds is read from there.
    #[must_use]
    pub fn with_blobs(self, blobs: Option<Blobs>) -> Store {
        Store { blobs, ..self }
    }

    /// Where evidence is kept, if not in the database.
    pub fn blobs(&self) -> Option<&Blobs> {
        self.blobs.as_ref()
    }

    /// Closes the connections; SQLite then moves what is in the WAL into the database file. Dropping the store loses
    /// nothing either, and leaves the WAL to the next one who opens it.
    pub async fn close(self) {
        self.connections.close().await;
    }

    /// The database file, or the address of the database without its password.
    pub fn path(&self) -> &Utf8Path {
        &self.path
    }

    pub(super) fn backend(&self) -> Backend {
        self.connections.backend()
    }

    pub(super) fn bells(&self) -> &Bells {
        self.connections.bells()
    }

    pub(super) fn url(&self) -> &str {
        self.connections.url()
    }

    /// What a `SELECT` ends with so that its rows stay as they are until the transaction ends. SQLite has one writer anyway.
    pub(super) fn for_update(&self) -> &'static str {
        match self.backend() {
            Backend::Sqlite => "",
            Backend::Postgres => " FOR UPDATE",
        }
    }

    /// As [`Store::for_update`], for rows that nobody else holds.
    pub(super) fn skip_locked(&self) -> &'static str {
        match self.backend() {
            Backend::Sqlite => "",
            Backend::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// Whether several machines may use it at the same time.
    pub fn is_shared(&self) -> bool {
        self.connections.backend() == Backend::Postgres
    }

    pub(super) async fn connection(&self) -> Result<Lease<'_>, StoreError> {
        self.connections.lease().await.map_err(self.failed_to("connect"))
    }

    /// Begins a transaction that will write: it waits for the lock where one that began by reading would fail as soon as
    /// another process wrote in between.
    pub(super) async fn begin(&self, operation: &'static str) -> Result<WriteTransaction<'_>, StoreError> {
        let lease = self.connection().await?;
        WriteTransaction::begin(lease).await.map_err(self.failed_to(operation))
    }

    /// For `map_err`: names the operation that the database failed in.
    pub(super) fn failed_to(&self, operation: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
        move |cause| StoreError::execute(&self.path, operation, cause)
    }

    pub(super) fn decode<T: DeserializeOwned>(&self, what: &'static str, body: &str) -> Result<T, StoreError> {
        serde_json::from_str(body).map_err(|cause| StoreError::Decode { path: self.path.clone(), what, cause })
    }
}

fn install_drivers() {
    static DRIVERS: Once = Once::new();
    DRIVERS.call_once(sqlx::any::install_default_drivers);
}

/// The address as it may be shown.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((user, host)) = rest.rsplit_once('@') else { return url.to_owned() };
    let user = user.split_once(':').map_or(user, |(user, _)| user);
    format!("{scheme}://{user}@{host}")
}

/// Who else may use the file meanwhile.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Locking {
    /// Other processes; SQLite shares the index of the WAL with them in a file.
    Shared,
    /// Nobody; the index is in memory, so that a full disk can still be read from.
    Exclusive,
}

async fn connect(url: &str, path: &Utf8Path, locking: Locking) -> Result<AnyConnection, StoreError> {
    let mut connection = AnyConnection::connect(url).await.map_err(|cause| open_error(path, cause))?;
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
    // SQLite has no advisory lock: of two processes that meet a fresh file, the second fails in the statement that the first
    // one ran, and finds one migration more done when it looks again.
    let mut looks = MIGRATIONS.iter().count();
    let result = loop {
        match MIGRATIONS.run(&mut *connection).await {
            Err(MigrateError::ExecuteMigration(..) | MigrateError::Execute(..)) if looks > 0 => looks -= 1,
            result => break result,
        }
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
