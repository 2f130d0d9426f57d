//! The real host: Debian 12.11 with 123 pending updates, whose findings were derived from changelogs by others.

use std::collections::BTreeSet;

use assay_advisory::matcher::{Inventory, Status, judge};
use serde::Deserialize;

use crate::differences::check_differences;
use crate::support::{Pair, affected_pairs, compile, packages_of_status, pairs_of, read_shared};

#[derive(Deserialize)]
struct Expected {
    package: String,
    arch: String,
    source_version: String,
    fixed_source_version: String,
    cve: String,
}

#[test]
fn findings_are_those_of_the_changelogs() {
    let database = compile(&read_shared("feeds/debian-tracker/json.xz"), "bookworm");
    database.verify().unwrap();
    let packages = packages_of_status(&read_shared("hosts/debian-12.11/dpkg-status.xz"));
    let expected: Vec<Expected> =
        serde_json::from_str(&read_shared("hosts/debian-12.11/expected-findings.json.xz")).unwrap();
    let theirs: BTreeSet<Pair> = expected.iter().map(|row| (row.package.clone(), row.cve.clone())).collect();
    assert_eq!((expected.len(), theirs.len()), (5307, 5307));

    let judgement = judge(&database, &Inventory::of_packages(&packages, None)).unwrap();
    let ours = affected_pairs(&judgement);
    let cves: BTreeSet<&str> = ours.iter().map(|(_, cve)| cve.as_str()).collect();
    assert_eq!((ours.len(), cves.len()), (1277, 339));
    check_differences("expected-findings", &judgement, &theirs);

    // What is not reported is not lost: it is the verdict "no kernel code".
    let companions = pairs_of(&judgement, |status| status == Status::NoKernelCode);
    assert_eq!(companions, theirs.difference(&ours).cloned().collect());

    for verdict in judgement.affected() {
        let key =
            (&verdict.installed.name().to_owned(), &verdict.installed.architecture().to_owned(), verdict.advisory.id);
        let row = expected.iter().find(|row| (&row.package, &row.arch, row.cve.as_str()) == key).unwrap();
        assert_eq!(verdict.compared.installed, row.source_version, "{key:?}");
        assert_eq!(verdict.compared.fixed, Some(row.fixed_source_version.as_str()), "{key:?}");
    }
}
