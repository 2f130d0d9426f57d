//! The sweep of evidence: which objects beside the database no row names any more.
//!
//! Against evidence that is stored at the same moment, the row decides. Who stores puts the object, then inserts the row and looks
//! whether the object is still there (`Store::insert_evidence`); who sweeps holds the row's place while the object goes.

use std::collections::HashSet;

use assay_model::Timestamp;
use sqlx::Row;

use super::error::StoreError;
use super::evidence::EMPTY;
use super::open::Store;
use super::statement::{Statement, Value};
use crate::blobs::{BlobName, Blobs, Removal};

/// The setting that says who this store is, to itself and to the place of its evidence.
const OWNER: &str = "evidence-owner";

/// Names that are looked up in one statement.
const BATCH: usize = 64;

impl Store {
    /// Removes objects beside the database that were put before a time and that no row names, at most so many.
    ///
    /// # Errors
    ///
    /// When the database or the place fails; what was removed until then stays removed.
    pub async fn sweep_evidence(&self, before: Timestamp, most: usize) -> Result<Removal, StoreError> {
        let mut removal = Removal::default();
        let Some(blobs) = self.blobs() else { return Ok(removal) };
        let own = self.setting_or(OWNER, &uuid::Uuid::now_v7().to_string()).await?;
        if blobs.owner_or(&own).await.map_err(StoreError::Blob)? != own {
            removal.is_foreign = true;
            return Ok(removal);
        }
        for shard in 0..=u8::MAX {
            let names = blobs.older_than(shard, before).await.map_err(StoreError::Blob)?;
            for names in names.chunks(BATCH) {
                let named = self.named(names).await?;
                for name in names {
                    if named.contains(name.as_str()) {
                        continue;
                    }
                    if removal.removed >= most {
                        removal.has_more = true;
                        return Ok(removal);
                    }
                    removal.removed += usize::from(self.sweep_one(blobs, name).await?);
                }
            }
        }
        Ok(removal)
    }

    /// Which of these have a row.
    async fn named(&self, names: &[BlobName]) -> Result<HashSet<String>, StoreError> {
        let failed = self.failed_to("look for evidence");
        let mut select = Statement::new("SELECT digest FROM evidence");
        select.condition("digest IN ").bind_list(names.iter().map(|name| Value::from(name.as_str())));
        let mut connection = self.connection().await?;
        let rows = select.fetch(&mut connection).await.map_err(&failed)?;
        rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>().map_err(failed)
    }

    /// Removes an object unless it has a row by now; tells which.
    async fn sweep_one(&self, blobs: &Blobs, name: &BlobName) -> Result<bool, StoreError> {
        let failed = self.failed_to("sweep evidence");
        let mut transaction = self.begin("sweep evidence").await?;
        // Who inserts the same row waits for the end of this transaction, which takes it back.
        let mut hold = Statement::new("INSERT INTO evidence (digest, size, content) VALUES ");
        hold.bind_list([name.as_str().into(), 0_i64.into(), Value::Bytes(EMPTY)]);
        hold.push(" ON CONFLICT (digest) DO NOTHING");
        let is_free = hold.execute(&mut transaction).await.map_err(&failed)? > 0;
        let removed = if is_free { blobs.remove(name).await } else { Ok(()) };
        transaction.rollback().await.map_err(&failed)?;
        removed.map(|()| is_free).map_err(StoreError::Blob)
    }
}
