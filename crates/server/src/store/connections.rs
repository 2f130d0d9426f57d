//! Connections: a few, lent out one at a time and kept for the next.
//!
//! sqlx's own pool would try a file that cannot be opened again and again until its time-out.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

use sqlx::{AnyConnection, Connection, Executor};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Backend {
    Sqlite,
    Postgres,
}

/// Connections to one database.
#[derive(Debug)]
pub(super) struct Connections {
    backend: Backend,
    url: String,
    settings: &'static str,
    permits: Semaphore,
    idle: Mutex<Vec<Idle>>,
}

/// A connection that nobody uses.
#[derive(Debug)]
struct Idle {
    connection: AnyConnection,
    /// Whether its last user left a transaction unfinished.
    in_transaction: bool,
}

impl Connections {
    /// At most so many connections to `url`, each of which begins with `settings`; one is open already.
    pub(super) fn new(
        backend: Backend,
        url: String,
        settings: &'static str,
        limit: usize,
        open: AnyConnection,
    ) -> Connections {
        Connections {
            backend,
            url,
            settings,
            permits: Semaphore::new(limit),
            idle: Mutex::new(vec![Idle { connection: open, in_transaction: false }]),
        }
    }

    /// Which database it is.
    pub(super) fn backend(&self) -> Backend {
        self.backend
    }

    /// Waits for a connection. One that the server has cut meanwhile is replaced.
    pub(super) async fn lease(&self) -> Result<Lease<'_>, sqlx::Error> {
        let permit = self.permits.acquire().await.map_err(|_| sqlx::Error::PoolClosed)?;
        while let Some(Idle { mut connection, in_transaction }) = self.take() {
            if in_transaction {
                // SQLite may have rolled it back already, and then refuses.
                drop(connection.execute("ROLLBACK").await);
            }
            if self.backend == Backend::Sqlite || connection.ping().await.is_ok() {
                return Ok(Lease::of(connection, self, permit));
            }
        }
        let mut connection = AnyConnection::connect(&self.url).await?;
        if !self.settings.is_empty() {
            connection.execute(self.settings).await?;
        }
        Ok(Lease::of(connection, self, permit))
    }

    /// Closes those that are not lent out. A failure loses nothing: SQLite's WAL stays, and is read by the next one who
    /// opens the store.
    pub(super) async fn close(self) {
        for Idle { connection, .. } in self.idle.into_inner().unwrap_or_else(PoisonError::into_inner) {
            drop(connection.close().await);
        }
    }

    fn take(&self) -> Option<Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}

/// A connection on loan; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Lease<'a> {
    connection: Option<AnyConnection>,
    /// Whether a transaction was begun and not ended.
    in_transaction: bool,
    home: &'a Connections,
    _permit: SemaphorePermit<'a>,
}

impl<'a> Lease<'a> {
    fn of(connection: AnyConnection, home: &'a Connections, permit: SemaphorePermit<'a>) -> Lease<'a> {
        Lease { connection: Some(connection), in_transaction: false, home, _permit: permit }
    }
}

impl Deref for Lease<'_> {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        self.connection.as_ref().expect("it is there until the loan ends")
    }
}

impl DerefMut for Lease<'_> {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.connection.as_mut().expect("it is there until the loan ends")
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let idle = Idle { connection, in_transaction: self.in_transaction };
            self.home.idle.lock().unwrap_or_else(PoisonError::into_inner).push(idle);
        }
    }
}

/// A transaction on a connection of its own. Dropped without a commit, it is rolled back before the connection's next use.
///
/// sqlx's own would believe in a transaction that SQLite has rolled back by itself, as it does on a full disk.
#[derive(Debug)]
pub(super) struct WriteTransaction<'a> {
    lease: Lease<'a>,
}

impl<'a> WriteTransaction<'a> {
    pub(super) async fn begin(mut lease: Lease<'a>) -> Result<WriteTransaction<'a>, sqlx::Error> {
        let begin = match lease.home.backend {
            Backend::Sqlite => "BEGIN IMMEDIATE",
            Backend::Postgres => "BEGIN",
        };
        // Before the statement: it may take effect although its answer is not waited for.
        lease.in_transaction = true;
        lease.execute(begin).await?;
        Ok(WriteTransaction { lease })
    }

    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.lease.execute("COMMIT").await?;
        self.lease.in_transaction = false;
        Ok(())
    }

    /// Takes everything back now; one that is only dropped keeps its lock until its connection is used again.
    pub(super) async fn rollback(mut self) -> Result<(), sqlx::Error> {
        self.lease.execute("ROLLBACK").await?;
        self.lease.in_transaction = false;
        Ok(())
    }
}

impl Deref for WriteTransaction<'_> {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.lease
    }
}

impl DerefMut for WriteTransaction<'_> {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.lease
    }
}
