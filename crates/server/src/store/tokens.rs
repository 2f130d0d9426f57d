//! Enrolment tokens: what lets a host in the first time. Only the SHA-256 of a token is stored.

use assay_model::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::accounts::time_of;
use super::error::StoreError;
use super::open::Store;
use super::statement::{Statement, Value, insert_rows};

/// What is known of a token; not the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentToken {
    /// Names it; of no use for enrolment.
    pub id: String,
    /// The account that its agents will belong to.
    pub account: String,
    /// The region that its agents will belong to.
    pub region: String,
    /// For people.
    pub description: String,
    /// How many hosts it still lets in.
    pub uses_left: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Since when it is of no use any more.
    pub revoked_at: Option<Timestamp>,
}

impl Store {
    /// Makes a token of an account that is there; `digest` is its SHA-256.
    ///
    /// # Errors
    ///
    /// When there is no such account, the token is there already, or the database fails.
    pub async fn create_enrolment_token(&self, token: &EnrolmentToken, digest: &str) -> Result<(), StoreError> {
        let row = vec![
            token.id.as_str().into(),
            digest.into(),
            token.account.as_str().into(),
            token.region.as_str().into(),
            token.description.as_str().into(),
            i64::from(token.uses_left).into(),
            token.created_at.as_millisecond().into(),
            token.expires_at.as_millisecond().into(),
            Value::OptionalInteger(token.revoked_at.map(Timestamp::as_millisecond)),
        ];
        let head = "INSERT INTO enrolment_token (id, digest, account, region, description, uses_left, created_at, \
                    expires_at, revoked_at) VALUES ";
        let mut connection = self.connection().await?;
        insert_rows(&mut connection, head, [row].into_iter()).await.map_err(self.failed_to("make an enrolment token"))
    }

    /// All tokens, oldest first.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn enrolment_tokens(&self) -> Result<Vec<EnrolmentToken>, StoreError> {
        let failed = self.failed_to("read enrolment tokens");
        let statement = Statement::new(
            "SELECT id, account, region, description, uses_left, created_at, expires_at, revoked_at \
             FROM enrolment_token ORDER BY created_at, id",
        );
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        rows.iter().map(token_of_row).collect::<Result<_, _>>().map_err(failed)
    }

    /// Makes a token useless from now on; tells whether there was a usable one. Who enrolled with it stays.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn revoke_enrolment_token(&self, id: &str, now: Timestamp) -> Result<bool, StoreError> {
        let mut statement = Statement::new("UPDATE enrolment_token SET revoked_at = ");
        statement.bind(now.as_millisecond());
        statement.condition("revoked_at IS NULL");
        statement.condition("id = ").bind(id);
        let mut connection = self.connection().await?;
        Ok(statement.execute(&mut connection).await.map_err(self.failed_to("revoke an enrolment token"))? > 0)
    }
}

fn token_of_row(row: &AnyRow) -> Result<EnrolmentToken, sqlx::Error> {
    Ok(EnrolmentToken {
        id: row.try_get(0)?,
        account: row.try_get(1)?,
        region: row.try_get(2)?,
        description: row.try_get(3)?,
        uses_left: u32::try_from(row.try_get::<i64, _>(4)?).unwrap_or_default(),
        created_at: time_of(row.try_get(5)?),
        expires_at: time_of(row.try_get(6)?),
        revoked_at: row.try_get::<Option<i64>, _>(7)?.map(time_of),
    })
}
