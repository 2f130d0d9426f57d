//! SNS-compatible endpoints: the action `Publish` of the Query protocol, signed with AWS Signature Version 4.
//!
//! The region of the signature is the topic's. Signing one fixed kind of request is so little that the crate which signs any
//! is only asked in the test.

use std::fmt::Write as _;

use assay_model::Timestamp;
use aws_lc_rs::{digest, hmac};
use camino::Utf8Path;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use super::http::Post;
use super::rule::SinkError;
use crate::store::OutboxMessage;

const SERVICE: &str = "sns";
const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
const SIGNED_HEADERS: &str = "content-type;host;x-amz-date";

/// An endpoint.
pub(super) struct SnsEndpoint {
    url: Url,
    access_key_id: String,
    secret: String,
}

/// The secret is not for logs.
impl std::fmt::Debug for SnsEndpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SnsEndpoint").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

impl SnsEndpoint {
    /// Reads the access key from the first section of an AWS credentials file.
    pub(super) fn open(url: Url, path: &Utf8Path) -> Result<SnsEndpoint, SinkError> {
        let text = std::fs::read_to_string(path).map_err(|cause| SinkError::Read { path: path.to_owned(), cause })?;
        let value = |name: &str| {
            let pairs = text.lines().filter_map(|line| line.split_once('='));
            let mut values = pairs.filter(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().to_owned());
            let reason = "holds no aws_access_key_id and aws_secret_access_key";
            values.next().ok_or_else(|| SinkError::Content { path: path.to_owned(), reason })
        };
        let (access_key_id, secret) = (value("aws_access_key_id")?, value("aws_secret_access_key")?);
        Ok(SnsEndpoint { url, access_key_id, secret })
    }

    pub(super) fn request(&self, message: &OutboxMessage, now: Timestamp) -> Post {
        let mut parameters = vec![
            ("Action", "Publish"),
            ("Version", "2010-03-31"),
            ("TopicArn", message.topic.as_str()),
            ("Message", message.body.as_str()),
        ];
        if message.topic.ends_with(".fifo") {
            parameters.push(("MessageGroupId", message.run.as_deref().unwrap_or("assay")));
            parameters.push(("MessageDeduplicationId", &message.id));
        }
        let pairs = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let region = message.topic.split(':').nth(3).unwrap_or_default();
        let time = now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let headers = vec![
            ("content-type", FORM.to_owned()),
            ("x-amz-date", time.clone()),
            ("authorization", self.authorization(&body, region, &time)),
        ];
        Post { url: self.url.clone(), headers, body }
    }

    fn authorization(&self, body: &str, region: &str, time: &str) -> String {
        let host = match self.url.port() {
            Some(port) => format!("{}:{port}", self.url.host_str().unwrap_or_default()),
            None => self.url.host_str().unwrap_or_default().to_owned(),
        };
        let path = self.url.path();
        let request = format!(
            "POST\n{path}\n\ncontent-type:{FORM}\nhost:{host}\nx-amz-date:{time}\n\n{SIGNED_HEADERS}\n{}",
            hash(body)
        );
        let date = time.get(..8).unwrap_or_default();
        let scope = format!("{date}/{region}/{SERVICE}/aws4_request");
        let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hash(&request));
        let mut key = format!("AWS4{}", self.secret).into_bytes();
        for part in [date, region, SERVICE, "aws4_request"] {
            key = sign(&key, part);
        }
        let signature = hex(&sign(&key, &to_sign));
        let id = &self.access_key_id;
        format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={SIGNED_HEADERS}, Signature={signature}")
    }
}

fn sign(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn hash(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The unreserved characters of RFC 3986 stay.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Signed by botocore 1.43's `SigV4Auth` with the same key, time, headers and body.
    #[test]
    fn signatures_are_those_of_botocore() {
        let endpoint = SnsEndpoint {
            url: Url::parse("https://sns.us-east-1.amazonaws.com/").unwrap(),
            access_key_id: "AKIDEXAMPLE".into(),
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
        };
        let authorization = endpoint.authorization("Action=Publish&Message=a%20b", "us-east-1", "20261124T020000Z");
        let (_, signature) = authorization.rsplit_once('=').unwrap();
        assert_eq!(signature, "c673c0a95672a99c57337b04fab3c5fe09a875f48db250617535fc2e739d9fb8");
    }

    #[test]
    fn forms_are_encoded_byte_by_byte() {
        assert_eq!(encode("{\"é\": 1}~"), "%7B%22%C3%A9%22%3A%201%7D~");
    }
}
