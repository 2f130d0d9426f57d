//! Creation: what became of a new object, the lock that its account takes, and lists in the order of creation.

use assay_model::arn::Realm;
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Row};

use super::connections::Backend;
use super::error::StoreError;
use super::open::Store;
use super::page::{Listing, Page};
use super::rows::realm_text;
use super::statement::Statement;

/// What became of a new object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creation {
    /// It is stored.
    Done,
    /// Another one has its name.
    NameTaken,
    /// There are as many as there may be.
    TooMany,
    /// What it belongs to, or refers to, is not there.
    NoParent,
}

/// An object's place in the order *oldest first*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreationPosition {
    #[serde(rename = "t")]
    created_at: i64,
    #[serde(rename = "a")]
    arn: String,
}

/// Makes others that create something in the account wait until the transaction ends: what is counted stays so.
pub(super) async fn lock_account(connection: &mut AnyConnection, realm: &Realm) -> Result<(), sqlx::Error> {
    let mut statement = Statement::new("UPDATE account SET name = name");
    statement.condition("id = ").bind(realm.account.as_str());
    statement.execute(connection).await.map(drop)
}

/// The number in the first column of the first row.
pub(super) async fn count(connection: &mut AnyConnection, statement: Statement) -> Result<u64, sqlx::Error> {
    let rows = statement.fetch(connection).await?;
    let number: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    Ok(u64::try_from(number).unwrap_or_default())
}

impl Store {
    /// The ARNs of a table's rows in one realm, oldest first. The statement has conditions already, and selects
    /// `created_at, arn`.
    pub(super) async fn list_arns(
        &self,
        mut statement: Statement,
        realm: &Realm,
        page: &Page<CreationPosition>,
    ) -> Result<Listing<String, CreationPosition>, StoreError> {
        statement.condition("realm = ").bind(realm_text(realm));
        if let Some(CreationPosition { created_at, arn }) = &page.after {
            statement.condition("(created_at > ").bind(*created_at);
            statement.push(" OR (created_at = ").bind(*created_at);
            statement.push(" AND arn > ").bind(arn.as_str()).push("))");
        }
        statement.push(" ORDER BY created_at, arn LIMIT ").bind(i64::from(page.limit) + 1);
        let failed = self.failed_to("list objects");
        let mut connection = self.connection().await?;
        let mut rows = Vec::new();
        for row in statement.fetch(&mut connection).await.map_err(&failed)? {
            let arn: String = row.try_get(1).map_err(&failed)?;
            let created_at = row.try_get(0).map_err(&failed)?;
            rows.push((CreationPosition { created_at, arn: arn.clone() }, arn));
        }
        Ok(Listing::of_rows(rows, page.limit))
    }

    /// Adds the condition that a column fits a pattern, in which `*` is any run of characters and all else is itself
    /// (reference §8.10).
    pub(super) fn push_pattern(&self, statement: &mut Statement, column: &'static str, pattern: &str) {
        if !pattern.contains('*') {
            statement.condition(column).push(" = ").bind(pattern);
            return;
        }
        // `LIKE` ignores letter case in SQLite, and PostgreSQL has no `GLOB`.
        match self.backend() {
            Backend::Sqlite => statement.condition(column).push(" GLOB ").bind(glob(pattern)),
            Backend::Postgres => statement.condition(column).push(" LIKE ").bind(like(pattern)).push(" ESCAPE '\\'"),
        };
    }
}

fn glob(pattern: &str) -> String {
    let quote = |character| match character {
        '?' | '[' => format!("[{character}]"),
        _ => character.to_string(),
    };
    pattern.chars().map(quote).collect()
}

fn like(pattern: &str) -> String {
    let quote = |character| match character {
        '*' => "%".to_owned(),
        '%' | '_' | '\\' => format!("\\{character}"),
        _ => character.to_string(),
    };
    pattern.chars().map(quote).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_quote_what_databases_would_read() {
        for (pattern, in_glob, in_like) in
            [("web*", "web*", "web%"), ("a?[b]*", "a[?][[]b]*", "a?[b]%"), ("50%_\\*", "50%_\\*", "50\\%\\_\\\\%")]
        {
            assert_eq!((glob(pattern).as_str(), like(pattern).as_str()), (in_glob, in_like));
        }
    }
}
