//! Rules: which topics go to which sink, as an operator writes them.
//!
//! `TOPIC-ARN-PATTERN=TO`, where TO is one of
//! - `https://…` or `http://…`: a webhook;
//! - `envelope+https://…`: a webhook that wants messages wrapped as SNS wraps them;
//! - `sns+https://…`: an endpoint that speaks SNS's Query protocol;
//! - `file:/PATH`: a file that gets a line of JSON for each message.
//!
//! The part of the address after `#` is never sent: `#secret-file=/PATH` names the file of the secret that a webhook's
//! messages are signed with, `#credentials-file=/PATH` the AWS credentials file of an SNS endpoint.

use std::str::FromStr;

use camino::Utf8PathBuf;
use reqwest::Url;

/// Where messages go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SinkKind {
    /// `POST` of the message.
    Webhook {
        /// Where to.
        url: Url,
        /// Whether the message is wrapped as SNS wraps it.
        envelope: Envelope,
        /// Its secret is in this file; absent where messages are not signed.
        secret_file: Option<Utf8PathBuf>,
    },
    /// The action `Publish` of SNS.
    Sns {
        /// Where to.
        url: Url,
        /// The access key is in this file.
        credentials_file: Utf8PathBuf,
    },
    /// A line of JSON for each message.
    File(Utf8PathBuf),
}

/// How a webhook wants a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// As it is.
    None,
    /// In the `Message` of a notification.
    Sns,
}

/// Which topics go to which sink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkRule {
    /// ARNs of topics; `*` stands for any run of characters.
    pub pattern: String,
    /// Where their messages go.
    pub kind: SinkKind,
}

/// Why a text is no rule, or a sink cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// Not `PATTERN=TO`.
    #[error("{text:?} is no sink: use TOPIC-ARN-PATTERN=https://…, =sns+https://… or =file:/PATH")]
    Form {
        /// What was given.
        text: String,
    },
    /// The pattern can fit no topic.
    #[error("{pattern:?} fits the ARN of no topic: it has to begin with arn: or *")]
    Pattern {
        /// What was given.
        pattern: String,
    },
    /// Something behind `#` that this kind of sink does not know, or something that it needs is not there.
    #[error("the sink of {pattern:?} {reason}")]
    Option {
        /// Which.
        pattern: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// A file that the sink needs could not be read.
    #[error("failed to read {path}")]
    Read {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: std::io::Error,
    },
    /// A file does not hold what the sink needs.
    #[error("{path} {reason}")]
    Content {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong.
        reason: &'static str,
    },
    /// The HTTP client could not be made.
    #[error("failed to make an HTTP client")]
    Client(#[source] reqwest::Error),
}

impl FromStr for SinkRule {
    type Err = SinkError;

    fn from_str(text: &str) -> Result<SinkRule, SinkError> {
        let no_form = || SinkError::Form { text: text.to_owned() };
        let (pattern, to) = text.split_once('=').ok_or_else(no_form)?;
        if !pattern.starts_with("arn:") && !pattern.starts_with('*') {
            return Err(SinkError::Pattern { pattern: pattern.to_owned() });
        }
        let wrong = |reason| SinkError::Option { pattern: pattern.to_owned(), reason };
        let kind = if let Some(path) = to.strip_prefix("file:") {
            if !path.starts_with('/') {
                return Err(wrong("needs an absolute path"));
            }
            SinkKind::File(path.into())
        } else if let Some(url) = to.strip_prefix("sns+") {
            let (url, option) = address(url).ok_or_else(no_form)?;
            let path = option.as_deref().and_then(|option| option.strip_prefix("credentials-file="));
            let credentials_file = path.ok_or_else(|| wrong("needs #credentials-file=/PATH"))?.into();
            SinkKind::Sns { url, credentials_file }
        } else {
            let (envelope, url) = match to.strip_prefix("envelope+") {
                Some(url) => (Envelope::Sns, url),
                None => (Envelope::None, to),
            };
            let (url, option) = address(url).ok_or_else(no_form)?;
            let path = option.as_deref().map(|option| option.strip_prefix("secret-file="));
            if path == Some(None) {
                return Err(wrong("has something behind # that is not secret-file=/PATH"));
            }
            SinkKind::Webhook { url, envelope, secret_file: path.flatten().map(Utf8PathBuf::from) }
        };
        Ok(SinkRule { pattern: pattern.to_owned(), kind })
    }
}

/// An address of HTTP, and what is behind its `#`.
fn address(text: &str) -> Option<(Url, Option<String>)> {
    let mut url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    let option = url.fragment().map(str::to_owned);
    url.set_fragment(None);
    Some((url, option))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_say_what_goes_where() {
        let url = |text: &str| Url::parse(text).unwrap();
        for (text, expected) in [
            ("*=file:/var/log/events.jsonl", SinkKind::File("/var/log/events.jsonl".into())),
            (
                "arn:aws:sns:*:*:sec=https://hooks.example/a?b=c#secret-file=/etc/assay/key",
                SinkKind::Webhook {
                    url: url("https://hooks.example/a?b=c"),
                    envelope: Envelope::None,
                    secret_file: Some("/etc/assay/key".into()),
                },
            ),
            (
                "*=envelope+http://127.0.0.1:9",
                SinkKind::Webhook { url: url("http://127.0.0.1:9/"), envelope: Envelope::Sns, secret_file: None },
            ),
            (
                "*=sns+https://sns.example#credentials-file=/k",
                SinkKind::Sns { url: url("https://sns.example/"), credentials_file: "/k".into() },
            ),
        ] {
            assert_eq!(text.parse::<SinkRule>().unwrap().kind, expected, "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_the_reason() {
        for (text, reason) in [
            ("https://hooks.example", "is no sink"),
            ("topic=https://hooks.example", "fits the ARN of no topic"),
            ("*=ftp://hooks.example", "is no sink"),
            ("*=", "is no sink"),
            ("*=file:relative", "needs an absolute path"),
            ("*=sns+https://sns.example", "needs #credentials-file"),
            ("*=https://hooks.example#key=1", "something behind #"),
        ] {
            let error = text.parse::<SinkRule>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
