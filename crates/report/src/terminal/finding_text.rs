//! One finding in full: `assay findings show`, and the `text` format.
//!
//! It names everything that the finding belongs to, so that a single page pasted into a ticket is enough.

use assay_model::finding::Finding;
use assay_model::trace::EvidenceItem;

use super::grid::{Column, Fit};
use super::page::{Page, cell};
use super::paint::Paint;
use crate::visible::visible;
use crate::{Context, Style, words};

/// The full view of one finding, for a terminal of so many columns.
pub fn finding_text(context: &Context<'_>, finding: &Finding, width: u16, style: Style) -> String {
    let mut page = Page::new(width, style);
    write_finding(&mut page, context, finding);
    page.into_text()
}

/// Writes the full view of one finding.
pub(crate) fn write_finding(page: &mut Page, context: &Context<'_>, finding: &Finding) {
    title(page, finding);
    page.blank();
    belongings(page, context, finding);
    ratings(page, finding);
    page.heading("Description");
    page.paragraph(2, &finding.description);
    if !finding.evidence.is_empty() {
        page.heading("Evidence");
        for item in &finding.evidence {
            page.hanging(2, "", &evidence_line(item));
        }
    }
    if !finding.packages.is_empty() {
        page.heading("Packages");
        packages(page, finding);
    }
    page.heading("Remediation");
    remediation(page, finding);
    if !finding.references.is_empty() {
        page.heading("References");
        for reference in &finding.references {
            page.line(&format!("  {}", cell(reference)));
        }
    }
}

/// The first lines: band and rule, then the title.
pub(crate) fn title(page: &mut Page, finding: &Finding) {
    let style = page.style();
    let band = Paint::Band(finding.band).apply(style, finding.band.as_str());
    let rule = Paint::Heading.apply(style, &visible(&finding.rule_id));
    page.line(&format!("{band}  {rule}"));
    page.paragraph(0, &finding.title);
}

/// Host, target, template, run and rules package.
pub(crate) fn belongings(page: &mut Page, context: &Context<'_>, finding: &Finding) {
    page.field("Host", &format!("{} ({})", finding.asset.hostname, finding.asset.agent_id));
    if !finding.asset.ipv4_addresses.is_empty() {
        page.field("Addresses", &finding.asset.ipv4_addresses.join(", "));
    }
    page.field("System", &context.host.operating_system);
    page.field("Target", &context.target.name);
    page.field("Template", &context.template.name);
    page.field("Run", &format!("{}, {}", context.run.name, context.run.state()));
    page.field("", &words::run_time(context.run));
    page.field("Rules package", &words::rules_package(finding.rules_package, &finding.rules_package_version));
}

fn ratings(page: &mut Page, finding: &Finding) {
    page.field("Rule", &finding.rule_id);
    let is_plain = finding.band.as_str() == finding.severity.as_str();
    let band = if is_plain { String::new() } else { format!(", band {}", finding.band) };
    page.field("Severity", &format!("{} {:.1}{band}", finding.severity, finding.severity.numeric()));
    page.field("", &finding.trace.severity_source);
    page.field("Risk", &format!("{:.1}", finding.risk));
    if let Some(vulnerability) = &finding.vulnerability {
        for cvss in &vulnerability.cvss {
            page.field(
                "CVSS",
                &format!("{:.1}, version {}, {}, {}", cvss.score, cvss.version, cvss.source, cvss.vector),
            );
        }
        if let Some(epss) = words::epss(vulnerability) {
            page.field("EPSS", &epss);
        }
        if let Some(date) = &vulnerability.kev_date_added {
            page.field("Exploited", &format!("known to be exploited, in CISA's catalogue since {date}"));
        }
    }
    for attribute in &finding.user_attributes {
        page.field("Attribute", &format!("{} = {}", attribute.key, attribute.value));
    }
    page.field("Evaluated", &words::utc(finding.created_at));
    page.field("Key", &finding.key);
    page.field_whole("ARN", finding.arn.as_str());
}

/// `PermitRootLogin = yes (/etc/ssh/sshd_config:33)`.
pub(crate) fn evidence_line(item: &EvidenceItem) -> String {
    let (label, value) = (visible(&item.label), visible(&item.value));
    match words::place(item) {
        Some(place) => format!("{label} = {value} ({})", visible(&place)),
        None => format!("{label} = {value}"),
    }
}

fn packages(page: &mut Page, finding: &Finding) {
    let columns = [
        Column::left("NAME", Fit::Content(32)),
        Column::left("INSTALLED", Fit::Share(1)),
        Column::left("FIXED IN", Fit::Share(1)),
        Column::left("STATE", Fit::Content(13)),
        Column::left("NOTE", Fit::Share(1)),
    ];
    let with_note = finding.packages.iter().any(|package| package.note.is_some());
    let count = if with_note { columns.len() } else { columns.len() - 1 };
    let rows = finding
        .packages
        .iter()
        .map(|package| {
            let mut row = vec![
                cell(&package.name),
                cell(&package.version),
                cell(package.fixed_version.as_deref().unwrap_or("-")),
                words::fix_state_sentence(package.state).to_owned(),
            ];
            if with_note {
                row.push(cell(package.note.as_deref().unwrap_or_default()));
            }
            row
        })
        .collect();
    page.grid(2, columns.get(..count).unwrap_or(&columns), rows);
}

fn remediation(page: &mut Page, finding: &Finding) {
    if finding.remediation.is_empty() {
        page.paragraph(2, "None is known.");
    }
    for (number, step) in (1..).zip(&finding.remediation) {
        let marker = format!("{number}. ");
        page.hanging(2, &marker, &step.text);
        if let Some(command) = &step.command {
            page.command(2 + marker.len(), command);
        }
    }
}
