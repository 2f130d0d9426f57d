//! Spool: what is on disk of the run in progress; it alone says where the run goes on after the agent was killed.
//!
//! `job.json` comes first and goes last. A step's result is one file that appears when it is complete: `evidence.json.gz`
//! after the first look, `window.json` after each further one, `parcel.json` when the chunks lie ready, `failure.json`
//! when there will be none.

use assay_link::{AgentId, ChunkHead, Collect, Complete, Digest};
use assay_model::Timestamp;
use assay_model::arn::RunArn;
use serde::{Deserialize, Serialize};

use crate::error::AgentError;
use crate::folder::Folder;

pub(crate) const JOB: &str = "job.json";
pub(crate) const EVIDENCE: &str = "evidence.json.gz";
pub(crate) const WINDOW: &str = "window.json";
pub(crate) const PARCEL: &str = "parcel.json";
const FAILURE: &str = "failure.json";
const MISSED: &str = "missed.json";
const SENT: &str = "sent.json";

const JOB_LIMIT: u64 = 4 << 20;
const PARCEL_LIMIT: u64 = 1 << 20;
const SMALL_LIMIT: u64 = 16 << 10;

/// What a run asks for, and of whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) agent: AgentId,
    pub(crate) collect: Collect,
    /// When the run's duration ends, by the clock of this host.
    pub(crate) ends_at: Timestamp,
}

/// The evidence, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Parcel {
    pub(crate) complete: Complete,
    /// Of each chunk.
    pub(crate) digests: Vec<Digest>,
}

/// Where a run goes on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing was collected yet.
    New,
    /// The first look is done.
    Collected,
    /// The chunks lie ready.
    Packed(Parcel),
    /// There is nothing to send but the reason.
    Failed(String),
}

/// What is on disk of the run in progress.
#[derive(Clone, Debug)]
pub(crate) struct Spool(Folder);

impl Spool {
    pub(crate) fn new(folder: Folder) -> Spool {
        Spool(folder)
    }

    pub(crate) fn folder(&self) -> &Folder {
        &self.0
    }

    /// Begins a run: what was there of another one is gone.
    pub(crate) fn begin(&self, job: &Job) -> Result<(), AgentError> {
        self.discard()?;
        self.0.create()?;
        self.0.write_json(JOB, job)
    }

    /// The run in progress. A damaged job is none: nothing can be done for it.
    pub(crate) fn job(&self) -> Result<Option<Job>, AgentError> {
        match self.0.read_json(JOB, JOB_LIMIT) {
            Err(AgentError::Damaged { path }) => {
                tracing::error!(%path, "the job of a run is damaged; the run is forgotten");
                self.discard()?;
                Ok(None)
            }
            job => job,
        }
    }

    pub(crate) fn stage(&self) -> Result<Stage, AgentError> {
        if let Some(reason) = self.0.read_json(FAILURE, SMALL_LIMIT)? {
            return Ok(Stage::Failed(reason));
        }
        if let Some(parcel) = self.0.read_json(PARCEL, PARCEL_LIMIT)? {
            return Ok(Stage::Packed(parcel));
        }
        let is_collected = self.0.path().join(EVIDENCE).exists();
        Ok(if is_collected { Stage::Collected } else { Stage::New })
    }

    /// Notes that there will be no evidence.
    pub(crate) fn fail(&self, reason: &str) -> Result<(), AgentError> {
        self.0.write_json(FAILURE, &reason)
    }

    /// How many looks failed.
    pub(crate) fn missed(&self) -> Result<u32, AgentError> {
        Ok(self.0.read_json(MISSED, SMALL_LIMIT)?.unwrap_or_default())
    }

    pub(crate) fn miss(&self) -> Result<(), AgentError> {
        self.0.write_json(MISSED, &self.missed()?.saturating_add(1))
    }

    /// How many chunks, from the first on, the server has.
    pub(crate) fn sent(&self) -> Result<u32, AgentError> {
        Ok(self.0.read_json(SENT, SMALL_LIMIT)?.unwrap_or_default())
    }

    pub(crate) fn note_sent(&self, count: u32) -> Result<(), AgentError> {
        self.0.write_json(SENT, &count)
    }

    /// A chunk's bytes; a chunk that is not there is damage.
    pub(crate) fn chunk(&self, number: u32) -> Result<Vec<u8>, AgentError> {
        let name = chunk_name(number);
        let chunk = self.0.read(&name, assay_link::MAX_CHUNK_BYTES as u64)?;
        chunk.ok_or_else(|| AgentError::Damaged { path: self.0.path().join(name) })
    }

    /// Forgets the run.
    pub(crate) fn discard(&self) -> Result<(), AgentError> {
        self.0.remove_all()
    }
}

impl Parcel {
    /// What is said of a chunk when it is sent.
    pub(crate) fn head(&self, number: u32) -> Option<ChunkHead> {
        let digest = self.digests.get(number as usize)?.clone();
        Some(ChunkHead { run: self.run().clone(), number, digest })
    }

    pub(crate) fn run(&self) -> &RunArn {
        &self.complete.run
    }
}

/// The file of a chunk.
pub(crate) fn chunk_name(number: u32) -> String {
    format!("chunk.{number:03}")
}
