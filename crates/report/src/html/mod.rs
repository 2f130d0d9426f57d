//! HTML: one self-contained page that works from disk, without network, and without scripts.
//!
//! The page is written in three parts, a finding at a time, so that 5,000 findings need no more memory than one. Its
//! Content-Security-Policy allows exactly the one style sheet and the one script that it carries, by their hashes: text
//! that got past the escaping could still not run.

mod finding;
mod head;
mod policy;
mod tail;

use std::io::{self, Write};

use askama::Template;
use assay_model::assessment::Assessment;
use assay_model::severity::Band;

use crate::format::Registration;
use crate::visible::{shortened, visible, visible_lines};
use crate::{Context, Options};
use finding::FindingPart;
use head::HeadPart;
use tail::TailPart;

pub(crate) const HTML: Registration =
    Registration { name: "html", media_type: "text/html; charset=utf-8", extension: "html", write: write_page };

const STYLE: &str = include_str!("../../templates/report.css");
const SCRIPT: &str = include_str!("../../templates/report.js");

/// Longest text shown, in characters; the whole is in the JSON formats.
const MAX_TEXT_CHARS: usize = 2_000;

fn write_page(assessment: &Assessment, _: &Options, writer: &mut dyn Write) -> io::Result<()> {
    write_part(writer, &HeadPart::new(assessment))?;
    let context = Context::from(assessment);
    let belongings = finding::belongings(&context);
    for finding in &assessment.findings {
        write_part(writer, &FindingPart::new(&belongings, finding))?;
    }
    write_part(writer, &TailPart::new(assessment))
}

fn write_part(writer: &mut dyn Write, part: &impl Template) -> io::Result<()> {
    Template::write_into(part, writer)
}

/// A text of one line as the page shows it; the template escapes it.
fn shown(text: &str) -> String {
    shortened(&visible(text), MAX_TEXT_CHARS).into_owned()
}

/// A text of several lines as the page shows it; the template escapes it.
fn shown_lines(text: &str) -> String {
    let lines: Vec<String> = visible_lines(text).collect();
    shortened(&lines.join("\n"), MAX_TEXT_CHARS).into_owned()
}

/// The number by which style sheet and script know a band: 4 is the worst.
fn band_number(band: Band) -> u8 {
    match band {
        Band::Critical => 4,
        Band::High => 3,
        Band::Medium => 2,
        Band::Low => 1,
        Band::Informational => 0,
    }
}
