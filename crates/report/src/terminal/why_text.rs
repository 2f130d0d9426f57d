//! Why a finding was made: `assay why`.
//!
//! From what was seen to what follows: evidence, advisory record, comparison, condition, risk, severity. Each number of
//! the risk is an addend, and the addends' sum is printed beside the score that the finding carries.

use assay_model::finding::Finding;
use assay_model::trace::{AdvisoryRecord, Comparison, Trace};

use super::finding_text::{belongings, evidence_line, title};
use super::page::Page;
use crate::visible::visible;
use crate::wrap::width;
use crate::{Context, Style};

/// The whole trace of one finding, for a terminal of so many columns.
pub fn why_text(context: &Context<'_>, finding: &Finding, width: u16, style: Style) -> String {
    let mut page = Page::new(width, style);
    title(&mut page, finding);
    page.blank();
    belongings(&mut page, context, finding);
    let trace = &finding.trace;
    page.heading("Evidence");
    if finding.evidence.is_empty() {
        page.paragraph(2, "No single value: see below.");
    }
    for item in &finding.evidence {
        page.hanging(2, "", &evidence_line(item));
    }
    if !trace.advisories.is_empty() {
        page.heading("Advisory record");
        for record in &trace.advisories {
            advisory(&mut page, record);
        }
    }
    if !trace.comparisons.is_empty() {
        page.heading("Comparison");
        for item in &trace.comparisons {
            comparison(&mut page, item);
        }
    }
    condition(&mut page, trace);
    page.heading("Risk");
    risk(&mut page, finding);
    page.heading("Severity");
    page.hanging(2, "", &format!("{} {:.1}, band {}", finding.severity, finding.severity.numeric(), finding.band));
    page.paragraph(2, &trace.severity_source);
    page.into_text()
}

fn advisory(page: &mut Page, record: &AdvisoryRecord) {
    let urgency = record.urgency.as_ref().map(|urgency| format!(", urgency {urgency}")).unwrap_or_default();
    let line =
        format!("{}, {}, {}: status {}{urgency}", record.feed, record.release, record.source_package, record.status);
    page.hanging(2, "", &line);
    if let Some(note) = &record.note {
        page.paragraph(4, note);
    }
    if let Some(fetched_at) = &record.fetched_at {
        page.hanging(4, "fetched ", fetched_at);
    }
    if let Some(digest) = &record.feed_digest {
        page.hanging(4, "sha256 ", digest);
    }
}

fn comparison(page: &mut Page, comparison: &Comparison) {
    let operands = match (&comparison.order, &comparison.fixed) {
        (Some(order), Some(fixed)) => format!("{} {order} {fixed}", comparison.installed),
        (None, Some(fixed)) => format!("{}, not compared with {fixed}", comparison.installed),
        _ => format!("{}, compared with nothing", comparison.installed),
    };
    page.hanging(2, "", &format!("{}: {operands}", comparison.package));
    page.paragraph(4, &comparison.conclusion);
}

fn condition(page: &mut Page, trace: &Trace) {
    let Some(condition) = &trace.condition else {
        return;
    };
    page.heading("Condition");
    // The condition taken apart begins with the whole of it.
    if trace.parts.first().is_none_or(|part| part.expression != *condition) {
        page.paragraph(2, condition);
    }
    for part in &trace.parts {
        // A depth is at most 255; more than 12 levels would leave no room for the expression.
        let indent = 2 + 2 * usize::from(part.depth.min(12));
        page.hanging(indent, "", &format!("{} = {}", visible(&part.expression), visible(&part.value)));
    }
}

fn risk(page: &mut Page, finding: &Finding) {
    let addends = &finding.trace.risk;
    let sum: f64 = addends.iter().map(|addend| addend.points).sum();
    let columns = page.columns().min(76);
    let mut row = |label: &str, points: f64| {
        let number = format!("{points:+.1}");
        let label = crate::wrap::cut(&visible(label), columns.saturating_sub(14));
        let gap = columns.saturating_sub(2 + width(&label) + width(&number));
        page.line(&format!("  {label}{}{number}", " ".repeat(gap)));
    };
    for addend in addends {
        row(&addend.label, addend.points);
    }
    row("sum", sum);
    page.line(&format!("  The risk score is {:.1}.", finding.risk));
}
