//! What agent and server say to each other: messages with their versions and limits.
//!
//! No I/O: both sides put these bytes into HTTP requests of their own. A server can only ask for a collection that is
//! declared here; there is no message that carries a command. The other side is never trusted: [`Message::decode`] is
//! the one way in, and what it returns is within its limits. Members that are not known are ignored, so that a newer
//! agent may speak to an older server and the reverse.

#![forbid(unsafe_code)]

pub mod chunk;
pub mod complete;
pub mod enrol;
pub mod facts;
pub mod health;
pub mod id;
pub mod instruction;
pub mod limit;
pub mod message;
pub mod poll;
pub mod refusal;
pub mod route;

pub use chunk::{ChunkHead, ChunkReceipt, Digest, MAX_CHUNK_BYTES, MAX_CHUNKS, MAX_EVIDENCE_BYTES};
pub use complete::{Complete, Completion, Failure, Noted, Telemetry};
pub use enrol::{Enrol, Issued, Renew};
pub use facts::{AgentFacts, CloudIdentity};
pub use health::{AgentHealth, AgentHealthCode};
pub use id::AgentId;
pub use instruction::{Answer, Collect, Instruction};
pub use message::{LinkError, Message, VERSION};
pub use poll::Poll;
pub use refusal::{Refusal, RefusalCode};
