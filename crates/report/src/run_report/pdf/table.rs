//! Tables: rows break over pages, and a header stands on every page that has rows.

use assay_model::severity::Severity;

use super::super::document::{Align, Cell, Foot, Table};
use super::layout::{BOTTOM, Colour, LINK, Layout, MARGIN, RULE, SOFT, TEXT, TEXT_WIDTH, TOP, line_height};
use super::structure::{NodeId, Role};
use super::typeface::Weight;
use super::wrap::{Setting, lines};
use crate::words;

const SIZE: f32 = 9.0;
const HEADER_SIZE: f32 = 8.0;
/// Between the columns, and above and below the text of a row.
const GAP: f32 = 10.0;
const PADDING: f32 = 3.6;
/// Width of the labels of facts.
const LABELS: f32 = 104.0;
/// A row up to this many lines goes to the next page as a whole.
const KEPT_TOGETHER: usize = 12;

/// The colour of a severity: on white, and white on it, the contrast is above 4.5 (WCAG 2.2 §1.4.3).
pub(super) fn severity_colour(severity: Severity) -> Colour {
    match severity {
        Severity::High => (176, 42, 20),
        Severity::Medium => (133, 88, 0),
        Severity::Low => (29, 92, 158),
        Severity::Informational | Severity::Undefined => (84, 90, 96),
    }
}

/// Where a column is.
#[derive(Clone, Copy, Debug)]
struct Place {
    x: f32,
    width: f32,
    align: Align,
}

/// A cell whose lines are broken.
struct SetCell {
    place: Place,
    setting: Setting,
    colour: Colour,
    lines: Vec<String>,
    link: Option<String>,
    page_of: Option<String>,
    node: NodeId,
}

/// What is repeated on every page.
struct Header<'a> {
    places: &'a [Place],
    titles: Vec<Vec<String>>,
}

pub(super) fn table(layout: &mut Layout<'_>, table: &Table) {
    let places = places(table);
    let setting = Setting { weight: Weight::Bold, size: HEADER_SIZE };
    let titles = table
        .columns
        .iter()
        .zip(&places)
        .map(|(column, place)| lines(layout.faces, column.title, setting, place.width))
        .collect();
    let header = Header { places: &places, titles };
    let node = layout.node(Role::Table, None);
    let row_node = layout.node(Role::Row, Some(node));
    layout.make_room(header.height() + 2.0 * (line_height(SIZE) + 2.0 * PADDING));
    let nodes: Vec<NodeId> = places.iter().map(|_| layout.node(Role::ColumnHeader, Some(row_node))).collect();
    header.draw(layout, Some(&nodes));
    for (number, row) in (1_usize..).zip(&table.rows) {
        let is_sum = table.foot == Foot::Sum && number == table.rows.len();
        let weight = if is_sum { Weight::Bold } else { Weight::Regular };
        let row_node = layout.node(Role::Row, Some(node));
        let cells: Vec<SetCell> =
            places.iter().zip(row).map(|(place, cell)| set(layout, *place, cell, weight, row_node)).collect();
        draw_row(layout, &cells, Some(&header));
        layout.bar(MARGIN, layout.y, TEXT_WIDTH, 0.5, RULE);
    }
    layout.y += 12.0;
}

/// Labels with values, as a table without a header.
pub(super) fn facts(layout: &mut Layout<'_>, facts: &[(&'static str, String)]) {
    let node = layout.node(Role::Table, None);
    let label = Place { x: MARGIN, width: LABELS - GAP, align: Align::Left };
    let value = Place { x: MARGIN + LABELS, width: TEXT_WIDTH - LABELS, align: Align::Left };
    for (name, text) in facts {
        let row = layout.node(Role::Row, Some(node));
        let bold = Setting { weight: Weight::Bold, size: HEADER_SIZE + 0.5 };
        let regular = Setting { weight: Weight::Regular, size: SIZE };
        let name_node = layout.node(Role::RowHeader, Some(row));
        let text_node = layout.node(Role::Cell, Some(row));
        let text = layout.faces.printable(text);
        let cell = |place: Place, setting, colour, lines, node| SetCell {
            place,
            setting,
            colour,
            lines,
            link: None,
            page_of: None,
            node,
        };
        let cells = [
            cell(label, bold, SOFT, lines(layout.faces, name, bold, label.width), name_node),
            cell(value, regular, TEXT, lines(layout.faces, &text, regular, value.width), text_node),
        ];
        draw_row(layout, &cells, None);
        layout.bar(MARGIN, layout.y, TEXT_WIDTH, 0.5, RULE);
    }
    layout.y += 8.0;
}

fn places(table: &Table) -> Vec<Place> {
    let shares: f32 = table.columns.iter().map(|column| f32::from(column.share)).sum();
    let room = TEXT_WIDTH - GAP * table.columns.len().saturating_sub(1) as f32;
    let mut x = MARGIN;
    table
        .columns
        .iter()
        .map(|column| {
            let width = room * f32::from(column.share) / shares.max(1.0);
            let place = Place { x, width, align: column.align };
            x += width + GAP;
            place
        })
        .collect()
}

fn set(layout: &mut Layout<'_>, place: Place, cell: &Cell, weight: Weight, row: NodeId) -> SetCell {
    let cell_node = layout.node(Role::Cell, Some(row));
    let (text, colour, weight, link, page_of) = match cell {
        Cell::Text(text) => (layout.faces.printable(text), TEXT, weight, None, None),
        Cell::Number(number) => (words::thousands(*number), TEXT, weight, None, None),
        Cell::Severity(severity) => (severity.to_string(), severity_colour(*severity), Weight::Bold, None, None),
        Cell::Link { text, anchor } => (layout.faces.printable(text), LINK, weight, Some(anchor.clone()), None),
        Cell::PageOf(anchor) => (String::new(), SOFT, weight, None, Some(anchor.clone())),
    };
    let setting = Setting { weight, size: SIZE };
    let node = match link {
        Some(_) => layout.node(Role::Link, Some(cell_node)),
        None => cell_node,
    };
    let lines = lines(layout.faces, &text, setting, place.width);
    SetCell { place, setting, colour, lines, link, page_of, node }
}

/// Draws a row, over several pages where it must.
fn draw_row(layout: &mut Layout<'_>, cells: &[SetCell], header: Option<&Header<'_>>) {
    let height = line_height(SIZE);
    let total = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(1);
    let mut first = 0;
    while first < total {
        let room = ((BOTTOM - layout.y - 2.0 * PADDING) / height).floor().max(0.0) as usize;
        let rest = total - first;
        let would_fit_whole = first == 0 && rest <= KEPT_TOGETHER;
        let is_fresh = layout.y <= TOP + header.map_or(0.0, Header::height) + 1.0;
        let number = match room {
            room if room >= rest => rest,
            room if !is_fresh && (would_fit_whole || room < 2) => 0,
            room => room.max(1),
        };
        if number > 0 {
            draw_lines(layout, cells, first, number);
            first += number;
        }
        if first < total {
            layout.new_page();
            if let Some(header) = header {
                header.draw(layout, None);
            }
        }
    }
}

fn draw_lines(layout: &mut Layout<'_>, cells: &[SetCell], first: usize, number: usize) {
    let height = line_height(SIZE);
    let top = layout.y + PADDING;
    for cell in cells {
        let mut y = top;
        let right = cell.place.x + cell.place.width;
        let drawn = cell.lines.iter().skip(first).take(number);
        let drawn_count = drawn.len();
        for line in drawn {
            let (setting, colour, node) = (cell.setting, cell.colour, Some(cell.node));
            match cell.place.align {
                Align::Left => layout.line(cell.place.x, y, setting, colour, line.clone(), node),
                Align::Right => layout.line_to(right, y, setting, colour, line.clone(), node),
            }
            y += height;
        }
        if let (Some(anchor), true) = (&cell.link, drawn_count > 0) {
            layout.link(
                cell.place.x,
                top,
                cell.place.width,
                height * drawn_count as f32,
                anchor,
                &cell.lines,
                cell.node,
            );
        }
        if let (Some(anchor), 0) = (&cell.page_of, first) {
            layout.page_of(right, top, SIZE, anchor, Some(cell.node));
        }
    }
    layout.y = top + height * number as f32 + PADDING;
}

impl Header<'_> {
    fn height(&self) -> f32 {
        let lines = self.titles.iter().map(Vec::len).max().unwrap_or(1);
        line_height(HEADER_SIZE) * lines as f32 + 2.0 * PADDING
    }

    /// Draws it; only the first time is it part of the text, after that decoration.
    fn draw(&self, layout: &mut Layout<'_>, nodes: Option<&[NodeId]>) {
        let setting = Setting { weight: Weight::Bold, size: HEADER_SIZE };
        for (index, (place, title)) in self.places.iter().zip(&self.titles).enumerate() {
            let node = nodes.and_then(|nodes| nodes.get(index)).copied();
            let mut y = layout.y + self.height() - PADDING - line_height(HEADER_SIZE) * title.len() as f32;
            for line in title {
                match place.align {
                    Align::Left => layout.line(place.x, y, setting, SOFT, line.clone(), node),
                    Align::Right => layout.line_to(place.x + place.width, y, setting, SOFT, line.clone(), node),
                }
                y += line_height(HEADER_SIZE);
            }
        }
        layout.y += self.height();
        layout.bar(MARGIN, layout.y, TEXT_WIDTH, 0.9, SOFT);
    }
}
