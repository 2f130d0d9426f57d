//! Writes views as JSON text (RFC 8259): the document and single findings indented, lines compact.
//!
//! A document is built as views first and then written; the views borrow all texts, so they cost little.

use std::io::{self, BufWriter, Write};

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

/// What is handed on at once.
pub(crate) const BUFFER_BYTES: usize = 64 * 1024;

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

/// Writes a value over several lines, indented. A serializer writes a few bytes at a time, so it is given a buffer of a
/// known type: a call by way of `dyn` for each costs more than all else.
pub(crate) fn write_pretty(writer: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut buffer = BufWriter::with_capacity(BUFFER_BYTES, writer);
    value.serialize(&mut Serializer::with_formatter(&mut buffer, Escaped(PrettyFormatter::new())))?;
    buffer.write_all(b"\n")?;
    buffer.flush()
}

/// Writes a value as one line. Who writes many gives a buffer of a known type, as [`write_pretty`] does.
pub(crate) fn write_line(writer: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *writer, Escaped(CompactFormatter)))?;
    writer.write_all(b"\n")
}
