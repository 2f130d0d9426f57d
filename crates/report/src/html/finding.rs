//! One finding of the page. There may be thousands, so its markup is lean: closing tags that HTML lets go are left out.

use askama::Template;
use assay_model::finding::Finding;
use assay_model::trace::Trace;

use super::text::{band_number, shown, shown_lines};
use crate::wrap::fold_names;
use crate::{Context, words};

/// Columns for what a finding is about in its closed state.
const AFFECTED_COLUMNS: usize = 110;
/// Deepest level of a condition that is still indented further.
const MAX_INDENT: u8 = 8;
/// Between two names in the attribute that the package filter reads.
const NAME_SEPARATOR: &str = "|";

#[derive(Debug, Template)]
#[template(path = "finding.html")]
pub(crate) struct FindingPart<'a> {
    belongings: &'a str,
    key: String,
    band: &'static str,
    band_number: u8,
    risk: String,
    rule: String,
    affected: String,
    package_names: String,
    fix: &'static str,
    is_exploited: bool,
    title: String,
    description: String,
    steps: Vec<(String, Option<String>)>,
    packages: Vec<PackageView>,
    evidence: Vec<(String, String, String)>,
    references: Vec<Reference>,
    facts: Vec<(&'static str, String)>,
    why: Why,
}

#[derive(Debug)]
struct PackageView {
    name: String,
    installed: String,
    fixed: String,
    state: &'static str,
    note: String,
}

#[derive(Debug)]
struct Reference {
    text: String,
    address: Option<String>,
}

/// How the verdict came about.
#[derive(Debug)]
struct Why {
    severity: String,
    advisories: Vec<(String, String)>,
    comparisons: Vec<(String, String)>,
    condition: Option<String>,
    parts: Vec<(u8, String, String)>,
    addends: Vec<(String, String)>,
    risk: String,
}

/// What every finding of the page belongs to, as one line.
pub(crate) fn belongings(context: &Context<'_>) -> String {
    format!(
        "Target {}, template {}, run {}: {}, {}",
        shown(&context.target.name),
        shown(&context.template.name),
        shown(&context.run.name),
        words::run_time(context.run),
        context.run.state()
    )
}

impl<'a> FindingPart<'a> {
    pub(crate) fn new(belongings: &'a str, finding: &Finding) -> FindingPart<'a> {
        let mut names: Vec<String> = finding.packages.iter().map(|package| shown(&package.name)).collect();
        names.dedup();
        FindingPart {
            belongings,
            key: shown(&finding.key),
            band: finding.band.as_str(),
            band_number: band_number(finding.band),
            risk: format!("{:.1}", finding.risk),
            rule: shown(&finding.rule_id),
            affected: affected(finding, &names),
            package_names: names.join(NAME_SEPARATOR),
            fix: words::fix(finding),
            is_exploited: finding.vulnerability.as_ref().is_some_and(|it| it.kev_date_added.is_some()),
            title: shown(&finding.title),
            description: shown_lines(&finding.description),
            steps: finding
                .remediation
                .iter()
                .map(|step| (shown_lines(&step.text), step.command.as_deref().map(shown_lines)))
                .collect(),
            packages: finding
                .packages
                .iter()
                .map(|package| PackageView {
                    name: shown(&package.name),
                    installed: shown(&package.version),
                    fixed: package.fixed_version.as_deref().map(shown).unwrap_or_default(),
                    state: words::fix_state_sentence(package.state),
                    note: package.note.as_deref().map(shown).unwrap_or_default(),
                })
                .collect(),
            evidence: finding
                .evidence
                .iter()
                .map(|item| {
                    (
                        shown(&item.label),
                        shown(&item.value),
                        words::place(item).as_deref().map(shown).unwrap_or_default(),
                    )
                })
                .collect(),
            references: finding.references.iter().map(|reference| Reference::new(reference)).collect(),
            facts: facts(finding),
            why: Why::new(finding),
        }
    }
}

impl Reference {
    /// Only an address of the web becomes a link: `javascript:` and the like stay text.
    fn new(reference: &str) -> Reference {
        let is_address = reference.starts_with("https://") || reference.starts_with("http://");
        let text = shown(reference);
        Reference { address: (is_address && text == reference).then(|| text.clone()), text }
    }
}

impl Why {
    fn new(finding: &Finding) -> Why {
        let trace: &Trace = &finding.trace;
        Why {
            severity: shown(&trace.severity_source),
            advisories: trace
                .advisories
                .iter()
                .map(|record| {
                    let urgency =
                        record.urgency.as_ref().map(|urgency| format!(", urgency {urgency}")).unwrap_or_default();
                    let head = format!("{}, {}, {}", record.feed, record.release, record.source_package);
                    let note = record.note.as_ref().map(|note| format!(". {note}")).unwrap_or_default();
                    (shown(&head), shown(&format!("status {}{urgency}{note}", record.status)))
                })
                .collect(),
            comparisons: trace
                .comparisons
                .iter()
                .map(|comparison| {
                    let order = comparison.order.as_deref().unwrap_or("not compared with");
                    let operands = match &comparison.fixed {
                        Some(fixed) => format!("{}: {} {order} {fixed}", comparison.package, comparison.installed),
                        None => format!("{}: {}", comparison.package, comparison.installed),
                    };
                    (shown(&operands), shown(&comparison.conclusion))
                })
                .collect(),
            condition: trace.condition.as_deref().filter(|_| trace.parts.is_empty()).map(shown_lines),
            parts: trace
                .parts
                .iter()
                .map(|part| (part.depth.min(MAX_INDENT), shown(&part.expression), shown(&part.value)))
                .collect(),
            addends: trace.risk.iter().map(|addend| (shown(&addend.label), format!("{:+.1}", addend.points))).collect(),
            risk: format!("{:.1}", finding.risk),
        }
    }
}

/// What a finding is about, on one line: the packages, else the evidence.
fn affected(finding: &Finding, names: &[String]) -> String {
    if !names.is_empty() {
        return fold_names(names.iter().map(String::as_str), AFFECTED_COLUMNS);
    }
    let items: Vec<String> = words::evidence_in_short(finding).iter().map(|item| shown(item)).collect();
    fold_names(items.iter().map(String::as_str), AFFECTED_COLUMNS)
}

fn facts(finding: &Finding) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Severity", format!("{} {:.1}", finding.severity, finding.severity.numeric())),
        ("Rules package", words::rules_package(finding.rules_package, &shown(&finding.rules_package_version))),
        ("Host", shown(&format!("{} ({})", finding.asset.hostname, finding.asset.agent_id))),
    ];
    if let Some(vulnerability) = &finding.vulnerability {
        for cvss in &vulnerability.cvss {
            let text = format!("{:.1} by {}: {}", cvss.score, cvss.source, cvss.vector);
            facts.push((cvss_label(&cvss.version), shown(&text)));
        }
        if let Some(epss) = words::epss(vulnerability) {
            facts.push(("EPSS", epss));
        }
        if let Some(date) = &vulnerability.kev_date_added {
            facts.push(("Exploited", shown(&format!("known since {date} (CISA)"))));
        }
    }
    for attribute in &finding.user_attributes {
        facts.push(("Attribute", shown(&format!("{} = {}", attribute.key, attribute.value))));
    }
    facts.push(("Evaluated", words::utc(finding.created_at)));
    facts.push(("Key", shown(&finding.key)));
    facts
}

fn cvss_label(version: &str) -> &'static str {
    match version {
        "2.0" => "CVSS 2.0",
        "3.0" => "CVSS 3.0",
        "3.1" => "CVSS 3.1",
        "4.0" => "CVSS 4.0",
        _ => "CVSS",
    }
}
