//! The HTML of run reports, read by the parser of Python's standard library, which nobody here wrote.

use std::io::Write as _;
use std::process::{Command, Stdio};

use assay_report::run_report::{ReportKind, RunReport, html};

use super::order::{HEADINGS, Only};
use crate::fixture;

/// Prints JSON: the texts of headings, all text, every tag with its attributes, and which links lead nowhere.
const READER: &str = r#"
import json, sys
from html.parser import HTMLParser
class Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.headings, self.text, self.tags, self.ids, self.links, self.depth = [], [], [], [], [], None
        self.skipped = 0
    def handle_starttag(self, tag, attributes):
        self.tags.append([tag] + sorted(name for name, _ in attributes))
        values = dict(attributes)
        if 'id' in values: self.ids.append(values['id'])
        if values.get('href', '').startswith('#'): self.links.append(values['href'][1:])
        if tag in ('h2', 'h3', 'h4') and values.get('id'): self.depth = tag; self.headings.append('')
        if tag == 'style': self.skipped += 1
    def handle_endtag(self, tag):
        if tag == self.depth: self.depth = None
        if tag == 'style': self.skipped -= 1
    def handle_data(self, data):
        if self.skipped: return
        self.text.append(data)
        if self.depth: self.headings[-1] += data
    def handle_comment(self, data): self.tags.append(['!--'])
reader = Reader()
reader.feed(sys.stdin.read())
reader.close()
print(json.dumps({
    'headings': [' '.join(heading.split()) for heading in reader.headings], 'text': ' '.join(''.join(reader.text).split()),
    'tags': sorted({' '.join(tag) for tag in reader.tags}), 'unique': len(reader.ids) == len(set(reader.ids)),
    'dead': sorted(set(reader.links) - set(reader.ids)), 'links': len(reader.links)}))
"#;

fn read(page: &str) -> serde_json::Value {
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", READER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 of Debian's package python3");
    child.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn check(report: &RunReport, kind: ReportKind) -> serde_json::Value {
    let page = html(report, kind);
    let read = read(&page);
    assert_eq!(read["unique"], true, "an id is there twice");
    assert_eq!(read["dead"], serde_json::json!([]), "links that lead nowhere");
    let dangerous = page.chars().find(|it| assay_report::visible(&it.to_string()) != it.to_string() && *it != '\n');
    assert_eq!(dangerous, None);
    read
}

#[test]
fn the_sections_are_inspectors_in_its_order() {
    for kind in ReportKind::ALL {
        let expected: Vec<&str> = HEADINGS
            .iter()
            .filter(|(_, only)| kind == ReportKind::Full || *only == Only::Both)
            .map(|(heading, _)| *heading)
            .collect();
        let read = check(&fixture::run_report(), kind);
        assert_eq!(read["headings"], serde_json::json!(expected), "{kind}");
    }
}

#[test]
fn a_page_tells_all_of_a_run() {
    let text = check(&fixture::run_report(), ReportKind::Full)["text"].as_str().unwrap().to_owned();
    for needle in [
        "Assay Assessment Report Full Report",
        "Report generated2026-11-24 02:20:00 UTC",
        "Run start2026-11-24 02:00:00 UTC",
        "Run end2026-11-24 02:15:30 UTC",
        "observed 6 instances for 15 min and judged what was collected by 3 rules packages",
        "includes the instances that have these tags",
        "environment",
        "any value",
        "Total findings: 17.",
        "Number of rules45,123",
        "Number of rulesnot counted",
        "web-1.example.org",
        "apt-get install --only-upgrade libssl3=3.0.17-1~deb12u3",
        "1. Restart nscd after every change of a group.",
        "1 instance, 2 findings: db-1.example.org (i-",
        "1 exclusion says what was not checked",
        "Enable ASLR",
        "The agent's last message is 26 hours old.",
    ] {
        assert!(text.contains(needle), "{needle:?} is missing in {text}");
    }
}

#[test]
fn a_page_asks_nobody() {
    let page = html(&fixture::run_report(), ReportKind::Full);
    assert!(page.contains("default-src 'none'") && page.contains("script-src 'none'"));
    for needle in ["src=", "@import", "url(", "<script", "unsafe-inline", "http-equiv=\"refresh\""] {
        assert!(!page.contains(needle), "{needle}");
    }
}

#[test]
fn hostile_values_are_text() {
    let plain = check(&fixture::run_report(), ReportKind::Full);
    let hostile = check(&fixture::hostile_run_report(), ReportKind::Full);
    assert_eq!(plain["tags"], hostile["tags"], "markup that is not ours");
    assert!(hostile["text"].as_str().unwrap().contains("<script>alert(1)</script>"));
    assert_eq!(plain["headings"].as_array().unwrap().len(), hostile["headings"].as_array().unwrap().len());
}

#[test]
fn nothing_found_is_not_nothing_wrong() {
    let mut report = fixture::empty_run_report(0);
    let text = check(&report, ReportKind::Full)["text"].to_string();
    assert!(text.contains("No rule failed.") && text.contains("No instance belonged to the target"));
    assert!(text.contains("No rule is known to have passed.") && text.contains("includes all instances"));
    report.exclusions = fixture::run_report().exclusions;
    let text = check(&report, ReportKind::Finding)["text"].to_string();
    assert!(text.contains("No rule failed among what could be checked.") && !text.contains("No rule failed."));
}

#[test]
fn equal_reports_have_equal_bytes_and_large_ones_every_rule() {
    let report = fixture::large_run_report(500, 200);
    let page = html(&report, ReportKind::Full);
    assert_eq!(page, html(&report.clone(), ReportKind::Full));
    for rule in &report.rules_packages[0].failed {
        assert!(page.contains(&format!("<span class=\"words\">{}</span>", rule.rule)), "{}", rule.rule);
    }
}
