//! The cross-account role of a realm.

use assay_model::Timestamp;
use assay_model::arn::Realm;
use sqlx::Row;

use super::accounts::time_of;
use super::error::StoreError;
use super::open::Store;
use super::rows::realm_text;
use super::statement::Statement;

impl Store {
    /// The registered role of a realm, and since when.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn cross_account_role(&self, realm: &Realm) -> Result<Option<(String, Timestamp)>, StoreError> {
        let failed = self.failed_to("read a role");
        let mut statement = Statement::new("SELECT role_arn, registered_at FROM cross_account_role");
        statement.condition("realm = ").bind(realm_text(realm));
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some((row.try_get(0).map_err(&failed)?, time_of(row.try_get(1).map_err(&failed)?))))
    }

    /// Registers a role in place of the one before.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn register_cross_account_role(
        &self,
        realm: &Realm,
        role: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut statement = Statement::new("INSERT INTO cross_account_role (realm, role_arn, registered_at) VALUES ");
        statement.bind_list([realm_text(realm).into(), role.into(), now.as_millisecond().into()]);
        statement.push(
            " ON CONFLICT (realm) DO UPDATE SET role_arn = excluded.role_arn, registered_at = excluded.registered_at",
        );
        let mut connection = self.connection().await?;
        statement.execute(&mut connection).await.map(drop).map_err(self.failed_to("register a role"))
    }
}
