//! Writes the page: head, findings, tail.
//!
//! The three parts are one page only together: the head leaves open what the tail closes.

use std::io::{self, Write};

use askama::Template;
use assay_model::assessment::Assessment;

use super::finding::{FindingPart, belongings};
use super::head::HeadPart;
use super::tail::TailPart;
use crate::format::Registration;
use crate::{Context, Options};

pub(crate) const HTML: Registration =
    Registration { name: "html", media_type: "text/html; charset=utf-8", extension: "html", write: write_page };

pub(crate) const STYLE: &str =
    concat!(include_str!("../../templates/base.css"), include_str!("../../templates/report.css"));
pub(crate) const SCRIPT: &str = include_str!("../../templates/report.js");

fn write_page(assessment: &Assessment, _: &Options, writer: &mut dyn Write) -> io::Result<()> {
    write_part(writer, &HeadPart::new(assessment))?;
    let context = Context::from(assessment);
    let belongings = belongings(&context);
    for finding in &assessment.findings {
        write_part(writer, &FindingPart::new(&belongings, finding))?;
    }
    write_part(writer, &TailPart::new(assessment))
}

fn write_part(writer: &mut dyn Write, part: &impl Template) -> io::Result<()> {
    Template::write_into(part, writer)
}
