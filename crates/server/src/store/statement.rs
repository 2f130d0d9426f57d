//! Statement: SQL text and its values, put together part by part.
//!
//! sqlx's own builder writes `?` for the `Any` driver, which PostgreSQL does not take; both databases take `$1`.

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe};

/// A value to bind.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    OptionalText(Option<String>),
    Integer(i64),
    OptionalInteger(Option<i64>),
    Real(f64),
    Bytes(Vec<u8>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Integer(number)
    }
}

/// SQL text that grows, with the values of its placeholders. Text never comes from outside; values do.
#[derive(Debug)]
pub(super) struct Statement {
    sql: String,
    values: Vec<Value>,
    condition_count: usize,
}

impl Statement {
    pub(super) fn new(sql: &'static str) -> Statement {
        Statement { sql: sql.to_owned(), values: Vec::new(), condition_count: 0 }
    }

    /// Adds text.
    pub(super) fn push(&mut self, sql: &'static str) -> &mut Statement {
        self.sql.push_str(sql);
        self
    }

    /// Adds a placeholder and its value.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> &mut Statement {
        self.values.push(value.into());
        self.sql.push_str(&format!("${}", self.values.len()));
        self
    }

    /// Begins a condition: `WHERE` before the first, `AND` before the others.
    pub(super) fn condition(&mut self, sql: &'static str) -> &mut Statement {
        self.push(if self.condition_count == 0 { " WHERE " } else { " AND " }).push(sql);
        self.condition_count += 1;
        self
    }

    /// Adds a parenthesised list of placeholders.
    pub(super) fn bind_list(&mut self, values: impl IntoIterator<Item = Value>) -> &mut Statement {
        self.push("(");
        for (index, value) in values.into_iter().enumerate() {
            self.push(if index == 0 { "" } else { ", " }).bind(value);
        }
        self.push(")")
    }

    /// Runs it and gives all rows.
    pub(super) async fn fetch(self, connection: &mut AnyConnection) -> Result<Vec<AnyRow>, sqlx::Error> {
        self.into_query().fetch_all(connection).await
    }

    /// Runs it and gives the number of rows that it changed.
    pub(super) async fn execute(self, connection: &mut AnyConnection) -> Result<u64, sqlx::Error> {
        Ok(self.into_query().execute(connection).await?.rows_affected())
    }

    fn into_query(self) -> Query<'static, Any, AnyArguments> {
        let query = sqlx::query(AssertSqlSafe(self.sql));
        self.values.into_iter().fold(query, |query, value| match value {
            Value::Text(text) => query.bind(text),
            Value::OptionalText(text) => query.bind(text),
            Value::Integer(number) => query.bind(number),
            Value::OptionalInteger(number) => query.bind(number),
            Value::Real(number) => query.bind(number),
            Value::Bytes(bytes) => query.bind(bytes),
        })
    }
}

/// Rows per statement when many are inserted. Each statement is one hand-over to the database's thread, which asks for few
/// of them; binding asks SQLite for each placeholder's name, which it finds by walking them all, which asks for small
/// ones: with 64 rows of 14 columns that walk was a seventh of all time spent.
const ROWS_PER_STATEMENT: usize = 16;

/// Inserts rows, many to a statement. `head` is `INSERT INTO table (columns) VALUES `.
pub(super) async fn insert_rows(
    connection: &mut AnyConnection,
    head: &'static str,
    mut rows: impl Iterator<Item = Vec<Value>>,
) -> Result<(), sqlx::Error> {
    loop {
        let mut statement = Statement::new(head);
        for (index, row) in rows.by_ref().take(ROWS_PER_STATEMENT).enumerate() {
            statement.push(if index == 0 { "" } else { ", " }).bind_list(row);
        }
        if statement.values.is_empty() {
            return Ok(());
        }
        statement.execute(connection).await?;
    }
}

/// A pattern for `LIKE … ESCAPE '\'` that finds the text anywhere.
pub(super) fn contains_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

/// A list as one text in which every item stands between line feeds.
pub(super) fn enclosed_list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let mut list = String::from("\n");
    for item in items {
        list.push_str(item);
        list.push('\n');
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through() {
        let mut statement = Statement::new("SELECT a FROM t");
        statement.condition("b = ").bind("x");
        statement.condition("c IN ").bind_list([Value::from(1), Value::from(2)]);
        assert_eq!(statement.sql, "SELECT a FROM t WHERE b = $1 AND c IN ($2, $3)");
        assert_eq!(statement.values.len(), 3);
    }

    #[test]
    fn patterns_mean_their_text() {
        for (text, pattern) in [("ssh", "%ssh%"), ("100%_", "%100\\%\\_%"), ("a\\b", "%a\\\\b%")] {
            assert_eq!(contains_pattern(text), pattern);
        }
    }
}
