//! Receiver: a local HTTP server that answers as the test says, and remembers what it was sent.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;

/// What the next requests are answered; after the last, all is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Answer(u16),
    /// Takes longer than anybody waits.
    Hang,
    /// Sends the sender to another path of the same server.
    Redirect,
}

#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Receiver {
    script: Arc<Mutex<Vec<Behaviour>>>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

impl Receiver {
    /// Starts one, and gives its address.
    pub(crate) async fn start(script: &[Behaviour]) -> (Receiver, String) {
        let mut script = script.to_vec();
        script.reverse();
        let receiver = Receiver { script: Arc::new(Mutex::new(script)), received: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().fallback(receive).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (receiver, address)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

async fn receive(State(receiver): State<Receiver>, uri: axum::http::Uri, headers: HeaderMap, body: Bytes) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap();
    receiver.received.lock().unwrap().push(Received { path: uri.path().to_owned(), headers, body });
    let behaviour = receiver.script.lock().unwrap().pop();
    match behaviour {
        None => StatusCode::OK.into_response(),
        Some(Behaviour::Answer(status)) => StatusCode::from_u16(status).unwrap().into_response(),
        Some(Behaviour::Redirect) => (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")]).into_response(),
        Some(Behaviour::Hang) => {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            StatusCode::OK.into_response()
        }
    }
}
