//! The place that evidence is kept at beside the database, and how one writes it.

use std::fmt;
use std::str::FromStr;

use assay_model::Timestamp;
use camino::Utf8PathBuf;
use hyper::body::Bytes;

#[cfg(feature = "s3")]
use super::bucket::Bucket;
use super::error::BlobError;
use super::folder::Folder;
use super::name::BlobName;

/// Where evidence is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlobPlace {
    /// In the database.
    Database,
    /// In a folder.
    Folder(Utf8PathBuf),
    /// In an S3-compatible bucket, below a prefix that may be empty and neither begins nor ends with `/`.
    Bucket {
        /// The bucket.
        bucket: String,
        /// The prefix.
        prefix: String,
    },
}

/// What is no place for evidence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no place for evidence: a folder, s3://BUCKET/PREFIX, or `database`")]
pub struct ParsePlaceError {
    text: String,
}

impl FromStr for BlobPlace {
    type Err = ParsePlaceError;

    fn from_str(text: &str) -> Result<BlobPlace, ParsePlaceError> {
        let wrong = || ParsePlaceError { text: text.to_owned() };
        if text == "database" {
            return Ok(BlobPlace::Database);
        }
        let Some(rest) = text.strip_prefix("s3://") else {
            let is_folder = !text.is_empty() && !text.contains("://");
            return if is_folder { Ok(BlobPlace::Folder(text.into())) } else { Err(wrong()) };
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_end_matches('/');
        let is_of = |text: &str, further: &str| {
            text.chars().all(|character| character.is_ascii_alphanumeric() || further.contains(character))
        };
        let is_segment = |segment: &str| !matches!(segment, "" | "." | "..") && is_of(segment, "-_.");
        let is_good = (3..=63).contains(&bucket.len())
            && is_of(bucket, "-._")
            && (prefix.is_empty() || prefix.split('/').all(is_segment));
        if is_good {
            Ok(BlobPlace::Bucket { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
        } else {
            Err(wrong())
        }
    }
}

impl fmt::Display for BlobPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BlobPlace::Database => f.write_str("database"),
            BlobPlace::Folder(folder) => write!(f, "{folder}"),
            BlobPlace::Bucket { bucket, prefix } if prefix.is_empty() => write!(f, "s3://{bucket}"),
            BlobPlace::Bucket { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

/// A place for evidence beside the database.
#[derive(Debug)]
pub struct Blobs {
    place: BlobPlace,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Folder(Folder),
    #[cfg(feature = "s3")]
    Bucket(Bucket),
}

/// The same on each kind of place.
macro_rules! on_each {
    ($blobs:expr, $place:ident => $call:expr) => {
        match &$blobs.kind {
            Kind::Folder($place) => $call,
            #[cfg(feature = "s3")]
            Kind::Bucket($place) => $call,
        }
    };
}

impl Blobs {
    /// A folder, which is made when something is put there.
    pub fn in_folder(path: impl Into<Utf8PathBuf>) -> Blobs {
        let path = path.into();
        Blobs { kind: Kind::Folder(Folder::new(path.clone())), place: BlobPlace::Folder(path) }
    }

    /// What is at a place; nothing where the place is the database. Nobody is asked yet: a bucket that is not there is
    /// noticed when something is put into it.
    ///
    /// # Errors
    ///
    /// When this build cannot reach such a place, or the environment tells of the bucket what cannot be.
    pub fn open(place: &BlobPlace) -> Result<Option<Blobs>, BlobError> {
        match place {
            BlobPlace::Database => Ok(None),
            BlobPlace::Folder(path) => Ok(Some(Blobs::in_folder(path.clone()))),
            #[cfg(feature = "s3")]
            BlobPlace::Bucket { bucket, prefix } => {
                let kind = Kind::Bucket(Bucket::open(bucket, prefix)?);
                Ok(Some(Blobs { kind, place: place.clone() }))
            }
            #[cfg(not(feature = "s3"))]
            BlobPlace::Bucket { .. } => Err(BlobError::NotBuilt { place: place.to_string() }),
        }
    }

    /// Where it is.
    pub fn place(&self) -> &BlobPlace {
        &self.place
    }

    /// Where an object is, for people.
    pub fn address(&self, name: &BlobName) -> String {
        let (shard, rest) = name.parts();
        format!("{}/{shard}/{rest}", self.place)
    }

    /// Puts an object, as a whole or not at all. What is there under the name is replaced, so that it counts as new.
    ///
    /// # Errors
    ///
    /// When the place cannot be written.
    pub async fn put(&self, name: &BlobName, bytes: Bytes) -> Result<(), BlobError> {
        on_each!(self, place => place.put(name, bytes).await)
    }

    /// An object, if it is there.
    ///
    /// # Errors
    ///
    /// When it is larger than `most` bytes, or the place cannot be read.
    pub async fn get(&self, name: &BlobName, most: u64) -> Result<Option<Bytes>, BlobError> {
        on_each!(self, place => place.get(name, most).await)
    }

    /// Whether an object is there.
    pub(crate) async fn has(&self, name: &BlobName) -> Result<bool, BlobError> {
        on_each!(self, place => place.has(name).await)
    }

    /// The objects of a shard that were put before a time, in no order.
    pub(crate) async fn older_than(&self, shard: u8, before: Timestamp) -> Result<Vec<BlobName>, BlobError> {
        on_each!(self, place => place.older_than(shard, before).await)
    }

    /// Removes an object, if it is there.
    pub(crate) async fn remove(&self, name: &BlobName) -> Result<(), BlobError> {
        on_each!(self, place => place.remove(name).await)
    }

    /// Whose the place is: whoever comes first owns it.
    pub(crate) async fn owner_or(&self, owner: &str) -> Result<String, BlobError> {
        on_each!(self, place => place.owner_or(owner).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_they_are_written() {
        let bucket =
            |bucket: &str, prefix: &str| BlobPlace::Bucket { bucket: bucket.to_owned(), prefix: prefix.to_owned() };
        for (text, expected, shown) in [
            ("database", BlobPlace::Database, "database"),
            ("./database", BlobPlace::Folder("./database".into()), "./database"),
            ("/srv/evidence", BlobPlace::Folder("/srv/evidence".into()), "/srv/evidence"),
            ("s3://my-bucket", bucket("my-bucket", ""), "s3://my-bucket"),
            ("s3://my-bucket/", bucket("my-bucket", ""), "s3://my-bucket"),
            ("s3://my-bucket/a/b_c/", bucket("my-bucket", "a/b_c"), "s3://my-bucket/a/b_c"),
        ] {
            let place: BlobPlace = text.parse().unwrap();
            assert_eq!((&place, place.to_string().as_str()), (&expected, shown), "{text}");
        }
        for text in [
            "",
            "s3://",
            "s3://a",
            "s3://bucket//x",
            "s3://bucket/../x",
            "s3://bu cket",
            "s3://bucket/a?b",
            "gs://bucket",
        ] {
            assert!(text.parse::<BlobPlace>().is_err_and(|error| error.to_string().contains("s3://BUCKET")), "{text}");
        }
    }

    #[cfg(not(feature = "s3"))]
    #[test]
    fn a_build_without_s3_says_so() {
        let error = Blobs::open(&"s3://bucket/x".parse().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "s3://bucket/x: this build knows no S3 (it is without the feature `s3`)");
    }
}
