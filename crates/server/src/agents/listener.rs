//! Listener: agents' connections, over TLS with certificates on both sides.

use std::sync::Arc;
use std::time::Duration;

use assay_model::Timestamp;
use axum::Extension;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::authority::Authority;
use super::authority_error::AuthorityError;
use super::desk::Desk;
use super::handlers::{self, Context};
use super::transport;
use crate::accept::{ConnectionLimits, accept, handshake, serve_http};

/// After that many seconds the listener makes a new certificate for itself.
const FRESH_SECONDS: i64 = 30 * 24 * 3600;

/// Longest head of a request, in bytes: a chunk's head is in it.
const MAX_HEAD_BYTES: usize = 16 << 10;

/// How the listener behaves.
#[derive(Clone, Debug)]
pub struct ListenerOptions {
    /// Host names and addresses under which agents reach the server.
    pub names: Vec<String>,
    /// Connections at a time; more have to wait for the system to accept them.
    pub max_connections: usize,
    /// How long a handshake, the head of a request, and a body may take, each.
    pub timeout: Duration,
    /// The time.
    pub clock: fn() -> Timestamp,
}

impl ListenerOptions {
    /// 4,096 connections, 20 seconds.
    pub fn new(names: Vec<String>) -> ListenerOptions {
        ListenerOptions { names, max_connections: 4096, timeout: Duration::from_secs(20), clock: Timestamp::now }
    }
}

/// Why the listener ended.
#[derive(Debug, thiserror::Error)]
pub enum ListenerError {
    /// Its certificate could not be made.
    #[error("failed to make the certificate of the agents' listener")]
    Certificate(#[source] AuthorityError),
}

/// Serves agents until `shutdown` says so; requests that are being answered are finished.
///
/// # Errors
///
/// When no certificate can be made. What a connection does is no error.
pub async fn serve(
    listener: TcpListener,
    desk: Arc<dyn Desk>,
    authority: Arc<Authority>,
    options: ListenerOptions,
    shutdown: watch::Receiver<bool>,
) -> Result<(), ListenerError> {
    let ListenerOptions { names, max_connections, timeout, clock } = options;
    let context = Context { desk, authority: Arc::clone(&authority), clock, body_timeout: timeout };
    let router = handlers::router(context);
    let limits = ConnectionLimits { connections: max_connections, timeout, head_bytes: MAX_HEAD_BYTES };
    let mut made_at = clock();
    let mut tls = transport::tls(&authority, &names, made_at).map_err(ListenerError::Certificate)?;
    let stopped = shutdown.clone();
    accept(listener, limits, shutdown, |stream, address| {
        let now = clock();
        if now.as_second() - made_at.as_second() > FRESH_SECONDS {
            match transport::tls(&authority, &names, now) {
                Ok(fresh) => (tls, made_at) = (fresh, now),
                // The one in use is valid for long.
                Err(error) => tracing::error!(%error, "failed to make a new certificate for the agents' listener"),
            }
        }
        let (tls, router) = (TlsAcceptor::from(Arc::clone(&tls)), router.clone());
        let mut shutdown = stopped.clone();
        async move {
            let stream = handshake(limits, &mut shutdown, tls.accept(stream)).await?;
            let peer = transport::peer(stream.get_ref().1, address).map_err(|error| error.to_string())?;
            serve_http(stream, router.layer(Extension(peer)), limits, shutdown).await
        }
    })
    .await;
    Ok(())
}
