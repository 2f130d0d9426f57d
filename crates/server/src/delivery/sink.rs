//! Sinks, ready to be used: files that they need are read, and one HTTP client is there for all.

use std::time::Duration;

use assay_model::Timestamp;

use super::file::append;
use super::http::Client;
use super::pattern::fits;
use super::rule::{Envelope, SinkError, SinkKind, SinkRule};
use super::sns::SnsEndpoint;
use super::webhook::{Secret, Webhook};
use crate::store::{OutboxMessage, PublishStatus};

/// Why a message did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendError {
    /// Its topic has no sink.
    NoSink,
    /// The receiver will never take it.
    Refused(PublishStatus, String),
    /// The receiver may take it later.
    Failed(PublishStatus, String),
}

/// All sinks.
#[derive(Debug)]
pub struct Sinks {
    sinks: Vec<(String, Sink)>,
    client: Client,
}

#[derive(Debug)]
enum Sink {
    Webhook(Box<Webhook>),
    Sns(SnsEndpoint),
    File(camino::Utf8PathBuf),
}

impl Sinks {
    /// Opens sinks; `timeout` is how long a receiver may take for one message.
    ///
    /// # Errors
    ///
    /// When a file that a sink needs cannot be read or understood.
    pub fn open(rules: &[SinkRule], timeout: Duration) -> Result<Sinks, SinkError> {
        let mut sinks = Vec::new();
        for SinkRule { pattern, kind } in rules {
            let sink = match kind {
                SinkKind::Webhook { url, envelope, secret_file } => {
                    let secret = secret_file.as_deref().map(Secret::read).transpose()?;
                    Sink::Webhook(Box::new(Webhook { url: url.clone(), wraps: *envelope == Envelope::Sns, secret }))
                }
                SinkKind::Sns { url, credentials_file } => Sink::Sns(SnsEndpoint::open(url.clone(), credentials_file)?),
                SinkKind::File(path) => Sink::File(path.clone()),
            };
            sinks.push((pattern.clone(), sink));
        }
        Ok(Sinks { sinks, client: Client::new(timeout)? })
    }

    /// Sends a message to the first sink whose pattern fits its topic.
    ///
    /// # Errors
    ///
    /// When it did not arrive, as far as we know.
    pub async fn send(&self, message: &OutboxMessage, now: Timestamp) -> Result<(), SendError> {
        let sink = self.sinks.iter().find(|(pattern, _)| fits(pattern, &message.topic));
        match sink {
            None => Err(SendError::NoSink),
            Some((_, Sink::File(path))) => append(path, message, now).await,
            Some((_, Sink::Webhook(webhook))) => self.client.send(webhook.request(message, now)).await,
            Some((_, Sink::Sns(endpoint))) => self.client.send(endpoint.request(message, now)).await,
        }
    }
}
