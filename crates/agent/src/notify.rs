//! Notifier: tells systemd that the daemon is ready, alive and ending (sd_notify(3)).
//!
//! The beat comes from the one thread that does all the work, so a daemon that hangs is started anew.

use std::ffi::OsString;
use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use tokio::task::JoinHandle;

/// Whom to tell; nobody where the daemon was not started by systemd.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notifier {
    /// `NOTIFY_SOCKET`.
    pub socket: Option<OsString>,
    /// Half of `WATCHDOG_USEC`.
    pub beat: Option<Duration>,
}

/// Beats until it is dropped.
#[derive(Debug)]
pub(crate) struct Beat(JoinHandle<()>);

impl Drop for Beat {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Notifier {
    /// The values of the environment of systemd.exec(5): `NOTIFY_SOCKET` and `WATCHDOG_USEC`.
    pub fn new(socket: Option<OsString>, watchdog_microseconds: Option<&str>) -> Notifier {
        let microseconds = watchdog_microseconds.and_then(|text| text.parse::<u64>().ok()).filter(|value| *value > 0);
        Notifier { socket, beat: microseconds.map(|value| Duration::from_micros(value / 2)) }
    }

    /// Says that the daemon is ready, and that it is alive from now on.
    pub(crate) fn ready(&self) -> Option<Beat> {
        self.tell("READY=1");
        let every = self.beat.filter(|_| self.socket.is_some())?;
        let notifier = self.clone();
        Some(Beat(tokio::spawn(async move {
            loop {
                notifier.tell("WATCHDOG=1");
                tokio::time::sleep(every).await;
            }
        })))
    }

    /// Says that the daemon ends.
    pub(crate) fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    fn tell(&self, text: &str) {
        let Some(socket) = &self.socket else { return };
        if let Err(error) = send(socket.as_bytes(), text) {
            tracing::warn!(%error, "systemd could not be told: {text}");
        }
    }
}

/// A name that begins with `@` is abstract: no file has it.
fn send(socket: &[u8], text: &str) -> io::Result<()> {
    let address = match socket.strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(std::ffi::OsStr::from_bytes(socket))?,
    };
    UnixDatagram::unbound()?.send_to_addr(text.as_bytes(), &address).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn systemd_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let abstract_name = format!("assay-agent-test-{}", std::process::id());
        let abstract_address = SocketAddr::from_abstract_name(&abstract_name).unwrap();
        for (socket, name) in [
            (UnixDatagram::bind(&path).unwrap(), path.clone().into_os_string()),
            (UnixDatagram::bind_addr(&abstract_address).unwrap(), format!("@{abstract_name}").into()),
        ] {
            let notifier = Notifier::new(Some(name), Some("20000000"));
            let _beat = notifier.ready();
            tokio::task::yield_now().await;
            notifier.stopping();
            let mut buffer = [0; 64];
            for expected in ["READY=1", "WATCHDOG=1", "STOPPING=1"] {
                let length = socket.recv(&mut buffer).unwrap();
                assert_eq!(std::str::from_utf8(&buffer[..length]).unwrap(), expected);
            }
        }
    }

    #[tokio::test]
    async fn without_systemd_nobody_is_told() {
        for (microseconds, beat) in [(None, None), (Some("x"), None), (Some("0"), None), (Some("2"), Some(1))] {
            let notifier = Notifier::new(None, microseconds);
            assert_eq!(notifier.beat, beat.map(Duration::from_micros));
            assert!(notifier.ready().is_none());
        }
        Notifier::new(Some("/nowhere/at/all".into()), None).stopping();
    }
}
