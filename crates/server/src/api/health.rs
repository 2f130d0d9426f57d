//! What monitoring asks for: `/readyz`, whether the store answers, and `/metrics`.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::http::ApiContext;

/// Whether calls can be answered.
pub(super) async fn readyz(State(context): State<ApiContext>) -> Response {
    match context.service.store.size().await {
        Ok(_) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            tracing::error!("not ready: {error}");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response()
        }
    }
}

/// All metrics.
pub(super) async fn metrics(State(context): State<ApiContext>) -> Response {
    match context.service.metrics().await {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response(),
        Err(error) => {
            tracing::error!("no metrics: {error}");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response()
        }
    }
}
