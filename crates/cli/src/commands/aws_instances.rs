//! The part of `assay serve` that asks EC2 for instances.
//!
//! The answers go to a folder that the service reads as it reads any other, so that a region which does not answer keeps its
//! last list, over a restart, too.

use std::sync::Arc;
use std::time::Duration;

use assay_cloud::aws::{CloudError, Collected, Session, SessionOptions, collect};
use assay_cloud::{CALLS, Call, Service as CloudService};
use assay_server::instances::InstanceKeeper;
use assay_server::service::Service;
use camino::{Utf8Path, Utf8PathBuf};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::arguments::HostsArguments;

use super::admin_agents::instance_folder;
use super::aws::{place, told};

/// The folder in the data folder.
const FOLDER: &str = "instances-aws";

/// The call without which there is no list, and the one that has the names of security groups.
const NEEDED: &str = "describe-instances";
const CALLS_MADE: [&str; 2] = [NEEDED, "describe-security-groups"];

struct Asking {
    session: Arc<Session>,
    regions: Vec<String>,
    folder: Utf8PathBuf,
    calls: Vec<Call>,
}

/// Asks once, and then as often as the arguments say, until `stopped` says so.
///
/// # Errors
///
/// When the arguments name no region or there is nothing to ask for credentials. That EC2 does not answer is none.
pub async fn start(
    arguments: &HostsArguments,
    regions: &[String],
    service: &Arc<Service>,
    data: &Utf8Path,
    stopped: &watch::Receiver<bool>,
    tasks: &mut JoinSet<()>,
) -> anyhow::Result<()> {
    let session = Session::open(SessionOptions::default()).await.map_err(told)?;
    for region in regions {
        session.check_region(region).map_err(told)?;
    }
    let folder = data.join(FOLDER);
    std::fs::create_dir_all(&folder)?;
    let is_made = |call: &&Call| call.service == CloudService::Ec2 && CALLS_MADE.contains(&call.name);
    let calls = CALLS.iter().filter(is_made).copied().collect();
    let source = instance_folder(&folder, &arguments.instances_account, &arguments.instances_region)?;
    let mut keeper = InstanceKeeper::new(Arc::clone(service), source);
    // What was had before the start is there at once.
    keeper.look().await?;
    let asking = Asking { session: Arc::new(session), regions: regions.to_vec(), folder, calls };
    let pause = Duration::from_secs(arguments.instances_every.into());
    let mut stopped = stopped.clone();
    tasks.spawn(async move {
        loop {
            tokio::select! {
                () = asking.refresh(&mut keeper) => {}
                _ = stopped.wait_for(|is_over| *is_over) => return,
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stopped.wait_for(|is_over| *is_over) => return,
            }
        }
    });
    Ok(())
}

impl Asking {
    /// Asks every region, and takes over what came.
    async fn refresh(&self, keeper: &mut InstanceKeeper) {
        for region in &self.regions {
            if let Err(error) = self.region(region).await {
                let error = format!("{:#}", anyhow::Error::from(error));
                tracing::error!(region, error, "EC2 was asked for instances in vain; the last list stays");
            }
        }
        if let Err(error) = keeper.look().await {
            tracing::error!(%error, "failed to keep the inventory of instances");
        }
    }

    async fn region(&self, region: &str) -> Result<(), CloudError> {
        let identity = self.session.identity(region).await?;
        let place = place(&self.folder, identity.as_ref().map(|identity| identity.account.as_str()), region);
        let Collected { staging, notes, .. } =
            collect(&self.session, region, identity.as_ref(), &self.calls, &place).await?;
        let is_needed = |call: &str| call.ends_with(NEEDED);
        for note in &notes {
            let permission = note.permission.as_deref();
            if is_needed(&note.call) {
                tracing::error!(region, note.reason, permission, "EC2 did not list its instances; the last list stays");
            } else {
                tracing::warn!(region, note.call, note.reason, permission, "EC2 did not answer");
            }
        }
        if notes.iter().any(|note| is_needed(&note.call)) {
            return Ok(());
        }
        staging.keep()
    }
}
