//! The API of Inspector Classic over HTTP: `POST /` with an `X-Amz-Target` header. This folder alone knows its shapes.
//!
//! A request is read (`http`), its signature verified (`authentication`), its role asked (`permission`), its body decoded by
//! `assay_wire`, and given to the function of its operation (`dispatch`, `operations`).

mod answer;
mod authentication;
mod call;
mod dispatch;
mod downloads;
mod failure;
mod health;
mod http;
mod observed;
mod operations;
mod own;
mod permission;

pub use authentication::{Authentication, AuthenticationOptions};
pub(crate) use http::Scheme;
pub use http::{ApiContext, router};
pub use own::OwnTokenKey;
