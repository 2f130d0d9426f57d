//! JSON: one object `{run, findings, exclusions, coverage, assay}`, and the finding object that JSON lines share.
//!
//! Inspector's objects have exactly the members of `DescribeFindings`, `DescribeAssessmentRuns` and
//! `DescribeExclusions` (reference §7); everything that Inspector did not have is under one member `assay`, so that a
//! script written for Inspector reads the file without knowing about it.

mod document;
mod escape;
mod exclusion;
mod finding;
mod limit;
mod run;
mod trace;

use std::io::{self, Write};

use assay_model::assessment::Assessment;
use assay_model::finding::Finding;
use assay_model::run::AssessmentRun;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, PrettyFormatter};

use crate::format::Registration;
use crate::{Context, Options};

pub(crate) use document::{CoverageView, DocumentExtras, DocumentView};
use escape::Escaped;
pub(crate) use exclusion::ExclusionView;
pub(crate) use finding::{ASSET_TYPE, CONFIDENCE, FindingView, SERVICE, recommendation};
pub(crate) use limit::attribute_value;
pub(crate) use run::RunView;

pub(crate) const JSON: Registration =
    Registration { name: "json", media_type: "application/json", extension: "json", write: write_document };

/// One finding as a JSON object, indented, with a line end: complete by itself.
pub fn finding_json(context: &Context<'_>, finding: &Finding) -> String {
    let mut bytes = Vec::new();
    // Serializing views with text keys into memory has no way to fail.
    let _ = write_pretty(&mut bytes, &FindingView::new(context, finding));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Findings as JSON lines: one object a line, each complete by itself.
pub fn findings_jsonl<'a>(entries: impl IntoIterator<Item = (Context<'a>, &'a Finding)>) -> String {
    let mut bytes = Vec::new();
    for (context, finding) in entries {
        // As in `finding_json`.
        let _ = write_line(&mut bytes, &FindingView::new(&context, finding));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Runs as JSON lines: the members of `DescribeAssessmentRuns`, one run a line.
pub fn runs_jsonl<'a>(runs: impl IntoIterator<Item = &'a AssessmentRun>) -> String {
    let mut bytes = Vec::new();
    for run in runs {
        // As in `finding_json`.
        let _ = write_line(&mut bytes, &RunView::new(run));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn write_document(assessment: &Assessment, _: &Options, writer: &mut dyn Write) -> io::Result<()> {
    write_pretty(writer, &DocumentView::new(assessment))
}

fn write_pretty(writer: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *writer, Escaped(PrettyFormatter::new())))?;
    writer.write_all(b"\n")
}

/// Writes a value as one line.
pub(crate) fn write_line(writer: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *writer, Escaped(CompactFormatter)))?;
    writer.write_all(b"\n")
}
