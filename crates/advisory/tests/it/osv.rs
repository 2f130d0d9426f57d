//! Real OSV records: the archives of five ecosystems, and the schema's own examples.

use std::collections::BTreeSet;
use std::fs::File;

use assay_advisory::import::osv::{read, read_zip};
use assay_advisory::{AdvisoryError, Entry, EntrySink, Limits, RangeEnd, Scope, Statement};

use crate::samples::Collected;
use crate::support::shared;

/// What is counted of an archive.
#[derive(Default)]
struct Counted {
    entries: usize,
    ids: BTreeSet<String>,
    malformed: Vec<String>,
    /// Records with versions that no range beside them covers, though they are versions.
    contradictions: BTreeSet<String>,
    /// Entries with versions beside their ranges that are no versions.
    no_versions: usize,
}

impl EntrySink for Counted {
    fn entry(&mut self, scope: &Scope, entry: Entry) -> Result<(), AdvisoryError> {
        self.entries += 1;
        if let Statement::Affected { ranges, versions, .. } = &entry.statement
            && !ranges.is_empty()
            && !versions.is_empty()
        {
            let order = scope.platform().version_order();
            if versions.iter().any(|version| order.parse(version).is_ok()) {
                self.contradictions.insert(entry.aliases[0].clone());
            } else {
                self.no_versions += 1;
            }
        }
        self.ids.insert(entry.id);
        Ok(())
    }

    fn malformed(&mut self, place: &str, detail: &str) {
        self.malformed.push(format!("{place}: {detail}"));
    }
}

/// Records whose enumerated versions and ranges contradict each other, and why that is theirs.
const CONTRADICTIONS: [(&str, &str); 2] = [
    ("PYSEC-2023-61", "django: pre-releases such as 3.2a1, which are older than the introduced 3.2"),
    ("PYSEC-2026-686", "neutron: ranges end at versions of rpm packages, 7.2.0-12.1, which are none of PyPI's"),
];

/// Versions that a publisher enumerates are affected; so each must lie in the ranges beside them, if it is a version.
#[test]
fn whole_archives_are_read() {
    // Entries and vulnerabilities, counted by a program that shares no code with this one. Withdrawn records and bug fixes
    // give none; an AlmaLinux package has one entry a notice, whatever the number of its builds.
    let expected = [
        ("PyPI", 6812, 5696),
        ("Go", 6099, 4274),
        ("crates.io", 1193, 1172),
        ("npm", 289, 284),
        ("AlmaLinux", 246_057, 6627),
    ];
    let mut contradictions = BTreeSet::new();
    let mut no_versions = 0;
    for (ecosystem, entries, ids) in expected {
        let mut counted = Counted::default();
        let file = File::open(shared(&format!("feeds/osv/{ecosystem}/all.zip"))).unwrap();
        read_zip(file, &Limits::default(), &mut counted).unwrap();
        assert_eq!(counted.malformed, Vec::<String>::new(), "{ecosystem}");
        assert_eq!((counted.entries, counted.ids.len()), (entries, ids), "{ecosystem}");
        contradictions.extend(counted.contradictions);
        no_versions += counted.no_versions;
    }
    assert_eq!(contradictions.iter().map(String::as_str).collect::<Vec<_>>(), CONTRADICTIONS.map(|(id, _)| id));
    // `2.0.1rc2-git` and the like: older than PEP 440, and compared as text.
    assert_eq!(no_versions, 47);
}

/// An example of the schema, as `PACKAGE FIRST..END …`.
fn example(path: &str) -> String {
    let mut collected = Collected::default();
    let file = File::open(shared(&format!("vectors/osv-schema/tools/{path}.json"))).unwrap();
    read(file, &Limits::default(), &mut collected).unwrap();
    assert_eq!(collected.malformed, Vec::<String>::new(), "{path}");
    let entry = |(scope, entry): &(Scope, Entry)| {
        let Statement::Affected { ranges, versions, .. } = &entry.statement else { panic!("{entry:?}") };
        let mut text = format!("{scope} {}", entry.package);
        for range in ranges {
            let end = match &range.end {
                RangeEnd::Fixed(version) => format!("<{version}"),
                RangeEnd::LastAffected(version) => format!("<={version}"),
                RangeEnd::Open => String::new(),
            };
            text += &format!(" {}..{end}", range.introduced.as_deref().unwrap_or_default());
        }
        versions.iter().fold(text, |text, version| format!("{text} ={version}"))
    };
    collected.entries.iter().map(entry).collect::<Vec<_>>().join(", ")
}

#[test]
fn examples_of_the_schema() {
    for (name, expected) in [
        ("ghsa/testdata/equals_no_patch.osv", "rubygems paranoid2 =1.1.6"),
        // Four events in no order.
        ("ghsa/testdata/equals_with_patch.osv", "npm mixin-deep ..<1.3.2 2.0.0..<2.0.1"),
        ("ghsa/testdata/multiple_ranges_in_package.osv", "rubygems passenger ..<3.0.21 4.0.1..<4.0.5"),
        (
            "ghsa/testdata/maven_greater_than.osv",
            "maven org.xwiki.commons:xwiki-commons-core 11.6.1..<11.10.13 12.0..<12.6.7 12.10.0..<12.10.2",
        ),
        ("ghsa/testdata/npm_greater_than.osv", "npm jquery 2.1.1-0..<3.0.0"),
        ("ghsa/testdata/greater_than_equals_no_patch.osv", "npm marky-markdown 0.0.0.."),
        ("ghsa/testdata/less_than_equals_no_patch.osv", "npm shiba .."),
        ("ghsa/testdata/less_than_equals_with_patch.osv", "npm i18next ..<1.10.3"),
        ("ghsa/testdata/pypi_normalize.osv", "pypi products-pluggableauthservice ..<2.6.1"),
        ("ghsa/testdata/withdrawn.osv", ""),
        ("osv-linter/testdata/GO-2024-2963", "go stdlib ..<1.21.12 1.22.0-0..<1.22.5"),
        ("osv-linter/testdata/MAL-2024-10238", "pypi 123bla =0.0.1"),
        ("osv-linter/testdata/PYSEC-2023-74", "pypi requests 2.3.0..<2.31.0"),
        // About a git repository, and about nothing.
        ("osv-linter/testdata/CVE-2023-41045", ""),
        ("osv-linter/testdata/SUSE-FU-2022_0444-1", ""),
    ] {
        assert_eq!(example(name), expected, "{name}");
    }
}
