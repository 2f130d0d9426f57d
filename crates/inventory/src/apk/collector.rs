//! Collects the packages of apk.
//!
//! Yields the `packages` section of the evidence. Surprising: the database does not say which repository a package came
//! from, and a host seldom keeps an index that could tell, so every origin stays unknown.

use std::collections::BTreeMap;

use assay_host::{Host, HostError};
use assay_model::evidence::package::{Package, Packages};
use assay_model::evidence::{Collected, Problem, ProblemKind};

use super::{installed, world};
use crate::text::{CONFIGURATION_LIMIT, LineProblems};

/// Where the database is: of apk-tools until 2, and since `/lib` was merged into `/usr`, where it may be a link.
pub const DATABASES: &[&str] = &["/lib/apk/db/installed", "/usr/lib/apk/db/installed"];

const WORLD: &str = "/etc/apk/world";

/// A desktop of 2,000 packages has 12 MB.
pub(super) const MAX_DATABASE: u64 = 128 * 1024 * 1024;

/// Collects all packages.
pub fn collect(host: &dyn Host) -> Collected<Packages> {
    let (file, bytes) = match read(host) {
        Ok(read) => read,
        Err(error) => return Collected::unavailable(error.to_problem()),
    };
    let mut problems = LineProblems::new(file);
    let packages = installed::parse(file, &bytes, &mut problems);
    let mut problems = problems.into_problems();
    let mut packages = sort(file, packages, &mut problems);
    match host.read(WORLD, CONFIGURATION_LIMIT) {
        Ok(bytes) => {
            let pinned = world::parse(&bytes);
            packages.iter_mut().for_each(|package| package.held = pinned.contains(&package.name));
        }
        Err(HostError::NotFound { .. }) => {}
        Err(error) => problems.push(error.to_problem()),
    }
    Collected::partial(Packages { format: "apk".to_owned(), packages, ..Packages::default() }, problems)
}

/// The first database that exists, with the place where it is.
pub(super) fn read(host: &dyn Host) -> Result<(&'static str, Vec<u8>), HostError> {
    let mut not_found = None;
    for file in DATABASES.iter().copied() {
        match host.read(file, MAX_DATABASE) {
            Ok(bytes) => return Ok((file, bytes)),
            Err(error @ HostError::NotFound { .. }) => not_found = not_found.or(Some(error)),
            Err(error) => return Err(error),
        }
    }
    Err(not_found.unwrap_or_else(|| HostError::NotFound { path: "/lib/apk/db/installed".to_owned() }))
}

fn sort(file: &str, packages: Vec<Package>, problems: &mut Vec<Problem>) -> Vec<Package> {
    let mut sorted: BTreeMap<(String, String), Package> = BTreeMap::new();
    let mut repeated = 0_usize;
    for package in packages {
        let key = (package.name.clone(), package.architecture.clone());
        repeated += usize::from(sorted.insert(key, package).is_some());
    }
    if repeated > 0 {
        let detail = format!("{repeated} packages are there twice: the last of each counts");
        problems.push(Problem::new(file, ProblemKind::Malformed, detail));
    }
    sorted.into_values().collect()
}
