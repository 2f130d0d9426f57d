//! A folder of network configuration, analysed once and again when a file of it changes.

use std::fs;
use std::sync::{Arc, Mutex, PoisonError};

use assay_reach::exposure::{Mode, exposures};
use assay_reach::inspector::{KnownNetwork, Reachable};
use assay_reach::network::Network;
use assay_reach::snapshot::{Kind, Limits, Presence, ScopeId, Snapshot};
use camino::Utf8PathBuf;

use crate::instances::stamp;

/// A folder of what `aws ec2 describe-…` and its like print, and whose network it is.
#[derive(Debug)]
pub struct NetworkFolder {
    folder: Utf8PathBuf,
    account: Option<String>,
    /// The last analysis, and the stamp of the files that it is of. Who comes meanwhile waits for it.
    last: Mutex<Option<(u64, Arc<Reachable>)>>,
}

impl NetworkFolder {
    /// A folder, and the account that all of it belongs to where that is not what its files say. Nothing is read yet.
    pub fn new(folder: Utf8PathBuf, account: Option<String>) -> NetworkFolder {
        NetworkFolder { folder, account, last: Mutex::new(None) }
    }

    /// The network as its files have it now. Synchronous, and slow where something has changed.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or tells of no network: a sentence that names it.
    pub fn now(&self) -> Result<KnownNetwork, String> {
        let folder = &self.folder;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = fs::read_dir(folder) {
            *last = None;
            return Err(format!("The folder {folder} cannot be read: {error}."));
        }
        let stamp = stamp(folder.as_std_path());
        if let Some((_, reachable)) = last.as_ref().filter(|(known, _)| *known == stamp) {
            return Ok(self.known(reachable));
        }
        *last = None;
        let snapshot = Snapshot::read(folder.as_std_path(), Limits::default());
        if !tells_of_a_network(&snapshot) {
            return Err(format!("The folder {folder} has no configuration of a network."));
        }
        let network = Network::new(&snapshot);
        let reachable = Arc::new(Reachable::of(&exposures(&network, Mode::Edge)));
        let (instances, assumptions) = (reachable.instances(), network.assumptions().len());
        tracing::info!(%folder, instances, assumptions, "analysed the network");
        let known = self.known(&reachable);
        *last = Some((stamp, reachable));
        Ok(known)
    }

    fn known(&self, reachable: &Arc<Reachable>) -> KnownNetwork {
        KnownNetwork { account: self.account.clone(), reachable: Arc::clone(reachable) }
    }
}

/// A list of instances alone says nothing of what lets packets through.
fn tells_of_a_network(snapshot: &Snapshot) -> bool {
    let scopes = (0..snapshot.scopes.len()).filter_map(|index| u16::try_from(index).ok()).map(ScopeId);
    let kinds = [Kind::Vpcs, Kind::Subnets, Kind::SecurityGroups, Kind::RouteTables, Kind::NetworkAcls];
    scopes.into_iter().any(|scope| kinds.iter().any(|kind| snapshot.presence(scope, *kind) != Presence::Missing))
}
