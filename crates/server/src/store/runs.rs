//! Runs, targets and templates, read back.

use assay_model::arn::{RunArn, TargetArn};
use assay_model::assessment::Assessment;
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::error::StoreError;
use super::filter::RunFilter;
use super::open::Store;
use super::page::{Listing, Page, RunPosition};
use super::statement::Statement;
use super::summary::RunSummary;

/// A run and one of its hosts that was evaluated.
const SELECT_RUN: &str = "SELECT run.created_at, run.body, agent.host, agent.feeds, agent.coverage, template.body, target.body, \
                          agent.agent_id FROM run \
                          JOIN run_agent agent ON agent.run_arn = run.arn AND agent.host IS NOT NULL \
                          JOIN template ON template.arn = run.template_arn \
                          JOIN target ON target.arn = template.target_arn";
const NEWEST_FIRST: &str = " ORDER BY run.created_at DESC, run.arn DESC, agent.agent_id DESC LIMIT ";

/// How many candidates an ambiguous selector names.
const MAX_CANDIDATES: u32 = 5;

impl Store {
    /// The runs that a filter takes, newest first.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn runs(
        &self,
        filter: &RunFilter,
        page: &Page<RunPosition>,
    ) -> Result<Listing<RunSummary, RunPosition>, StoreError> {
        let mut statement = Statement::new(SELECT_RUN);
        if let Some(host) = &filter.host {
            statement.condition("(agent.agent_id = ").bind(host.as_str());
            statement.push(" OR agent.hostname = ").bind(host.as_str()).push(")");
        }
        if !filter.states.is_empty() {
            statement.condition("run.state IN ").bind_list(filter.states.iter().map(|state| state.as_str().into()));
        }
        if let Some(after) = &page.after {
            statement.condition("(run.created_at < ").bind(after.created_at);
            statement.push(" OR (run.created_at = ").bind(after.created_at);
            statement.push(" AND (run.arn < ").bind(after.arn.as_str());
            statement.push(" OR (run.arn = ").bind(after.arn.as_str());
            statement.push(" AND agent.agent_id < ").bind(after.agent_id.as_str()).push("))))");
        }
        statement.push(NEWEST_FIRST).bind(i64::from(page.limit) + 1);
        Ok(Listing::of_rows(self.fetch_runs(statement).await?, page.limit))
    }

    /// The newest run, of one host or of all.
    ///
    /// # Errors
    ///
    /// As [`Store::runs`].
    pub async fn latest_run(&self, host: Option<&str>) -> Result<Option<RunSummary>, StoreError> {
        let filter = RunFilter { host: host.map(str::to_owned), ..RunFilter::default() };
        Ok(self.runs(&filter, &Page::first(1)).await?.items.pop())
    }

    /// One run.
    ///
    /// # Errors
    ///
    /// As [`Store::runs`].
    pub async fn run(&self, run: &RunArn) -> Result<Option<RunSummary>, StoreError> {
        let mut statement = Statement::new(SELECT_RUN);
        statement.condition("run.arn = ").bind(run.as_str());
        Ok(self.fetch_runs(statement).await?.pop().map(|(_, summary)| summary))
    }

    /// The run that a person means by `latest`, an ARN, an id, the beginning of an id (with or without its `0-`), or a
    /// name. An exact match is preferred to a beginning.
    ///
    /// # Errors
    ///
    /// When none matches, several do, or as [`Store::runs`].
    pub async fn find_run(&self, selector: &str) -> Result<RunSummary, StoreError> {
        let no_match = || StoreError::NoMatch { what: "run", selector: selector.to_owned() };
        if selector == "latest" {
            return self.latest_run(None).await?.ok_or_else(no_match);
        }
        if let Ok(arn) = selector.parse::<RunArn>() {
            return self.run(&arn).await?.ok_or_else(no_match);
        }
        let mut exact = Statement::new(SELECT_RUN);
        exact.condition("(run.id = ").bind(selector).push(" OR run.name = ").bind(selector).push(")");
        exact.push(NEWEST_FIRST).bind(i64::from(MAX_CANDIDATES));
        let mut matches = self.fetch_runs(exact).await?;
        if matches.is_empty() && !selector.is_empty() {
            let mut beginning = Statement::new(SELECT_RUN);
            beginning.condition("(");
            push_prefix(&mut beginning, "run.id", selector);
            beginning.push(" OR ");
            push_prefix(&mut beginning, "run.id", &format!("0-{selector}"));
            beginning.push(")").push(NEWEST_FIRST).bind(i64::from(MAX_CANDIDATES));
            matches = self.fetch_runs(beginning).await?;
        }
        match matches.len() {
            0 | 1 => matches.pop().map(|(_, summary)| summary).ok_or_else(no_match),
            _ => Err(StoreError::Ambiguous {
                selector: selector.to_owned(),
                candidates: matches.into_iter().map(|(_, summary)| summary.run.arn.id().to_owned()).collect(),
            }),
        }
    }

    /// All of one run, equal to what was saved.
    ///
    /// # Errors
    ///
    /// As [`Store::runs`].
    pub async fn assessment(&self, run: &RunArn) -> Result<Option<Assessment>, StoreError> {
        let Some(RunSummary { target, template, run, host, feeds, coverage }) = self.run(run).await? else {
            return Ok(None);
        };
        let lists = [
            "SELECT body FROM finding WHERE run_arn = ",
            "SELECT body FROM exclusion WHERE run_arn = ",
            "SELECT body FROM rule_result WHERE run_arn = ",
        ];
        let [findings, exclusions, rule_results] = lists.map(|select| {
            let mut statement = Statement::new(select);
            statement.bind(run.arn.as_str()).push(" ORDER BY ordinal");
            statement
        });
        let findings = self.fetch_bodies("a finding", findings).await?;
        let exclusions = self.fetch_bodies("an exclusion", exclusions).await?;
        let rule_results = self.fetch_bodies("a rule result", rule_results).await?;
        Ok(Some(Assessment { target, template, run, host, feeds, findings, exclusions, coverage, rule_results }))
    }

    /// The target of this name.
    ///
    /// # Errors
    ///
    /// As [`Store::runs`].
    pub async fn target_named(&self, name: &str) -> Result<Option<AssessmentTarget>, StoreError> {
        let mut statement = Statement::new("SELECT body FROM target");
        statement.condition("name = ").bind(name);
        self.fetch_body("a target", statement).await
    }

    /// The template of this name of a target.
    ///
    /// # Errors
    ///
    /// As [`Store::runs`].
    pub async fn template_named(
        &self,
        target: &TargetArn,
        name: &str,
    ) -> Result<Option<AssessmentTemplate>, StoreError> {
        let mut statement = Statement::new("SELECT body FROM template");
        statement.condition("target_arn = ").bind(target.as_str());
        statement.condition("name = ").bind(name);
        self.fetch_body("a template", statement).await
    }

    /// The first column of every row, decoded.
    pub(super) async fn fetch_bodies<T: DeserializeOwned>(
        &self,
        what: &'static str,
        statement: Statement,
    ) -> Result<Vec<T>, StoreError> {
        let failed = self.failed_to("read objects");
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        rows.iter()
            .map(|row| {
                let body: String = row.try_get(0).map_err(&failed)?;
                self.decode(what, &body)
            })
            .collect()
    }

    /// The first column of the first row, decoded.
    pub(super) async fn fetch_body<T: DeserializeOwned>(
        &self,
        what: &'static str,
        statement: Statement,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.fetch_bodies(what, statement).await?.into_iter().next())
    }

    async fn fetch_runs(&self, statement: Statement) -> Result<Vec<(RunPosition, RunSummary)>, StoreError> {
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(self.failed_to("read runs"))?;
        rows.iter().map(|row| self.run_of_row(row)).collect()
    }

    fn run_of_row(&self, row: &AnyRow) -> Result<(RunPosition, RunSummary), StoreError> {
        let failed = self.failed_to("read a run");
        let body = |index: usize| row.try_get::<String, _>(index).map_err(&failed);
        let summary = RunSummary {
            run: self.decode("a run", &body(1)?)?,
            host: self.decode("a host", &body(2)?)?,
            feeds: self.decode("feeds", &body(3)?)?,
            coverage: self.decode("coverage", &body(4)?)?,
            template: self.decode("a template", &body(5)?)?,
            target: self.decode("a target", &body(6)?)?,
        };
        let created_at = row.try_get(0).map_err(&failed)?;
        let agent_id = row.try_get(7).map_err(&failed)?;
        Ok((RunPosition { created_at, arn: summary.run.arn.clone(), agent_id }, summary))
    }
}

/// Adds the condition that a column begins with a text. `LIKE` would ignore letter case in SQLite, and ids do not.
pub(super) fn push_prefix(statement: &mut Statement, column: &'static str, prefix: &str) {
    let length = i64::try_from(prefix.chars().count()).unwrap_or(i64::MAX);
    statement.push("substr(").push(column).push(", 1, CAST(").bind(length).push(" AS INTEGER)) = ").bind(prefix);
}
