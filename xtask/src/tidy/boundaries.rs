//! Boundaries: some libraries may be used by few crates only. That is how the invariants of ARCHITECTURE.md hold: only the
//! server knows SQL, evaluation is synchronous, only the edge speaks HTTP.

use super::tree::Tree;
use super::violation::Violation;

/// A library, who may use it, and the invariant behind it.
const BOUNDARIES: &[(&str, &[&str], &str)] = &[
    ("anyhow", &["assay"], "libraries have error types of their own"),
    ("askama", &["assay-report"], "only reports have templates"),
    ("clap", &["assay"], "only the command line knows arguments"),
    ("comfy-table", &["assay", "assay-report"], "libraries do not draw"),
    ("indicatif", &["assay"], "libraries do not draw"),
    ("libfuzzer-sys", &["assay-fuzz"], "only fuzz targets know the fuzzer"),
    ("memmap2", &["assay-advisory", "assay-host"], "host maps files, advisory holds the map"),
    ("object_store", &["assay-server"], "only the server keeps evidence in buckets"),
    (
        "reqwest",
        &["assay-agent", "assay-cloud", "assay-feeds", "assay-server"],
        "feeds fetches, agent and cloud ask, the server tells",
    ),
    ("sqlx", &["assay-server"], "only the server's store knows SQL"),
    (
        "tokio",
        &["assay", "assay-agent", "assay-cloud", "assay-feeds", "assay-server"],
        "assess and all below it is synchronous",
    ),
    ("tracing-subscriber", &["assay"], "only the binary decides where logs go"),
];

/// What must not be in the dependencies of the agent, however far down: it runs on every host.
const NOT_IN_THE_AGENT: &[&str] = &["askama", "assay-server", "axum", "libsqlite3-sys", "sqlx", "sqlx-core"];

/// The folder in which SQL may be written, and where sqlx may be named.
const STORE: &str = "crates/server/src/store/";

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in tree.metadata.own() {
        for (library, owners, invariant) in BOUNDARIES {
            if package.needs().any(|name| name == *library) && !owners.contains(&package.name.as_str()) {
                let text = format!("{} may not use {library}: {invariant}", package.name);
                violations.push(Violation::of("Cargo.toml", text));
            }
        }
    }
    for library in NOT_IN_THE_AGENT.iter().filter(|library| tree.metadata.agent.contains(**library)) {
        let text = format!("assay-agent depends on {library}: it has no database, no HTTP server, no template engine");
        violations.push(Violation::of("Cargo.toml", text));
    }
    for (name, text) in tree.sources() {
        if name.starts_with("crates/") && !name.starts_with(STORE) && text.contains("sqlx::") {
            violations.push(Violation::of(name, format!("sqlx is used outside {STORE}")));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::super::metadata::{Dependency, Metadata, Package};
    use super::*;

    fn uses(name: &str, library: &str, kind: Option<&str>) -> Package {
        let dependency = Dependency { name: library.into(), kind: kind.map(str::to_owned) };
        Package { name: name.into(), dependencies: vec![dependency], ..Package::default() }
    }

    #[test]
    fn libraries_stay_where_they_belong() {
        let mut tree = Tree::of(&[
            ("crates/server/src/store/open.rs", "use sqlx::Any;\n"),
            ("crates/server/src/api.rs", "use sqlx::Any;\n"),
        ]);
        tree.metadata = Metadata {
            packages: vec![
                uses("assay-server", "sqlx", None),
                uses("assay-assess", "tokio", None),
                uses("assay-rules", "tokio", Some("dev")),
            ],
            agent: ["reqwest".to_owned(), "axum".to_owned()].into(),
        };
        let violations: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            violations,
            [
                "Cargo.toml: assay-assess may not use tokio: assess and all below it is synchronous",
                "Cargo.toml: assay-agent depends on axum: it has no database, no HTTP server, no template engine",
                "crates/server/src/api.rs: sqlx is used outside crates/server/src/store/"
            ]
        );
    }
}
