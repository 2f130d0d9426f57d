//! Members: the hosts that a target selects, each with what is known of its agent (reference §8.1, §8.4).
//!
//! Instances of the inventory come with the account's agent of the same id; an agent outside of EC2 belongs to the region
//! that it enrolled for, with the tags that it says it has. Computed when asked: nothing of it is stored.

use std::collections::BTreeMap;

use assay_link::{AgentFacts, AgentHealth, AgentHealthCode};
use assay_model::Timestamp;
use assay_model::arn::Realm;
use assay_model::attribute::Attribute;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::accounts::time_of;
use super::agents::code_of;
use super::error::StoreError;
use super::instances::{AUTO_SCALING_TAG, Instance, InstanceState};
use super::member_health::{Heard, health};
use super::open::Store;
use super::page::{Listing, Page};
use super::resource_groups::ResourceGroup;
use super::rows::realm_text;
use super::statement::Statement;

/// Rows that are read at a time; where tags select few of them, a page takes several reads.
const BATCH: i64 = 500;

/// A host that a target selects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The instance id, or the id of an agent outside of EC2.
    pub agent_id: String,
    /// The public name of an instance, else what the agent says, else a name or address of the instance.
    pub hostname: String,
    /// What the agent said last; absent where none is enrolled, or where it is revoked.
    pub facts: Option<AgentFacts>,
    /// The instance, where the inventory has it.
    pub instance: Option<Instance>,
    /// Whether its agent can be worked with.
    pub health: AgentHealth,
    /// Why.
    pub code: AgentHealthCode,
    /// One sentence, where there is more to say.
    pub details: Option<String>,
    /// When its agent was heard from last.
    pub last_seen_at: Option<Timestamp>,
    /// The auto scaling group that started it.
    pub auto_scaling_group: Option<String>,
    /// The instance's tags; without an instance those that the agent says.
    pub tags: BTreeMap<String, String>,
}

/// Which instances count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// Those that run: what a run assesses.
    Running,
    /// All but terminated ones: what a preview shows.
    Listed,
}

/// A member's place in the order of ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberPosition(String);

impl Member {
    /// Whether an agent answers that can collect evidence.
    pub fn has_usable_agent(&self) -> bool {
        self.facts.is_some() && self.health == AgentHealth::Healthy
    }

    /// Whether a resource group of these tags selects it: by any of them; an empty value stands for any value of its key.
    pub fn is_selected_by(&self, tags: &[Attribute]) -> bool {
        let has =
            |tag: &Attribute| self.tags.get(&tag.key).is_some_and(|value| tag.value.is_empty() || *value == tag.value);
        tags.iter().any(has)
    }

    fn is_in(&self, membership: Membership) -> bool {
        let Some(instance) = &self.instance else { return true };
        match membership {
            Membership::Running => instance.state == InstanceState::Running,
            Membership::Listed => instance.state != InstanceState::Terminated,
        }
    }
}

impl Store {
    /// The hosts that a target of this realm selects for a run, by id: those that the group selects, or all without a group.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn members(
        &self,
        realm: &Realm,
        group: Option<&ResourceGroup>,
        now: Timestamp,
    ) -> Result<Vec<Member>, StoreError> {
        Ok(self.list_members(realm, group, Membership::Running, now, &Page::all()).await?.items)
    }

    /// A page of the hosts that a target of this realm selects, by id.
    ///
    /// # Errors
    ///
    /// As [`Store::members`].
    pub async fn list_members(
        &self,
        realm: &Realm,
        group: Option<&ResourceGroup>,
        membership: Membership,
        now: Timestamp,
        page: &Page<MemberPosition>,
    ) -> Result<Listing<Member, MemberPosition>, StoreError> {
        let most = usize::try_from(page.limit).unwrap_or(usize::MAX).saturating_add(1);
        let mut last = page.after.clone().map_or_else(String::new, |MemberPosition(id)| id);
        let mut rows = Vec::new();
        loop {
            let batch = self.fetch_members(realm, &last, now).await?;
            let is_last = batch.len() < usize::try_from(BATCH).unwrap_or_default();
            last = batch.last().map(|member| member.agent_id.clone()).unwrap_or_default();
            let selected = batch.into_iter().filter(|member| {
                member.is_in(membership) && group.is_none_or(|group| member.is_selected_by(&group.tags))
            });
            rows.extend(selected.map(|member| (MemberPosition(member.agent_id.clone()), member)));
            if is_last || rows.len() >= most {
                rows.truncate(most);
                return Ok(Listing::of_rows(rows, page.limit));
            }
        }
    }

    /// The next instances and agents of a realm, whoever selects them.
    async fn fetch_members(&self, realm: &Realm, after: &str, now: Timestamp) -> Result<Vec<Member>, StoreError> {
        let failed = self.failed_to("read members");
        let mut statement = Statement::new(SELECT_MEMBERS);
        statement.push("WHERE instance.realm = ").bind(realm_text(realm));
        statement.push(" AND instance.instance_id > ").bind(after);
        statement.push(SELECT_OTHER_AGENTS).push("agent.account = ").bind(realm.account.as_str());
        statement.push(" AND agent.region = ").bind(realm.region.as_str());
        statement.push(" AND agent.agent_id > ").bind(after);
        statement.push(") member ORDER BY member.id LIMIT ").bind(BATCH);
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        rows.iter().map(|row| self.member_of_row(row, now)).collect()
    }

    fn member_of_row(&self, row: &AnyRow, now: Timestamp) -> Result<Member, StoreError> {
        let failed = self.failed_to("read a member");
        let text = |index: usize| row.try_get::<Option<String>, _>(index).map_err(&failed);
        let time = |index: usize| Ok(row.try_get::<Option<i64>, _>(index).map_err(&failed)?.map(time_of));
        let agent_id = text(0)?.unwrap_or_default();
        let instance: Option<Instance> = text(1)?.map(|body| self.decode("an instance", &body)).transpose()?;
        let facts: Option<AgentFacts> = text(2)?.map(|facts| self.decode("an agent's facts", &facts)).transpose()?;
        let (last_seen_at, revoked_at): (Option<Timestamp>, Option<Timestamp>) = (time(6)?, time(7)?);
        let heard = match (&facts, revoked_at) {
            (None, _) => Heard::NoAgent,
            (Some(_), Some(at)) => Heard::Revoked(at),
            (Some(_), None) => {
                let word = |index: usize| Ok::<_, StoreError>(text(index)?.unwrap_or_default());
                let (health, code) =
                    (code_of(&word(3)?, AgentHealth::Unknown), code_of(&word(4)?, AgentHealthCode::Unknown));
                Heard::Agent { health, code, detail: word(5)?, last_seen_at }
            }
        };
        let (health, code, details) = health(&heard, now);
        let facts = facts.filter(|_| revoked_at.is_none());
        let tags = match (&instance, &facts) {
            (Some(instance), _) => instance.tags.clone(),
            (None, Some(facts)) => facts.tags.clone(),
            (None, None) => BTreeMap::new(),
        };
        Ok(Member {
            hostname: hostname(instance.as_ref(), facts.as_ref()),
            agent_id,
            facts,
            instance,
            health,
            code,
            details,
            last_seen_at,
            auto_scaling_group: tags.get(AUTO_SCALING_TAG).cloned(),
            tags,
        })
    }
}

const SELECT_MEMBERS: &str = "SELECT member.id, member.instance, member.facts, member.health, member.code, member.detail, \
                              member.last_seen_at, member.revoked_at FROM (\
                              SELECT instance.instance_id AS id, instance.body AS instance, agent.facts AS facts, \
                              agent.health AS health, agent.code AS code, agent.detail AS detail, \
                              agent.last_seen_at AS last_seen_at, agent.revoked_at AS revoked_at \
                              FROM instance LEFT JOIN agent ON agent.account = instance.account \
                              AND agent.agent_id = instance.instance_id ";

/// An agent whose instance is in the inventory of another region is a member there.
const SELECT_OTHER_AGENTS: &str = " UNION ALL SELECT agent.agent_id, NULL, agent.facts, agent.health, agent.code, \
                                   agent.detail, agent.last_seen_at, agent.revoked_at FROM agent \
                                   WHERE agent.revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM instance \
                                   WHERE instance.account = agent.account \
                                   AND instance.instance_id = agent.agent_id) AND ";

fn hostname(instance: Option<&Instance>, facts: Option<&AgentFacts>) -> String {
    let filled = |text: Option<&String>| text.filter(|text| !text.is_empty()).cloned();
    filled(instance.and_then(|it| it.public_dns.as_ref()))
        .or_else(|| filled(facts.map(|facts| &facts.hostname)))
        .or_else(|| filled(instance.and_then(|it| it.private_dns.as_ref())))
        .or_else(|| instance.and_then(|it| it.private_address).map(|address| address.to_string()))
        .unwrap_or_default()
}
