//! NVD's records (JSON 2.0): the document `{"vulnerabilities":[{"cve":{…}}]}` of its feeds and API, or `{"cve":{…}}`
//! one after the other.
//!
//! NVD lists the CNA's scores beside its own; its own bear the source `nvd@nist.gov`.

use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::cve_record::{CvssData, add_score, finish};
use crate::database::{PartSummary, ScoreRow, Scorer};
use crate::json::{few, for_each_document_seed};
use crate::{AdvisoryError, CveId, Limits};

const FEED: &str = "nvd";
const OWN_SOURCE: &str = "nvd@nist.gov";

#[derive(serde::Deserialize)]
struct Item {
    cve: Cve,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cve {
    #[serde(default)]
    id: String,
    #[serde(default)]
    source_identifier: String,
    #[serde(default)]
    vuln_status: String,
    #[serde(default)]
    metrics: Metrics,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metrics {
    #[serde(default, deserialize_with = "few::<256, _, _>")]
    cvss_metric_v40: Vec<Metric>,
    #[serde(default, deserialize_with = "few::<256, _, _>")]
    cvss_metric_v31: Vec<Metric>,
    #[serde(default, deserialize_with = "few::<256, _, _>")]
    cvss_metric_v30: Vec<Metric>,
    #[serde(default, deserialize_with = "few::<256, _, _>")]
    cvss_metric_v2: Vec<Metric>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metric {
    #[serde(default)]
    source: String,
    cvss_data: CvssData,
}

#[derive(Default)]
struct Import {
    rows: Vec<ScoreRow>,
    summary: PartSummary,
}

/// Reads a feed.
pub(crate) fn read(reader: impl Read, limits: &Limits) -> Result<(Vec<ScoreRow>, PartSummary), AdvisoryError> {
    let mut import = Import::default();
    for_each_document_seed(FEED, reader, limits, |deserializer| {
        Document { import: &mut import }.deserialize(deserializer)
    })?;
    finish(FEED, import.rows, import.summary)
}

impl Import {
    fn add(&mut self, cve: Cve) {
        self.summary.records += 1;
        if cve.vuln_status == "Rejected" {
            return;
        }
        let id = match cve.id.parse::<CveId>() {
            Ok(id) => id,
            Err(error) => return self.summary.skip(|| error.to_string()),
        };
        let Metrics { cvss_metric_v40, cvss_metric_v31, cvss_metric_v30, cvss_metric_v2 } = cve.metrics;
        for metric in [cvss_metric_v40, cvss_metric_v31, cvss_metric_v30, cvss_metric_v2].into_iter().flatten() {
            let scorer = match metric.source.as_str() {
                OWN_SOURCE => Scorer::Nvd,
                source if source == cve.source_identifier => Scorer::Cna,
                _ => Scorer::Other,
            };
            add_score(id, scorer, &metric.source, metric.cvss_data, &mut self.rows, &mut self.summary);
        }
    }
}

/// A whole document, or one record: read as a stream, as a year of NVD is hundreds of megabytes.
struct Document<'i> {
    import: &'i mut Import,
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with vulnerabilities, or with one cve")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "vulnerabilities" => map.next_value_seed(Items { import: self.import })?,
                "cve" => self.import.add(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct Items<'i> {
    import: &'i mut Import,
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of vulnerabilities")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        while let Some(Item { cve }) = sequence.next_element()? {
            self.import.add(cve);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Result<&[&str], &str>) {
        let found = read(json.as_bytes(), &Limits::default()).map(|(rows, _)| {
            rows.iter().map(|row| format!("{} {:?} {}", row.cve, row.scorer, row.score)).collect::<Vec<_>>()
        });
        let expected = expected.map(|rows| rows.iter().map(|row| (*row).to_owned()).collect());
        assert_eq!(found.map_err(|error| error.to_string()), expected.map_err(str::to_owned), "{json}");
    }

    #[test]
    fn both_shapes_are_read() {
        let cve = r#"{"cve":{"id":"CVE-2020-8167","sourceIdentifier":"support@hackerone.com","vulnStatus":"Analyzed",
            "metrics":{"cvssMetricV31":[{"source":"nvd@nist.gov","type":"Primary","cvssData":
            {"vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:H/A:N","baseScore":6.5}}],
            "cvssMetricV2":[{"source":"support@hackerone.com","cvssData":
            {"vectorString":"AV:N/AC:M/Au:N/C:N/I:P/A:N","baseScore":4.3}}]}}}"#;
        let scores = ["CVE-2020-8167 Nvd 65", "CVE-2020-8167 Cna 43"];
        check(cve, Ok(&scores));
        let document = format!(r#"{{"format":"NVD_CVE","vulnerabilities":[{cve}],"totalResults":1}}"#);
        check(&document, Ok(&scores));
        check(&format!("{cve}\n{document}\n"), Ok(&[scores[0], scores[1], scores[0], scores[1]]));
        check(&cve.replace("Analyzed", "Rejected"), Ok(&[]));
        check(&cve.replace("CVE-2020-8167", "x"), Ok(&[]));
        check(r#"{"vulnerabilities":[]}"#, Err("nvd: the document: it has no record"));
        check(r#"{"vulnerabilities":[{"id":"CVE-2020-8167"}]}"#, Err("failed to parse nvd"));
        check(document.get(..document.len() - 30).unwrap(), Err("failed to parse nvd"));
    }
}
