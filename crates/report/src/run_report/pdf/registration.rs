//! `-o pdf`: the full report of a run on one host, the rules that passed among it.

use std::io::{self, Write};

use assay_model::assessment::Assessment;

use super::super::{ReportKind, RunReport};
use super::pdf;
use crate::Options;
use crate::format::Registration;

pub(crate) const PDF: Registration =
    Registration { name: "pdf", media_type: "application/pdf", extension: "pdf", write: write_pdf };

fn write_pdf(assessment: &Assessment, _: &Options, writer: &mut dyn Write) -> io::Result<()> {
    let bytes = pdf(&RunReport::of_assessment(assessment), ReportKind::Full).map_err(io::Error::other)?;
    writer.write_all(&bytes)
}
