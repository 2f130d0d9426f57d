//! Caller: who made a call, as the signature proves it.

use std::net::IpAddr;

use assay_model::arn::Realm;

use super::role::Role;

/// Who made a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account of the key, and the region of the signature's scope: all that the caller sees is in it.
    pub realm: Realm,
    /// The key.
    pub access_key_id: String,
    /// What the key may do.
    pub role: Role,
    /// From where.
    pub source_address: IpAddr,
    /// What the client says it is.
    pub user_agent: String,
}
