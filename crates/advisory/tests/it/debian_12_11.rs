//! The real host: Debian 12.11 with 123 pending updates, whose findings were derived from changelogs by others.

use std::collections::BTreeSet;

use assay_advisory::matcher::{Status, judge};
use serde::Deserialize;

use crate::support::{compile, packages_of_status, read_shared};

#[derive(Deserialize)]
struct Expected {
    package: String,
    arch: String,
    cve: String,
}

#[test]
fn probe() {
    let database = compile(&read_shared("feeds/debian-tracker/json.xz"), "bookworm");
    database.verify().unwrap();
    let packages = packages_of_status(&read_shared("hosts/debian-12.11/dpkg-status.xz"));
    let expected: Vec<Expected> =
        serde_json::from_str(&read_shared("hosts/debian-12.11/expected-findings.json.xz")).unwrap();
    let expected: BTreeSet<_> = expected.into_iter().map(|e| (e.package, e.arch, e.cve)).collect();
    let judgement = judge(&database, &packages, None).unwrap();
    let set = |wanted: fn(Status) -> bool| -> BTreeSet<_> {
        judgement
            .verdicts
            .iter()
            .filter(|v| wanted(v.status))
            .map(|v| (v.package.name.clone(), v.package.architecture.clone(), v.advisory.id.to_owned()))
            .collect()
    };
    let ours = set(|s| matches!(s, Status::Affected(_)));
    let companions = set(|s| s == Status::NoKernelCode);
    println!("ours {} companions {} expected {}", ours.len(), companions.len(), expected.len());
    let both: BTreeSet<_> = ours.union(&companions).cloned().collect();
    println!("missing {:?}", expected.difference(&both).take(20).collect::<Vec<_>>());
    println!("missing {}", expected.difference(&both).count());
    println!("extra {:?}", both.difference(&expected).collect::<Vec<_>>());
    println!("cves {}", ours.iter().map(|o| &o.2).collect::<BTreeSet<_>>().len());
}
