//! OpenVEX 0.2.0 (<https://github.com/openvex/spec>): one statement for each vulnerability and package that it affects.
//!
//! What is not affected is not in it: nothing found is not the statement that there is nothing. The specification asks
//! for an action with every `affected`, and for an `@id` that is an IRI: the run's ARN is one.

use std::borrow::Cow;
use std::io::{self, Write};

use assay_model::Timestamp;
use assay_model::assessment::Assessment;
use assay_model::finding::{AffectedPackage, Confidence, Finding, FixState};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde::Serialize;

use crate::Options;
use crate::format::Registration;
use crate::json::{recommendation, write_pretty};

pub(crate) const OPENVEX: Registration =
    Registration { name: "openvex", media_type: "application/json", extension: "json", write: write_document };

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@id")]
    id: String,
    author: &'static str,
    timestamp: Timestamp,
    version: u32,
    tooling: &'static str,
    statements: Vec<Statement<'a>>,
}

#[derive(Serialize)]
struct Statement<'a> {
    vulnerability: Vulnerability<'a>,
    products: [Product<'a>; 1],
    status: &'static str,
    status_notes: String,
    action_statement: String,
}

#[derive(Serialize)]
struct Vulnerability<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    aliases: &'a [String],
}

#[derive(Serialize)]
struct Product<'a> {
    #[serde(rename = "@id")]
    id: Cow<'a, str>,
    identifiers: Identifiers<'a>,
}

#[derive(Serialize)]
struct Identifiers<'a> {
    purl: Cow<'a, str>,
}

fn write_document(assessment: &Assessment, _: &Options, writer: &mut dyn Write) -> io::Result<()> {
    let run = &assessment.run;
    let document = Document {
        context: "https://openvex.dev/ns/v0.2.0",
        id: format!("{}/openvex", run.arn),
        author: "Assay",
        timestamp: run.completed_at.unwrap_or_else(|| run.state_changed_at()),
        version: 1,
        tooling: concat!("assay ", env!("CARGO_PKG_VERSION")),
        statements: assessment.findings.iter().flat_map(statements).collect(),
    };
    write_pretty(writer, &document)
}

/// The statements of a finding: none where it is not about a vulnerability. A library that is in several places is one
/// product.
fn statements(finding: &Finding) -> Vec<Statement<'_>> {
    let Some(vulnerability) = &finding.vulnerability else {
        return Vec::new();
    };
    let action = match finding.remediation.as_slice() {
        [] => "No action is known.".to_owned(),
        steps => recommendation(steps),
    };
    let mut statements: Vec<Statement<'_>> = Vec::new();
    for package in &finding.packages {
        let (purl, notes) = (purl(package), notes(package));
        let same = |statement: &&mut Statement<'_>| statement.products.iter().any(|product| product.id == purl);
        if let Some(statement) = statements.iter_mut().find(same) {
            statement.status_notes = format!("{}\n{notes}", statement.status_notes);
            continue;
        }
        statements.push(Statement {
            vulnerability: Vulnerability { name: &vulnerability.cve, aliases: &vulnerability.aliases },
            products: [Product { id: purl.clone(), identifiers: Identifiers { purl } }],
            status: "affected",
            status_notes: notes,
            action_statement: action.clone(),
        });
    }
    statements
}

/// How the fix stands, how sure it is, and where the package is.
fn notes(package: &AffectedPackage) -> String {
    let state = package.state.as_str();
    let mut notes = vec![match (package.state, &package.fixed_version) {
        (FixState::RestartNeeded, Some(version)) => format!("{version} has the fix and is installed; {state}"),
        (FixState::OtherChannel, Some(version)) => format!("{state}, in {version}"),
        (_, Some(version)) => format!("{state} in {version}"),
        (_, None) => state.to_owned(),
    }];
    notes.extend(package.note.clone());
    notes.extend(package.location.as_ref().map(|location| format!("in {location}")));
    if package.confidence != Confidence::Certain {
        notes.push(format!("confidence: {}", package.confidence.as_str()));
    }
    notes.join("; ")
}

/// The package's own, or for runs that kept none one of no ecosystem.
fn purl(package: &AffectedPackage) -> Cow<'_, str> {
    match &package.purl {
        Some(purl) => Cow::Borrowed(purl),
        None => Cow::Owned(format!("pkg:generic/{}@{}", encoded(&package.name), encoded(&package.version))),
    }
}

/// Percent-encoded, as package URLs ask: letters, digits and `.-_~` stay, and so does `:`.
fn encoded(text: &str) -> PercentEncode<'_> {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');
    utf8_percent_encode(text, ENCODED)
}
