//! HTTP to receivers: one request, no redirects, bounded time, and nothing of the answer but its status.
//!
//! A redirect would make us talk to a host that the operator did not name, so it counts as a refusal.

use std::error::Error as _;
use std::time::Duration;

use reqwest::Url;
use reqwest::redirect::Policy;

use super::rule::SinkError;
use super::sink::SendError;
use crate::store::PublishStatus;

/// How long it may take to reach a receiver.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Longest answer that is read, so that its connection can be used again.
const MAX_ANSWER_BYTES: usize = 64 << 10;

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Post {
    pub(super) url: Url,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

/// Sends requests.
#[derive(Debug)]
pub(super) struct Client(reqwest::Client);

impl Client {
    pub(super) fn new(timeout: Duration) -> Result<Client, SinkError> {
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(timeout)
            .user_agent(concat!("assay/", env!("CARGO_PKG_VERSION")))
            .build();
        client.map(Client).map_err(SinkError::Client)
    }

    pub(super) async fn send(&self, post: Post) -> Result<(), SendError> {
        let request = self.0.post(post.url).body(post.body);
        let request = post.headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        let failed =
            |error: reqwest::Error| SendError::Failed(PublishStatus::InternalError, chain(&error.without_url()));
        let mut response = request.send().await.map_err(failed)?;
        let status = response.status();
        let mut length = 0;
        while length < MAX_ANSWER_BYTES {
            match response.chunk().await {
                Ok(Some(chunk)) => length += chunk.len(),
                // It said what it made of the message; whether the rest arrives does not matter.
                Ok(None) | Err(_) => break,
            }
        }
        judge(status.as_u16())
    }
}

/// What a status means for a message.
fn judge(status: u16) -> Result<(), SendError> {
    let code = match status {
        401 | 403 => PublishStatus::AccessDenied,
        404 | 410 => PublishStatus::TopicDoesNotExist,
        _ => PublishStatus::InternalError,
    };
    match status {
        200..=299 => Ok(()),
        300..=399 => {
            let text = format!("the receiver answered {status}; redirects are not followed");
            Err(SendError::Refused(code, text))
        }
        408 | 425 | 429 | 500.. => Err(SendError::Failed(code, format!("the receiver answered {status}"))),
        _ => Err(SendError::Refused(code, format!("the receiver answered {status}"))),
    }
}

/// An error and its causes; the address, which may hold a secret, is not in it.
fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_tell_whether_to_come_again() {
        for status in [200, 204] {
            assert_eq!(judge(status), Ok(()));
        }
        for status in [408, 429, 500, 503] {
            assert!(matches!(judge(status), Err(SendError::Failed(..))), "{status}");
        }
        for (status, code) in [
            (301, PublishStatus::InternalError),
            (307, PublishStatus::InternalError),
            (400, PublishStatus::InternalError),
            (401, PublishStatus::AccessDenied),
            (404, PublishStatus::TopicDoesNotExist),
        ] {
            assert!(matches!(judge(status), Err(SendError::Refused(found, _)) if found == code), "{status}");
        }
    }
}
