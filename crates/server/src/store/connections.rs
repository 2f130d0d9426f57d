//! Connections: a few, lent out one at a time and kept for the next.
//!
//! sqlx's own pool would try a file that cannot be opened again and again until its time-out.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::wake::{Bells, Wake, Wakes};

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
    limit: usize,
    permits: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Idle>>>,
    bells: Bells,
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
            limit,
            permits: Arc::new(Semaphore::new(limit)),
            idle: Arc::new(Mutex::new(vec![Idle { connection: open, in_transaction: false }])),
            bells: Bells::default(),
        }
    }

    /// Which database it is.
    pub(super) fn backend(&self) -> Backend {
        self.backend
    }

    /// Rung for what was committed.
    pub(super) fn bells(&self) -> &Bells {
        &self.bells
    }

    /// The address, with its password.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Waits for a connection. One that the server has cut meanwhile is replaced.
    pub(super) async fn lease(&self) -> Result<Lease<'_>, sqlx::Error> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
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
        // Those that are rolling back come home first.
        drop(self.permits.acquire_many(u32::try_from(self.limit).unwrap_or(u32::MAX)).await);
        while let Some(Idle { connection, .. }) = self.take() {
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
    permit: Option<OwnedSemaphorePermit>,
}

impl<'a> Lease<'a> {
    fn of(connection: AnyConnection, home: &'a Connections, permit: OwnedSemaphorePermit) -> Lease<'a> {
        Lease { connection: Some(connection), in_transaction: false, home, permit: Some(permit) }
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
        let Some(mut connection) = self.connection.take() else { return };
        match (self.in_transaction, Handle::try_current()) {
            // Its locks would hold up everybody else for as long as nobody here needs a connection.
            (true, Ok(runtime)) => {
                let (home, permit) = (Arc::clone(&self.home.idle), self.permit.take());
                runtime.spawn(async move {
                    match connection.execute("ROLLBACK").await {
                        // SQLite may have rolled it back already, and then refuses.
                        Ok(_) | Err(sqlx::Error::Database(_)) => put(&home, Idle { connection, in_transaction: false }),
                        Err(_) => {}
                    }
                    drop(permit);
                });
            }
            (in_transaction, _) => put(&self.home.idle, Idle { connection, in_transaction }),
        }
    }
}

fn put(home: &Mutex<Vec<Idle>>, idle: Idle) {
    home.lock().unwrap_or_else(PoisonError::into_inner).push(idle);
}

/// A transaction on a connection of its own. Dropped without a commit, it is rolled back, and before the connection's next use.
///
/// sqlx's own would believe in a transaction that SQLite has rolled back by itself, as it does on a full disk.
#[derive(Debug)]
pub(super) struct WriteTransaction<'a> {
    lease: Lease<'a>,
    wakes: Wakes,
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
        Ok(WriteTransaction { lease, wakes: Wakes::default() })
    }

    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        if !self.wakes.is_empty() && self.lease.home.backend == Backend::Postgres {
            self.lease.execute(AssertSqlSafe(self.wakes.statement())).await?;
        }
        self.lease.execute("COMMIT").await?;
        self.lease.in_transaction = false;
        self.lease.home.bells.ring(self.wakes);
        Ok(())
    }

    /// Takes everything back, and waits for that.
    pub(super) async fn rollback(mut self) -> Result<(), sqlx::Error> {
        self.lease.execute("ROLLBACK").await?;
        self.lease.in_transaction = false;
        Ok(())
    }

    /// Wakes, once this is committed, those who wait for it, here and in other processes.
    pub(super) fn wake(&mut self, wake: Wake) {
        self.wakes.add(wake);
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
