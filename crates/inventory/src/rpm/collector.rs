//! Collects the packages of rpm: every header of the database as a package with role and origin, or the list that
//! stands in for a database.
//!
//! Yields the `packages` section of the evidence. Surprising: a kernel is there once for each version that is installed,
//! under one name and architecture; the order of such packages is that of their installation.

use assay_host::{Host, HostError};
use assay_model::evidence::package::Packages;
use assay_model::evidence::{Collected, ProblemKind};

use super::defects::Defects;
use super::header::Header;
use super::package::{self, Installed};
use super::{database, manifest};

/// Collects all packages; `distribution` is the `ID` of os-release, for example `rhel`.
pub fn collect(host: &dyn Host, distribution: &str) -> Collected<Packages> {
    let mut found: Vec<Installed> = Vec::new();
    let mut read = |number: u32, header: &Header<'_>, defects: &mut Defects| match package::read(
        header,
        number,
        distribution,
        defects,
    ) {
        Ok(installed) => found.extend(installed),
        Err(error) => defects.malformed(format!("package {number}: {error}")),
    };
    let visited = database::visit(host, &mut read);
    let problems = match visited {
        Ok(problems) => problems,
        Err(problems) if problems.iter().any(|problem| problem.kind != ProblemKind::NotFound) => {
            return Collected { facts: None, problems };
        }
        Err(problems) => match manifest::read(host, distribution) {
            Ok((listed, defects)) => {
                found = listed;
                defects.into_problems()
            }
            Err(HostError::NotFound { .. }) => return Collected { facts: None, problems },
            Err(error) => return Collected::unavailable(error.to_problem()),
        },
    };
    found.sort_by(|one, other| key(one).cmp(&key(other)));
    let packages = found.into_iter().map(|installed| installed.package).collect();
    Collected::partial(Packages { format: "rpm".to_owned(), packages, ..Packages::default() }, problems)
}

fn key(installed: &Installed) -> (&str, &str, u32, &str) {
    let package = &installed.package;
    (&package.name, &package.architecture, installed.installed_at, &package.version)
}
