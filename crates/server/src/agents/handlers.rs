//! Handlers: one for each message of the link. All but enrolment need a certificate that is not revoked.

use std::sync::Arc;
use std::time::Duration;

use assay_link::{
    Answer, ChunkHead, ChunkReceipt, Complete, Completion, Enrol, Failure, Instruction, Issued, MAX_CHUNK_BYTES,
    Message, Noted, Poll, Renew, route,
};
use assay_model::Timestamp;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, Response};
use axum::routing::{Router, post};
use sha2::{Digest as _, Sha256};

use super::answer::{Rejection, respond};
use super::authority::Authority;
use super::desk::{AgentKey, Desk, DeskError, Stored};
use super::peer::Peer;
use crate::body::{BodyLimits, read_body};

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) desk: Arc<dyn Desk>,
    pub(crate) authority: Arc<Authority>,
    pub(crate) clock: fn() -> Timestamp,
    /// How long a body may take to arrive.
    pub(crate) body_timeout: Duration,
}

pub(crate) fn router(context: Context) -> Router {
    Router::new()
        .route(route::ENROL, post(enrol))
        .route(route::RENEW, post(renew))
        .route(route::POLL, post(poll))
        .route(route::CHUNK, post(chunk))
        .route(route::COMPLETE, post(complete))
        .route(route::FAILURE, post(failure))
        .with_state(context)
}

async fn enrol(State(context): State<Context>, Extension(peer): Extension<Peer>, body: Body) -> Response<Body> {
    let answer = async {
        let enrol: Enrol = receive(&context, body).await?;
        let digest = hex_digest(enrol.request.as_bytes());
        let account = context.desk.spend_token(&enrol.token, &digest, &enrol.facts).await?;
        let key = AgentKey { account, agent: enrol.facts.agent };
        let issued = issue(&context, &enrol.request, key).await?;
        tracing::info!(address = %peer.address, agent = %issued.agent, "enrolled an agent");
        Ok(issued)
    };
    respond(&peer, answer.await)
}

async fn renew(State(context): State<Context>, Extension(peer): Extension<Peer>, body: Body) -> Response<Body> {
    let answer = async {
        let key = authenticate(&context, &peer).await?;
        let renew: Renew = receive(&context, body).await?;
        issue(&context, &renew.request, key).await
    };
    respond(&peer, answer.await)
}

async fn poll(State(context): State<Context>, Extension(peer): Extension<Peer>, body: Body) -> Response<Body> {
    let answer = async {
        let key = authenticate(&context, &peer).await?;
        let poll: Poll = receive(&context, body).await?;
        context.desk.heartbeat(&key, &poll).await?;
        let wait = Duration::from_secs(poll.wait_seconds.into());
        let directive = context.desk.next_instruction(&key, poll.running.as_ref(), wait).await?;
        if directive.instruction == Instruction::Unknown {
            return Err(DeskError::Failed { operation: "choose an instruction", cause: "it is unknown".into() }.into());
        }
        let now = (context.clock)();
        Ok(Answer { instruction: directive.instruction, now, slow_down_seconds: directive.slow_down_seconds })
    };
    respond(&peer, answer.await)
}

async fn chunk(
    State(context): State<Context>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    let answer = async {
        let key = authenticate(&context, &peer).await?;
        let head = headers.get(route::CHUNK_HEADER).ok_or(Rejection::Chunk("the chunk has no head"))?;
        let head = ChunkHead::decode(head.as_bytes()).map_err(Rejection::Message)?;
        let bytes = read(&context, body, MAX_CHUNK_BYTES).await?;
        if hex_digest(&bytes) != head.digest.as_str() {
            return Err(Rejection::Chunk("the chunk has another digest than its head says"));
        }
        match context.desk.put_chunk(&key, &head, bytes).await? {
            Stored::Kept => Ok(ChunkReceipt { number: head.number }),
            Stored::Conflict => Err(Rejection::Conflict),
            Stored::Closed => Err(Rejection::Closed),
        }
    };
    respond(&peer, answer.await)
}

async fn complete(State(context): State<Context>, Extension(peer): Extension<Peer>, body: Body) -> Response<Body> {
    let answer = async {
        let key = authenticate(&context, &peer).await?;
        let complete: Complete = receive(&context, body).await?;
        let completion = context.desk.complete(&key, &complete).await?;
        if completion == Completion::Accepted {
            tracing::info!(agent = %key, run = %complete.run, size = complete.size, "received evidence");
        }
        Ok(completion)
    };
    respond(&peer, answer.await)
}

async fn failure(State(context): State<Context>, Extension(peer): Extension<Peer>, body: Body) -> Response<Body> {
    let answer = async {
        let key = authenticate(&context, &peer).await?;
        let failure: Failure = receive(&context, body).await?;
        context.desk.fail(&key, &failure).await?;
        Ok(Noted {})
    };
    respond(&peer, answer.await)
}

/// The agent of a connection. Asked for every request: a connection may outlive the right to it.
async fn authenticate(context: &Context, peer: &Peer) -> Result<AgentKey, Rejection> {
    let (key, serial) = peer.agent.as_ref().ok_or(Rejection::NoCertificate)?;
    if context.desk.is_revoked(key, serial).await? {
        return Err(Rejection::Revoked(key.clone()));
    }
    Ok(key.clone())
}

async fn issue(context: &Context, request: &str, key: AgentKey) -> Result<Issued, Rejection> {
    let issued = context.authority.issue(request, &key, (context.clock)())?;
    context.desk.record_certificate(&key, &issued.record).await?;
    Ok(Issued {
        agent: key.agent,
        chain: issued.pem,
        authority: context.authority.pem().to_owned(),
        renew_after_seconds: context.authority.renew_after_seconds(),
    })
}

async fn receive<M: Message>(context: &Context, body: Body) -> Result<M, Rejection> {
    M::decode(&read(context, body, M::LIMIT).await?).map_err(Rejection::Message)
}

/// Of a body that is too large nothing more is read: agents send none.
async fn read(context: &Context, body: Body, limit: usize) -> Result<Vec<u8>, Rejection> {
    let limits = BodyLimits { bytes: limit, discarded: 0, timeout: context.body_timeout };
    Ok(read_body(&HeaderMap::new(), body, limits).await?)
}

fn hex_digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
