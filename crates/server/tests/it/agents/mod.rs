//! Tests of the agents' listener over TLS on loopback, with a desk in memory.

pub(crate) mod desk;
mod hostile;
pub(crate) mod service;
pub(crate) mod story;
