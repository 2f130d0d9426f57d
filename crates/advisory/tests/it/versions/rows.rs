//! Rows of the lists of vectors, each list in its own format: two versions and how they compare.

use std::cmp::Ordering;

use serde::Deserialize;

use crate::support::read_shared;

/// One row of a list.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) left: String,
    pub(crate) right: String,
    /// Absent where the list says only that they are not equal.
    pub(crate) expected: Option<Ordering>,
}

impl Row {
    fn new(left: &str, sign: &str, right: &str) -> Row {
        Row { left: left.to_owned(), right: right.to_owned(), expected: Some(ordering(sign)) }
    }

    /// The same row from right to left.
    pub(crate) fn mirrored(&self) -> Row {
        let expected = self.expected.map(Ordering::reverse);
        Row { left: self.right.clone(), right: self.left.clone(), expected }
    }

    /// As the list of known differences writes it.
    pub(crate) fn written(&self) -> String {
        let sign = match self.expected {
            Some(Ordering::Less) => "<",
            Some(Ordering::Equal) => "=",
            Some(Ordering::Greater) => ">",
            None => "!=",
        };
        format!("{} {sign} {}", self.left, self.right)
    }
}

pub(crate) fn ordering(sign: &str) -> Ordering {
    match sign {
        "-1" | "<" | "LESS" => Ordering::Less,
        "0" | "=" | "==" | "EQUAL" => Ordering::Equal,
        "1" | ">" | "GREATER" => Ordering::Greater,
        _ => panic!("{sign:?} is no sign"),
    }
}

/// The rows of a list by its path below the folder of version vectors.
pub(crate) fn rows_of(list: &str) -> Vec<Row> {
    let text = read_shared(&format!("vectors/version/{list}"));
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with(['#', '/']));
    match list.split('/').next().unwrap() {
        "osv-scalibr" | "claircore" => lines.map(row_of_words).collect(),
        "rpm" => lines.filter_map(row_of_macro).collect(),
        "dpkg" => lines.map(row_with_sign_last).collect(),
        "apk-tools" => lines.filter_map(row_of_apk).collect(),
        "univers" if list.ends_with(".at") => lines.filter_map(row_of_macro).collect(),
        "univers" => rows_of_univers(&text),
        "node-semver" => rows_of_node(&text, list),
        _ => panic!("{list} has no reader"),
    }
}

/// `1.0 < 2.0`
fn row_of_words(line: &str) -> Row {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [left, sign, right] = words.as_slice() else { panic!("{line:?} is no row") };
    Row::new(without_name(left), sign, without_name(right))
}

/// `1.0 2.0 -1`
fn row_with_sign_last(line: &str) -> Row {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [left, right, sign] = words.as_slice() else { panic!("{line:?} is no row") };
    Row::new(left, sign, right)
}

/// `RPMVERCMP(1.0, 2.0, -1)`
fn row_of_macro(line: &str) -> Option<Row> {
    let inner = line.strip_prefix("RPMVERCMP(")?.trim_end().strip_suffix(')').unwrap();
    let parts: Vec<&str> = inner.split(',').map(str::trim).collect();
    let [left, right, sign] = parts.as_slice() else { panic!("{line:?} is no row") };
    Some(Row::new(left, sign, right))
}

/// apk's list also has fuzzy matches (`~`), which are no order, and single versions, which `apk_validity` reads.
fn row_of_apk(line: &str) -> Option<Row> {
    let line = line.split('#').next().unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        [left, sign @ ("<" | "=" | ">"), right] => Some(Row::new(left, sign, right)),
        [_, sign, _] if sign.contains('~') => None,
        [_] => None,
        _ => panic!("{line:?} is no row"),
    }
}

/// The single versions of apk's list, and whether each is valid.
pub(crate) fn apk_validity() -> Vec<(String, bool)> {
    let text = read_shared("vectors/version/apk-tools/unit/version.data");
    let words = text.lines().map(|line| line.split('#').next().unwrap().trim());
    let single = words.filter(|line| !line.is_empty() && !line.contains(' '));
    single
        .map(|word| match word.strip_prefix('!') {
            Some(version) => (version.to_owned(), false),
            None => (word.to_owned(), true),
        })
        .collect()
}

#[derive(Deserialize)]
struct UniversTest {
    input: UniversInput,
    expected_output: UniversOutput,
}

#[derive(Deserialize)]
struct UniversInput {
    versions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum UniversOutput {
    Equal(bool),
    Sorted(Vec<String>),
}

/// A comparison states the versions in their order, which also holds for two that are equal.
fn rows_of_univers(text: &str) -> Vec<Row> {
    let tests: Vec<UniversTest> = serde_json::from_str(text).unwrap();
    let rows = tests.into_iter().flat_map(|test| match test.expected_output {
        UniversOutput::Sorted(sorted) => {
            let pairs =
                sorted.windows(2).map(|pair| Row::new(&pair[0], if pair[0] == pair[1] { "=" } else { "<" }, &pair[1]));
            pairs.collect::<Vec<_>>()
        }
        UniversOutput::Equal(is_equal) => {
            let [left, right] = test.input.versions.try_into().unwrap();
            vec![Row { left, right, expected: is_equal.then_some(Ordering::Equal) }]
        }
    });
    rows.collect()
}

/// node-semver's lists: the first is newer, or the two are equal; its options do not matter to a loose reader.
fn rows_of_node(text: &str, list: &str) -> Vec<Row> {
    let rows: Vec<Vec<serde_json::Value>> = serde_json::from_str(text).unwrap();
    let sign = if list.ends_with("equality.json") { "=" } else { ">" };
    rows.iter().map(|row| Row::new(row[0].as_str().unwrap(), sign, row[1].as_str().unwrap())).collect()
}

/// node-semver's valid versions, and what it makes of each: numbers and pre-release.
pub(crate) fn node_valid_versions() -> Vec<(String, String)> {
    let text = read_shared("vectors/version/node-semver/valid-versions.json");
    let rows: Vec<Vec<serde_json::Value>> = serde_json::from_str(&text).unwrap();
    let written = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let canonical = |row: &[serde_json::Value]| {
        let numbers: Vec<String> = row[1..4].iter().map(written).collect();
        let pre_release: Vec<String> = row[4].as_array().unwrap().iter().map(written).collect();
        let hyphen = if pre_release.is_empty() { "" } else { "-" };
        format!("{}{hyphen}{}", numbers.join("."), pre_release.join("."))
    };
    rows.iter().map(|row| (written(&row[0]), canonical(row))).collect()
}

/// claircore's package versions that have no name: the text, epoch, version and release.
pub(crate) fn claircore_parts() -> Vec<[String; 4]> {
    let text = read_shared("vectors/version/claircore/parse");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rows = lines.map(|line| {
        let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches('\'')).collect();
        let [text, _, epoch, version, release, _] = words.as_slice() else { panic!("{line:?} is no row") };
        [without_name(text), epoch, version, release].map(str::to_owned)
    });
    rows.collect()
}

/// claircore's lists are of whole packages; of the name and architecture that most of them have, nothing is left here.
fn without_name(package: &str) -> &str {
    let package = package.strip_prefix("fonts-filesystem-").unwrap_or(package);
    package.strip_suffix(".noarch").unwrap_or(package)
}
