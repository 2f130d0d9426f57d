//! Complete: all chunks of a run are sent; or the collection failed as a whole.

use assay_model::arn::RunArn;
use serde::{Deserialize, Serialize};

use crate::chunk::{Digest, MAX_CHUNKS, MAX_EVIDENCE_BYTES};
use crate::limit;
use crate::message::{LinkError, Message};

/// Most message types of one agent; the API shows 5,000 rows in all.
const MAX_TELEMETRY: usize = 100;

/// Longest message type, in bytes (reference §7, `TelemetryMetadata`).
const MAX_MESSAGE_TYPE_BYTES: usize = 300;

/// Longest reason of a failure, in bytes.
const MAX_REASON_BYTES: usize = 1000;

/// How much of one kind was collected (reference §8.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telemetry {
    /// For example `InspectorPackageInfo`.
    pub message_type: String,
    /// How many items.
    pub count: u64,
    /// Their bytes in the evidence document.
    pub data_size: u64,
}

/// All chunks are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complete {
    /// The run.
    pub run: RunArn,
    /// How many chunks there are.
    pub chunks: u32,
    /// The evidence document's content address: of the bytes before compression.
    pub digest: Digest,
    /// Their number.
    pub size: u64,
    /// What is in it, without a `Total`.
    pub telemetry: Vec<Telemetry>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum Completion {
    /// The evidence is stored and will not be lost; the agent may forget it.
    Accepted,
    /// Send these chunks, then complete again.
    Missing {
        /// In ascending order.
        numbers: Vec<u32>,
    },
    /// The chunks do not make the document; send all of them again.
    Corrupt,
    /// The run takes no evidence of this agent (any more); the agent may forget it.
    Closed,
}

/// The collection failed as a whole. The answer is [`Noted`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The run.
    pub run: RunArn,
    /// One sentence.
    pub reason: String,
}

/// The server has taken note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {}

impl Message for Complete {
    const NAME: &'static str = "complete";
    const LIMIT: usize = 128 << 10;

    fn check(&self) -> Result<(), LinkError> {
        if !(1..=MAX_CHUNKS).contains(&self.chunks) {
            return Err(limit::member::<Complete>("chunks", format!("is not between 1 and {MAX_CHUNKS}")));
        }
        if self.size > MAX_EVIDENCE_BYTES {
            return Err(limit::member::<Complete>("size", format!("is over the limit of {MAX_EVIDENCE_BYTES}")));
        }
        limit::count::<Complete>("telemetry", self.telemetry.len(), MAX_TELEMETRY)?;
        for telemetry in &self.telemetry {
            limit::text::<Complete>("telemetry", &telemetry.message_type, MAX_MESSAGE_TYPE_BYTES)?;
            if telemetry.data_size > self.size {
                return Err(limit::member::<Complete>("telemetry", "counts more bytes than the document has"));
            }
        }
        Ok(())
    }
}

impl Message for Completion {
    const NAME: &'static str = "completion";
    const LIMIT: usize = 16 << 10;

    fn check(&self) -> Result<(), LinkError> {
        let Completion::Missing { numbers } = self else { return Ok(()) };
        if numbers.is_empty() || numbers.iter().any(|number| *number >= MAX_CHUNKS) {
            return Err(limit::member::<Completion>("numbers", "names no chunks"));
        }
        limit::count::<Completion>("numbers", numbers.len(), MAX_CHUNKS as usize)
    }
}

impl Message for Failure {
    const NAME: &'static str = "failure";
    const LIMIT: usize = 8 << 10;

    fn check(&self) -> Result<(), LinkError> {
        limit::text::<Failure>("reason", &self.reason, MAX_REASON_BYTES)
    }
}

impl Message for Noted {
    const NAME: &'static str = "noted";
    const LIMIT: usize = 4096;

    fn check(&self) -> Result<(), LinkError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_completion_is_within_its_limits() {
        let run = "arn:aws:inspector:us-east-1:000000000000:target/0-aaaaaaaa/template/0-bbbbbbbb/run/0-cccccccc";
        let row = Telemetry { message_type: "InspectorUser".into(), count: 3, data_size: 10 };
        let complete = Complete {
            run: run.parse().unwrap(),
            chunks: 1,
            digest: "0".repeat(64).parse().unwrap(),
            size: 10,
            telemetry: vec![row.clone()],
        };
        assert_eq!(Complete::decode(&complete.encode().unwrap()).unwrap(), complete);
        let wrong = [
            Complete { chunks: 0, ..complete.clone() },
            Complete { chunks: MAX_CHUNKS + 1, ..complete.clone() },
            Complete { size: MAX_EVIDENCE_BYTES + 1, ..complete.clone() },
            Complete { size: 9, ..complete.clone() },
            Complete { telemetry: vec![row; 101], ..complete },
        ];
        for complete in wrong {
            assert!(matches!(complete.encode(), Err(LinkError::Member { .. })), "{complete:?}");
        }
        for numbers in [vec![], vec![MAX_CHUNKS], vec![0; 129]] {
            assert!(Completion::Missing { numbers }.encode().is_err());
        }
    }
}
