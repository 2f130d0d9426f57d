//! The table of findings: `assay findings list`, and the middle of `assay assess`.
//!
//! One row a finding, at most four lines high; what does not fit is counted or cut, and the full view has it.

use assay_model::finding::Finding;

use super::grid::{Column, Fit, column_widths, grid};
use super::page::cell;
use super::paint::band_label;
use crate::visible::visible;
use crate::wrap::{cut, fold_names};
use crate::{Options, Style, words};

/// From this width on a row also has the whole key and the version that has the fix.
const WIDE_COLUMNS: usize = 110;
/// How many lines high a row may be: a rule's name is shown whole, the list of what is affected is folded.
const MAX_RULE_LINES: usize = 4;
const MAX_AFFECTED_LINES: usize = 2;
/// How much of a key tells findings apart where there is little room; commands accept the beginning of a key.
const SHORT_KEY_CHARS: usize = 8;

/// Whether a table shows keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// The key, by which a finding can be asked for.
    Shown,
    /// No key.
    Hidden,
}

/// A table of findings in the order given: band, risk, rule, what is affected, fix, key; and the host, where there are
/// several. Text without findings is `No findings.` and a line end.
pub fn finding_table<'a>(findings: impl IntoIterator<Item = &'a Finding>, width: u16, style: Style) -> String {
    let findings: Vec<&Finding> = findings.into_iter().collect();
    if findings.is_empty() {
        return "No findings.\n".to_owned();
    }
    finding_grid(&findings, usize::from(width.max(Options::MIN_WIDTH)), style, Keys::Shown)
}

/// The grid of at least one finding.
pub(crate) fn finding_grid(findings: &[&Finding], total: usize, style: Style, keys: Keys) -> String {
    let is_wide = total >= WIDE_COLUMNS;
    let first_host = findings.first().map(|finding| finding.asset.hostname.as_str());
    let has_hosts = findings.iter().any(|finding| Some(finding.asset.hostname.as_str()) != first_host);
    let mut columns = vec![
        Column::left("BAND", Fit::Content(8)),
        Column::right("RISK", Fit::Content(6)),
        Column::left("RULE", Fit::Share(2)),
        Column::left("AFFECTS", Fit::Share(3)),
        Column::left(if is_wide { "FIXED IN" } else { "FIX" }, Fit::Content(if is_wide { 28 } else { 11 })),
    ];
    if has_hosts {
        columns.insert(2, Column::left("HOST", Fit::Share(1)));
    }
    if keys == Keys::Shown {
        columns.push(Column::left("KEY", Fit::Content(16)));
    }
    let mut rows: Vec<Vec<String>> = findings
        .iter()
        .map(|finding| {
            let mut row = vec![
                band_label(finding.band).to_owned(),
                format!("{:.1}", finding.risk),
                cell(&finding.rule_id),
                affected(finding, usize::MAX),
                if is_wide { cell(&words::fix_version(finding)) } else { words::fix(finding).to_owned() },
            ];
            if has_hosts {
                row.insert(2, cell(&finding.asset.hostname));
            }
            if keys == Keys::Shown {
                let key_chars = if is_wide { usize::MAX } else { SHORT_KEY_CHARS };
                row.push(visible(&finding.key).chars().take(key_chars).collect());
            }
            row
        })
        .collect();
    // The widths are those of the unfolded rows; then the cells are folded to them, which only makes them shorter.
    let widths = column_widths(&columns, &rows, total);
    for (finding, row) in findings.iter().zip(&mut rows) {
        for ((column, cell), column_width) in columns.iter().zip(row.iter_mut()).zip(&widths) {
            *cell = if column.heading == "AFFECTS" {
                affected(finding, room(*column_width, MAX_AFFECTED_LINES))
            } else {
                cut(cell, room(*column_width, MAX_RULE_LINES))
            };
        }
    }
    let columns: Vec<Column> = columns
        .into_iter()
        .zip(widths)
        .map(|(column, column_width)| Column { fit: Fit::Content(column_width), ..column })
        .collect();
    grid(&columns, rows, total, style, 0)
}

/// Columns of text that surely fit in so many lines: wrapping at words loses some at the end of each.
fn room(column_width: usize, lines: usize) -> usize {
    (column_width * lines).saturating_sub(column_width / 4).max(column_width)
}

/// What a finding is about, in so many columns: the packages, else the evidence, else the title.
fn affected(finding: &Finding, columns: usize) -> String {
    if !finding.packages.is_empty() {
        let mut names: Vec<String> = finding.packages.iter().map(|package| cell(&package.name)).collect();
        names.dedup();
        return fold_names(names.iter().map(String::as_str), columns);
    }
    if finding.evidence.is_empty() {
        return cut(&cell(&finding.title), columns);
    }
    let items: Vec<String> = words::evidence_in_short(finding).iter().map(|item| cell(item)).collect();
    fold_names(items.iter().map(String::as_str), columns)
}
