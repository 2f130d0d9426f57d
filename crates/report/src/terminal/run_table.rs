//! The table of runs: `assay runs list`.

use assay_model::run::AssessmentRun;
use assay_model::severity::Severity;

use super::grid::{Column, Fit, grid};
use super::page::cell;
use crate::{Options, Style, words};

/// One run, and the names that its row shows.
#[derive(Clone, Copy, Debug)]
pub struct RunRow<'a> {
    /// The run.
    pub run: &'a AssessmentRun,
    /// The name of the host it assessed.
    pub hostname: &'a str,
    /// The name of its target.
    pub target_name: &'a str,
}

/// A table of runs in the order given: name, state, start, findings by severity, host and, where there is room, target
/// and id. Text without runs is `No runs.` and a line end.
pub fn run_table<'a>(rows: impl IntoIterator<Item = RunRow<'a>>, width: u16, style: Style) -> String {
    let rows: Vec<RunRow<'a>> = rows.into_iter().collect();
    if rows.is_empty() {
        return "No runs.\n".to_owned();
    }
    let total = usize::from(width.max(Options::MIN_WIDTH));
    let is_wide = total >= 120;
    let mut columns = vec![
        Column::left("RUN", Fit::Content(20)),
        Column::left("HOST", Fit::Share(1)),
        Column::left("STATE", Fit::Content(if is_wide { 33 } else { 9 })),
        Column::left("STARTED (UTC)", Fit::Content(16)),
        Column::right("HIGH", Fit::Content(6)),
        Column::right("MED", Fit::Content(6)),
        Column::right("LOW", Fit::Content(6)),
        Column::right("INFO", Fit::Content(6)),
    ];
    if is_wide {
        columns.insert(1, Column::left("ID", Fit::Content(10)));
        columns.insert(3, Column::left("TARGET", Fit::Share(1)));
    }
    let cells = rows
        .iter()
        .map(|row| {
            let count = |severity| row.run.finding_counts.get(&severity).copied().unwrap_or(0).to_string();
            let mut cells = vec![
                cell(&row.run.name),
                cell(row.hostname),
                row.run.state().as_str().replace('_', if is_wide { "_" } else { " " }),
                words::utc_minute(row.run.started_at.unwrap_or(row.run.created_at)),
                count(Severity::High),
                count(Severity::Medium),
                count(Severity::Low),
                count(Severity::Informational),
            ];
            if is_wide {
                cells.insert(1, cell(row.run.arn.id()));
                cells.insert(3, cell(row.target_name));
            }
            cells
        })
        .collect();
    grid(&columns, cells, total, style, 0)
}
