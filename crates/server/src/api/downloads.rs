//! Downloads: `GET /reports/…` with an address that was signed and has not expired. Whoever has one needs no key.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};

use super::http::ApiContext;
use crate::reports::{Refusal, WhichReport};

/// The path of all reports, for the router.
pub(crate) const REPORTS: &str = "/reports/{*report}";

/// A report is a page without scripts, and the browser is told so, too.
const POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// Answers with a report.
pub(crate) async fn download(State(context): State<ApiContext>, request: Request) -> Response<Body> {
    let service = &context.service;
    let uri = request.uri();
    match service.downloads.verify(uri.path(), uri.query().unwrap_or_default(), service.now()) {
        Ok(()) => {}
        Err(Refusal::Expired) => return refuse(StatusCode::FORBIDDEN, "this address has expired: ask for another\n"),
        Err(Refusal::NotSigned) => return refuse(StatusCode::FORBIDDEN, "this address was not made by this service\n"),
    }
    let gone = || refuse(StatusCode::NOT_FOUND, "this report is no more: its run was deleted\n");
    let Some(report) = WhichReport::of_path(uri.path()) else { return gone() };
    let bytes = match service.store.report(&report.name()).await {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return gone(),
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(cause, "{error}");
            return refuse(StatusCode::INTERNAL_SERVER_ERROR, "the service failed; its log says why\n");
        }
    };
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(report.format.content_type()));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    protect(headers);
    if let Ok(disposition) = HeaderValue::try_from(format!("inline; filename=\"{}\"", report.file_name())) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

fn refuse(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    protect(headers);
    response
}

/// Nobody on the way keeps it, guesses what it is, or learns its address from a link that is followed.
fn protect(headers: &mut header::HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}
