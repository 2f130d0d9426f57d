//! Hostile values: in every format, what a target says is text and nothing else.

use assay_model::assessment::Assessment;
use assay_report::{Context, Format, Options, RowLimit, RunRow, Style};

use crate::fixture::{self, HOSTILE};

/// Characters that no output may hold as they are; line ends and, in JSON, escapes are the formats' own.
fn is_dangerous(character: char) -> bool {
    matches!(character,
        '\0'..='\x08' | '\x0b'..='\x1f' | '\x7f'..='\u{9f}' | '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn check(name: &str, text: &str) {
    let found = text.chars().find(|character| is_dangerous(*character) && *character != '\r');
    assert_eq!(found, None, "{name}");
    assert!(!text.is_empty(), "{name} is empty");
}

fn render(format: Format, assessment: &Assessment, width: u16) -> String {
    let options = Options { width, style: Style::Plain, rows: RowLimit::All };
    String::from_utf8(format.render(assessment, &options).unwrap()).unwrap()
}

#[test]
fn no_format_lets_a_control_character_through() {
    let assessment = fixture::hostile();
    // A PDF is no text; what is drawn in it has tests of its own.
    for format in Format::ALL.iter().filter(|format| format.media_type() != "application/pdf") {
        check(format.name(), &render(*format, &assessment, 80));
    }
    for width in [0, 40, 500] {
        check("table", &render(Format::Table, &assessment, width));
        check("text", &render(Format::Text, &assessment, width));
    }
    let context = Context::from(&assessment);
    let row = RunRow { run: &assessment.run, hostname: HOSTILE, target_name: HOSTILE };
    for width in [0, 80, 200] {
        check("run table", &assay_report::run_table([row], width, Style::Plain));
        check("finding table", &assay_report::finding_table(&assessment.findings, width, Style::Plain));
        for finding in &assessment.findings {
            check("finding text", &assay_report::finding_text(&context, finding, width, Style::Plain));
            check("why text", &assay_report::why_text(&context, finding, width, Style::Plain));
            check("finding JSON", &assay_report::finding_json(&context, finding));
        }
    }
}

#[test]
fn the_only_escape_sequences_are_our_colours() {
    let options = Options { width: 80, style: Style::Colour, rows: RowLimit::All };
    for format in [Format::Table, Format::Text] {
        let text = String::from_utf8(format.render(&fixture::hostile(), &options).unwrap()).unwrap();
        let mut rest = text.as_str();
        let mut sequences = 0;
        while let Some((_, after)) = rest.split_once('\x1b') {
            let (parameters, tail) = after.strip_prefix('[').and_then(|after| after.split_once('m')).unwrap();
            assert!(["0", "1", "2", "1;36", "1;31", "31", "33", "34"].contains(&parameters), "{parameters:?}");
            sequences += 1;
            rest = tail;
        }
        assert!(sequences > 20);
    }
}

#[test]
fn tables_keep_to_their_width() {
    for assessment in [fixture::hostile(), fixture::assessment()] {
        for width in [40, 60, 80, 110, 140, 200] {
            let commands: Vec<&str> = assessment
                .findings
                .iter()
                .flat_map(|finding| &finding.remediation)
                .filter_map(|step| step.command.as_deref())
                .collect();
            let table = render(Format::Table, &assessment, width);
            for line in table.lines().filter(|line| line.chars().count() > usize::from(width)) {
                // A command is never broken; everything else is.
                let is_command = commands.iter().any(|command| line.trim() == assay_report::visible(command));
                let is_our_command = line.trim_start().starts_with("assay ");
                let is_grid = width < 80 && line.contains("  ");
                assert!(is_command || is_our_command || is_grid, "{width}: {line}");
            }
        }
    }
}

#[test]
fn json_keeps_the_value_itself() {
    let document: serde_json::Value = serde_json::from_str(&render(Format::Json, &fixture::hostile(), 80)).unwrap();
    assert_eq!(document["assay"]["host"]["hostname"], HOSTILE);
    assert_eq!(document["findings"][0]["title"], HOSTILE);
}

#[test]
fn html_has_no_markup_but_its_own() {
    let page = render(Format::Html, &fixture::hostile(), 80);
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("<img").count(), 0);
    assert_eq!(page.matches("<style>").count(), 1);
    assert_eq!(page.matches("<!--").count(), 0);
    assert!(!page.contains("href=\"javascript:"));
    assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62;"));
    assert!(page.len() < 2_000_000, "10,000-character values are cut: {} bytes", page.len());
}

#[test]
fn html_asks_nobody() {
    let page = render(Format::Html, &fixture::assessment(), 80);
    assert!(page.contains("content=\"default-src 'none';"));
    assert!(!page.contains("unsafe-inline"));
    for needle in ["src=", "@import", "url(", "fetch(", "XMLHttpRequest", "http-equiv=\"refresh\""] {
        assert!(!page.contains(needle), "{needle}");
    }
}

#[test]
fn csv_cells_are_no_formulas() {
    let text = render(Format::Csv, &fixture::hostile(), 80);
    let rows = parse_csv(&text);
    assert!(rows.len() > 10);
    for row in &rows {
        assert_eq!(row.len(), 28);
        for cell in row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
}

/// Reads RFC 4180 as it is written: quotes doubled, line ends CR LF, line feeds inside quotes.
pub(crate) fn parse_csv(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted => {
                assert_eq!(characters.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(character),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !is_quoted, "the file ends inside a row");
    rows
}

#[test]
fn a_comparison_lets_no_control_character_through() {
    let text = serde_json::json!([{"Target": HOSTILE, "Type": "npm", "Vulnerabilities": [
        {"VulnerabilityID": HOSTILE, "PkgName": HOSTILE, "InstalledVersion": HOSTILE}, {"PkgName": HOSTILE}]}]);
    let report = assay_report::read_other_report(text.to_string().as_bytes()).unwrap();
    let reason = assay_report::Reason { name: HOSTILE.into(), sentence: HOSTILE.into() };
    let findings = fixture::hostile().findings;
    let comparison = assay_report::compare(&report, &findings, |_| Ok::<_, ()>(reason.clone())).unwrap();
    assert_eq!((comparison.only_theirs.len(), comparison.problems.len()), (1, 1));
    for width in [0, 80, 500] {
        let options = Options { width, style: Style::Plain, rows: RowLimit::All };
        check("comparison text", &assay_report::comparison_text(&comparison, HOSTILE, &options));
    }
    check("comparison JSON lines", &assay_report::comparison_jsonl(&comparison));
}
