//! The table of contents, and the blocks of the sections.

use super::super::document::{Block, Document, Heading};
use super::layout::{ACCENT, Bookmark, Layout, MARGIN, RULE, SOFT, TEXT, TEXT_WIDTH, TOP, WHITE, line_height};
use super::structure::Role;
use super::table::{facts, severity_colour, table};
use super::typeface::Weight;
use super::wrap::{Setting, fitted, lines};

const BODY: f32 = 9.5;
const CONTENTS: f32 = 9.5;
/// What a heading of a level looks like: size, space above, space below.
const LEVELS: [(f32, f32, f32); 3] = [(19.0, 0.0, 10.0), (13.0, 14.0, 6.0), (10.5, 12.0, 4.0)];
/// Room that a heading needs below it, so that it does not stand alone.
const KEPT_WITH: f32 = 70.0;

/// The contents, on pages of their own.
pub(super) fn contents(layout: &mut Layout<'_>, document: &Document) {
    layout.new_page();
    let setting = Setting { weight: Weight::Bold, size: 19.0 };
    let node = layout.node(Role::Heading { level: 1, text: "Contents".to_owned() }, None);
    layout.line(MARGIN, layout.y, setting, ACCENT, "Contents".to_owned(), Some(node));
    layout.bookmarks.push(Bookmark { level: 1, text: "Contents".to_owned(), page: layout.page(), y: layout.y });
    layout.y += line_height(setting.size) + 12.0;
    let list = layout.node(Role::Contents, None);
    for block in &document.blocks {
        let Block::Heading(heading) = block else { continue };
        if heading.level > 2 {
            continue;
        }
        let is_section = heading.level == 1;
        let weight = if is_section { Weight::Bold } else { Weight::Regular };
        let setting = Setting { weight, size: CONTENTS };
        let height = line_height(CONTENTS) + 3.0;
        let above = if is_section { 7.0 } else { 0.0 };
        layout.make_room(above + height);
        layout.y += above;
        let item = layout.node(Role::ContentsItem, Some(list));
        let node = layout.node(Role::Link, Some(item));
        let x = MARGIN + if is_section { 0.0 } else { 22.0 };
        let text_x = if heading.number.is_empty() { x } else { x + if is_section { 22.0 } else { 30.0 } };
        layout.line(x, layout.y, setting, SOFT, heading.number.clone(), Some(node));
        let right = MARGIN + TEXT_WIDTH;
        let text = layout.faces.printable(&heading.text);
        let text = fitted(layout.faces, &text, setting, right - text_x - 44.0);
        let end = text_x + layout.faces.width(weight, CONTENTS, &text);
        layout.line(text_x, layout.y, setting, TEXT, text.clone(), Some(node));
        layout.bar(end + 6.0, layout.y + CONTENTS, (right - 30.0 - end - 6.0).max(0.0), 0.4, RULE);
        layout.page_of(right, layout.y, CONTENTS, &heading.anchor, Some(node));
        layout.link(x, layout.y, right - x, height, &heading.anchor, &[text], node);
        layout.y += height;
    }
}

pub(super) fn block(layout: &mut Layout<'_>, block: &Block) {
    match block {
        Block::Heading(it) => heading(layout, it),
        Block::Paragraph(text) => layout.paragraph(text, BODY, TEXT, 7.0),
        Block::Note(text) => layout.paragraph(text, BODY, SOFT, 7.0),
        Block::Facts(list) => facts(layout, list),
        Block::Table(it) => table(layout, it),
    }
}

fn heading(layout: &mut Layout<'_>, heading: &Heading) {
    let index = usize::from(heading.level).saturating_sub(1);
    let (size, above, below) = LEVELS.get(index).copied().unwrap_or((BODY, 8.0, 4.0));
    let setting = Setting { weight: Weight::Bold, size };
    let text = layout.faces.printable(&heading.text);
    let number_width = match heading.number.as_str() {
        "" => 0.0,
        number => layout.faces.width(Weight::Bold, size, number) + size * 0.6,
    };
    let tag = heading.severity.map(|severity| (severity, tag_width(layout, severity.as_str())));
    let width = TEXT_WIDTH - number_width - tag.map_or(0.0, |(_, width)| width + 8.0);
    let lines = lines(layout.faces, &text, setting, width);
    if heading.level == 1 {
        layout.new_page();
    } else {
        layout.make_room(above + line_height(size) * lines.len().min(10) as f32 + KEPT_WITH);
        layout.y += if layout.y > TOP { above } else { 0.0 };
    }
    let (page, top) = (layout.page(), layout.y);
    layout.anchors.insert(heading.anchor.clone(), (page, top));
    let full = if heading.number.is_empty() { text } else { format!("{} {text}", heading.number) };
    layout.bookmarks.push(Bookmark { level: heading.level, text: full.clone(), page, y: top });
    let node = layout.node(Role::Heading { level: heading.level, text: full }, None);
    layout.line(MARGIN, layout.y, setting, SOFT, heading.number.clone(), Some(node));
    let colour = if heading.level == 1 { ACCENT } else { TEXT };
    let mut end = MARGIN;
    for line in lines {
        layout.make_room(line_height(size));
        end = MARGIN + number_width + layout.faces.width(Weight::Bold, size, &line);
        layout.line(MARGIN + number_width, layout.y, setting, colour, line, Some(node));
        layout.y += line_height(size);
    }
    if let Some((severity, width)) = tag {
        let (x, y) = (end + 8.0, layout.y - line_height(size));
        layout.bar(x, y + 1.2, width, 12.0, severity_colour(severity));
        let small = Setting { weight: Weight::Bold, size: TAG };
        layout.line(x + 5.0, y + 2.6, small, WHITE, severity.to_string(), Some(node));
    }
    if heading.level == 1 {
        layout.y += 3.0;
        layout.bar(MARGIN, layout.y, TEXT_WIDTH, 1.4, ACCENT);
    }
    layout.y += below;
}

const TAG: f32 = 7.5;

fn tag_width(layout: &Layout<'_>, text: &str) -> f32 {
    layout.faces.width(Weight::Bold, TAG, text) + 10.0
}
