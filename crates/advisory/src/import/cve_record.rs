//! CVE records of the CVE Program (JSON, record format 5.x): one after the other, with or without line breaks.
//!
//! Scores come from the CNA that assigned the CVE and from ADPs that add to its record (CISA's is named `CISA-ADP`).

use std::io::Read;

use serde::Deserialize;

use super::score::{base_score, tenths};
use crate::database::{PartSummary, ScoreRow, Scorer};
use crate::json::{few, for_each_document};
use crate::{AdvisoryError, CveId, Limits};

const FEED: &str = "cve-records";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CveRecord {
    cve_metadata: Metadata,
    #[serde(default)]
    containers: Containers,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    cve_id: String,
    #[serde(default)]
    state: String,
}

#[derive(Default, Deserialize)]
struct Containers {
    #[serde(default)]
    cna: Container,
    #[serde(default, deserialize_with = "few::<256, _, _>")]
    adp: Vec<Container>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Container {
    #[serde(default)]
    provider_metadata: Provider,
    #[serde(default, deserialize_with = "few::<256, _, _>")]
    metrics: Vec<Metric>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provider {
    #[serde(default)]
    short_name: String,
}

#[derive(Deserialize)]
struct Metric {
    #[serde(rename = "cvssV4_0")]
    v4_0: Option<CvssData>,
    #[serde(rename = "cvssV3_1")]
    v3_1: Option<CvssData>,
    #[serde(rename = "cvssV3_0")]
    v3_0: Option<CvssData>,
    #[serde(rename = "cvssV2_0")]
    v2_0: Option<CvssData>,
}

/// A score as CVE records and NVD both write it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CvssData {
    #[serde(default)]
    vector_string: String,
    base_score: Option<f64>,
}

/// Reads records.
pub(crate) fn read(reader: impl Read, limits: &Limits) -> Result<(Vec<ScoreRow>, PartSummary), AdvisoryError> {
    let mut rows = Vec::new();
    let mut summary = PartSummary::default();
    for_each_document(FEED, reader, limits, |record: CveRecord| {
        summary.records += 1;
        add_record(record, &mut rows, &mut summary);
    })?;
    finish(FEED, rows, summary)
}

fn add_record(record: CveRecord, rows: &mut Vec<ScoreRow>, summary: &mut PartSummary) {
    if record.cve_metadata.state == "REJECTED" {
        return;
    }
    let cve = match record.cve_metadata.cve_id.parse::<CveId>() {
        Ok(cve) => cve,
        Err(error) => return summary.skip(|| error.to_string()),
    };
    let containers = record.containers;
    let cna = std::iter::once((Scorer::Cna, containers.cna));
    let adp = containers.adp.into_iter().map(|container| (Scorer::Other, container));
    for (scorer, container) in cna.chain(adp) {
        for metric in container.metrics {
            for data in [metric.v4_0, metric.v3_1, metric.v3_0, metric.v2_0].into_iter().flatten() {
                add_score(cve, scorer, &container.provider_metadata.short_name, data, rows, summary);
            }
        }
    }
}

/// Keeps a score, or counts why not.
pub(crate) fn add_score(
    cve: CveId,
    scorer: Scorer,
    source: &str,
    data: CvssData,
    rows: &mut Vec<ScoreRow>,
    summary: &mut PartSummary,
) {
    let Some(published) = data.base_score.and_then(tenths) else {
        return summary.skip(|| format!("{cve}: {:?} is no score from 0 to 10", data.base_score));
    };
    let base = match base_score(&data.vector_string) {
        Ok(base) => base,
        Err(error) => {
            return summary.skip(|| format!("{cve}: the vector {:.120?} is none: {error}", data.vector_string));
        }
    };
    if base.tenths != published {
        summary.recomputed += 1;
    }
    let (source, vector) = (source.to_owned(), data.vector_string);
    rows.push(ScoreRow { cve, version: base.version, score: base.tenths, published, scorer, source, vector });
}

/// A feed without a single record is none.
pub(crate) fn finish(
    feed: &'static str,
    rows: Vec<ScoreRow>,
    mut summary: PartSummary,
) -> Result<(Vec<ScoreRow>, PartSummary), AdvisoryError> {
    if summary.records == 0 {
        let (place, detail) = ("the document".to_owned(), "it has no record".to_owned());
        return Err(AdvisoryError::Malformed { feed, place, detail });
    }
    summary.kept = rows.len() as u64;
    Ok((rows, summary))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(state: &str, cna: &str, adp: &str) -> String {
        format!(
            r#"{{"cveMetadata":{{"cveId":"CVE-2024-3094","state":"{state}"}},"containers":{{
                "cna":{{"providerMetadata":{{"shortName":"redhat"}},"metrics":[{cna}]}},
                "adp":[{{"providerMetadata":{{"shortName":"CISA-ADP"}},"metrics":[{adp}]}}]}}}}"#
        )
    }

    fn check(json: &str, expected: Result<(&[&str], u64, u64), &str>) {
        let found = read(json.as_bytes(), &Limits::default());
        let found = found.map(|(rows, summary)| {
            let rows = rows.iter().map(|row| format!("{} {} {}", row.source, row.version.as_str(), row.score));
            (rows.collect::<Vec<_>>(), summary.skipped, summary.recomputed)
        });
        let expected = expected.map(|(rows, skipped, recomputed)| {
            (rows.iter().map(|row| (*row).to_owned()).collect(), skipped, recomputed)
        });
        assert_eq!(found.map_err(|error| error.to_string()), expected.map_err(str::to_owned), "{json}");
    }

    #[test]
    fn scores_are_checked() {
        let ten = r#"{"cvssV3_1":{"baseScore":10,"vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"}}"#;
        let slip = ten.replace("10", "9.9");
        let ssvc = r#"{"other":{"type":"ssvc","content":{"id":"CVE-2024-3094"}}}"#;
        check(&record("PUBLISHED", ten, ssvc), Ok((&["redhat 3.1 100"], 0, 0)));
        check(&record("PUBLISHED", ssvc, &slip), Ok((&["CISA-ADP 3.1 100"], 0, 1)));
        check(&record("REJECTED", ten, ""), Ok((&[], 0, 0)));
        check(&record("PUBLISHED", &ten.replace("10", "11"), ""), Ok((&[], 1, 0)));
        check(&record("PUBLISHED", &ten.replace("AV:N", "AV:Q"), ""), Ok((&[], 1, 0)));
        check(&record("PUBLISHED", &ten.replace("10", "\"10\""), ""), Err("failed to parse cve-records"));
        let two = format!("{}\n{}\n", record("PUBLISHED", ten, ""), record("PUBLISHED", "", ten));
        check(&two, Ok((&["redhat 3.1 100", "CISA-ADP 3.1 100"], 0, 0)));
        check(two.get(..two.len() - 9).unwrap(), Err("failed to parse cve-records"));
        check("", Err("cve-records: the document: it has no record"));
        check("[]", Err("failed to parse cve-records"));
    }
}
