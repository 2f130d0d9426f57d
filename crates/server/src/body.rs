//! Body: a request's, read within a limit and a time.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt as _;

/// How a body is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyLimits {
    /// Longest body, in bytes.
    pub(crate) bytes: usize,
    /// Of one that is too large the rest is read and thrown away up to here: most clients look for an answer only when they
    /// have sent everything.
    pub(crate) discarded: usize,
    /// How long it may take.
    pub(crate) timeout: Duration,
}

/// Why there is no body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    /// It is too large.
    #[error("the body is over the limit of {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The connection broke, or it is no body.
    #[error("the body could not be read")]
    Read(#[source] axum::Error),
    /// It took too long.
    #[error("the body took too long")]
    Slow,
}

/// The whole body of a request with these headers.
pub(crate) async fn read_body(headers: &HeaderMap, body: Body, limits: BodyLimits) -> Result<Vec<u8>, BodyError> {
    let too_large = BodyError::TooLarge { limit: limits.bytes };
    let stated = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if stated.is_some_and(|length| length > limits.discarded.max(limits.bytes)) {
        return Err(too_large);
    }
    let read = tokio::time::timeout(limits.timeout, read_all(body, limits)).await;
    read.map_err(|_| BodyError::Slow)?.map_err(BodyError::Read)?.ok_or(too_large)
}

/// The body, or nothing where it is too large.
async fn read_all(mut body: Body, limits: BodyLimits) -> Result<Option<Vec<u8>>, axum::Error> {
    let mut bytes = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame?;
        let Some(data) = frame.data_ref() else { continue };
        length = length.saturating_add(data.len());
        if length <= limits.bytes {
            bytes.extend_from_slice(data);
        } else if length <= limits.discarded {
            bytes = Vec::new();
        } else {
            break;
        }
    }
    Ok((length <= limits.bytes).then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_over_the_limit_is_refused_however_it_comes() {
        let limits = BodyLimits { bytes: 10, discarded: 20, timeout: Duration::from_secs(60) };
        // What a client states, what it sends, and whether that is taken.
        for (stated, sent, is_taken) in [
            (Some("10"), 10, true),
            (None, 10, true),
            (None, 0, true),
            (None, 11, false),
            (None, 21, false),
            (Some("21"), 1, false),
            (Some("5"), 11, false),
            (Some("none"), 1, true),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(stated) = stated {
                headers.insert(header::CONTENT_LENGTH, stated.parse().unwrap());
            }
            let read = read_body(&headers, Body::from(vec![b'a'; sent]), limits).await;
            assert_eq!(read.is_ok(), is_taken, "{stated:?} {sent}");
            assert!(is_taken || matches!(read, Err(BodyError::TooLarge { limit: 10 })), "{stated:?} {sent}");
        }
    }
}
