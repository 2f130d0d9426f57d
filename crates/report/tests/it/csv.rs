//! The CSV export: Inspector's header, milliseconds, one row a finding.

use assay_report::{Format, Options};

use crate::fixture;
use crate::hostile::parse_csv;

const HEADER: &str = "Severity, Date, Finding, Target, Template, Rules Package, ARN, Rule, AWS agent ID, AMI ID, \
     Auto Scaling Group, Hostname, IPv4 Addresses, Asset Type, Confidence, Description, Indicator of Compromise, \
     Numeric Severity, Recommendation, Service, Assessment Run ARN, Rules Package ARN, CVSS2 Score, CVSS2 Vector, \
     CVSS3 Score, CVSS3 Vector, CIS Weight, Last Update";

#[test]
fn rows_have_inspectors_columns() {
    let assessment = fixture::assessment();
    let text = String::from_utf8(Format::Csv.render(&assessment, &Options::default()).unwrap()).unwrap();
    let rows = parse_csv(&text);
    assert_eq!(rows[0].join(", "), HEADER);
    assert_eq!(rows.len(), assessment.findings.len() + 1);
    let cell = |column: &str| {
        let index = rows[0].iter().position(|name| name == column).unwrap();
        rows[1][index].as_str()
    };
    for (column, expected) in [
        ("Severity", "High"),
        ("Date", "1795486500900"),
        ("Finding", "Instance i-0aa11bb22cc33dd44 is vulnerable to CVE-2026-31337"),
        ("Target", "web servers"),
        ("Template", "nightly"),
        ("Rules Package", "Common Vulnerabilities and Exposures-1.1"),
        ("Rule", "CVE-2026-31337"),
        ("AWS agent ID", "i-0aa11bb22cc33dd44"),
        ("AMI ID", ""),
        ("Hostname", "web-1.example.org"),
        ("IPv4 Addresses", "10.0.0.5"),
        ("Asset Type", "ec2-instance"),
        ("Confidence", "10"),
        ("Indicator of Compromise", "false"),
        ("Numeric Severity", "9.0"),
        ("Service", "Inspector"),
        ("Rules Package ARN", "arn:aws:inspector:us-east-1:316112463485:rulespackage/0-gEjTy7T7"),
        ("CVSS2 Score", "9.8"),
        ("CVSS2 Vector", "AV:N/AC:L/Au:N/C:P/I:P/A:P"),
        ("CVSS3 Score", "9.8"),
        ("CVSS3 Vector", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
        ("Last Update", "1795486500900"),
    ] {
        assert_eq!(cell(column), expected, "{column}");
    }
    assert!(cell("Description").contains("\n\nAffected on"));
}
