//! Agent facts: what an agent says of itself and of its host. All of it is a claim, none of it a proof.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::id::AgentId;
use crate::limit;
use crate::message::{LinkError, Message};

/// Most tags of a host; EC2 allows 50.
const MAX_TAGS: usize = 50;

/// Longest key of a tag, in characters of EC2, here in bytes of UTF-8.
const MAX_TAG_KEY_BYTES: usize = 4 * 128;

/// Longest value of a tag.
const MAX_TAG_VALUE_BYTES: usize = 4 * 256;

/// What an agent says of itself and of its host, with the lengths of `AgentPreview` (reference §7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentFacts {
    /// The EC2 instance id where there is one, else a stable id of the host's own.
    pub agent: AgentId,
    /// The agent's version: dotted, up to 128 bytes.
    pub version: String,
    /// `PRETTY_NAME` of os-release(5), up to 256 bytes.
    pub operating_system: String,
    /// The running kernel's release, up to 128 bytes.
    pub kernel: String,
    /// Up to 256 bytes.
    pub hostname: String,
    /// The first address that is no loopback address.
    #[serde(default)]
    pub ipv4: Option<Ipv4Addr>,
    /// Tags of the instance, where they are known.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// What the cloud says the host is.
    #[serde(default)]
    pub cloud: Option<CloudIdentity>,
}

/// What a cloud's metadata service says the host is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudIdentity {
    /// For example `i-0123456789abcdef0`.
    pub instance: AgentId,
    /// For example `eu-central-1`.
    pub region: String,
    /// 12 digits.
    pub account: String,
    /// For example `ami-0123456789abcdef0`.
    #[serde(default)]
    pub image: Option<String>,
}

impl AgentFacts {
    /// Compares the members with their limits, for a message that holds them.
    pub(crate) fn check<M: Message>(&self) -> Result<(), LinkError> {
        limit::text::<M>("version", &self.version, 128)?;
        limit::text::<M>("operating_system", &self.operating_system, 256)?;
        limit::text::<M>("kernel", &self.kernel, 128)?;
        limit::text::<M>("hostname", &self.hostname, 256)?;
        limit::count::<M>("tags", self.tags.len(), MAX_TAGS)?;
        for (key, value) in &self.tags {
            limit::text::<M>("tags", key, MAX_TAG_KEY_BYTES)?;
            limit::text::<M>("tags", value, MAX_TAG_VALUE_BYTES)?;
        }
        let Some(cloud) = &self.cloud else { return Ok(()) };
        limit::text::<M>("cloud.region", &cloud.region, 64)?;
        limit::text::<M>("cloud.account", &cloud.account, 12)?;
        limit::text::<M>("cloud.image", cloud.image.as_deref().unwrap_or_default(), 128)
    }
}
