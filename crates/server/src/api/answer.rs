//! Answer: a result or an error as an HTTP response.

use assay_wire::{ApiError, CONTENT_TYPE};
use axum::body::Body;
use axum::http::{self, HeaderName, HeaderValue, StatusCode, header};
use uuid::Uuid;

/// Names a request, in the response and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
/// The name of an error, beside the body's `__type`.
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// The response to a request; a result is the bytes of its body.
pub(crate) fn answer(request_id: Uuid, result: Result<Vec<u8>, ApiError>) -> http::Response<Body> {
    let (status, body, error) = match result {
        Ok(body) => (200, body, None),
        Err(error) => (error.status(), error.encode(), Some(error.name())),
    };
    let mut response = http::Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    if let Ok(id) = HeaderValue::try_from(request_id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    if let Some(name) = error {
        headers.insert(ERROR_TYPE, HeaderValue::from_static(name));
        if status == 413 {
            // What is left of the body is not read.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
    response
}
