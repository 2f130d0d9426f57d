//! Findings in the order in which they were made, page by page, as the API lists them: only those of runs that have ended.
//!
//! First come cells ([`super::finding_cells`]) in that order, sought from where the fewest of them can hold what is wanted;
//! then the findings of the first few. What no cell can tell (rules, attributes) is asked of the findings themselves.

use assay_model::arn::{FindingArn, Realm, RunArn};
use sqlx::{AnyConnection, Row};

use super::error::StoreError;
use super::finding_filter::ListedFindingFilter;
use super::finding_terms::{Term, terms};
use super::open::Store;
use super::page::{FindingPlace, Listing, Page};
use super::rows::{attribute_prefix, realm_text};
use super::statement::{Statement, Value};
use super::system_attributes::INSTANCE_ID;

/// Where fewer cells than this can hold what is wanted, they are read and sorted; else all are walked in their order, and soon
/// one is met.
const FEW_CELLS: i64 = 5_000;

/// Cells whose findings are read at a time, at first and at most.
const FIRST_CHUNK: usize = 8;
const LARGEST_CHUNK: usize = 256;

/// A cell whose findings may be wanted.
struct Candidate {
    id: i64,
    first: RowPlace,
    findings: i64,
}

/// A place in the order of findings.
#[derive(Clone, Debug)]
struct RowPlace {
    created_at: i64,
    run: String,
    ordinal: i64,
}

impl Candidate {
    /// Whether its first finding is not after a place. Texts are compared by the database alone: what it gave here is in the
    /// part of the run that the place is in, or after that.
    fn has_begun(&self, place: Option<&RowPlace>) -> bool {
        let Candidate { first: RowPlace { created_at, run, ordinal }, .. } = self;
        place.is_some_and(|place| *created_at == place.created_at && *run == place.run && *ordinal <= place.ordinal)
    }
}

impl Store {
    /// The findings of a realm that a filter takes, in the order in which they were made.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn list_findings(
        &self,
        realm: &Realm,
        filter: &ListedFindingFilter,
        page: &Page<FindingPlace>,
    ) -> Result<Listing<FindingArn, FindingPlace>, StoreError> {
        let search = Search { realm: realm_text(realm), filter, terms: terms(&realm_text(realm), filter) };
        let after = page.after.as_ref().map(|place| RowPlace {
            created_at: place.created_at,
            run: place.run(realm).to_string(),
            ordinal: place.ordinal,
        });
        let most = usize::try_from(page.limit).unwrap_or(usize::MAX).saturating_add(1);
        let mut connection = self.connection().await?;
        let rows = search.find(&mut connection, after, most).await.map_err(self.failed_to("list findings"))?;
        let rows = rows.into_iter().map(|(place, id)| {
            let decode = |cause| StoreError::DecodeArn { path: self.path().to_owned(), cause };
            let run: RunArn = place.run.parse().map_err(decode)?;
            let arn = FindingArn::new(&run, &id.parse().map_err(decode)?);
            Ok((FindingPlace::of(place.created_at, &run, place.ordinal).map_err(decode)?, arn))
        });
        Ok(Listing::of_rows(rows.collect::<Result<_, StoreError>>()?, page.limit))
    }
}

struct Search<'a> {
    realm: String,
    filter: &'a ListedFindingFilter,
    terms: Vec<Term>,
}

impl Search<'_> {
    /// The first findings after a place, at most so many.
    async fn find(
        &self,
        connection: &mut AnyConnection,
        mut after: Option<RowPlace>,
        most: usize,
    ) -> Result<Vec<(RowPlace, String)>, sqlx::Error> {
        let mut found = Vec::new();
        if self.filter.rules_packages.as_ref().is_some_and(Vec::is_empty) {
            return Ok(found);
        }
        let driver = self.driver(connection).await?;
        // A cell that holds a rule has at least one finding of it; one that holds an attribute may have many or, of two
        // attributes together, none.
        let asks_attributes = !self.filter.attributes.is_empty() || !self.filter.user_attributes.is_empty();
        let mut chunk = if asks_attributes { FIRST_CHUNK } else { most.clamp(1, LARGEST_CHUNK) };
        loop {
            let wanted = most.saturating_sub(found.len());
            let mut cells = self.candidates(connection, driver, after.as_ref(), chunk).await?;
            let begun = cells.iter().filter(|cell| cell.has_begun(after.as_ref())).count();
            if cells.len() > chunk && begun >= chunk {
                // That many have begun before the place and go on after it: with one more there is a way forward.
                chunk = chunk.saturating_mul(2);
                continue;
            }
            let taken = self.take(&cells, after.as_ref(), chunk, wanted);
            let bound = cells.get(taken).map(|cell| cell.first.clone());
            cells.truncate(taken);
            if !cells.is_empty() {
                found.extend(self.rows(connection, &cells, after.as_ref(), bound.as_ref(), wanted).await?);
            }
            let Some(bound) = bound else { return Ok(found) };
            if found.len() >= most {
                return Ok(found);
            }
            after = Some(RowPlace { ordinal: bound.ordinal - 1, ..bound });
            chunk = chunk.saturating_mul(2).min(LARGEST_CHUNK.max(chunk));
        }
    }

    /// Whether cells cannot tell which of their findings are wanted.
    fn asks_findings(&self) -> bool {
        let ListedFindingFilter { rule_ids, attributes, user_attributes, .. } = self.filter;
        !rule_ids.is_empty() || !attributes.is_empty() || !user_attributes.is_empty()
    }

    /// How many of the cells to read: all that have begun before the place, and as few others as may suffice, but one.
    fn take(&self, cells: &[Candidate], after: Option<&RowPlace>, chunk: usize, wanted: usize) -> usize {
        let wanted = i64::try_from(wanted).unwrap_or(i64::MAX);
        let mut sum = 0_i64;
        let enough = cells.iter().take(chunk).take_while(|cell| {
            let has_begun = cell.has_begun(after);
            let goes_on = has_begun || sum < wanted;
            sum = sum.saturating_add(if has_begun || self.asks_findings() { 0 } else { cell.findings });
            goes_on
        });
        enough.count()
    }

    /// The term that the fewest cells can meet, where they are few.
    async fn driver(&self, connection: &mut AnyConnection) -> Result<Option<&Term>, sqlx::Error> {
        if let [term @ Term::Runs(runs)] = self.terms.as_slice()
            && runs.len() == 1
        {
            return Ok(Some(term));
        }
        let mut fewest: Option<(i64, &Term)> = None;
        for term in &self.terms {
            let most = fewest.map_or(FEW_CELLS, |(cells, _)| cells);
            let mut statement = Statement::new("SELECT CAST(count(*) AS BIGINT) FROM (");
            term.push_cells(&mut statement, &self.realm, &[]);
            statement.push(" LIMIT ").bind(most).push(") AS few");
            let rows = statement.fetch(connection).await?;
            let cells: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
            if cells < most {
                fewest = Some((cells, term));
            }
        }
        Ok(fewest.map(|(_, term)| term))
    }

    /// The first cells that go on after a place and may hold what is wanted, one more than `most`.
    async fn candidates(
        &self,
        connection: &mut AnyConnection,
        driver: Option<&Term>,
        after: Option<&RowPlace>,
        most: usize,
    ) -> Result<Vec<Candidate>, sqlx::Error> {
        let mut statement =
            Statement::new("SELECT c.id, c.created_at, c.run_arn, c.first_ordinal, c.findings FROM finding_cell c");
        let others = self.terms.iter().filter(|term| driver.is_none_or(|driver| !std::ptr::eq(*term, driver)));
        let (items, others): (Vec<&Term>, Vec<&Term>) = others.partition(|term| term.is_items());
        let is_by_items = driver.is_some_and(Term::is_items);
        match driver {
            // The realm is not asked for again: PostgreSQL would take the condition for a rare one, and join loop by loop. Of items
            // that share a number, which may be of two realms, only findings of this one are read.
            Some(term) => {
                statement.condition("c.id IN (");
                term.push_cells(&mut statement, &self.realm, &items);
                statement.push(")");
            }
            None => {
                statement.condition("c.realm = ").bind(self.realm.as_str());
            }
        }
        statement.condition("c.run_arn NOT IN (SELECT arn FROM run WHERE active = 1)");
        self.push_columns(&mut statement);
        others.iter().for_each(|term| term.push_condition(&mut statement, &[]));
        if let Some((item, items)) = items.split_first().filter(|_| !is_by_items) {
            item.push_condition(&mut statement, items);
        }
        if let Some(after) = after {
            statement.condition("(c.created_at, c.run_arn) >= (").bind(after.created_at);
            statement.push(", ").bind(after.run.as_str()).push(")");
            statement.condition("(c.created_at, c.run_arn, c.last_ordinal) > ");
            push_place(&mut statement, after);
        }
        statement.push(" ORDER BY c.created_at, c.run_arn, c.first_ordinal LIMIT ");
        statement.bind(i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1));
        let rows = statement.fetch(connection).await?;
        let candidate = |row: &sqlx::any::AnyRow| {
            let first = RowPlace { created_at: row.try_get(1)?, run: row.try_get(2)?, ordinal: row.try_get(3)? };
            Ok(Candidate { id: row.try_get(0)?, first, findings: row.try_get(4)? })
        };
        rows.iter().map(candidate).collect()
    }

    /// What is known of whole cells and names few values.
    fn push_columns(&self, statement: &mut Statement) {
        let ListedFindingFilter { severities, rules_packages, attributes, from, until, .. } = self.filter;
        if !severities.is_empty() {
            statement.condition("c.severity IN ").bind_list(severities.iter().map(|it| it.as_str().into()));
        }
        if let Some(packages) = rules_packages {
            statement.condition("c.rules_package IN ").bind_list(packages.iter().map(|it| it.slug().into()));
        }
        for pair in attributes.iter().filter(|pair| pair.key == INSTANCE_ID) {
            if let Some(value) = &pair.value {
                statement.condition("c.agent_id || '' = ").bind(value.as_str());
            }
        }
        if let Some(from) = from {
            statement.condition("c.created_at >= ").bind(*from);
        }
        if let Some(until) = until {
            statement.condition("c.created_at <= ").bind(*until);
        }
    }

    /// The wanted findings of cells between two places.
    async fn rows(
        &self,
        connection: &mut AnyConnection,
        cells: &[Candidate],
        after: Option<&RowPlace>,
        before: Option<&RowPlace>,
        most: usize,
    ) -> Result<Vec<(RowPlace, String)>, sqlx::Error> {
        let mut statement = Statement::new("SELECT f.id, f.created_at, f.run_arn, f.ordinal FROM finding f");
        statement.condition("f.cell IN ").bind_list(cells.iter().map(|cell| Value::from(cell.id)));
        // Appending nothing to a column keeps databases from seeking by it, here and above.
        statement.condition("f.realm || '' = ").bind(self.realm.as_str());
        let ListedFindingFilter { rule_ids, attributes, user_attributes, .. } = self.filter;
        if !rule_ids.is_empty() {
            statement.condition("f.rule_id IN ").bind_list(rule_ids.iter().map(|id| id.as_str().into()));
        }
        for pair in attributes.iter().filter(|pair| pair.key != INSTANCE_ID) {
            push_has(&mut statement, "f.attributes", &attribute_prefix(&pair.key, pair.value.as_deref()));
        }
        for pair in user_attributes {
            push_has(&mut statement, "f.user_attributes", &attribute_prefix(&pair.key, pair.value.as_deref()));
        }
        if let Some(after) = after {
            push_place(statement.condition("(f.created_at, f.run_arn, f.ordinal) > "), after);
        }
        if let Some(before) = before {
            push_place(statement.condition("(f.created_at, f.run_arn, f.ordinal) < "), before);
        }
        statement.push(" ORDER BY f.created_at, f.run_arn, f.ordinal LIMIT ");
        statement.bind(i64::try_from(most).unwrap_or(i64::MAX));
        let rows = statement.fetch(connection).await?;
        let row_of = |row: &sqlx::any::AnyRow| {
            let place = RowPlace { created_at: row.try_get(1)?, run: row.try_get(2)?, ordinal: row.try_get(3)? };
            Ok((place, row.try_get(0)?))
        };
        rows.iter().map(row_of).collect()
    }
}

fn push_place(statement: &mut Statement, place: &RowPlace) {
    statement.push("(").bind(place.created_at).push(", ").bind(place.run.as_str()).push(", ");
    statement.bind(place.ordinal).push(")");
}

/// That a list holds a text, to the letter: `LIKE` would ignore letter case in SQLite.
fn push_has(statement: &mut Statement, column: &'static str, text: &str) {
    statement.condition("replace(").push(column).push(", ").bind(text).push(", '') <> ").push(column);
}
