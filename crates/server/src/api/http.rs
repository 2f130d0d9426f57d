//! HTTP: from a request on a connection to an answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use assay_wire::sigv4::SignedRequest;
use assay_wire::{ApiError, MAX_BODY_BYTES, Operation, ProtocolErrorKind, decode};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::routing::{Router, get, post};
use uuid::Uuid;

use super::answer::answer;
use super::authentication::Authentication;
use super::call::Call;
use super::dispatch::dispatch;
use super::downloads::{REPORTS, download};
use super::health::{metrics, readyz};
use super::observed::{Answer, Known, Observed, Seen};
use super::own::{self, OwnCall, OwnOperation};
use super::permission;
use crate::body::{BodyError, BodyLimits, read_body};
use crate::service::{Caller, Service};

const BODY_LIMITS: BodyLimits =
    BodyLimits { bytes: MAX_BODY_BYTES, discarded: 64 << 20, timeout: Duration::from_secs(20) };

/// How the caller speaks to the API; the listener says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// What the handlers of the API share.
#[derive(Clone, Debug)]
pub struct ApiContext {
    /// What answers.
    pub service: Arc<Service>,
    /// What verifies signatures.
    pub authentication: Arc<Authentication>,
}

/// The routes of the API: `/`, and `/healthz`, which answers as long as the process does.
pub fn router(context: ApiContext) -> Router {
    Router::new()
        .route("/", post(call))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .route(REPORTS, get(download))
        .with_state(context)
}

async fn call(
    State(context): State<ApiContext>,
    Extension(address): Extension<SocketAddr>,
    request: Request,
) -> axum::http::Response<Body> {
    let request_id = Uuid::now_v7();
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let mut seen = Seen::default();
    let result = handle(&context, address, &parts, body, &mut seen).await;
    let observed = Observed { request_id, address, parts: &parts, seen, took: started.elapsed() };
    let result = observed.conclude(&context.service, result).await;
    if let Err(error) = &result {
        let (name, status) = (error.name(), error.status());
        tracing::info!(%request_id, %address, name, status, "{}", error.message());
    }
    answer(request_id, result)
}

async fn handle(
    context: &ApiContext,
    address: SocketAddr,
    parts: &Parts,
    body: Body,
    seen: &mut Seen,
) -> Result<Vec<u8>, ApiError> {
    seen.body = read(parts, body).await?;
    let caller = match authenticate(context, address, parts, &seen.body).await {
        Ok(caller) => caller,
        Err(error) => return Err(slow_down(context, address, error, seen)),
    };
    let caller = &*seen.caller.insert(caller);
    let body = &seen.body;
    if !context.service.rates.of_keys.take(&caller.access_key_id, Instant::now()) {
        seen.is_throttled = true;
        return Err(ApiError::protocol(ProtocolErrorKind::Throttling, "the key makes too many calls: slow down"));
    }
    let header = parts.headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(operation) = OwnOperation::from_target(header) {
        let (name, least) = (operation.as_str(), operation.least_role());
        seen.operation = Some(Known { name, least, answer: Answer::Withheld });
        permission::check_least(caller.role, operation.least_role(), operation.as_str())?;
        let service = &context.service;
        return own::dispatch(&OwnCall { service, caller }, operation, body).await;
    }
    let operation = Operation::from_target(header).ok_or_else(|| {
        ApiError::protocol(ProtocolErrorKind::UnknownOperation, "X-Amz-Target names no operation of this service")
    })?;
    let (name, least) = (operation.as_str(), permission::least_role(operation));
    seen.operation = Some(Known { name, least, answer: Answer::Recorded });
    permission::check(caller.role, operation)?;
    let request = decode(operation, body)?;
    let service = &context.service;
    let origin = origin(parts);
    let call = Call { service, caller, request: &request, now: service.now(), origin: &origin };
    Ok(dispatch(&call).await?.encode())
}

/// Who fails to prove who he is too often is told only that.
fn slow_down(context: &ApiContext, address: SocketAddr, error: ApiError, seen: &mut Seen) -> ApiError {
    let is_own_fault = error.status() >= 500;
    if is_own_fault || context.service.rates.of_failures.take(&address.ip().to_string(), Instant::now()) {
        return error;
    }
    seen.is_throttled = true;
    ApiError::protocol(ProtocolErrorKind::Throttling, "too many calls from this address could not be verified")
}

/// Where the caller reaches this service, for addresses in answers.
fn origin(parts: &Parts) -> String {
    let host = parts.headers.get("host").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    let scheme = match parts.extensions.get::<Scheme>() {
        Some(Scheme::Https) => "https",
        Some(Scheme::Http) | None => "http",
    };
    if host.is_empty() || !host.bytes().all(is_host) { String::new() } else { format!("{scheme}://{host}") }
}

async fn authenticate(
    context: &ApiContext,
    address: SocketAddr,
    parts: &Parts,
    body: &[u8],
) -> Result<Caller, ApiError> {
    let headers: Vec<(&str, &[u8])> =
        parts.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let request = SignedRequest {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        headers: &headers,
        body,
    };
    let service = &context.service;
    context.authentication.verify(service, &request, address.ip(), service.now()).await
}

async fn read(parts: &Parts, body: Body) -> Result<Vec<u8>, ApiError> {
    read_body(&parts.headers, body, BODY_LIMITS).await.map_err(|error| {
        let kind = match error {
            BodyError::TooLarge { .. } => ProtocolErrorKind::RequestEntityTooLarge,
            BodyError::Read(_) | BodyError::Slow => ProtocolErrorKind::Serialization,
        };
        ApiError::protocol(kind, error.to_string())
    })
}
