//! CISA's catalogue of known exploited vulnerabilities (JSON, schema `known_exploited_vulnerabilities_schema.json`).
//!
//! The catalogue states how many entries it has: one that was cut short and mended says so itself.

use std::io::Read;

use serde::Deserialize;

use crate::database::PartSummary;
use crate::json::{few, guarded, parse_error};
use crate::{AdvisoryError, CveId, Limits};

const FEED: &str = "cisa-kev";

/// One entry of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KevRow {
    pub(crate) cve: CveId,
    pub(crate) date_added: String,
    pub(crate) due_date: String,
    pub(crate) is_ransomware_known: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Catalogue {
    date_released: String,
    count: u64,
    #[serde(deserialize_with = "few::<100_000, _, _>")]
    vulnerabilities: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(rename = "cveID")]
    cve_id: String,
    date_added: String,
    due_date: String,
    #[serde(default)]
    known_ransomware_campaign_use: String,
}

/// Reads the catalogue.
pub(crate) fn read(reader: impl Read, limits: &Limits) -> Result<(Vec<KevRow>, PartSummary), AdvisoryError> {
    let malformed = |place: &str, detail: String| AdvisoryError::Malformed { feed: FEED, place: place.into(), detail };
    let catalogue: Catalogue =
        serde_json::from_reader(guarded(reader, limits)).map_err(|cause| parse_error(FEED, cause))?;
    let records = catalogue.vulnerabilities.len() as u64;
    if catalogue.count != records || records == 0 {
        return Err(malformed("count", format!("it says {} entries and has {records}", catalogue.count)));
    }
    let mut summary = PartSummary { records, published_at: Some(catalogue.date_released), ..PartSummary::default() };
    let mut rows = Vec::new();
    for entry in catalogue.vulnerabilities {
        let cve = match entry.cve_id.parse::<CveId>() {
            Ok(cve) => cve,
            Err(error) => {
                summary.skip(|| error.to_string());
                continue;
            }
        };
        if let Some(date) = [&entry.date_added, &entry.due_date].into_iter().find(|date| !is_date(date)) {
            summary.skip(|| format!("{cve}: {date:.20?} is no date"));
            continue;
        }
        let is_ransomware_known = entry.known_ransomware_campaign_use == "Known";
        rows.push(KevRow { cve, date_added: entry.date_added, due_date: entry.due_date, is_ransomware_known });
    }
    rows.sort_by_key(|row| row.cve);
    summary.kept = rows.len() as u64;
    Ok((rows, summary))
}

/// Whether the text has the shape `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"{"cveID":"CVE-2024-3094","vendorProject":"x","dateAdded":"2024-03-29","dueDate":"2024-04-19",
        "knownRansomwareCampaignUse":"Known"}"#;

    fn check(count: u64, entries: &str, expected: Result<(u64, u64), &str>) {
        let json =
            format!(r#"{{"dateReleased":"2026-08-21T17:46:43Z","count":{count},"vulnerabilities":[{entries}]}}"#);
        let found = read(json.as_bytes(), &Limits::default()).map(|(_, summary)| (summary.kept, summary.skipped));
        assert_eq!(found.map_err(|error| error.to_string()), expected.map_err(str::to_owned), "{json}");
    }

    #[test]
    fn catalogues_are_checked() {
        check(1, ENTRY, Ok((1, 0)));
        check(2, ENTRY, Err("cisa-kev: count: it says 2 entries and has 1"));
        check(0, "", Err("cisa-kev: count: it says 0 entries and has 0"));
        check(1, &ENTRY.replace("CVE-2024-3094", "CVE-24"), Ok((0, 1)));
        check(1, &ENTRY.replace("2024-03-29", "29 March"), Ok((0, 1)));
        check(1, &ENTRY.replace("\"CVE-2024-3094\"", "7"), Err("failed to parse cisa-kev"));
    }
}
