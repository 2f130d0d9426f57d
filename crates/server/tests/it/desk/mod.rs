//! Tests of the agents' listener over TLS on loopback, with the store behind it.

mod authority;
mod enrolment;
mod hostile;
pub(crate) mod stage;
mod story;
