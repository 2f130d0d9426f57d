//! Prefix lists (S10): named lists of blocks of addresses.

use serde::Deserialize;

use super::cidr::Cidr;
use super::names::Name;
use super::reading::filled;
use super::record::record;
use super::scope::ScopeId;
use super::tag::Tag;

/// A prefix list.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PrefixList {
    /// `pl-…`
    #[serde(rename = "PrefixListId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// For example `com.amazonaws.us-east-1.s3`.
    #[serde(default, rename = "PrefixListName", deserialize_with = "filled")]
    pub name: Option<Name>,
    /// The account that owns it, or `AWS`.
    #[serde(default, rename = "OwnerId", deserialize_with = "filled")]
    pub owner: Option<Name>,
    /// Its version.
    pub version: Option<i64>,
    /// Its entries: `describe-prefix-lists` tells them here, `get-managed-prefix-list-entries` in a file of its own.
    #[serde(rename = "Cidrs")]
    pub entries: Option<Vec<Cidr>>,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

/// An entry in the file of a list.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct EntryRecord {
    #[serde(rename = "Cidr")]
    pub(crate) cidr: Cidr,
}

record!(PrefixList);
