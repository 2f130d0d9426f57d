//! Findings, read back by filter or by what a person calls them.

use assay_model::arn::{FindingArn, RunArn};
use assay_model::finding::Finding;
use sqlx::Row;

use super::error::StoreError;
use super::filter::FindingFilter;
use super::open::Store;
use super::page::{FindingPosition, Listing, Page};
use super::rows::band_rank;
use super::runs::push_prefix;
use super::statement::{Statement, Value, contains_pattern, enclosed_list};

/// Rows that a search by name reads: one more than an ambiguous selector names.
const MAX_CANDIDATES: i64 = 5;

impl Store {
    /// The findings that a filter takes, worst first: by risk, then by run, then by their order in the run.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn findings(
        &self,
        filter: &FindingFilter,
        page: &Page<FindingPosition>,
    ) -> Result<Listing<Finding, FindingPosition>, StoreError> {
        let mut statement = Statement::new("SELECT risk, run_arn, ordinal, body FROM finding");
        push_filter(&mut statement, filter);
        if let Some(after) = &page.after {
            statement.condition("(risk < ").bind(Value::Real(after.risk));
            statement.push(" OR (risk = ").bind(Value::Real(after.risk));
            statement.push(" AND (run_arn > ").bind(after.run.as_str());
            statement.push(" OR (run_arn = ").bind(after.run.as_str());
            statement.push(" AND ordinal > ").bind(after.ordinal).push("))))");
        }
        statement.push(" ORDER BY risk DESC, run_arn, ordinal LIMIT ").bind(i64::from(page.limit) + 1);
        let failed = self.failed_to("read findings");
        let mut connection = self.connection().await?;
        let mut rows = Vec::new();
        for row in statement.fetch(&mut connection).await.map_err(&failed)? {
            let run: String = row.try_get(1).map_err(&failed)?;
            let run = run.parse().map_err(|cause| StoreError::DecodeArn { path: self.path().to_owned(), cause })?;
            let risk = row.try_get(0).map_err(&failed)?;
            let ordinal = row.try_get(2).map_err(&failed)?;
            let body: String = row.try_get(3).map_err(&failed)?;
            rows.push((FindingPosition { risk, run, ordinal }, self.decode("a finding", &body)?));
        }
        Ok(Listing::of_rows(rows, page.limit))
    }

    /// One finding.
    ///
    /// # Errors
    ///
    /// As [`Store::findings`].
    pub async fn finding(&self, arn: &FindingArn) -> Result<Option<Finding>, StoreError> {
        let mut statement = Statement::new("SELECT body FROM finding");
        statement.condition("run_arn = ").bind(arn.run().as_str());
        statement.condition("id = ").bind(arn.id());
        self.fetch_body("a finding", statement).await
    }

    /// The finding that a person means by an ARN, an id, a key, a rule id (a CVE, for example), or the beginning of an
    /// id (with or without its `0-`) or key. The newest run is searched first, then all.
    ///
    /// # Errors
    ///
    /// When none matches, several do, or as [`Store::findings`].
    pub async fn find_finding(&self, selector: &str) -> Result<Finding, StoreError> {
        let no_match = || StoreError::NoMatch { what: "finding", selector: selector.to_owned() };
        if let Ok(arn) = selector.parse::<FindingArn>() {
            return self.finding(&arn).await?.ok_or_else(no_match);
        }
        let latest = self.latest_run(None).await?.ok_or_else(no_match)?.run.arn;
        for (run, how) in [
            (Some(&latest), Match::Whole),
            (Some(&latest), Match::Beginning),
            (None, Match::Whole),
            (None, Match::Beginning),
        ] {
            let mut matches = self.matching(selector, run, how).await?;
            match (matches.len(), run) {
                (0, _) => {}
                // A key is the same in every run: the newest of them is meant.
                (1, _) => return matches.pop().ok_or_else(no_match),
                (_, None) if matches.iter().all(|finding| finding.key == selector) => {
                    return matches.into_iter().next().ok_or_else(no_match);
                }
                _ => {
                    let candidates = matches.iter().map(|finding| finding.arn.id().to_owned()).collect();
                    return Err(StoreError::Ambiguous { selector: selector.to_owned(), candidates });
                }
            }
        }
        Err(no_match())
    }

    async fn matching(&self, selector: &str, run: Option<&RunArn>, how: Match) -> Result<Vec<Finding>, StoreError> {
        let mut statement = Statement::new("SELECT finding.body FROM finding JOIN run ON run.arn = finding.run_arn");
        if let Some(run) = run {
            statement.condition("finding.run_arn = ").bind(run.as_str());
        }
        statement.condition("(");
        match how {
            Match::Whole => {
                statement.push("finding.id = ").bind(selector);
                statement.push(" OR finding.finding_key = ").bind(selector);
                statement.push(" OR finding.rule_id = ").bind(selector);
            }
            Match::Beginning => {
                push_prefix(&mut statement, "finding.id", selector);
                statement.push(" OR ");
                push_prefix(&mut statement, "finding.id", &format!("0-{selector}"));
                statement.push(" OR ");
                push_prefix(&mut statement, "finding.finding_key", selector);
            }
        }
        statement.push(") ORDER BY run.created_at DESC, run.arn DESC, finding.ordinal LIMIT ").bind(MAX_CANDIDATES);
        self.fetch_bodies("a finding", statement).await
    }
}

/// How a selector is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    Whole,
    Beginning,
}

fn push_filter(statement: &mut Statement, filter: &FindingFilter) {
    let FindingFilter { run, minimum_band, severities, rules_package, rule_id, package, cve, text, fix_state } = filter;
    if let Some(run) = run {
        statement.condition("run_arn = ").bind(run.as_str());
    }
    if let Some(band) = minimum_band {
        statement.condition("band >= ").bind(band_rank(*band));
    }
    if !severities.is_empty() {
        statement.condition("severity IN ").bind_list(severities.iter().map(|severity| severity.as_str().into()));
    }
    if let Some(rules_package) = rules_package {
        statement.condition("rules_package = ").bind(rules_package.slug());
    }
    if let Some(rule_id) = rule_id {
        statement.condition("rule_id = ").bind(rule_id.as_str());
    }
    if let Some(cve) = cve {
        statement.condition("cve = ").bind(cve.to_uppercase());
    }
    if let Some(package) = package {
        push_contains(statement, "package_names LIKE ", &enclosed_list([package.to_lowercase().as_str()]));
    }
    if let Some(state) = fix_state {
        push_contains(statement, "fix_states LIKE ", &enclosed_list([state.as_str()]));
    }
    if let Some(text) = text {
        push_contains(statement, "search_text LIKE ", &text.to_lowercase());
    }
}

fn push_contains(statement: &mut Statement, column_like: &'static str, text: &str) {
    statement.condition(column_like).bind(contains_pattern(text)).push(" ESCAPE '\\'");
}
