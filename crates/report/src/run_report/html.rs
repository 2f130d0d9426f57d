//! HTML: the report as one self-contained page without scripts, for the screen and for paper.
//!
//! Written block by block, so that a report of thousands of findings needs no more memory for its markup than one block.

use std::io::{self, Write};

use askama::Template;
use assay_model::severity::{Band, Severity};

use super::document::{Align, Block, Cell, Column, Document, Foot, Heading};
use super::sections::document;
use super::{ReportKind, RunReport};
use crate::html::{band_number, content_security_policy};
use crate::words;

const STYLE: &str = concat!(include_str!("../../templates/base.css"), include_str!("../../templates/run-report.css"));

#[derive(Debug, Template)]
#[template(path = "run-report-head.html")]
struct HeadPart<'a> {
    policy: String,
    style: &'static str,
    document: &'a Document,
    counts: Vec<(u8, Severity, String)>,
    contents: Vec<&'a Heading>,
}

#[derive(Debug, Template)]
#[template(path = "run-report-block.html")]
struct BlockPart<'a> {
    block: &'a Block,
}

#[derive(Debug, Template)]
#[template(path = "run-report-tail.html")]
struct TailPart<'a> {
    document: &'a Document,
}

/// The report as HTML, in memory.
pub fn html(report: &RunReport, kind: ReportKind) -> String {
    let mut bytes = Vec::new();
    // Writing into memory has no way to fail.
    let _ = write_html(report, kind, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes the report as HTML. The writer is written to in small pieces: hand in a buffered one.
///
/// # Errors
///
/// What the writer says.
pub fn write_html(report: &RunReport, kind: ReportKind, writer: &mut dyn Write) -> io::Result<()> {
    let document = document(report, kind);
    let contents = document
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Heading(heading) if heading.level < 3 => Some(heading),
            _ => None,
        })
        .collect();
    let head = HeadPart {
        policy: content_security_policy(STYLE, None),
        style: STYLE,
        counts: document
            .counts
            .iter()
            .map(|(severity, number)| (class(severity), *severity, words::thousands(*number)))
            .collect(),
        document: &document,
        contents,
    };
    Template::write_into(&head, writer)?;
    for block in &document.blocks {
        Template::write_into(&BlockPart { block }, writer)?;
    }
    Template::write_into(&TailPart { document: &document }, writer)
}

/// The number by which the style sheet knows a severity.
fn class(severity: &Severity) -> u8 {
    band_number(Band::from(*severity))
}

fn number(number: &u64) -> String {
    words::thousands(*number)
}

/// Whether a column is only for paper.
fn is_for_pages(column: &Column) -> bool {
    column.title == "Page"
}
