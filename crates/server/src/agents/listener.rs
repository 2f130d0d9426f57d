//! Listener: accepts agents' connections; each has its own task, its own time-outs and a place of a bounded number.
//!
//! Whatever one connection does ends with that connection.

use std::sync::Arc;
use std::time::Duration;

use assay_model::Timestamp;
use axum::Extension;
use axum::routing::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::authority::Authority;
use super::authority_error::AuthorityError;
use super::desk::Desk;
use super::handlers::{self, Context};
use super::transport;

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
    mut shutdown: watch::Receiver<bool>,
) -> Result<(), ListenerError> {
    let ListenerOptions { names, max_connections, timeout, clock } = options;
    let context = Context { desk, authority: Arc::clone(&authority), clock, body_timeout: timeout };
    let router = handlers::router(context);
    let places = Arc::new(Semaphore::new(max_connections));
    let mut connections = JoinSet::new();
    let mut made_at = clock();
    let mut tls = transport::tls(&authority, &names, made_at).map_err(ListenerError::Certificate)?;
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = shutdown.wait_for(|is_over| *is_over) => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: others will be closed.
                tracing::error!(%error, "failed to accept an agent's connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let now = clock();
        if now.as_second() - made_at.as_second() > FRESH_SECONDS {
            tls = transport::tls(&authority, &names, now).map_err(ListenerError::Certificate)?;
            made_at = now;
        }
        let connection =
            Connection { tls: Arc::clone(&tls), router: router.clone(), timeout, shutdown: shutdown.clone() };
        connections.spawn(async move {
            if let Err(reason) = connection.serve(stream, address).await {
                tracing::info!(%address, reason, "an agent's connection ended");
            }
            drop(place);
        });
        while connections.try_join_next().is_some() {}
    }
    while connections.join_next().await.is_some() {}
    Ok(())
}

struct Connection {
    tls: Arc<ServerConfig>,
    router: Router,
    timeout: Duration,
    shutdown: watch::Receiver<bool>,
}

impl Connection {
    async fn serve(mut self, stream: TcpStream, address: std::net::SocketAddr) -> Result<(), String> {
        let handshake = tokio::time::timeout(self.timeout, TlsAcceptor::from(self.tls).accept(stream));
        let stream = tokio::select! {
            stream = handshake => stream.map_err(|_| "the handshake took too long")?,
            _ = self.shutdown.wait_for(|is_over| *is_over) => return Err("the server ends".to_owned()),
        };
        let stream = stream.map_err(|error| error.to_string())?;
        let peer = transport::peer(stream.get_ref().1, address).map_err(|error| error.to_string())?;
        let service = TowerToHyperService::new(self.router.layer(Extension(peer)));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.timeout).max_buf_size(MAX_HEAD_BYTES);
        let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service));
        tokio::select! {
            served = &mut connection => return served.map_err(|error| error.to_string()),
            _ = self.shutdown.wait_for(|is_over| *is_over) => connection.as_mut().graceful_shutdown(),
        }
        connection.await.map_err(|error| error.to_string())
    }
}
