//! Every list of vectors against the order it is of; `known-differences.toml` beside this file explains what differs.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::path::Path;

use assay_advisory::version::VersionOrder;
use assay_advisory::version::rpm::RpmVersion;
use serde::Deserialize;

use super::rows::{Row, apk_validity, claircore_parts, node_valid_versions, rows_of};

/// Every list, its order, and how many rows it has at least.
const LISTS: [(&str, VersionOrder, usize); 27] = [
    ("dpkg/dpkg-version-data.txt", VersionOrder::Dpkg, 40),
    ("osv-scalibr/debian-versions.txt", VersionOrder::Dpkg, 25),
    ("osv-scalibr/debian-versions-generated.txt", VersionOrder::Dpkg, 14_000),
    ("univers/schema/deb_version_python_pkg_test.json", VersionOrder::Dpkg, 15),
    ("rpm/rpmvercmp.at", VersionOrder::Rpm, 90),
    ("claircore/compare", VersionOrder::Rpm, 10),
    ("claircore/rpmvercmp", VersionOrder::Rpm, 100),
    ("univers/rpmvercmp.at", VersionOrder::Rpm, 90),
    ("osv-scalibr/redhat-versions.txt", VersionOrder::Rpm, 150),
    ("apk-tools/unit/version.data", VersionOrder::Apk, 700),
    ("osv-scalibr/alpine-versions.txt", VersionOrder::Apk, 700),
    ("osv-scalibr/alpine-versions-generated.txt", VersionOrder::Apk, 13_000),
    ("univers/schema/alpine_version_cmp.json", VersionOrder::Apk, 700),
    ("osv-scalibr/pypi-versions.txt", VersionOrder::Pep440, 30),
    ("osv-scalibr/pypi-versions-generated.txt", VersionOrder::Pep440, 12_000),
    ("node-semver/comparisons.json", VersionOrder::Npm, 25),
    ("node-semver/equality.json", VersionOrder::Npm, 30),
    ("osv-scalibr/semver-versions.txt", VersionOrder::Semver, 80),
    ("osv-scalibr/maven-versions.txt", VersionOrder::Maven, 90),
    ("osv-scalibr/maven-versions-generated.txt", VersionOrder::Maven, 14_000),
    ("univers/schema/maven_version_cmp.json", VersionOrder::Maven, 900),
    ("osv-scalibr/rubygems-versions.txt", VersionOrder::RubyGems, 20),
    ("osv-scalibr/rubygems-versions-generated.txt", VersionOrder::RubyGems, 4_000),
    ("osv-scalibr/packagist-versions.txt", VersionOrder::Composer, 80),
    ("osv-scalibr/packagist-versions-generated.txt", VersionOrder::Composer, 10_000),
    ("osv-scalibr/nuget-versions.txt", VersionOrder::NuGet, 30),
    ("univers/schema/nuget_version_cmp.json", VersionOrder::NuGet, 30),
];

/// What Assay says of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Ours {
    Less,
    Equal,
    Greater,
    /// One of the two is no version.
    Refused,
}

/// Rows of a list that are explained.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    list: String,
    ours: Ours,
    /// The rows; for versions that are refused, `versions` instead.
    #[serde(default)]
    rows: BTreeSet<String>,
    #[serde(default)]
    versions: BTreeSet<String>,
    reason: String,
}

impl Difference {
    /// What of this entry a row shows to be true.
    fn shown_by<'r>(&self, order: VersionOrder, row: &'r Row) -> Vec<Cow<'r, str>> {
        let is_refused = |version: &&String| self.versions.contains(*version) && order.parse(version).is_err();
        let versions =
            [&row.left, &row.right].into_iter().filter(is_refused).map(|version| Cow::from(version.as_str()));
        let written = row.written();
        versions.chain(self.rows.contains(&written).then_some(Cow::from(written))).collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Differences {
    difference: Vec<Difference>,
}

fn ours(order: VersionOrder, row: &Row) -> Ours {
    match order.compare(&row.left, &row.right) {
        Ok(Ordering::Less) => Ours::Less,
        Ok(Ordering::Equal) => Ours::Equal,
        Ok(Ordering::Greater) => Ours::Greater,
        Err(_) => Ours::Refused,
    }
}

fn is_as_expected(ours: Ours, row: &Row) -> bool {
    match row.expected {
        Some(Ordering::Less) => ours == Ours::Less,
        Some(Ordering::Equal) => ours == Ours::Equal,
        Some(Ordering::Greater) => ours == Ours::Greater,
        None => matches!(ours, Ours::Less | Ours::Greater),
    }
}

#[test]
fn every_list_is_as_expected_or_explained() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/versions/known-differences.toml");
    let known: Differences = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for (list, order, least) in LISTS {
        let rows = rows_of(list);
        assert!(rows.len() >= least, "{list}: {} rows", rows.len());
        let entries: Vec<&Difference> = known.difference.iter().filter(|entry| entry.list == list).collect();
        let mut shown = BTreeSet::new();
        for row in &rows {
            let answer = ours(order, row);
            let mirrored = row.mirrored();
            let is_expected = is_as_expected(answer, row);
            assert_eq!(is_expected, is_as_expected(ours(order, &mirrored), &mirrored), "{list}: {row:?}");
            let explained: Vec<Cow<'_, str>> = entries
                .iter()
                .filter(|entry| entry.ours == answer && !is_expected)
                .flat_map(|entry| entry.shown_by(order, row))
                .collect();
            if !is_expected && explained.is_empty() {
                wrong.push(format!("{list}: {} but ours is {answer:?}", row.written()));
            }
            shown.extend(explained.into_iter().map(Cow::into_owned));
        }
        let listed = entries.iter().flat_map(|entry| entry.rows.iter().chain(&entry.versions));
        wrong.extend(
            listed.filter(|text| !shown.contains(*text)).map(|text| format!("{list}: {text:?} is no difference")),
        );
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    for entry in &known.difference {
        assert!(LISTS.iter().any(|(list, _, _)| *list == entry.list), "{} is no list", entry.list);
        assert!(entry.reason.len() > 20, "{}: a difference without a reason", entry.list);
    }
}

/// A number behind the letter is a version to apk 2.14, and some of Alpine's advisories have one.
const ALSO_OF_APK_2: &str = "0.1a1";

#[test]
fn apk_agrees_on_what_is_a_version() {
    let versions = apk_validity();
    assert!(versions.len() >= 30, "{} versions", versions.len());
    for (version, is_valid) in versions {
        assert_eq!(VersionOrder::Apk.parse(&version).is_ok(), is_valid || version == ALSO_OF_APK_2, "{version:?}");
    }
}

#[test]
fn node_valid_versions_are_read_as_node_reads_them() {
    let versions = node_valid_versions();
    assert!(versions.len() >= 20, "{} versions", versions.len());
    for (text, canonical) in versions {
        assert_eq!(VersionOrder::Npm.compare(&text, &canonical), Ok(Ordering::Equal), "{text}");
    }
}

#[test]
fn claircore_versions_are_taken_apart_as_claircore_does() {
    let rows = claircore_parts();
    assert!(rows.len() >= 4, "{} rows", rows.len());
    for [text, epoch, version, release] in &rows {
        let parsed = RpmVersion::parse(text).unwrap();
        let found = [parsed.epoch(), Some(parsed.version()), parsed.release()].map(Option::unwrap_or_default);
        assert_eq!(found, [epoch, version, release], "{text}");
    }
}
