//! A host: a folder of its own, and the agent's commands with it.

use std::time::Duration;

use assay_agent::{
    AgentError, Daemon, DaemonOptions, EnrolOptions, Enrolled, Folder, LookLimits, MetadataService, Notifier, Patience,
    Pin, ProxySettings, Status, enroll, status,
};
use assay_link::AgentId;
use assay_model::Timestamp;
use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::child::launcher;
use crate::service::Service;

pub(crate) struct Host {
    folder: TempDir,
    pub(crate) proxy: ProxySettings,
    pub(crate) metadata: MetadataService,
    pub(crate) limits: LookLimits,
}

/// A daemon that runs.
pub(crate) struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<Result<(), AgentError>>,
}

impl Running {
    /// Stops it as SIGTERM does.
    pub(crate) async fn stop(self) -> Result<(), AgentError> {
        self.stop.send_replace(true);
        self.end().await
    }

    /// Waits for it to end by itself.
    pub(crate) async fn end(self) -> Result<(), AgentError> {
        self.task.await.unwrap()
    }
}

impl Host {
    pub(crate) fn new() -> Host {
        Host {
            folder: tempfile::tempdir().unwrap(),
            proxy: ProxySettings::default(),
            metadata: MetadataService::Off,
            limits: LookLimits::default(),
        }
    }

    pub(crate) fn data(&self) -> &Utf8Path {
        Utf8Path::from_path(self.folder.path()).unwrap()
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::of_data(self.data())
    }

    pub(crate) fn file(&self, name: &str) -> Utf8PathBuf {
        self.folder().path().join(name)
    }

    pub(crate) async fn enroll(
        &self,
        service: &Service,
        token: &str,
        pin: Option<Pin>,
    ) -> Result<Enrolled, AgentError> {
        let options = EnrolOptions {
            server: service.server(),
            token: token.into(),
            pin,
            tags: [("Name".to_owned(), "web".to_owned())].into(),
            metadata: self.metadata.clone(),
            proxy: self.proxy.clone(),
        };
        enroll(&self.folder(), options, Timestamp::now()).await
    }

    /// A host that a service has enrolled.
    pub(crate) async fn enrolled(service: &Service, token: &str) -> (Host, AgentId) {
        let host = Host::new();
        let enrolled = host.enroll(service, token, Some(service.pin())).await.unwrap();
        (host, enrolled.agent)
    }

    pub(crate) fn options(&self) -> DaemonOptions {
        DaemonOptions {
            folder: self.folder(),
            proxy: self.proxy.clone(),
            metadata: self.metadata.clone(),
            patience: Patience {
                pause: Duration::from_millis(20),
                first_pause: Duration::from_millis(10),
                longest_pause: Duration::from_millis(200),
                ..Patience::default()
            },
            launcher: launcher(self.limits),
            notifier: Notifier::default(),
            clock: Timestamp::now,
        }
    }

    pub(crate) async fn open(&self) -> Result<Daemon, AgentError> {
        Daemon::open(self.options()).await
    }

    /// Starts the daemon.
    pub(crate) async fn run(&self) -> Running {
        let daemon = self.open().await.unwrap();
        let (stop, mut is_stopped) = watch::channel(false);
        let shutdown = async move {
            let _ = is_stopped.wait_for(|is_stopped| *is_stopped).await;
        };
        Running { stop, task: tokio::spawn(daemon.run(shutdown)) }
    }

    pub(crate) fn status(&self) -> Status {
        status(&self.folder(), Timestamp::now()).unwrap()
    }
}
