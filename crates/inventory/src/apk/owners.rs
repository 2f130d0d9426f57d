//! Which package owns a path, by the file lists of apk's installed database.

use std::collections::BTreeSet;

use assay_host::Host;
use assay_model::evidence::Collected;

use super::{collector, installed};
use crate::ownership::{Owners, WantedPaths};

/// Finds the owners of absolute paths whose links are resolved.
pub fn collect(host: &dyn Host, wanted: &BTreeSet<String>) -> Collected<Owners> {
    if wanted.is_empty() {
        return Collected::complete(Owners::default());
    }
    let bytes = match collector::read(host) {
        Ok((_, bytes)) => bytes,
        Err(error) => return Collected::unavailable(error.to_problem()),
    };
    let paths = WantedPaths::new(host, wanted);
    let mut owners = Owners::default();
    installed::for_each_file(&bytes, |package, listed| {
        if let Some(path) = paths.find(listed) {
            owners.add(path, package);
        }
    });
    Collected::complete(owners)
}
