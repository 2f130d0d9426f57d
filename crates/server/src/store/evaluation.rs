//! Evaluation of a host of a run: what is judged, and its results, written in one transaction.
//!
//! A host is judged once: whoever comes second finds it evaluated, and changes nothing.

use std::collections::BTreeSet;

use assay_model::Timestamp;
use assay_model::arn::{FindingArn, Id, RunArn};
use assay_model::assessment::Assessment;
use assay_model::exclusion::Exclusion;
use assay_model::finding::Finding;
use assay_model::run::{AssessmentRun, RunState};
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;
use sqlx::Row;

use super::connections::WriteTransaction;
use super::error::StoreError;
use super::jobs::{self, Held, LeasedJob};
use super::open::{Store, encode};
use super::rows::{AssessmentRows, realm_text};
use super::run_announce::announce_findings;
use super::run_progress::{Moved, next_ordinal};
use super::statement::{Statement, Value};

/// Ids that one statement looks for.
const IDS_PER_STATEMENT: usize = 500;

/// A host of a run that is to be judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The target of the run.
    pub target: AssessmentTarget,
    /// The template of the run.
    pub template: AssessmentTemplate,
    /// The run.
    pub run: AssessmentRun,
    /// The host.
    pub agent_id: String,
    /// Its name.
    pub hostname: String,
    /// The member that was captured at the start, as JSON.
    pub member: String,
    /// The content address of its evidence.
    pub digest: String,
}

/// Which host of which run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostOfRun<'a> {
    /// The run.
    pub run: &'a RunArn,
    /// The host.
    pub agent_id: &'a str,
    /// The auto scaling group that it is in, or nothing.
    pub scaling_group: &'a str,
}

/// What became of a host.
#[derive(Clone, Debug, PartialEq)]
pub enum Evaluated {
    /// It was judged; the number of its evaluation errors.
    Judged(Box<Assessment>, u32),
    /// It could not be: the reasons.
    Failed(Vec<Exclusion>),
}

impl Store {
    /// What a job of an evaluation is about; absent when there is nothing left to do.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn evaluation(&self, job: &LeasedJob) -> Result<Option<Evaluation>, StoreError> {
        let Some((run, agent_id)) = job.subject.split_once(' ') else { return Ok(None) };
        let failed = self.failed_to("read a host of a run");
        let mut statement = Statement::new(
            "SELECT target.body, template.body, run.body, agent.hostname, agent.member, agent.evidence_digest FROM run \
             JOIN run_agent agent ON agent.run_arn = run.arn JOIN template ON template.arn = run.template_arn \
             JOIN target ON target.arn = template.target_arn",
        );
        statement.condition("run.arn = ").bind(run).condition("agent.agent_id = ").bind(agent_id);
        statement.condition("run.state = ").bind(RunState::EvaluatingRules.as_str());
        statement.condition("agent.stage = 'collected'").condition("agent.evidence_digest IS NOT NULL");
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let Some(row) = rows.first() else { return Ok(None) };
        let text = |index: usize| row.try_get::<String, _>(index).map_err(&failed);
        Ok(Some(Evaluation {
            target: self.decode("a target", &text(0)?)?,
            template: self.decode("a template", &text(1)?)?,
            run: self.decode("a run", &text(2)?)?,
            agent_id: agent_id.to_owned(),
            hostname: text(3)?,
            member: text(4)?,
            digest: text(5)?,
        }))
    }

    /// Stores what became of a host, and ends the job. The run's job is asked for once no host is left.
    ///
    /// # Errors
    ///
    /// When the database fails; then nothing of it is stored.
    pub async fn save_evaluation(
        &self,
        job: &LeasedJob,
        host: &HostOfRun<'_>,
        mut evaluated: Evaluated,
        now: Timestamp,
    ) -> Result<Moved, StoreError> {
        let failed = self.failed_to("save the evaluation of a host");
        let HostOfRun { run, agent_id, scaling_group } = *host;
        let realm = realm_text(&run.realm());
        let mut rows = rows_of(&evaluated, run, &realm, scaling_group)?;
        let mut transaction = self.begin("save the evaluation of a host").await?;
        let state = self.lock_run(&mut transaction, run).await?.map(|run| run.state());
        if state != Some(RunState::EvaluatingRules) {
            return Ok(Moved::Overtaken);
        }
        let mut update = Statement::new("UPDATE run_agent SET stage = 'evaluated', host = ");
        update.bind(rows.host).push(", feeds = ").bind(rows.feeds).push(", coverage = ").bind(rows.coverage);
        update.push(", evaluation_errors = ").bind(rows.errors);
        update.condition("run_arn = ").bind(run.as_str()).condition("agent_id = ").bind(agent_id);
        update.condition("stage = 'collected'");
        if update.execute(&mut transaction).await.map_err(&failed)? == 0 {
            return Ok(Moved::Overtaken);
        }
        if let Evaluated::Judged(assessment, _) = &mut evaluated
            && self.rename_taken(&mut transaction, run, &mut assessment.findings).await?
        {
            rows.lists = AssessmentRows::of(assessment, &realm, 0, scaling_group)?;
        }
        let first = next_ordinal(&mut transaction, run).await.map_err(&failed)?;
        rows.lists.renumber(first);
        rows.lists.insert(&mut transaction).await.map_err(&failed)?;
        if let Evaluated::Judged(assessment, _) = &evaluated {
            let arns: Vec<FindingArn> = assessment.findings.iter().map(|finding| finding.arn.clone()).collect();
            announce_findings(&mut transaction, run, &arns, now).await.map_err(&failed)?;
        }
        let mut others = Statement::new("SELECT agent_id FROM run_agent");
        others.condition("run_arn = ").bind(run.as_str()).condition("stage = 'collected' LIMIT 1");
        if others.fetch(&mut transaction).await.map_err(&failed)?.is_empty() {
            jobs::wake(&mut transaction, jobs::RUN_JOB, run.as_str()).await.map_err(&failed)?;
        }
        if jobs::finish(&mut transaction, job, now).await.map_err(&failed)? == Held::Lost {
            return Ok(Moved::LeaseLost);
        }
        transaction.commit().await.map_err(&failed)?;
        Ok(Moved::Yes)
    }

    /// Gives new ids to findings whose ids other hosts of the run have; tells whether there were any. Ids are derived, and
    /// of 10,000 hosts with 1,000 findings each, one in five runs has such a pair.
    pub(super) async fn rename_taken(
        &self,
        transaction: &mut WriteTransaction<'_>,
        run: &RunArn,
        findings: &mut [Finding],
    ) -> Result<bool, StoreError> {
        let failed = self.failed_to("look for ids of findings");
        let mut taken = BTreeSet::new();
        for findings in findings.chunks(IDS_PER_STATEMENT) {
            let mut statement = Statement::new("SELECT id FROM finding");
            statement.condition("run_arn = ").bind(run.as_str()).condition("id IN ");
            statement.bind_list(findings.iter().map(|finding| Value::from(finding.arn.id())));
            for row in statement.fetch(transaction).await.map_err(&failed)? {
                taken.insert(row.try_get::<String, _>(0).map_err(&failed)?);
            }
        }
        let is_any_taken = !taken.is_empty();
        for finding in findings {
            // The new id is another one for each host; that it is taken, too, is not to be expected.
            if taken.contains(finding.arn.id()) {
                let seed = format!("{run} again {} {}", finding.asset.agent_id, finding.key);
                let id = Id::derive(seed.as_bytes());
                finding.arn = FindingArn::new(run, &id);
            }
        }
        Ok(is_any_taken)
    }
}

/// The rows of what became of a host.
struct Rows {
    host: Value,
    feeds: Value,
    coverage: Value,
    errors: i64,
    lists: AssessmentRows,
}

fn rows_of(evaluated: &Evaluated, run: &RunArn, realm: &str, scaling_group: &str) -> Result<Rows, StoreError> {
    let some = |text: String| Value::OptionalText(Some(text));
    match evaluated {
        Evaluated::Judged(assessment, errors) => Ok(Rows {
            host: some(encode("a host", &assessment.host)?),
            feeds: some(encode("feeds", &assessment.feeds)?),
            coverage: some(encode("coverage", &assessment.coverage)?),
            errors: i64::from(*errors),
            lists: AssessmentRows::of(assessment, realm, 0, scaling_group)?,
        }),
        Evaluated::Failed(exclusions) => {
            let mut rows = Vec::new();
            for (ordinal, exclusion) in (0_i64..).zip(exclusions) {
                let body = encode("an exclusion", exclusion)?;
                rows.push(vec![run.as_str().into(), ordinal.into(), exclusion.arn.id().into(), body.into()]);
            }
            Ok(Rows {
                host: Value::OptionalText(None),
                feeds: Value::OptionalText(None),
                coverage: Value::OptionalText(None),
                errors: 1,
                lists: AssessmentRows {
                    agent: Vec::new(),
                    findings: Vec::new(),
                    cells: Vec::new(),
                    items: Vec::new(),
                    exclusions: rows,
                    rule_results: Vec::new(),
                },
            })
        }
    }
}
