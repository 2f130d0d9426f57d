//! Grid: columns of wrapped text, laid out by comfy-table, painted afterwards.
//!
//! comfy-table measures a cell with its escape sequences, so paint is put on finished lines: the heading's, and the
//! band's word where a line begins with one, which only the first line of a row does.

use assay_model::severity::Band;
use comfy_table::presets::NOTHING;
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width};

use super::paint::{Paint, band_label};
use crate::Style;
use crate::wrap::width;

/// Columns between two columns.
const GAP: u16 = 2;

/// How a column is as wide as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// As its longest cell, at most so many columns.
    Content(usize),
    /// A share of what the others leave, in parts.
    Share(usize),
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) heading: &'static str,
    pub(crate) fit: Fit,
    pub(crate) alignment: CellAlignment,
}

impl Column {
    pub(crate) fn left(heading: &'static str, fit: Fit) -> Column {
        Column { heading, fit, alignment: CellAlignment::Left }
    }

    pub(crate) fn right(heading: &'static str, fit: Fit) -> Column {
        Column { heading, fit, alignment: CellAlignment::Right }
    }
}

/// The widths of the columns for these rows in so many terminal columns; a share is never wider than its content.
pub(crate) fn column_widths(columns: &[Column], rows: &[Vec<String>], total: usize) -> Vec<usize> {
    let natural = |index: usize, column: &Column| {
        let cells = rows.iter().filter_map(|row| row.get(index)).map(|cell| width(cell));
        cells.chain([width(column.heading)]).max().unwrap_or(1).max(1)
    };
    let naturals: Vec<usize> = columns.iter().enumerate().map(|(index, column)| natural(index, column)).collect();
    let gaps = usize::from(GAP) * columns.len().saturating_sub(1);
    let fixed: usize = columns
        .iter()
        .zip(&naturals)
        .map(|(column, natural)| match column.fit {
            Fit::Content(limit) => (*natural).min(limit),
            Fit::Share(_) => 0,
        })
        .sum();
    let mut free = total.saturating_sub(gaps + fixed);
    let mut parts: usize = columns
        .iter()
        .map(|column| match column.fit {
            Fit::Share(parts) => parts,
            Fit::Content(_) => 0,
        })
        .sum();
    let mut widths = Vec::with_capacity(columns.len());
    for (column, natural) in columns.iter().zip(&naturals) {
        match column.fit {
            Fit::Content(limit) => widths.push((*natural).min(limit)),
            Fit::Share(share) => {
                let column_width = (*natural).min((free * share / parts.max(1)).max(8));
                free = free.saturating_sub(column_width);
                parts -= share.min(parts);
                widths.push(column_width);
            }
        }
    }
    widths
}

/// The grid as lines, each without trailing spaces and with a line end, `indent` spaces from the left.
pub(crate) fn grid(columns: &[Column], rows: Vec<Vec<String>>, total: usize, style: Style, indent: usize) -> String {
    let widths = column_widths(columns, &rows, total.saturating_sub(indent));
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    // Wide enough for the sum of the widths even where the terminal is narrower than the least layout.
    table.set_width(u16::MAX);
    table.set_header(columns.iter().map(|column| Cell::new(column.heading)));
    table.add_rows(rows);
    let last = columns.len().saturating_sub(1);
    for (index, (column, column_width)) in columns.iter().zip(&widths).enumerate() {
        let Some(target) = table.column_mut(index) else { continue };
        let gap = if index == last { 0 } else { GAP };
        target.set_padding((0, gap)).set_cell_alignment(column.alignment);
        let column_width = u16::try_from(*column_width).unwrap_or(u16::MAX - GAP) + gap;
        target.set_constraint(ColumnConstraint::Absolute(Width::Fixed(column_width)));
    }
    let mut result = String::new();
    for (index, line) in table.lines().enumerate() {
        result.push_str(&" ".repeat(indent));
        let line = line.trim_end();
        match index {
            0 => result.push_str(&Paint::Faint.apply(style, line)),
            _ => result.push_str(&paint_band(line, style)),
        }
        result.push('\n');
    }
    result
}

fn paint_band(line: &str, style: Style) -> String {
    for band in Band::ALL {
        let label = band_label(band);
        if let Some(rest) = line.strip_prefix(label)
            && rest.starts_with("  ")
        {
            return format!("{}{rest}", Paint::Band(band).apply(style, label));
        }
    }
    line.to_owned()
}
