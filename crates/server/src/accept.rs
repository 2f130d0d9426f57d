//! Accepting: connections in a bounded number, each a task of its own, and HTTP/1 on one of them.
//!
//! Whatever one connection does ends with that connection.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::routing::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// How connections behave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    /// Connections at a time; more have to wait for the system to accept them.
    pub(crate) connections: usize,
    /// How long a handshake and the head of a request may take, each.
    pub(crate) timeout: Duration,
    /// Longest head of a request, in bytes.
    pub(crate) head_bytes: usize,
}

/// Gives every connection to `serve` until `shutdown` says so, then waits for those that are open. An error of a
/// connection is one sentence for the log.
pub(crate) async fn accept<F>(
    listener: TcpListener,
    limits: ConnectionLimits,
    mut shutdown: watch::Receiver<bool>,
    mut serve: impl FnMut(TcpStream, SocketAddr) -> F,
) where
    F: Future<Output = Result<(), String>> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = shutdown.wait_for(|is_over| *is_over) => break,
        };
        match accepted {
            Ok((stream, address)) => {
                let connection = serve(stream, address);
                connections.spawn(async move {
                    if let Err(reason) = connection.await {
                        tracing::info!(%address, reason, "a connection ended");
                    }
                    drop(place);
                });
            }
            Err(error) => {
                // Out of file descriptors, most likely: others will be closed.
                tracing::error!(%error, "failed to accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
    while connections.join_next().await.is_some() {}
}

/// What a future gives, unless it takes too long or `shutdown` comes first.
pub(crate) async fn handshake<T>(
    limits: ConnectionLimits,
    shutdown: &mut watch::Receiver<bool>,
    shaking: impl Future<Output = std::io::Result<T>>,
) -> Result<T, String> {
    tokio::select! {
        shaken = tokio::time::timeout(limits.timeout, shaking) => {
            shaken.map_err(|_| "the handshake took too long")?.map_err(|error| error.to_string())
        }
        _ = shutdown.wait_for(|is_over| *is_over) => Err("the server ends".to_owned()),
    }
}

/// Answers the requests of a connection; the one that is being answered when `shutdown` comes is finished.
pub(crate) async fn serve_http(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    limits: ConnectionLimits,
    mut shutdown: watch::Receiver<bool>,
) -> Result<(), String> {
    let service = TowerToHyperService::new(router);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.timeout).max_buf_size(limits.head_bytes);
    let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        served = &mut connection => return served.map_err(|error| error.to_string()),
        _ = shutdown.wait_for(|is_over| *is_over) => {}
    }
    connection.as_mut().graceful_shutdown();
    connection.await.map_err(|error| error.to_string())
}
