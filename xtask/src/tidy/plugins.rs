//! Plugins: what is written is also used. A collector that the collection does not call, or a report format that the
//! registry does not name, compiles and does nothing.

use super::tree::Tree;
use super::violation::Violation;

const COLLECTORS: &str = "crates/inventory/src/";
const COLLECTION: &str = "crates/inventory/src/collect.rs";
/// The collection of one section that has a collector for each package manager.
const PACKAGES: &str = "crates/inventory/src/packages/collector.rs";
const REPORT: &str = "crates/report/src/";
const FORMATS: &str = "crates/report/src/format.rs";

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (name, text) in tree.sources() {
        if name.starts_with(COLLECTORS) && name != COLLECTION && text.contains("\npub fn collect(") {
            let call = format!("{}::collect", module(name, COLLECTORS));
            let calls = |file: &str| tree.text(file).is_some_and(|collection| collection.contains(&call));
            if !calls(COLLECTION) && !calls(PACKAGES) {
                violations.push(Violation::of(name, format!("{COLLECTION} does not call {call}")));
            }
        }
        if name.starts_with(REPORT) && name != FORMATS {
            for constant in registrations(text) {
                if !tree.text(FORMATS).is_some_and(|formats| formats.contains(&format!("::{constant},"))) {
                    violations.push(Violation::of(name, format!("{FORMATS} does not name {constant}")));
                }
            }
        }
    }
    violations
}

/// The module that a collector's file is: `…/packages/mod.rs` and `…/packages.rs` are `packages`.
fn module<'a>(name: &'a str, prefix: &str) -> &'a str {
    let path = name.strip_prefix(prefix).unwrap_or(name);
    let path = path.strip_suffix("/mod.rs").or_else(|| path.strip_suffix(".rs")).unwrap_or(path);
    path.split('/').next().unwrap_or(path)
}

/// The names of the constants of type `Registration`.
fn registrations(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (declaration, kind) = line.split_once(": ")?;
        let name = declaration.split_once("const ")?.1;
        kind.starts_with("Registration").then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_used() {
        let tree = Tree::of(&[
            (COLLECTION, "use crate::mounts;\nlet mounts = mounts::collect(host);\n"),
            ("crates/inventory/src/mounts.rs", "//! M.\npub fn collect(host: &dyn Host) {}\n"),
            ("crates/inventory/src/dpkg/mod.rs", "//! D.\npub fn collect(host: &dyn Host) {}\n"),
            ("crates/inventory/src/apk/mod.rs", "//! A.\npub fn collect(host: &dyn Host) {}\n"),
            (PACKAGES, "//! P.\nlet apk = apk::collect(host);\n"),
            ("crates/inventory/src/text.rs", "//! T.\npub fn lines() {}\n"),
            (FORMATS, "    Csv => crate::csv::CSV,\n"),
            ("crates/report/src/csv.rs", "pub(crate) const CSV: Registration = Registration {\n"),
            ("crates/report/src/pdf.rs", "pub(crate) const PDF: Registration = Registration {\n"),
        ]);
        let violations: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(
            violations,
            [
                "crates/inventory/src/dpkg/mod.rs: crates/inventory/src/collect.rs does not call dpkg::collect",
                "crates/report/src/pdf.rs: crates/report/src/format.rs does not name PDF"
            ]
        );
    }
}
