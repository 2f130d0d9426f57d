//! Content of a package: what makes it the same on two hosts.

use std::hash::{Hash, Hasher};

use assay_model::evidence::package::Package;

/// All of a package but where it is recorded: the same package stands in another line on every host.
#[derive(Clone, Copy, Debug)]
pub(super) struct Content<'p>(pub(super) &'p Package);

impl<'p> Content<'p> {
    /// Every field is named here, so that a new one cannot be forgotten.
    fn fields(self) -> impl Hash + PartialEq + use<'p> {
        let Package {
            name,
            version,
            architecture,
            source_name,
            source_version,
            state,
            held,
            origin,
            role,
            recorded_at: _,
            previous_version,
            provenance,
        } = self.0;
        let versions = (version, source_version, previous_version);
        (name, versions, architecture, source_name, state, held, origin, role, provenance)
    }
}

impl PartialEq for Content<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.fields() == other.fields()
    }
}

impl Hash for Content<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.fields().hash(state);
    }
}
