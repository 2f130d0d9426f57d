//! Answer: a message, or a refusal with its status. A refusal is logged here, and only here.

use assay_link::{LinkError, Message, Refusal, RefusalCode};
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};

use super::authority_error::AuthorityError;
use super::desk::{AgentKey, DeskError};
use super::peer::Peer;
use crate::body::BodyError;

/// Why a request is not answered as asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Rejection {
    #[error("the request cannot be used")]
    Message(#[source] LinkError),
    #[error(transparent)]
    Body(#[from] BodyError),
    #[error("{0}")]
    Chunk(&'static str),
    #[error("a client certificate is needed")]
    NoCertificate,
    #[error("the certificate of {0} is revoked")]
    Revoked(AgentKey),
    #[error("another chunk is stored under this number")]
    Conflict,
    #[error("the run takes no evidence of this agent")]
    Closed,
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl Rejection {
    fn code(&self) -> RefusalCode {
        match self {
            Rejection::Message(_) | Rejection::Body(_) | Rejection::Chunk(_) => RefusalCode::Malformed,
            Rejection::Authority(AuthorityError::Request { .. }) => RefusalCode::Malformed,
            Rejection::NoCertificate => RefusalCode::NoCertificate,
            Rejection::Revoked(_) => RefusalCode::Revoked,
            Rejection::Conflict => RefusalCode::Conflict,
            Rejection::Closed => RefusalCode::Closed,
            Rejection::Authority(_) => RefusalCode::Failed,
            Rejection::Desk(DeskError::Refused { code, .. }) => *code,
            Rejection::Desk(DeskError::Busy) => RefusalCode::Busy,
            Rejection::Desk(DeskError::Failed { .. }) => RefusalCode::Failed,
        }
    }

    fn status(&self) -> StatusCode {
        match self.code() {
            RefusalCode::Malformed if matches!(self, Rejection::Body(BodyError::Slow)) => StatusCode::REQUEST_TIMEOUT,
            RefusalCode::Malformed if self.is_too_large() => StatusCode::PAYLOAD_TOO_LARGE,
            RefusalCode::Malformed => StatusCode::BAD_REQUEST,
            RefusalCode::NoCertificate => StatusCode::UNAUTHORIZED,
            RefusalCode::Token | RefusalCode::Revoked => StatusCode::FORBIDDEN,
            RefusalCode::Taken | RefusalCode::Conflict => StatusCode::CONFLICT,
            RefusalCode::Closed => StatusCode::GONE,
            RefusalCode::Busy => StatusCode::SERVICE_UNAVAILABLE,
            RefusalCode::Failed | RefusalCode::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn is_too_large(&self) -> bool {
        match self {
            Rejection::Message(error) => matches!(error, LinkError::TooLarge { .. }),
            Rejection::Body(error) => matches!(error, BodyError::TooLarge { .. }),
            _ => false,
        }
    }

    /// What the other side is told: causes of our own stay in our log.
    fn reason(&self) -> String {
        match self {
            Rejection::Message(error) => error.to_string(),
            Rejection::Authority(AuthorityError::Request { .. }) => "the signing request cannot be used".to_owned(),
            Rejection::Authority(_) | Rejection::Desk(DeskError::Failed { .. }) => "the server failed".to_owned(),
            _ => self.to_string(),
        }
    }
}

/// The response to a request of a peer.
pub(crate) fn respond<M: Message>(peer: &Peer, answer: Result<M, Rejection>) -> Response<Body> {
    let rejection = match answer {
        Ok(message) => match message.encode() {
            Ok(bytes) => return json(StatusCode::OK, bytes),
            Err(error) => Rejection::Desk(DeskError::Failed { operation: "answer", cause: Box::new(error) }),
        },
        Err(rejection) => rejection,
    };
    let status = rejection.status();
    let agent = peer.agent.as_ref().map(|(agent, _)| agent.to_string());
    let cause = std::error::Error::source(&rejection).map(ToString::to_string);
    let (address, status_code) = (peer.address, status.as_u16());
    if status.is_server_error() {
        tracing::error!(%address, agent, status_code, cause, "{rejection}");
    } else {
        tracing::warn!(%address, agent, status_code, cause, "{rejection}");
    }
    let mut reason = rejection.reason();
    reason.retain(|character| !character.is_control());
    let refusal = Refusal { code: rejection.code(), reason: reason.chars().take(250).collect() };
    json(status, refusal.encode().unwrap_or_default())
}

fn json(status: StatusCode, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
