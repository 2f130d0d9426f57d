//! Answer: a result or an error as an HTTP response.

use assay_wire::{ApiError, CONTENT_TYPE, Response};
use axum::body::Body;
use axum::http::{self, HeaderName, HeaderValue, StatusCode, header};
use uuid::Uuid;

/// Names a request, in the response and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
/// The name of an error, beside the body's `__type`.
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// The response to a request.
pub(crate) fn answer(request_id: Uuid, result: &Result<Response, ApiError>) -> http::Response<Body> {
    let (status, body) = match result {
        Ok(response) => (200, response.encode()),
        Err(error) => (error.status(), error.encode()),
    };
    let mut response = http::Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    if let Ok(id) = HeaderValue::try_from(request_id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    if let Err(error) = result {
        headers.insert(ERROR_TYPE, HeaderValue::from_static(error.name()));
        if status == 413 {
            // What is left of the body is not read.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
    response
}
