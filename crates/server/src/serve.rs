//! Serving: the API's listener, until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::routing::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// Connections at a time.
const MAX_CONNECTIONS: usize = 4096;

/// How long the head of a request may take.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);

/// Longest head of a request, in bytes: a signed address is in it.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// Serves a router until `shutdown` says so; requests that are being answered are finished.
pub async fn serve(listener: TcpListener, router: Router, mut shutdown: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = shutdown.wait_for(|is_over| *is_over) => break,
        };
        match accepted {
            Ok((stream, address)) => {
                let connection = serve_connection(stream, address, router.clone(), shutdown.clone());
                connections.spawn(async move {
                    connection.await;
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

async fn serve_connection(stream: TcpStream, address: SocketAddr, router: Router, mut shutdown: watch::Receiver<bool>) {
    let service = TowerToHyperService::new(router.layer(Extension(address)));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(MAX_HEAD_BYTES);
    let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service));
    let served = tokio::select! {
        served = &mut connection => Some(served),
        _ = shutdown.wait_for(|is_over| *is_over) => None,
    };
    let served = match served {
        Some(served) => served,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::info!(%address, %error, "a connection ended");
    }
}
