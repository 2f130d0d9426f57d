//! Signal: wakes those who wait for something that the store now has. It says nothing; who is woken looks for themselves.

use tokio::sync::watch;

/// Wakes those who wait.
#[derive(Debug)]
pub struct Signal {
    number: watch::Sender<u64>,
}

/// One who waits.
#[derive(Debug)]
pub struct Waiter {
    number: watch::Receiver<u64>,
}

impl Default for Signal {
    fn default() -> Signal {
        Signal { number: watch::Sender::new(0) }
    }
}

impl Signal {
    /// Wakes everybody who waits.
    pub fn notify(&self) {
        self.number.send_modify(|number| *number = number.wrapping_add(1));
    }

    /// Waits for what comes from now on.
    pub fn waiter(&self) -> Waiter {
        Waiter { number: self.number.subscribe() }
    }
}

impl Waiter {
    /// Waits only for what comes from now on.
    pub fn forget(&mut self) {
        self.number.mark_unchanged();
    }

    /// Waits until it was notified since the last time.
    pub async fn wait(&mut self) {
        if self.number.changed().await.is_err() {
            // Nobody can notify any more.
            std::future::pending::<()>().await;
        }
    }
}
