//! One call of an own operation.

use assay_model::arn::Realm;

use crate::service::{Caller, Service};

/// One call of an own operation, and who made it.
#[derive(Clone, Copy)]
pub(crate) struct OwnCall<'a> {
    pub(crate) service: &'a Service,
    pub(crate) caller: &'a Caller,
}

impl OwnCall<'_> {
    /// Account and region of the caller.
    pub(crate) fn realm(&self) -> &Realm {
        &self.caller.realm
    }
}
