//! Resource groups: tags that select hosts; immutable.

use assay_model::Timestamp;
use assay_model::arn::ResourceGroupArn;
use assay_model::attribute::Attribute;
use sqlx::Row;

use super::accounts::time_of;
use super::creation::{count, lock_account};
use super::error::StoreError;
use super::open::{Store, encode};
use super::rows::realm_text;
use super::statement::Statement;

/// A resource group (Inspector `ResourceGroup`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceGroup {
    /// Its ARN.
    pub arn: ResourceGroupArn,
    /// A host with one of them is selected; an empty value means any value of that key.
    pub tags: Vec<Attribute>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Store {
    /// Stores a resource group where its realm has less than `most`; tells whether it did.
    ///
    /// # Errors
    ///
    /// When the ARN is taken, or the database fails.
    pub async fn create_resource_group(&self, group: &ResourceGroup, most: u64) -> Result<bool, StoreError> {
        let failed = self.failed_to("make a resource group");
        let realm = realm_text(&group.arn.realm());
        let mut transaction = self.begin("make a resource group").await?;
        lock_account(&mut transaction, &group.arn.realm()).await.map_err(&failed)?;
        let mut others = Statement::new("SELECT CAST(count(*) AS BIGINT) FROM resource_group");
        others.condition("realm = ").bind(realm.as_str());
        if count(&mut transaction, others).await.map_err(&failed)? >= most {
            return Ok(false);
        }
        let mut insert = Statement::new("INSERT INTO resource_group (arn, realm, created_at, body) VALUES ");
        insert.bind_list([
            group.arn.as_str().into(),
            realm.into(),
            group.created_at.as_millisecond().into(),
            encode("a resource group", &group.tags)?.into(),
        ]);
        insert.execute(&mut transaction).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(true)
    }

    /// One resource group.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn resource_group(&self, arn: &ResourceGroupArn) -> Result<Option<ResourceGroup>, StoreError> {
        let failed = self.failed_to("read a resource group");
        let mut statement = Statement::new("SELECT created_at, body FROM resource_group");
        statement.condition("arn = ").bind(arn.as_str());
        let mut connection = self.connection().await?;
        let rows = statement.fetch(&mut connection).await.map_err(&failed)?;
        let Some(row) = rows.first() else { return Ok(None) };
        let body: String = row.try_get(1).map_err(&failed)?;
        Ok(Some(ResourceGroup {
            arn: arn.clone(),
            tags: self.decode("a resource group", &body)?,
            created_at: time_of(row.try_get(0).map_err(&failed)?),
        }))
    }
}
