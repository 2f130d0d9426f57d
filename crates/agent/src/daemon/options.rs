//! What the daemon works with, and how patient it is.

use std::time::Duration;

use assay_link::poll::MAX_WAIT_SECONDS;
use assay_model::Timestamp;

use crate::folder::Folder;
use crate::launcher::Launcher;
use crate::metadata_service::MetadataService;
use crate::notify::Notifier;
use crate::proxy::ProxySettings;

/// How patient the daemon is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How long the server may hold a poll back, in seconds.
    pub wait_seconds: u32,
    /// The pause after a poll that was answered at once with nothing to do.
    pub pause: Duration,
    /// The pause after the first failure; each later one is twice as long.
    pub first_pause: Duration,
    /// The longest pause after failures.
    pub longest_pause: Duration,
}

impl Default for Patience {
    /// 50 s held back, 5 s between answers that come at once, 2 s to 5 min after failures.
    fn default() -> Patience {
        Patience {
            wait_seconds: MAX_WAIT_SECONDS,
            pause: Duration::from_secs(5),
            first_pause: Duration::from_secs(2),
            longest_pause: Duration::from_secs(300),
        }
    }
}

/// What the daemon works with.
#[derive(Clone, Debug)]
pub struct DaemonOptions {
    /// The agent's files.
    pub folder: Folder,
    /// The proxy on the way to the server.
    pub proxy: ProxySettings,
    /// Where a cloud says who this host is.
    pub metadata: MetadataService,
    /// How patient it is.
    pub patience: Patience,
    /// How to start the processes that look at the host.
    pub launcher: Launcher,
    /// Who is told that the daemon is ready and alive.
    pub notifier: Notifier,
    /// The time.
    pub clock: fn() -> Timestamp,
}
