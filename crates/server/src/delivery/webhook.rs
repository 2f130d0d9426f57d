//! Webhooks: a message as a `POST`, signed as Standard Webhooks 1.0.0 has it, so that receivers have libraries for it.
//!
//! `webhook-id` is the same each time that a message is sent: who has seen it drops the repeat. `webhook-signature` is `v1,`
//! and the base64 of HMAC-SHA256 over `ID.TIMESTAMP.BODY`. `x-assay-topic-arn` and `x-assay-event` say what it is about.

use assay_model::Timestamp;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use camino::Utf8Path;
use reqwest::Url;
use serde::Serialize;

use super::http::Post;
use super::rule::SinkError;
use crate::store::OutboxMessage;

/// A secret that is shorter can be guessed.
const MIN_SECRET_BYTES: usize = 16;

/// What messages are signed with.
pub(super) struct Secret(hmac::Key);

/// The secret is not for logs.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// Reads a file that holds the secret, either as it is or as `whsec_` and base64; white space around it does not count.
    pub(super) fn read(path: &Utf8Path) -> Result<Secret, SinkError> {
        let text = std::fs::read_to_string(path).map_err(|cause| SinkError::Read { path: path.to_owned(), cause })?;
        let text = text.trim();
        let wrong = |reason| SinkError::Content { path: path.to_owned(), reason };
        let bytes = match text.strip_prefix("whsec_") {
            Some(encoded) => STANDARD.decode(encoded).map_err(|_| wrong("holds no base64 after whsec_"))?,
            None => text.as_bytes().to_vec(),
        };
        if bytes.len() < MIN_SECRET_BYTES {
            return Err(wrong("holds a secret of less than 16 bytes"));
        }
        Ok(Secret::new(&bytes))
    }

    fn new(bytes: &[u8]) -> Secret {
        Secret(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let tag = hmac::sign(&self.0, format!("{id}.{timestamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(tag.as_ref()))
    }
}

/// A webhook.
#[derive(Debug)]
pub(super) struct Webhook {
    pub(super) url: Url,
    /// Whether the message is wrapped as SNS wraps it.
    pub(super) wraps: bool,
    pub(super) secret: Option<Secret>,
}

/// A message as SNS gives it to subscribers. There is no signature in it: that would need a certificate of Amazon's.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Notification<'a> {
    r#type: &'static str,
    message_id: &'a str,
    topic_arn: &'a str,
    message: &'a str,
    timestamp: String,
}

impl Webhook {
    pub(super) fn request(&self, message: &OutboxMessage, now: Timestamp) -> Post {
        let timestamp = now.as_second();
        let body = if self.wraps { wrapped(message) } else { message.body.clone() };
        let mut headers = vec![
            ("webhook-id", message.id.clone()),
            ("webhook-timestamp", timestamp.to_string()),
            ("x-assay-topic-arn", message.topic.clone()),
            ("x-assay-event", message.event.clone()),
        ];
        if let Some(secret) = &self.secret {
            headers.push(("webhook-signature", secret.sign(&message.id, timestamp, &body)));
        }
        if self.wraps {
            headers.push(("content-type", "text/plain; charset=UTF-8".to_owned()));
            headers.push(("x-amz-sns-message-type", "Notification".to_owned()));
            headers.push(("x-amz-sns-message-id", message.id.clone()));
            headers.push(("x-amz-sns-topic-arn", message.topic.clone()));
        } else {
            headers.push(("content-type", "application/json".to_owned()));
        }
        Post { url: self.url.clone(), headers, body }
    }
}

fn wrapped(message: &OutboxMessage) -> String {
    let notification = Notification {
        r#type: "Notification",
        message_id: &message.id,
        topic_arn: &message.topic,
        message: &message.body,
        timestamp: format!("{:.3}", message.since),
    };
    // Texts only: there is nothing in them that JSON cannot hold.
    serde_json::to_string(&notification).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_specification() {
        // The example of Standard Webhooks 1.0.0, whose libraries test themselves by it.
        let secret = Secret::new(&STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap());
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn short_secrets_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().join("secret");
        for (text, is_good) in [
            ("0123456789abcdef\n", true),
            ("0123456789abcde\n", false),
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true),
            ("whsec_MfKQ", false),
            ("whsec_not base64 at all", false),
        ] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(Secret::read(&path).is_ok(), is_good, "{text}");
        }
    }
}
