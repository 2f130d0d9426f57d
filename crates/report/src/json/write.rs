//! Writes views as JSON text (RFC 8259): the document and single findings indented, lines compact.
//!
//! A document is built as views first and then written; the views borrow all texts, so they cost little.

use std::io::{self, Write};

use assay_model::assessment::Assessment;
use assay_model::finding::Finding;
use assay_model::run::AssessmentRun;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, PrettyFormatter};

use super::document::DocumentView;
use super::escape::Escaped;
use super::finding::FindingView;
use super::run::RunView;
use crate::format::Registration;
use crate::{Context, Options};

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

/// Writes a value over several lines, indented.
pub(crate) fn write_pretty(writer: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *writer, Escaped(PrettyFormatter::new())))?;
    writer.write_all(b"\n")
}

/// Writes a value as one line.
pub(crate) fn write_line(writer: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *writer, Escaped(CompactFormatter)))?;
    writer.write_all(b"\n")
}
