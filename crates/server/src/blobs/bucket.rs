//! A bucket of objects, `PREFIX/ab/cdef…`, at Amazon S3 or at what answers like it.
//!
//! Who asks, and where, is in the environment, as `object_store` reads it: `AWS_ACCESS_KEY_ID`, `AWS_REGION`, `AWS_ENDPOINT_URL`,
//! `AWS_ALLOW_HTTP`, and the addresses of roles in containers and on instances.

use std::time::Duration;

use assay_model::Timestamp;
use hyper::body::Bytes;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{BackoffConfig, ObjectStore as _, ObjectStoreExt as _, RetryConfig};

use super::error::BlobError;
use super::name::{BlobName, shard_name};

/// The object that says whose the prefix is.
const OWNER: &str = "owner";
const MAX_OWNER_BYTES: u64 = 1024;

/// A call is made this often at most before who asked hears of it: they have patience of their own.
const RETRIES: usize = 3;
const RETRY_TIMEOUT: Duration = Duration::from_secs(30);

/// A bucket, below a prefix.
#[derive(Debug)]
pub(super) struct Bucket {
    bucket: String,
    prefix: Path,
    store: AmazonS3,
}

impl Bucket {
    pub(super) fn open(bucket: &str, prefix: &str) -> Result<Bucket, BlobError> {
        let retry =
            RetryConfig { backoff: BackoffConfig::default(), max_retries: RETRIES, retry_timeout: RETRY_TIMEOUT };
        // One object goes at a time, and not everything that answers like S3 knows how to delete many.
        let builder =
            AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(retry).with_disable_bulk_delete(true);
        let failed = |cause| failed("use", format!("s3://{bucket}"), cause);
        let prefix = Path::parse(prefix).map_err(|cause| failed(cause.into()))?;
        Ok(Bucket { bucket: bucket.to_owned(), prefix, store: builder.build().map_err(failed)? })
    }

    fn path(&self, name: &BlobName) -> Path {
        let (shard, rest) = name.parts();
        self.prefix.clone().join(shard).join(rest)
    }

    /// For `map_err`.
    fn failed(&self, operation: &'static str, path: &Path) -> impl Fn(object_store::Error) -> BlobError {
        let address = format!("s3://{}/{path}", self.bucket);
        move |cause| failed(operation, address.clone(), cause)
    }

    pub(super) async fn put(&self, name: &BlobName, bytes: Bytes) -> Result<(), BlobError> {
        let path = self.path(name);
        self.store.put(&path, bytes.into()).await.map(drop).map_err(self.failed("write", &path))
    }

    pub(super) async fn get(&self, name: &BlobName, most: u64) -> Result<Option<Bytes>, BlobError> {
        self.read(&self.path(name), most).await
    }

    async fn read(&self, path: &Path, most: u64) -> Result<Option<Bytes>, BlobError> {
        let failed = self.failed("read", path);
        let found = match self.store.get(path).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(cause) => return Err(failed(cause)),
        };
        let size = found.meta.size;
        if size > most {
            return Err(BlobError::TooLarge { address: format!("s3://{}/{path}", self.bucket), size, most });
        }
        found.bytes().await.map(Some).map_err(failed)
    }

    pub(super) async fn has(&self, name: &BlobName) -> Result<bool, BlobError> {
        let path = self.path(name);
        match self.store.head(&path).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(cause) => Err(self.failed("look for", &path)(cause)),
        }
    }

    pub(super) async fn older_than(&self, shard: u8, before: Timestamp) -> Result<Vec<BlobName>, BlobError> {
        let folder = self.prefix.clone().join(shard_name(shard));
        let listed = self.store.list_with_delimiter(Some(&folder)).await.map_err(self.failed("list", &folder))?;
        let before = before.as_millisecond();
        let old = listed.objects.iter().filter(|object| object.last_modified.timestamp_millis() < before);
        Ok(old.filter_map(|object| BlobName::in_shard(shard, object.location.filename()?)).collect())
    }

    pub(super) async fn remove(&self, name: &BlobName) -> Result<(), BlobError> {
        let path = self.path(name);
        match self.store.delete(&path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(cause) => Err(self.failed("remove", &path)(cause)),
        }
    }

    pub(super) async fn owner_or(&self, owner: &str) -> Result<String, BlobError> {
        let path = self.prefix.clone().join(OWNER);
        if self.read(&path, MAX_OWNER_BYTES).await?.is_none() {
            self.store.put(&path, owner.to_owned().into()).await.map_err(self.failed("write", &path))?;
        }
        let found = self.read(&path, MAX_OWNER_BYTES).await?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&found).trim().to_owned())
    }
}

fn failed(operation: &'static str, address: String, cause: object_store::Error) -> BlobError {
    BlobError::Bucket { operation, address, cause: Box::new(cause) }
}
