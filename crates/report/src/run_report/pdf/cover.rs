//! The cover: what this is, of what, and how bad it is.

use super::super::document::Document;
use super::layout::{ACCENT, Layout, MARGIN, PAGE_WIDTH, RULE, SOFT, TEXT_WIDTH, WHITE, line_height};
use super::structure::Role;
use super::table::{facts, severity_colour};
use super::typeface::Weight;
use super::wrap::{Setting, lines};
use crate::words;

const TITLE: f32 = 30.0;
const SUBTITLE: f32 = 15.0;
const NUMBER: f32 = 24.0;
/// Most lines of the title; a product's name needs one.
const TITLE_LINES: usize = 6;
/// Where the title begins.
const HEAD: f32 = 150.0;

pub(super) fn cover(layout: &mut Layout<'_>, document: &Document) {
    let setting = Setting { weight: Weight::Bold, size: TITLE };
    let title = layout.faces.printable(&document.title);
    let title: Vec<String> = lines(layout.faces, &title, setting, TEXT_WIDTH).into_iter().take(TITLE_LINES).collect();
    let band = HEAD + line_height(TITLE) * title.len() as f32 + line_height(SUBTITLE) + 46.0;
    layout.bar(0.0, 0.0, PAGE_WIDTH, band, ACCENT);
    let node = layout.node(Role::Paragraph, None);
    layout.y = HEAD;
    for line in title {
        layout.line(MARGIN, layout.y, setting, WHITE, line, Some(node));
        layout.y += line_height(TITLE);
    }
    let small = Setting { weight: Weight::Regular, size: SUBTITLE };
    let node = layout.node(Role::Paragraph, None);
    layout.line(MARGIN, layout.y + 4.0, small, WHITE, document.subtitle.to_owned(), Some(node));
    layout.y = band + 34.0;
    counts(layout, document);
    layout.y += 30.0;
    facts(layout, &document.facts);
}

/// The findings by severity, side by side.
fn counts(layout: &mut Layout<'_>, document: &Document) {
    let number_setting = Setting { weight: Weight::Bold, size: NUMBER };
    let label_setting = Setting { weight: Weight::Regular, size: 9.0 };
    let width = TEXT_WIDTH / document.counts.len() as f32;
    for (index, (severity, number)) in document.counts.iter().enumerate() {
        let x = MARGIN + width * index as f32;
        let colour = severity_colour(*severity);
        let node = layout.node(Role::Paragraph, None);
        layout.bar(x, layout.y, width - 12.0, 3.0, if *number == 0 { RULE } else { colour });
        let shown = if *number == 0 { SOFT } else { colour };
        layout.line(x, layout.y + 9.0, number_setting, shown, words::thousands(*number), Some(node));
        let below = layout.y + 9.0 + line_height(NUMBER);
        layout.line(x, below, label_setting, SOFT, severity.to_string(), Some(node));
    }
    layout.y += 9.0 + line_height(NUMBER) + line_height(9.0);
}
