//! Tests of the agents' listener over TLS on loopback, with the store behind it.

mod enrolment;
mod hostile;
mod stage;
mod story;
