//! State: what the daemon last wrote about itself, for `status`.

use assay_link::AgentId;
use assay_model::Timestamp;
use assay_model::arn::RunArn;
use serde::{Deserialize, Serialize};

use crate::error::AgentError;
use crate::folder::Folder;
use crate::server::ServerAddress;

const FILE: &str = "state.json";

const LIMIT: u64 = 64 << 10;

/// What the agent does for a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    /// Looks at the host.
    Collecting,
    /// Looks at processes and sockets from time to time.
    Watching,
    /// Sends the evidence.
    Sending,
    /// Tells the server that it could not collect.
    Failing,
}

/// What the daemon last wrote about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Who it is to the server.
    pub agent: AgentId,
    /// The server.
    pub server: ServerAddress,
    /// The daemon's process.
    pub process: u32,
    /// When it started.
    pub started_at: Timestamp,
    /// When its certificate ends.
    pub certificate_ends: Timestamp,
    /// When the server last answered.
    #[serde(default)]
    pub last_contact: Option<Timestamp>,
    /// Until when silence is normal; later, the server is out of reach.
    pub heard_until: Timestamp,
    /// Why the last attempt to reach the server failed.
    #[serde(default)]
    pub problem: Option<String>,
    /// The run in progress.
    #[serde(default)]
    pub run: Option<RunArn>,
    /// What is done for it.
    #[serde(default)]
    pub activity: Option<Activity>,
    /// The server has revoked the agent.
    #[serde(default)]
    pub revoked: bool,
}

impl State {
    pub(crate) fn load(folder: &Folder) -> Result<Option<State>, AgentError> {
        folder.read_json(FILE, LIMIT)
    }

    pub(crate) fn save(&self, folder: &Folder) -> Result<(), AgentError> {
        folder.write_json(FILE, self)
    }

    pub(crate) fn discard(folder: &Folder) -> Result<(), AgentError> {
        folder.remove(FILE)
    }
}
