//! FIRST's exploit prediction scores (CSV): a comment with the date, a heading, then `cve,epss,percentile`.
//!
//! The first line is no CSV at all: `#model_version:v2025.03.14,score_date:2026-01-30T12:55:00Z`.

use std::io::{BufRead, BufReader, Read};

use crate::database::PartSummary;
use crate::json::read_error;
use crate::{AdvisoryError, CveId, Limits};

const FEED: &str = "epss";
const HEADING: &str = "cve,epss,percentile";
const MAX_LINE: u64 = 256;

/// Parts of one in which probabilities are kept: FIRST publishes five to nine digits.
pub(crate) const PARTS: f64 = 1e9;

/// One score; both values in [`PARTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EpssRow {
    pub(crate) cve: CveId,
    pub(crate) probability: u32,
    pub(crate) percentile: u32,
}

/// Reads a day's scores.
pub(crate) fn read(reader: impl Read, limits: &Limits) -> Result<(Vec<EpssRow>, PartSummary), AdvisoryError> {
    let malformed = |place: String, detail: &str| AdvisoryError::Malformed { feed: FEED, place, detail: detail.into() };
    let mut reader = BufReader::with_capacity(64 << 10, reader);
    let mut summary = PartSummary::default();
    let mut rows = Vec::new();
    let mut line = Vec::new();
    let mut has_heading = false;
    for number in 1u64.. {
        line.clear();
        let length = reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut line).map_err(|e| read_error(FEED, e))?;
        if length == 0 {
            break;
        }
        let place = || format!("line {number}");
        if length as u64 == MAX_LINE {
            return Err(AdvisoryError::OverLimit { feed: FEED.to_owned(), what: "length of a line", limit: MAX_LINE });
        }
        let text = std::str::from_utf8(&line).map_err(|_| malformed(place(), "it is no UTF-8"))?.trim_end();
        if let Some(comment) = text.strip_prefix('#') {
            let date = comment.split(',').find_map(|member| member.trim().strip_prefix("score_date:"));
            summary.published_at = date.map(str::to_owned).or(summary.published_at);
        } else if !has_heading {
            if text != HEADING {
                return Err(malformed(place(), "the heading is not cve,epss,percentile"));
            }
            has_heading = true;
        } else {
            summary.records += 1;
            if summary.records > limits.records {
                let limit = limits.records;
                return Err(AdvisoryError::OverLimit { feed: FEED.to_owned(), what: "number of records", limit });
            }
            match parse_row(text) {
                Some(row) => rows.push(row),
                None => summary.skip(|| format!("line {number}: {text:.60?} is no score")),
            }
        }
    }
    if rows.is_empty() {
        return Err(malformed("the document".to_owned(), "it has no score"));
    }
    rows.sort_by_key(|row| row.cve);
    summary.kept = rows.len() as u64;
    Ok((rows, summary))
}

fn parse_row(text: &str) -> Option<EpssRow> {
    let (cve, numbers) = text.split_once(',')?;
    let (probability, percentile) = numbers.split_once(',')?;
    let parts = |number: &str| {
        let number: f64 = number.parse().ok()?;
        (0.0..=1.0).contains(&number).then(|| (number * PARTS).round() as u32)
    };
    Some(EpssRow { cve: cve.parse().ok()?, probability: parts(probability)?, percentile: parts(percentile)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(csv: &str, expected: Result<(u64, u64, Option<&str>), &str>) {
        let found = read(csv.as_bytes(), &Limits::default());
        let found = found.map(|(_, summary)| (summary.kept, summary.skipped, summary.published_at));
        let expected = expected.map(|(kept, skipped, date)| (kept, skipped, date.map(str::to_owned)));
        assert_eq!(found.map_err(|error| error.to_string()), expected.map_err(str::to_owned), "{csv}");
    }

    #[test]
    fn tables_are_checked() {
        let head = "#model_version:v2025.03.14,score_date:2026-01-30T12:55:00Z\ncve,epss,percentile\n";
        check(&format!("{head}CVE-1999-0001,0.01151,0.78086\n"), Ok((1, 0, Some("2026-01-30T12:55:00Z"))));
        check("cve,epss,percentile\nCVE-1999-0001,1,0", Ok((1, 0, None)));
        check(
            &format!("{head}CVE-1999-0001,1.1,0\nCVE-1999-0001,NaN,0\nCVE-1999-0001,0.1\nx\nCVE-1999-0001,0.1,1\r\n"),
            Ok((1, 4, Some("2026-01-30T12:55:00Z"))),
        );
        check(head, Err("epss: the document: it has no score"));
        check("", Err("epss: the document: it has no score"));
        check("CVE-1999-0001,0.1,0.2\n", Err("epss: line 1: the heading is not cve,epss,percentile"));
        check("<html>", Err("epss: line 1: the heading is not cve,epss,percentile"));
        check(&"x".repeat(1000), Err("epss: length of a line is over the limit of 256"));
    }

    #[test]
    fn numbers_come_out_as_published() {
        let row = parse_row("CVE-1999-0001,0.01151,0.78086").unwrap();
        assert_eq!((f64::from(row.probability) / PARTS, f64::from(row.percentile) / PARTS), (0.01151, 0.78086));
    }
}
