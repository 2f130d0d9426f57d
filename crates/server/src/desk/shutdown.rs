//! Shutdown: the end of the service, waited for.

use tokio::sync::watch;

/// Waits for the end of the service; whoever may say so being gone is its end, too.
pub(super) async fn is_over(shutdown: &mut watch::Receiver<bool>) {
    drop(shutdown.wait_for(|is_over| *is_over).await);
}
