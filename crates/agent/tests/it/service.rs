//! The server's listener on a free port, with a desk in memory.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use assay_agent::{Pin, ServerAddress};
use assay_link::AgentId;
use assay_model::Timestamp;
use assay_server::agents::{AgentKey, Authority, CERTIFICATE_LIFETIME, Desk, ListenerOptions, serve};
use camino::Utf8Path;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::desk::{ACCOUNT, MemoryDesk};

pub(crate) struct Service {
    pub(crate) desk: Arc<MemoryDesk>,
    pub(crate) address: SocketAddr,
    pub(crate) authority: String,
    pub(crate) fingerprint: String,
    folder: TempDir,
    over: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Service {
    pub(crate) async fn start(tokens: &[&str]) -> Service {
        Service::with(tokens, CERTIFICATE_LIFETIME).await
    }

    /// A service whose certificates live that long.
    pub(crate) async fn with(tokens: &[&str], lifetime: Duration) -> Service {
        let desk = Arc::new(MemoryDesk::with_tokens(tokens));
        let free = "127.0.0.1:0".parse().unwrap();
        Service::begin(tempfile::tempdir().unwrap(), desk.clone(), desk, lifetime, free).await
    }

    /// A service whose handlers ask `front`, which knows `desk`.
    pub(crate) async fn behind(front: Arc<dyn Desk>, desk: Arc<MemoryDesk>) -> Service {
        let free = "127.0.0.1:0".parse().unwrap();
        Service::begin(tempfile::tempdir().unwrap(), front, desk, CERTIFICATE_LIFETIME, free).await
    }

    async fn begin(
        folder: TempDir,
        front: Arc<dyn Desk>,
        desk: Arc<MemoryDesk>,
        lifetime: Duration,
        address: SocketAddr,
    ) -> Service {
        let path = Utf8Path::from_path(folder.path()).unwrap();
        let authority = Authority::open(&path.join("ca"), lifetime, Timestamp::now()).unwrap();
        let pem = authority.pem().to_owned();
        let fingerprint = authority.fingerprint();
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (over, is_over) = watch::channel(false);
        let options = ListenerOptions::new(vec!["127.0.0.1".into()]);
        let serving = serve(listener, front, Arc::new(authority), options, is_over);
        let task = tokio::spawn(async { serving.await.unwrap() });
        Service { desk, address, authority: pem, fingerprint, folder, over, task }
    }

    /// Ends and starts anew at the same address with the same authority and desk, and with certificates that live longer.
    pub(crate) async fn restart(self, lifetime: Duration) -> Service {
        let (address, desk) = (self.address, Arc::clone(&self.desk));
        let folder = self.end().await;
        Service::begin(folder, desk.clone(), desk, lifetime, address).await
    }

    /// Ends and starts anew at the same address, as somebody else.
    pub(crate) async fn replace(self) -> Service {
        let address = self.address;
        self.end().await;
        let desk = Arc::new(MemoryDesk::default());
        Service::begin(tempfile::tempdir().unwrap(), desk.clone(), desk, CERTIFICATE_LIFETIME, address).await
    }

    async fn end(self) -> TempDir {
        self.over.send_replace(true);
        self.task.abort();
        let _ = self.task.await;
        self.folder
    }

    pub(crate) fn server(&self) -> ServerAddress {
        format!("https://{}", self.address).parse().unwrap()
    }

    pub(crate) fn pin(&self) -> Pin {
        Pin::fingerprint(&self.fingerprint).unwrap()
    }
}

pub(crate) fn key(agent: &AgentId) -> AgentKey {
    AgentKey { account: ACCOUNT.into(), agent: agent.clone() }
}

/// Waits until something is there. Only a defect makes it wait for minutes.
pub(crate) async fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..12_000 {
        if let Some(found) = look() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("waited in vain for {what}");
}
