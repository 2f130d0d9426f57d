//! The part of `assay serve` that deals with hosts: the agents' listener, and the inventory of instances.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context as _;
use assay_model::Timestamp;
use assay_server::agents::{self, Authority, CERTIFICATE_LIFETIME, ListenerOptions};
use assay_server::desk::{StoreDesk, open_authority};
use assay_server::instances::InstanceKeeper;
use assay_server::networks::NetworkFolder;
use assay_server::service::Service;
use camino::Utf8Path;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::arguments::{HostsArguments, InstanceSource};
use crate::exit::UsageError;
use crate::terminal::Terminal;

use super::admin_agents::instance_folder;

/// Where agents are listened to unless told.
const DEFAULT_ADDRESS: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8441);

/// Starts what the arguments ask for; the tasks end after `stopped` says so.
///
/// # Errors
///
/// When the listener or the authority cannot be had, or the folder of instances is none.
pub async fn start(
    arguments: &HostsArguments,
    service: &Arc<Service>,
    data: &Utf8Path,
    stopped: &watch::Receiver<bool>,
    terminal: &Terminal,
) -> anyhow::Result<JoinSet<()>> {
    let mut tasks = JoinSet::new();
    match inventory(arguments)? {
        Some(InstanceSource::Folder(folder)) => {
            let source = instance_folder(&folder, &arguments.instances_account, &arguments.instances_region)?;
            let mut keeper = InstanceKeeper::new(Arc::clone(service), source);
            keeper.look().await?;
            tasks.spawn(keeper.run(stopped.clone()));
        }
        #[cfg(feature = "aws")]
        Some(InstanceSource::Aws(regions)) => {
            super::aws_instances::start(arguments, &regions, service, data, stopped, &mut tasks).await?;
        }
        #[cfg(not(feature = "aws"))]
        Some(InstanceSource::Aws(regions)) => {
            let message = format!(
                "--instances aws:{}: this build makes no calls to AWS (it is without the feature `aws`)",
                regions.join(",")
            );
            return Err(UsageError(message).into());
        }
        None => {}
    }
    if let Some((address, listener)) = bind(arguments, terminal).await? {
        let names = names(address, &arguments.agents_names)?;
        let address = listener.local_addr().context("failed to ask where the agents' listener is")?;
        let authority = open_authority(&service.store, data, CERTIFICATE_LIFETIME, Timestamp::now()).await?;
        let fingerprint = authority.fingerprint();
        tasks.spawn(listen(listener, authority, names, Arc::clone(service), stopped.clone()));
        terminal.hint(format_args!("listening to agents at https://{address}, CA fingerprint {fingerprint}"));
    }
    Ok(tasks)
}

/// The folders that tell of networks: those named, else the one that lists the instances.
pub fn networks(arguments: &HostsArguments) -> Vec<NetworkFolder> {
    let implied = match &arguments.instances {
        Some(InstanceSource::Folder(folder)) if arguments.network.is_empty() => Some(folder),
        _ => None,
    };
    let folders = arguments.network.iter().chain(implied);
    folders.map(|folder| NetworkFolder::new(folder.clone(), arguments.instances_account.clone())).collect()
}

/// Who lists the instances: what is named, else the only folder that tells of a network.
fn inventory(arguments: &HostsArguments) -> Result<Option<InstanceSource>, UsageError> {
    match (&arguments.instances, &arguments.network[..]) {
        (Some(source), _) => Ok(Some(source.clone())),
        (None, [folder]) => Ok(Some(InstanceSource::Folder(folder.clone()))),
        (None, []) if arguments.instances_account.is_some() || arguments.instances_region.is_some() => {
            let message = "--instances-account and --instances-region need --instances or --network";
            Err(UsageError(message.to_owned()))
        }
        (None, []) => Ok(None),
        (None, _) => {
            let message = "--network is given several times: --instances has to say which folder lists the instances";
            Err(UsageError(message.to_owned()))
        }
    }
}

/// The listener that is asked for. The usual one is left out where something else listens there.
async fn bind(arguments: &HostsArguments, terminal: &Terminal) -> anyhow::Result<Option<(SocketAddr, TcpListener)>> {
    if arguments.no_agents {
        return Ok(None);
    }
    let address = arguments.agents.unwrap_or(DEFAULT_ADDRESS);
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(Some((address, listener))),
        Err(error) if arguments.agents.is_none() && error.kind() == ErrorKind::AddrInUse => {
            terminal
                .warn(format_args!("agents are not listened to: {address} is taken, --agents names another address"));
            Ok(None)
        }
        Err(error) => Err(error).with_context(|| format!("failed to listen on {address}")),
    }
}

async fn listen(
    listener: TcpListener,
    authority: Authority,
    names: Vec<String>,
    service: Arc<Service>,
    stopped: watch::Receiver<bool>,
) {
    let desk = Arc::new(StoreDesk::new(service, stopped.clone()));
    let served = agents::serve(listener, desk, Arc::new(authority), ListenerOptions::new(names), stopped).await;
    if let Err(error) = served {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(cause, "{error}");
    }
}

/// The names in the listener's certificate: those given, and the address it listens on where agents can use that.
fn names(address: SocketAddr, given: &[String]) -> Result<Vec<String>, UsageError> {
    let mut names = given.to_vec();
    let ip = address.ip();
    if !ip.is_unspecified() {
        names.push(ip.to_string());
    }
    if ip.is_loopback() {
        names.push("localhost".to_owned());
    }
    if names.is_empty() {
        let message = format!("--agents {address}: --agents-name has to say under which name agents reach the server");
        return Err(UsageError(message));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_names_what_agents_can_use() {
        type Case<'a> = (&'a str, &'a [&'a str], Option<&'a [&'a str]>);
        let cases: [Case<'_>; 5] = [
            ("127.0.0.1:0", &[], Some(&["127.0.0.1", "localhost"])),
            ("[::1]:0", &[], Some(&["::1", "localhost"])),
            ("192.0.2.1:8441", &["assay.example"], Some(&["assay.example", "192.0.2.1"])),
            ("0.0.0.0:8441", &["assay.example"], Some(&["assay.example"])),
            ("0.0.0.0:8441", &[], None),
        ];
        for (address, given, expected) in cases {
            let given: Vec<String> = given.iter().map(ToString::to_string).collect();
            let seen = names(address.parse().unwrap(), &given).ok();
            let expected = expected.map(|names| names.iter().map(ToString::to_string).collect::<Vec<_>>());
            assert_eq!(seen, expected, "{address}");
        }
    }
}
