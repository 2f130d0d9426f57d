//! Scopes: an account and a region of a snapshot.

use super::names::Name;

/// The number of a scope in [`super::Snapshot::scopes`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(pub u16);

impl ScopeId {
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// One account in one region: the folder that its files lie in, or what their objects say when there is no such folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The account, usually 12 digits.
    pub account: Option<Name>,
    /// For example `eu-west-1`.
    pub region: Option<Name>,
}
