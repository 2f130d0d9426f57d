//! Findings that live on: one row for a problem of a host, from when it was first seen, whatever runs come and go.

use std::collections::BTreeMap;

use assay_model::Timestamp;
use assay_model::arn::{FindingArn, Realm, RunArn};
use assay_model::rules_package::RulesPackageKind;
use assay_model::severity::Severity;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::accounts::time_of;
use super::error::StoreError;
use super::open::{Store, encode};
use super::page::{Listing, Page};
use super::rows::realm_text;
use super::statement::{Statement, Value};

/// How a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LiveStatus {
    /// It is there, and was ever since it was first seen.
    Open,
    /// It is there again, after it was gone.
    Reopened,
    /// It is gone.
    Resolved,
}

/// A finding that lives on.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveFinding {
    /// Its identity: same host, rules package, rule and subject.
    pub key: String,
    /// The host.
    pub agent_id: String,
    /// The rules package.
    pub rules_package: RulesPackageKind,
    /// The rule.
    pub rule_id: String,
    /// The severity when it was seen last.
    pub severity: Severity,
    /// How it stands.
    pub status: LiveStatus,
    /// When it was first seen.
    pub first_seen_at: Timestamp,
    /// By which run; it may have been deleted since.
    pub first_run: RunArn,
    /// When it was last seen.
    pub last_seen_at: Timestamp,
    /// What it was then; it may have been deleted since.
    pub last_finding: FindingArn,
    /// How many runs have seen it.
    pub times: u64,
    /// When it was seen to be gone, and by which run; absent while it is there.
    pub resolved: Option<(Timestamp, RunArn)>,
    /// When it last came back.
    pub reopened_at: Option<Timestamp>,
}

/// Which of them are wanted. Every member must hold; of a list, one item has to. An empty list takes all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveFindingFilter {
    /// Of these hosts.
    pub agent_ids: Vec<String>,
    /// Of these rules packages.
    pub rules_packages: Vec<RulesPackageKind>,
    /// Of these rules.
    pub rule_ids: Vec<String>,
    /// Of these severities.
    pub severities: Vec<Severity>,
    /// That stand so.
    pub statuses: Vec<LiveStatus>,
}

/// A place in the order in which findings were first seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LivePlace {
    #[serde(rename = "t")]
    first_seen_at: i64,
    #[serde(rename = "k")]
    key: String,
}

const SELECT: &str = "SELECT finding_key, agent_id, rules_package, rule_id, severity, first_seen_at, first_run, last_seen_at, \
                      last_run, finding_id, times, resolved_at, resolved_run, reopened_at FROM live_finding";

impl Store {
    /// The findings of a realm that live on and that a filter takes, in the order in which they were first seen.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn live_findings(
        &self,
        realm: &Realm,
        filter: &LiveFindingFilter,
        page: &Page<LivePlace>,
    ) -> Result<Listing<LiveFinding, LivePlace>, StoreError> {
        let mut statement = Statement::new(SELECT);
        statement.condition("realm = ").bind(realm_text(realm));
        push_filter(&mut statement, filter);
        if let Some(LivePlace { first_seen_at, key }) = &page.after {
            statement.condition("(first_seen_at, finding_key) > (").bind(*first_seen_at);
            statement.push(", ").bind(key.as_str()).push(")");
        }
        statement.push(" ORDER BY first_seen_at, finding_key LIMIT ").bind(i64::from(page.limit) + 1);
        let rows = self.fetch_live(statement).await?.into_iter().map(|finding| {
            let first_seen_at = finding.first_seen_at.as_millisecond();
            (LivePlace { first_seen_at, key: finding.key.clone() }, finding)
        });
        Ok(Listing::of_rows(rows.collect(), page.limit))
    }

    /// Those of these findings that there are, by key.
    ///
    /// # Errors
    ///
    /// As [`Store::live_findings`].
    pub async fn live_findings_by_key(
        &self,
        realm: &Realm,
        keys: &[String],
    ) -> Result<BTreeMap<String, LiveFinding>, StoreError> {
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut statement = Statement::new(SELECT);
        statement.condition("realm = ").bind(realm_text(realm));
        statement.condition("finding_key IN ").bind_list(keys.iter().map(|key| Value::from(key.as_str())));
        Ok(self.fetch_live(statement).await?.into_iter().map(|finding| (finding.key.clone(), finding)).collect())
    }

    async fn fetch_live(&self, statement: Statement) -> Result<Vec<LiveFinding>, StoreError> {
        let mut connection = self.connection().await?;
        let failed = self.failed_to("read findings that live on");
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        rows.iter().map(|row| self.live_of_row(row)).collect()
    }

    fn live_of_row(&self, row: &AnyRow) -> Result<LiveFinding, StoreError> {
        let failed = self.failed_to("read a finding that lives on");
        let text = |index: usize| row.try_get::<String, _>(index).map_err(&failed);
        let time = |index: usize| Ok::<_, StoreError>(time_of(row.try_get(index).map_err(&failed)?));
        let optional = |index: usize| row.try_get::<Option<i64>, _>(index).map_err(&failed);
        let run = |text: String| -> Result<RunArn, StoreError> {
            text.parse().map_err(|cause| StoreError::DecodeArn { path: self.path().to_owned(), cause })
        };
        let last_run = run(text(8)?)?;
        let id = text(9)?.parse().map_err(|cause| StoreError::DecodeArn { path: self.path().to_owned(), cause })?;
        let resolved_run: Option<String> = row.try_get(12).map_err(&failed)?;
        let resolved = match (optional(11)?, resolved_run) {
            (Some(at), Some(by)) => Some((time_of(at), run(by)?)),
            _ => None,
        };
        let reopened_at = optional(13)?.map(time_of);
        let times: i64 = row.try_get(10).map_err(&failed)?;
        Ok(LiveFinding {
            key: text(0)?,
            agent_id: text(1)?,
            rules_package: self.decode("a rules package", &encode("a rules package", &text(2)?)?)?,
            rule_id: text(3)?,
            severity: self.decode("a severity", &encode("a severity", &text(4)?)?)?,
            status: match (&resolved, reopened_at) {
                (Some(_), _) => LiveStatus::Resolved,
                (None, Some(_)) => LiveStatus::Reopened,
                (None, None) => LiveStatus::Open,
            },
            first_seen_at: time(5)?,
            first_run: run(text(6)?)?,
            last_seen_at: time(7)?,
            last_finding: FindingArn::new(&last_run, &id),
            times: u64::try_from(times).unwrap_or_default(),
            resolved,
            reopened_at,
        })
    }
}

fn push_filter(statement: &mut Statement, filter: &LiveFindingFilter) {
    let LiveFindingFilter { agent_ids, rules_packages, rule_ids, severities, statuses } = filter;
    if !agent_ids.is_empty() {
        statement.condition("agent_id IN ").bind_list(agent_ids.iter().map(|id| id.as_str().into()));
    }
    if !rules_packages.is_empty() {
        statement.condition("rules_package IN ").bind_list(rules_packages.iter().map(|kind| kind.slug().into()));
    }
    if !rule_ids.is_empty() {
        statement.condition("rule_id IN ").bind_list(rule_ids.iter().map(|id| id.as_str().into()));
    }
    if !severities.is_empty() {
        statement.condition("severity IN ").bind_list(severities.iter().map(|severity| severity.as_str().into()));
    }
    if !statuses.is_empty() {
        statement.condition("(1 = 0");
        for status in statuses {
            statement.push(match status {
                LiveStatus::Open => " OR (resolved_at IS NULL AND reopened_at IS NULL)",
                LiveStatus::Reopened => " OR (resolved_at IS NULL AND reopened_at IS NOT NULL)",
                LiveStatus::Resolved => " OR resolved_at IS NOT NULL",
            });
        }
        statement.push(")");
    }
}
