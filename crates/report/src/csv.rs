//! CSV: the 28 columns of the export of Inspector's console (reference §8.5), quoted by RFC 4180.
//!
//! The header and the milliseconds are Inspector's. A spreadsheet takes a cell that begins with `=` for a formula, so
//! such cells get an apostrophe; and people look at CSV in a terminal, so control characters are written out.

use std::borrow::Cow;
use std::io::{self, Write};

use assay_model::assessment::Assessment;
use assay_model::finding::{CvssScore, Finding};

use crate::format::Registration;
use crate::json::{ASSET_TYPE, CONFIDENCE, SERVICE, attribute_value, recommendation};
use crate::visible::visible;
use crate::{Context, Options};

pub(crate) const CSV: Registration = Registration {
    name: "csv",
    media_type: "text/csv; charset=utf-8; header=present",
    extension: "csv",
    write: write_assessment,
};

/// Inspector's column names, in its order.
const HEADER: [&str; 28] = [
    "Severity",
    "Date",
    "Finding",
    "Target",
    "Template",
    "Rules Package",
    "ARN",
    "Rule",
    "AWS agent ID",
    "AMI ID",
    "Auto Scaling Group",
    "Hostname",
    "IPv4 Addresses",
    "Asset Type",
    "Confidence",
    "Description",
    "Indicator of Compromise",
    "Numeric Severity",
    "Recommendation",
    "Service",
    "Assessment Run ARN",
    "Rules Package ARN",
    "CVSS2 Score",
    "CVSS2 Vector",
    "CVSS3 Score",
    "CVSS3 Vector",
    "CIS Weight",
    "Last Update",
];

/// Findings as CSV with the header, also of several runs.
pub fn findings_csv<'a>(entries: impl IntoIterator<Item = (Context<'a>, &'a Finding)>) -> String {
    let mut bytes = Vec::new();
    // Writing into memory has no way to fail.
    let _ = write_findings(&mut bytes, entries);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn write_assessment(assessment: &Assessment, _: &Options, writer: &mut dyn Write) -> io::Result<()> {
    let context = Context::from(assessment);
    write_findings(writer, assessment.findings.iter().map(|finding| (context, finding)))
}

fn write_findings<'a>(
    writer: &mut dyn Write,
    entries: impl IntoIterator<Item = (Context<'a>, &'a Finding)>,
) -> io::Result<()> {
    write_row(writer, &HEADER.map(str::to_owned))?;
    for (context, finding) in entries {
        write_row(writer, &cells(&context, finding))?;
    }
    Ok(())
}

fn cells(context: &Context<'_>, finding: &Finding) -> [String; 28] {
    let package = finding.rules_package;
    let (cvss2_score, cvss2_vector) = cvss(finding, "CVSS2_SCORE", "CVSS2_VECTOR", "2.");
    let (cvss3_score, cvss3_vector) = cvss(finding, "CVSS3_SCORE", "CVSS3_VECTOR", "3.");
    [
        finding.severity.to_string(),
        finding.created_at.as_millisecond().to_string(),
        finding.title.clone(),
        context.target.name.clone(),
        context.template.name.clone(),
        format!("{}-{}", package.name(), package.version()),
        finding.arn.to_string(),
        finding.rule_id.clone(),
        finding.asset.agent_id.clone(),
        String::new(),
        String::new(),
        finding.asset.hostname.clone(),
        finding.asset.ipv4_addresses.join(", "),
        ASSET_TYPE.to_owned(),
        CONFIDENCE.to_string(),
        finding.description.clone(),
        "false".to_owned(),
        format!("{:.1}", finding.severity.numeric()),
        recommendation(&finding.remediation),
        SERVICE.to_owned(),
        context.run.arn.to_string(),
        package.arn().to_string(),
        cvss2_score,
        cvss2_vector,
        cvss3_score,
        cvss3_vector,
        String::new(),
        finding.updated_at.as_millisecond().to_string(),
    ]
}

/// Score and vector: as the finding's attributes have them, else of the first score of that major version.
fn cvss(finding: &Finding, score_key: &str, vector_key: &str, major: &str) -> (String, String) {
    let score = attribute_value(&finding.attributes, score_key);
    if !score.is_empty() {
        return (score.to_owned(), attribute_value(&finding.attributes, vector_key).to_owned());
    }
    let is_major = |cvss: &&CvssScore| cvss.version.starts_with(major);
    match finding.vulnerability.as_ref().and_then(|vulnerability| vulnerability.cvss.iter().find(is_major)) {
        Some(cvss) => (format!("{:.1}", cvss.score), cvss.vector.clone()),
        None => (String::new(), String::new()),
    }
}

fn write_row(writer: &mut dyn Write, cells: &[String]) -> io::Result<()> {
    for (index, cell) in cells.iter().enumerate() {
        let separator = if index == 0 { "" } else { "," };
        write!(writer, "{separator}{}", quoted(&guarded(cell)))?;
    }
    // RFC 4180 §2.1: lines end in CR LF.
    writer.write_all(b"\r\n")
}

/// A cell that no spreadsheet takes for a formula, and that no terminal takes for a command; line ends are LF.
fn guarded(cell: &str) -> String {
    const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let guard = if cell.starts_with(FORMULA_STARTS) { "'" } else { "" };
    let lines: Vec<Cow<'_, str>> =
        cell.split('\n').map(|line| visible(line.strip_suffix('\r').unwrap_or(line))).collect();
    format!("{guard}{}", lines.join("\n"))
}

/// RFC 4180 §2.5 to §2.7.
fn quoted(cell: &str) -> Cow<'_, str> {
    if cell.contains([',', '"', '\n', '\r', ';', '\'']) || cell.starts_with(' ') || cell.ends_with(' ') {
        Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: &str, expected: &str) {
        assert_eq!(quoted(&guarded(cell)), expected, "{cell:?}");
    }

    #[test]
    fn cells_are_quoted_and_guarded() {
        for (cell, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("one\ntwo\r\nthree", "\"one\ntwo\nthree\""),
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\\t=1\""),
            ("\r=1", "\"'\\r=1\""),
            ("＝1", "\"'＝1\""),
            ("\x1b[2J", "\\x1b[2J"),
            ("", ""),
        ] {
            check(cell, expected);
        }
    }
}
