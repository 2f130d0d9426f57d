//! Agent facts: who this host says it is, read as the collectors read it.

use std::collections::BTreeMap;

use assay_host::{Host, RootedHost};
use assay_inventory::{identity, operating_system};
use assay_link::{AgentFacts, AgentId, CloudIdentity};

use crate::VERSION;
use crate::error::AgentError;

/// The most tags that a message holds.
const MAX_TAGS: usize = 50;

/// What the facts do not say of themselves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// Tags of the operator and of the cloud; those of the operator count.
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) cloud: Option<CloudIdentity>,
}

/// The id of this host where no cloud gives it one: the one in its evidence.
pub(crate) fn own_id() -> Result<AgentId, AgentError> {
    let host = live()?;
    let id = identity::collect(&host, &fallback(&host)).agent_id;
    id.parse().map_err(|_| AgentError::Issued("this host has no id"))
}

/// The facts of this host under an id.
pub(crate) fn collect(agent: &AgentId, told: &Told) -> Result<AgentFacts, AgentError> {
    Ok(facts_of(&live()?, agent, told))
}

fn live() -> Result<RootedHost, AgentError> {
    RootedHost::live().map_err(|error| AgentError::Setup(Box::new(error)))
}

/// What tells hosts without a machine id apart.
pub(crate) fn fallback(host: &dyn Host) -> String {
    identity::collect(host, "").hostname
}

fn facts_of(host: &dyn Host, agent: &AgentId, told: &Told) -> AgentFacts {
    let who = identity::collect(host, "");
    let os = operating_system::collect(host).facts.unwrap_or_default();
    let name = os.pretty_name.unwrap_or_else(|| [os.id, os.version_id.unwrap_or_default()].join(" ").trim().to_owned());
    let kernel = host.read("/proc/sys/kernel/osrelease", 4096).unwrap_or_default();
    AgentFacts {
        agent: agent.clone(),
        version: VERSION.to_owned(),
        operating_system: shorten(&name, 256),
        kernel: shorten(String::from_utf8_lossy(&kernel).trim(), 128),
        hostname: who.hostname,
        ipv4: who.ipv4_addresses.first().and_then(|address| address.parse().ok()),
        tags: told.tags.iter().take(MAX_TAGS).map(|(key, value)| (shorten(key, 512), shorten(value, 1024))).collect(),
        cloud: told.cloud.clone(),
    }
}

/// Text that a message takes: without control characters, at most so many bytes.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    let mut result = String::new();
    for character in text.chars().filter(|character| !character.is_control()) {
        if result.len() + character.len_utf8() > limit {
            break;
        }
        result.push(character);
    }
    result
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_link::{AgentHealth, AgentHealthCode, Message as _, Poll};
    use assay_model::evidence::SourceKind;

    use super::*;

    fn poll(facts: AgentFacts) -> Poll {
        let (health, code) = (AgentHealth::Healthy, AgentHealthCode::Idle);
        Poll { facts, health, code, detail: None, running: None, wait_seconds: 0 }
    }

    #[test]
    fn facts_are_within_the_limits_of_the_message_whatever_the_host_says() {
        let id: AgentId = "i-1".parse().unwrap();
        let host = MemoryHost::new(SourceKind::LiveHost)
            .file("/etc/os-release", format!("ID=debian\nPRETTY_NAME=\"{}\"\n", "é".repeat(500)))
            .file("/proc/sys/kernel/osrelease", format!("6.12\u{1b}[2J{}\n", "x".repeat(500)))
            .file("/proc/sys/kernel/hostname", "web-1\n");
        let tags = (0..100).map(|n| (format!("{n:03}\n{}", "k".repeat(600)), "\u{7}v".repeat(2000))).collect();
        let facts = facts_of(&host, &id, &Told { tags, cloud: None });
        assert_eq!((facts.hostname.as_str(), facts.tags.len()), ("web-1", 50));
        assert!(facts.operating_system.starts_with("éé") && facts.kernel.starts_with("6.12[2Jx"));
        poll(facts).encode().unwrap();
        poll(facts_of(&MemoryHost::new(SourceKind::LiveHost), &id, &Told::default())).encode().unwrap();
    }

    #[test]
    fn this_host_has_the_id_of_its_evidence() {
        let host = RootedHost::live().unwrap();
        let evidence = identity::collect(&host, &fallback(&host)).agent_id;
        assert_eq!(own_id().unwrap().as_str(), evidence);
    }
}
