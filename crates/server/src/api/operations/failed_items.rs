//! Failed items: what a Describe call could not describe, and why (reference §4.2).

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use assay_model::arn::Realm;
use assay_wire::{FailedItemDetails, FailedItemErrorCode};

use crate::api::call::InRealm;

/// The `failedItems` of a response.
pub(crate) type FailedItems = BTreeMap<String, FailedItemDetails>;

/// An item that cannot be had; none of the causes goes away by itself.
pub(crate) fn failed(code: FailedItemErrorCode) -> FailedItemDetails {
    FailedItemDetails { failure_code: code, retryable: false }
}

/// The ARNs of a list that are well formed and of this account and region, each once; the others, and what is there
/// twice, become failed items.
pub(crate) fn own_items<A: InRealm + FromStr>(
    realm: &Realm,
    texts: &[String],
    failed_items: &mut FailedItems,
) -> Vec<A> {
    let mut seen = BTreeSet::new();
    let mut own = Vec::new();
    for text in texts {
        if !seen.insert(text.as_str()) {
            failed_items.entry(text.clone()).or_insert_with(|| failed(FailedItemErrorCode::DuplicateArn));
            continue;
        }
        match text.parse::<A>() {
            Err(_) => failed_items.insert(text.clone(), failed(FailedItemErrorCode::InvalidArn)),
            Ok(arn) if arn.realm() != *realm => {
                failed_items.insert(text.clone(), failed(FailedItemErrorCode::AccessDenied))
            }
            Ok(arn) => {
                own.push(arn);
                None
            }
        };
    }
    own
}
