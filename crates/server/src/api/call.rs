//! Call: one decoded request, who made it, and what answers it.

use assay_model::Timestamp;
use assay_model::arn::{Id, Realm};
use assay_wire::arn::EntityArn;
use assay_wire::{ApiError, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::failure::{internal, no_random};
use crate::service::{Caller, Service, random_id};
use crate::store::{Page, StoreError};

/// One decoded request, who made it, and what answers it.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) service: &'a Service,
    pub(crate) caller: &'a Caller,
    pub(crate) request: &'a Request,
    pub(crate) now: Timestamp,
    /// Where the caller reaches this service, for example `http://127.0.0.1:8440`.
    pub(crate) origin: &'a str,
}

/// Part of an ARN that says whose it is.
pub(crate) trait InRealm: EntityArn {
    /// Account and region of the object.
    fn realm(&self) -> Realm;
}

macro_rules! in_realm {
    ($($arn:ident),+) => {
        $(impl InRealm for assay_model::arn::$arn {
            fn realm(&self) -> Realm {
                assay_model::arn::$arn::realm(self)
            }
        })+
    };
}

in_realm!(TargetArn, TemplateArn, RunArn, FindingArn, ResourceGroupArn);

impl Call<'_> {
    /// Account and region of the caller.
    pub(crate) fn realm(&self) -> &Realm {
        &self.caller.realm
    }

    /// Reads an ARN of a request; `AccessDeniedException` for one of another account or region.
    pub(crate) fn own_arn<A: InRealm>(&self, member: &str, text: &str) -> Result<A, ApiError> {
        let arn = A::of_member(member, text)?;
        if arn.realm() == *self.realm() { Ok(arn) } else { Err(arn.is_denied()) }
    }

    /// A random id for a new object.
    pub(crate) fn new_id(&self) -> Result<Id, ApiError> {
        random_id().map_err(|_| no_random())
    }

    /// The page that the request asks for, of a list whose positions are `P`.
    pub(crate) fn page<P: DeserializeOwned>(&self) -> Result<Page<P>, ApiError> {
        let limit = self.request.page_size().and_then(|size| u32::try_from(size).ok()).unwrap_or_default();
        let after = self.service.tokens.open(self.realm(), self.request)?;
        let after = after.map(|position| serde_json::from_slice(&position)).transpose();
        // The token was made by this service, which then had another form of positions.
        let after = after.map_err(|_| {
            let code = assay_wire::InvalidInputErrorCode::InvalidPaginationToken;
            ApiError::invalid_input(code, "nextToken was made by another version: begin with the first page")
        })?;
        Ok(Page { limit, after })
    }

    /// The token for the page after a position; absent where nothing follows.
    pub(crate) fn next_token<P: Serialize>(&self, position: Option<&P>) -> Result<Option<String>, ApiError> {
        let Some(position) = position else { return Ok(None) };
        let position = serde_json::to_vec(position).map_err(|_| ApiError::internal("a position has no JSON form"))?;
        self.service.tokens.seal(self.realm(), self.request, &position).map(Some)
    }
}

/// `?` on results of the store.
pub(crate) trait Stored<T> {
    /// The caller's answer where the store failed.
    fn or_internal(self) -> Result<T, ApiError>;
}

impl<T> Stored<T> for Result<T, StoreError> {
    fn or_internal(self) -> Result<T, ApiError> {
        self.map_err(|error| internal(&error))
    }
}
