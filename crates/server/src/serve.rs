//! Serving: the API's listener, until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::routing::Router;
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::accept::{ConnectionLimits, accept, handshake, serve_http};
use crate::api::Scheme;

/// A signed address is in the head of its request.
const LIMITS: ConnectionLimits =
    ConnectionLimits { connections: 4096, timeout: Duration::from_secs(20), head_bytes: 64 << 10 };

/// Serves a router until `shutdown` says so, over TLS where there is a configuration for it; requests that are being
/// answered are finished.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    router: Router,
    shutdown: watch::Receiver<bool>,
) {
    let scheme = if tls.is_some() { Scheme::Https } else { Scheme::Http };
    let tls = tls.map(TlsAcceptor::from);
    let stopped = shutdown.clone();
    accept(listener, LIMITS, shutdown, |stream, address| {
        let router = router.clone().layer(Extension(address)).layer(Extension(scheme));
        let (tls, mut shutdown) = (tls.clone(), stopped.clone());
        async move {
            match tls {
                None => serve_http(stream, router, LIMITS, shutdown).await,
                Some(tls) => {
                    let stream = handshake(LIMITS, &mut shutdown, tls.accept(stream)).await?;
                    serve_http(stream, router, LIMITS, shutdown).await
                }
            }
        }
    })
    .await;
}
