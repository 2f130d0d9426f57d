//! Settings: small values that all processes of one service share.

use sqlx::Row;

use super::error::StoreError;
use super::open::Store;
use super::statement::Statement;

impl Store {
    /// The value of a setting; where there is none, the given one becomes it. Of two processes that come at the same time,
    /// both get the value of the first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn setting_or(&self, name: &str, value: &str) -> Result<String, StoreError> {
        let failed = self.failed_to("read a setting");
        let mut connection = self.connection().await?;
        let mut insert = Statement::new("INSERT INTO setting (name, value) VALUES ");
        insert.bind_list([name.into(), value.into()]).push(" ON CONFLICT (name) DO NOTHING");
        insert.execute(&mut connection).await.map_err(&failed)?;
        let mut select = Statement::new("SELECT value FROM setting");
        select.condition("name = ").bind(name);
        let rows = select.fetch(&mut connection).await.map_err(&failed)?;
        let row = rows.first().ok_or(sqlx::Error::RowNotFound).map_err(&failed)?;
        row.try_get(0).map_err(&failed)
    }
}
