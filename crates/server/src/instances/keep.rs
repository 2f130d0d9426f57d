//! Keeping: the store's inventory is what the folder says, looked at every minute.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use assay_model::evidence::Problem;
use camino::Utf8PathBuf;
use tokio::sync::watch;

use super::read::{InstancesRead, Whose, read};
use super::stamp::stamp;
use crate::service::Service;
use crate::store::{Store, StoreError};

/// How often the folder is looked at.
const INTERVAL: Duration = Duration::from_secs(60);

/// Problems that are logged one by one.
const LOGGED_PROBLEMS: usize = 5;

/// Where instances are read from, and whose they are.
#[derive(Clone, Debug)]
pub struct InstanceFolder {
    /// The folder.
    pub folder: Utf8PathBuf,
    /// Whose they are, where that is not what the files say.
    pub whose: Whose,
}

/// Why the inventory could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The thread that reads was lost.
    #[error("failed to read {folder}")]
    Read {
        /// The folder.
        folder: Utf8PathBuf,
        /// Why.
        #[source]
        cause: tokio::task::JoinError,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was taken over from a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Instances of accounts that the service has.
    pub instances: usize,
    /// Accounts of the folder that the service does not have.
    pub unknown_accounts: BTreeSet<String>,
    /// What could not be used.
    pub problems: Vec<Problem>,
}

impl InstanceFolder {
    /// Replaces the inventory by what the folder says now. Accounts that the service does not have are left out.
    ///
    /// # Errors
    ///
    /// When the store fails; then some regions may be new and some old.
    pub async fn take(&self, store: &Store) -> Result<Taken, KeepError> {
        let this = self.clone();
        let read = tokio::task::spawn_blocking(move || read(&this.folder, &this.whose)).await;
        let read = read.map_err(|cause| KeepError::Read { folder: self.folder.clone(), cause })?;
        let InstancesRead { realms, problems } = read;
        let accounts: BTreeSet<String> = store.accounts().await?.into_iter().map(|account| account.id).collect();
        let mut taken = Taken { problems, ..Taken::default() };
        for (realm, instances, inventory) in realms {
            if accounts.contains(&realm.account) {
                store.replace_instances(&realm, &instances, inventory).await?;
                taken.instances += instances.len();
            } else {
                taken.unknown_accounts.insert(realm.account);
            }
        }
        Ok(taken)
    }
}

/// Keeps the inventory up to date.
#[derive(Debug)]
pub struct InstanceKeeper {
    service: Arc<Service>,
    source: InstanceFolder,
    last: Option<u64>,
}

impl InstanceKeeper {
    /// Nothing is read yet.
    pub fn new(service: Arc<Service>, source: InstanceFolder) -> InstanceKeeper {
        InstanceKeeper { service, source, last: None }
    }

    /// Takes the folder over if it has changed since the last time; tells whether it had.
    ///
    /// # Errors
    ///
    /// As [`InstanceFolder::take`]; the next look then tries again.
    pub async fn look(&mut self) -> Result<bool, KeepError> {
        let folder = self.source.folder.clone();
        let stamp = tokio::task::spawn_blocking(move || stamp(folder.as_std_path())).await;
        let stamp = stamp.map_err(|cause| KeepError::Read { folder: self.source.folder.clone(), cause })?;
        if self.last == Some(stamp) {
            return Ok(false);
        }
        let Taken { instances, unknown_accounts, problems } = self.source.take(&self.service.store).await?;
        let folder = &self.source.folder;
        tracing::info!(%folder, instances, problems = problems.len(), "took the inventory of instances over");
        for account in unknown_accounts {
            tracing::warn!(%folder, account, "instances of an account that is not there are left out");
        }
        for problem in problems.iter().take(LOGGED_PROBLEMS) {
            tracing::warn!(%folder, subject = problem.subject, detail = problem.detail, "not used of the inventory");
        }
        self.last = Some(stamp);
        Ok(true)
    }

    /// Looks every minute, until `shutdown` says so.
    pub async fn run(mut self, mut shutdown: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(INTERVAL) => {}
                _ = shutdown.wait_for(|is_over| *is_over) => return,
            }
            if let Err(error) = self.look().await {
                tracing::error!(%error, "failed to keep the inventory of instances");
            }
        }
    }
}
