//! CVSS scores against the lists of Red Hat's cvss library, of FIRST and of claircore.

use assay_advisory::cvss::{CvssVector, CvssVersion};
use assay_advisory::database::{EnrichmentBuilder, EnrichmentPart};
use assay_advisory::{CveId, Enrichment, Limits};

use crate::support::{origin, read_shared};

/// Lists whose first number is the base score.
const LISTS: [&str; 7] = [
    "vectors_simple2",
    "vectors_calculator2",
    "vectors_cvsslib2",
    "vectors_simple3",
    "vectors_simple31",
    "vectors_cvsslib3",
    "vectors_simple4",
];

/// Lists of Red Hat's that go beyond base metrics.
const WHOLE_LISTS: [&str; 5] =
    ["vectors_calculator3", "vectors_threat4", "vectors_security4", "vectors_supplemental4", "vectors_simple4"];

/// Through the reader of CVE records.
#[test]
fn base_scores_are_those_of_the_lists() {
    let mut rows: Vec<(String, f64)> = Vec::new();
    for list in LISTS {
        for line in read_shared(&format!("vectors/cvss/redhat/{list}")).lines() {
            let (vector, scores) = line.split_once(" - ").unwrap();
            let first = scores.trim_matches(['(', ')']).split(',').next().unwrap();
            rows.push((vector.to_owned(), first.parse().unwrap()));
        }
    }
    assert!(rows.len() > 7000, "{} rows", rows.len());
    let id = |index: usize| format!("CVE-2024-{}", 10_000 + index);
    let records: Vec<String> = rows.iter().enumerate().map(|(index, row)| record(&id(index), &row.0)).collect();
    let mut builder = EnrichmentBuilder::new();
    let part = EnrichmentPart::CveRecords;
    let summary =
        builder.read(part, records.join("\n").as_bytes(), &origin("cve-records"), &Limits::default()).unwrap();
    assert_eq!(summary.reasons, [""; 0]);
    let enrichment = Enrichment::from_bytes(builder.compile().unwrap()).unwrap();
    for (index, (vector, expected)) in rows.iter().enumerate() {
        let ratings = enrichment.cvss(id(index).parse::<CveId>().unwrap()).unwrap();
        assert_eq!(ratings[0].score, expected.abs(), "{vector}");
        assert_eq!(ratings[0].vector, vector);
    }
}

fn record(id: &str, vector: &str) -> String {
    format!(
        r#"{{"cveMetadata":{{"cveId":"{id}","state":"PUBLISHED"}},"containers":{{"cna":{{"metrics":[
            {{"cvssV3_1":{{"vectorString":"{vector}","baseScore":0.0}}}}]}}}}}}"#
    )
}

/// Red Hat's lists have base, temporal and environmental scores, or one of all metrics.
#[test]
fn scores_are_those_of_red_hat() {
    let mut rows = 0;
    for list in LISTS.iter().chain(&WHOLE_LISTS) {
        for line in read_shared(&format!("vectors/cvss/redhat/{list}")).lines() {
            let (vector, scores) = line.split_once(" - ").unwrap();
            let parsed = CvssVector::parse(vector).unwrap_or_else(|error| panic!("{vector}: {error}"));
            let scores = scores.trim_matches(['(', ')']).split(',').map(str::trim).filter(|score| !score.is_empty());
            let scores: Vec<Option<f64>> = scores.map(|score| score.parse().ok()).collect();
            let ours = match scores.as_slice() {
                [_] => vec![parsed.score()],
                _ => vec![parsed.base_score(), parsed.temporal_score(), parsed.environmental_score()],
            };
            assert_eq!(ours.len(), scores.len(), "{line}");
            for (ours, score) in ours.iter().zip(scores) {
                assert!(score.is_none_or(|score| score.abs() == *ours), "{line}: {ours}");
            }
            rows += 1;
        }
    }
    assert!(rows > 8_000, "{rows} rows");
}

/// One vector for each of the macro vectors of 4.0: FIRST's scores, which are those of the table too.
#[test]
fn scores_are_those_of_first() {
    let scores = read_shared("vectors/cvss/first/macro-scores");
    let table = read_shared("vectors/cvss/claircore/internal/cmd/v4data/macrovector_score.json");
    let table: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&table).unwrap();
    let mut found = Vec::new();
    for line in scores.lines() {
        let parts: Vec<&str> = line.split('\'').collect();
        let score: f64 = parts[6].trim_matches([':', ',', ' ']).parse().unwrap();
        assert_eq!(CvssVector::parse(parts[3]).unwrap().score(), score, "{line}");
        found.push(score);
    }
    let mut expected: Vec<f64> = table.values().map(|score| score.as_f64().unwrap()).collect();
    expected.sort_by(f64::total_cmp);
    found.sort_by(f64::total_cmp);
    assert_eq!(found, expected);
    assert_eq!(found.len(), 270);
}

#[test]
fn scores_are_those_of_claircore() {
    let mut rows = 0;
    for list in ["v2_score", "v30_score", "v31_score", "v4_score"] {
        for line in claircore(list).lines().filter_map(without_comment) {
            let (vector, score) = line.split_once(char::is_whitespace).unwrap();
            assert_eq!(CvssVector::parse(vector).unwrap().score(), score.trim().parse::<f64>().unwrap(), "{line}");
            rows += 1;
        }
    }
    assert!(rows > 100, "{rows} rows");
    for list in ["v2_roundtrip", "v3_roundtrip", "v4_roundtrip"] {
        for vector in claircore(list).lines().filter_map(without_comment) {
            assert!(CvssVector::parse(vector).is_ok(), "{vector}");
        }
    }
}

/// Read here although claircore refuses it: the order of metrics and whole groups of them, of which Red Hat's lists have
/// vectors too (`AV:N/AC:M/Au:M/C:C/I:N/A:P/RL:W/RC:UC/…`), and which no score depends on.
const ALSO_READ: [&str; 4] = [
    "AV:A/AC:L/Au:N/C:C/I:C/A:C/CDP:H/TD:H/CR:H",
    "AV:A/AC:L/Au:N/C:C/I:C/A:C/E:F",
    "AV:A/AC:L/Au:N/A:C/I:C/C:C",
    "CVSS:4.0/AV:N/AC:L/AT:N/PR:H/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/E:A/SA:N",
];

#[test]
fn what_claircore_refuses_is_refused() {
    let mut also_read = Vec::new();
    for (list, versions) in [
        ("v2_error", vec![CvssVersion::V2]),
        ("v3_error", vec![CvssVersion::V3_0, CvssVersion::V3_1]),
        ("v4_error", vec![CvssVersion::V4]),
    ] {
        let text = claircore(list);
        assert!(text.lines().count() > 10, "{list}");
        for line in text.lines() {
            let is_valid = line.ends_with("#OK");
            let vector = line.split('#').next().unwrap().trim();
            let is_read = CvssVector::parse(vector).is_ok_and(|parsed| versions.contains(&parsed.version()));
            if is_read && !is_valid {
                also_read.push(vector.to_owned());
            }
            assert!(is_read || !is_valid, "{line}");
        }
    }
    assert_eq!(also_read, ALSO_READ);
}

fn claircore(list: &str) -> String {
    read_shared(&format!("vectors/cvss/claircore/testdata/{list}.list"))
}

fn without_comment(line: &str) -> Option<&str> {
    line.split('#').next().map(str::trim).filter(|line| !line.is_empty())
}
