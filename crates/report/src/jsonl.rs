//! JSON lines: one object a line, findings bare, everything else named by a member `type`.
//!
//! The first line has `type` `run`, the last `coverage`: a file without it was cut short. A finding's line is the
//! finding object of the JSON format and has no `type`, so `jq 'select(.severity == "High")'` needs to know nothing.

use std::io::{self, BufWriter, Write};

use assay_model::assessment::Assessment;
use serde::Serialize;

use crate::format::Registration;
use crate::json::{BUFFER_BYTES, CoverageView, DocumentExtras, ExclusionView, FindingView, RunView, write_line};
use crate::{Context, Options};

pub(crate) const JSONL: Registration =
    Registration { name: "jsonl", media_type: "application/jsonl", extension: "jsonl", write: write_lines };

/// A line that is no finding.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[expect(clippy::large_enum_variant, reason = "one value at a time, on the stack, for as long as it is written")]
enum Line<'a> {
    Run { run: RunView<'a>, assay: DocumentExtras<'a> },
    Exclusion { exclusion: ExclusionView<'a> },
    Coverage { coverage: CoverageView },
}

fn write_lines(assessment: &Assessment, _: &Options, writer: &mut dyn Write) -> io::Result<()> {
    let writer = &mut BufWriter::with_capacity(BUFFER_BYTES, writer);
    let context = Context::from(assessment);
    let run = Line::Run { run: RunView::new(&assessment.run), assay: DocumentExtras::new(assessment) };
    write_line(writer, &run)?;
    for finding in &assessment.findings {
        write_line(writer, &FindingView::new(&context, finding))?;
    }
    for exclusion in &assessment.exclusions {
        write_line(writer, &Line::Exclusion { exclusion: ExclusionView::new(exclusion) })?;
    }
    write_line(writer, &Line::Coverage { coverage: CoverageView::new(&assessment.coverage) })?;
    writer.flush()
}
