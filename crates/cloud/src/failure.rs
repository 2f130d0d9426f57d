//! Failures: why a service did not do what it was asked, in its own words.

use std::fmt;

use serde::Deserialize;

use crate::answer::find_texts;

/// The longest message that is kept, in characters: some quote the whole policy.
const MAX_MESSAGE: usize = 500;

/// Why a service did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The status of the HTTP answer.
    pub status: u16,
    /// The error code: `UnauthorizedOperation`; empty where the answer has none.
    pub code: String,
    /// What the service says of it.
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code.is_empty(), self.message.is_empty()) {
            (true, _) => write!(f, "status {}", self.status),
            (false, true) => f.write_str(&self.code),
            (false, false) => write!(f, "{}: {}", self.code, self.message),
        }
    }
}

const REFUSED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "OptInRequired",
    "SubscriptionRequiredException",
];
const NO_CREDENTIALS: &[&str] = &[
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "MissingAuthenticationToken",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];
const LATER: &[&str] = &[
    "EC2ThrottledException",
    "InternalError",
    "InternalFailure",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "Unavailable",
];

impl Failure {
    /// Whether the caller may not do this, though it may do other things.
    pub fn is_refused(&self) -> bool {
        REFUSED.contains(&self.code.as_str())
    }

    /// Whether nothing can be had with these credentials.
    pub fn is_about_credentials(&self) -> bool {
        NO_CREDENTIALS.contains(&self.code.as_str())
    }

    /// Whether it may be different a moment later. An answer of status 500 has a code where it is AWS's.
    pub fn is_temporary(&self) -> bool {
        LATER.contains(&self.code.as_str()) || matches!(self.status, 408 | 429 | 502..=504)
    }
}

/// Reads the body of an answer that is no success.
pub fn read_failure(status: u16, body: &[u8]) -> Failure {
    let (code, message) = json(body)
        .or_else(|| find_texts(body, ["Code", "Message"]).map(|[code, message]| (code, message)))
        .unwrap_or_default();
    // `com.amazonaws.directconnect#DirectConnectClientException:http://…` names the code in the middle.
    let code = code.rsplit('#').next().unwrap_or_default().split(':').next().unwrap_or_default();
    let clean = |text: &str| text.chars().filter(|letter| !letter.is_control()).take(MAX_MESSAGE).collect::<String>();
    Failure { status, code: clean(code), message: clean(message.trim()) }
}

fn json(body: &[u8]) -> Option<(String, String)> {
    #[derive(Deserialize)]
    struct Body {
        #[serde(rename = "__type")]
        code: String,
        #[serde(default, alias = "Message")]
        message: String,
    }
    let body: Body = serde_json::from_slice(body).ok()?;
    Some((body.code, body.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_has_its_form() {
        let xml = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are\nnot.</Message></Error></Errors></Response>";
        for (status, body, expected) in [
            (403, xml, "UnauthorizedOperation: You arenot."),
            (
                400,
                r#"{"__type": "com.amazonaws.x#ThrottlingException:http://a", "Message": "slow"}"#,
                "ThrottlingException: slow",
            ),
            (400, r#"{"__type": "AccessDeniedException"}"#, "AccessDeniedException"),
            (502, "<html>bad gateway", "status 502"),
            (400, "", "status 400"),
        ] {
            assert_eq!(read_failure(status, body.as_bytes()).to_string(), expected, "{body}");
        }
        let long = format!(r#"{{"__type": "A", "message": "{}"}}"#, "é".repeat(10_000));
        assert_eq!(read_failure(400, long.as_bytes()).message.chars().count(), MAX_MESSAGE);
    }

    #[test]
    fn what_a_failure_means() {
        for (status, code, means) in [
            (403, "UnauthorizedOperation", (true, false, false)),
            (401, "AuthFailure", (false, true, false)),
            (503, "RequestLimitExceeded", (false, false, true)),
            (400, "Throttling", (false, false, true)),
            (502, "", (false, false, true)),
            (500, "InternalFailure", (false, false, true)),
            (500, "", (false, false, false)),
            (400, "InvalidAction", (false, false, false)),
        ] {
            let failure = Failure { status, code: code.into(), message: String::new() };
            assert_eq!((failure.is_refused(), failure.is_about_credentials(), failure.is_temporary()), means, "{code}");
        }
    }
}
