//! Alpine's secdb, whole.

use std::collections::BTreeSet;
use std::fs::File;

use assay_advisory::import::secdb::read;
use assay_advisory::{Entry, Limits, Scope, Statement};

use super::support::shared;

#[test]
fn whole_branches_are_read() {
    // Packages with their vulnerabilities, and those that never were affected, counted by a program that shares no code with
    // this one.
    for (branch, entries, never) in
        [("edge", 2735, 22), ("v3.17", 2311, 22), ("v3.18", 2689, 22), ("v3.19", 2764, 23), ("v3.20", 2719, 23)]
    {
        let mut found: Vec<(Scope, Entry)> = Vec::new();
        for repository in ["main", "community"] {
            let file = File::open(shared(&format!("feeds/alpine-secdb/{branch}/{repository}.json"))).unwrap();
            read(file, &Limits::default(), &mut found).unwrap();
        }
        let scopes: BTreeSet<String> = found.iter().map(|(scope, _)| scope.to_string()).collect();
        assert_eq!(scopes, BTreeSet::from([format!("alpine-{}", branch.trim_start_matches('v'))]));
        let is_never = |(_, entry): &&(Scope, Entry)| matches!(entry.statement, Statement::NotAffected { .. });
        assert_eq!((found.len(), found.iter().filter(is_never).count()), (entries, never), "{branch}");
    }
}
