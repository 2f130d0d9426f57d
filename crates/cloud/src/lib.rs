//! What is asked of a cloud, and how it answers: the calls of AWS that tell of a network, as command lines and as requests, and
//! their answers as the JSON that the AWS command line prints.
//!
//! With the feature `aws` the calls are made, too ([`aws`]). Without it, nothing here does I/O.

#![forbid(unsafe_code)]

mod answer;
mod calls;
mod failure;
mod request;
mod script;
mod table;

#[cfg(feature = "aws")]
pub mod aws;

pub use answer::{AnswerError, read_json, read_xml};
pub use calls::{CALLS, Call, Each, Paging, Protocol, SECRETS, Service};
pub use failure::{Failure, read_failure};
pub use request::{Request, request};
pub use script::{ScriptOptions, permissions, script};
