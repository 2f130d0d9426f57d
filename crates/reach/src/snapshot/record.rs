//! Records: the objects that a file lists, with their id and scope.

use serde::de::DeserializeOwned;

use super::names::Name;
use super::scope::ScopeId;

/// An object with an id.
pub(crate) trait Record: DeserializeOwned {
    fn id(&self) -> Name;
    fn scope(&self) -> ScopeId;
    fn set_scope(&mut self, scope: ScopeId);
}

macro_rules! record {
    ($($name:ident),+) => {$(
        impl crate::snapshot::record::Record for $name {
            fn id(&self) -> Name {
                self.id
            }

            fn scope(&self) -> crate::snapshot::ScopeId {
                self.scope
            }

            fn set_scope(&mut self, scope: crate::snapshot::ScopeId) {
                self.scope = scope;
            }
        }
    )+};
}

pub(crate) use record;
