//! Accounts and their access keys.

use assay_model::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::error::StoreError;
use super::open::Store;
use super::statement::{Statement, Value, insert_rows};
use crate::service::Role;

/// An account: what is in one is invisible to the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// 12 digits.
    pub id: String,
    /// For people.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// An access key of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// 20 characters, begins with `AKIA`.
    pub id: String,
    /// 12 digits.
    pub account: String,
    /// What it may do.
    pub role: Role,
    /// What requests are signed with.
    pub secret: String,
    /// For people.
    pub description: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it is of no use any more.
    pub disabled_at: Option<Timestamp>,
}

/// The secret is not for logs.
impl std::fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let AccessKey { id, account, role, description, created_at, disabled_at, .. } = self;
        f.debug_struct("AccessKey")
            .field("id", id)
            .field("account", account)
            .field("role", role)
            .field("description", description)
            .field("created_at", created_at)
            .field("disabled_at", disabled_at)
            .finish_non_exhaustive()
    }
}

const SELECT_KEY: &str = "SELECT id, account, role, secret, description, created_at, disabled_at FROM access_key";

impl Store {
    /// Makes an account; tells whether the id was free.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn create_account(&self, account: &Account) -> Result<bool, StoreError> {
        let Account { id, name, created_at } = account;
        let mut statement = Statement::new("INSERT INTO account (id, name, created_at) VALUES ");
        statement.bind_list([id.as_str().into(), name.as_str().into(), created_at.as_millisecond().into()]);
        statement.push(" ON CONFLICT (id) DO NOTHING");
        let mut connection = self.connection().await?;
        let inserted = statement.execute(&mut connection).await.map_err(self.failed_to("make an account"))?;
        Ok(inserted > 0)
    }

    /// All accounts, by id.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let failed = self.failed_to("read accounts");
        let mut connection = self.connection().await?;
        let statement = Statement::new("SELECT id, name, created_at FROM account ORDER BY id");
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let account = |row: &AnyRow| {
            Ok(Account { id: row.try_get(0)?, name: row.try_get(1)?, created_at: time_of(row.try_get(2)?) })
        };
        rows.iter().map(account).collect::<Result<_, _>>().map_err(failed)
    }

    /// When an account was made; absent when there is no such account.
    ///
    /// # Errors
    ///
    /// As [`Store::accounts`].
    pub async fn account_created_at(&self, account: &str) -> Result<Option<Timestamp>, StoreError> {
        let failed = self.failed_to("read an account");
        let mut statement = Statement::new("SELECT created_at FROM account");
        statement.condition("id = ").bind(account);
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        rows.first().map(|row| row.try_get(0).map(time_of)).transpose().map_err(failed)
    }

    /// Makes an access key of an account that is there.
    ///
    /// # Errors
    ///
    /// When there is no such account, the id is taken, or the database fails.
    pub async fn create_access_key(&self, key: &AccessKey) -> Result<(), StoreError> {
        let row = vec![
            key.id.as_str().into(),
            key.account.as_str().into(),
            key.role.as_str().into(),
            key.secret.as_str().into(),
            key.description.as_str().into(),
            key.created_at.as_millisecond().into(),
            Value::OptionalInteger(key.disabled_at.map(Timestamp::as_millisecond)),
        ];
        let mut connection = self.connection().await?;
        let head = "INSERT INTO access_key (id, account, role, secret, description, created_at, disabled_at) VALUES ";
        insert_rows(&mut connection, head, [row].into_iter()).await.map_err(self.failed_to("make an access key"))
    }

    /// One access key.
    ///
    /// # Errors
    ///
    /// As [`Store::accounts`].
    pub async fn access_key(&self, id: &str) -> Result<Option<AccessKey>, StoreError> {
        let mut statement = Statement::new(SELECT_KEY);
        statement.condition("id = ").bind(id);
        Ok(self.fetch_keys(statement).await?.pop())
    }

    /// The access keys of all accounts or of one, oldest first.
    ///
    /// # Errors
    ///
    /// As [`Store::accounts`].
    pub async fn access_keys(&self, account: Option<&str>) -> Result<Vec<AccessKey>, StoreError> {
        let mut statement = Statement::new(SELECT_KEY);
        if let Some(account) = account {
            statement.condition("account = ").bind(account);
        }
        statement.push(" ORDER BY account, created_at, id");
        self.fetch_keys(statement).await
    }

    /// Makes an access key useless from now on; tells whether there was a usable one.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn disable_access_key(&self, id: &str, now: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Statement::new("UPDATE access_key SET disabled_at = ");
        statement.bind(now.as_millisecond());
        statement.condition("disabled_at IS NULL");
        statement.condition("id = ").bind(id);
        let mut connection = self.connection().await?;
        let changed = statement.execute(&mut connection).await.map_err(self.failed_to("disable an access key"))?;
        Ok(changed > 0)
    }

    async fn fetch_keys(&self, statement: Statement) -> Result<Vec<AccessKey>, StoreError> {
        let failed = self.failed_to("read access keys");
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        rows.iter().map(key_of_row).collect::<Result<_, _>>().map_err(failed)
    }
}

fn key_of_row(row: &AnyRow) -> Result<AccessKey, sqlx::Error> {
    let role: String = row.try_get(2)?;
    let role = role.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(AccessKey {
        id: row.try_get(0)?,
        account: row.try_get(1)?,
        role,
        secret: row.try_get(3)?,
        description: row.try_get(4)?,
        created_at: time_of(row.try_get(5)?),
        disabled_at: row.try_get::<Option<i64>, _>(6)?.map(time_of),
    })
}

/// A stored time; what no clock ever showed becomes the first or the last.
pub(super) fn time_of(millisecond: i64) -> Timestamp {
    let bound = if millisecond < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_millisecond(millisecond).unwrap_or(bound)
}
