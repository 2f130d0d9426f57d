//! Delivery of messages from the outbox to sinks: webhooks, SNS-compatible endpoints and files (reference §11.1).
//!
//! Nobody is contacted whom the operator did not name: [`SinkRule`]s map the ARN of a topic to a sink, and a topic without
//! one is told nobody. A message arrives at least once, always with the same id. Messages of one topic are sent in order,
//! but for those that had to be sent again.

mod deliverer;
mod file;
mod http;
mod pattern;
mod rule;
mod sink;
mod sns;
mod webhook;

pub use deliverer::{Deliverer, DeliveryOptions};
pub use rule::{SinkError, SinkKind, SinkRule};
pub use sink::{SendError, Sinks};
