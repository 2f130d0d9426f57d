//! Page: text laid out from top to bottom in a given width.
//!
//! Commands are the one thing that is never wrapped: a line break in the middle would be copied with them.

use super::grid::{Column, grid};
use super::paint::Paint;
use crate::visible::{shortened, visible, visible_lines};
use crate::wrap::{width, wrap};
use crate::{Options, Style};

/// Columns of the labels of [`Page::field`], the gap included.
const LABEL_COLUMNS: usize = 15;
/// Longest value shown, in characters; the whole is in the JSON formats.
const MAX_VALUE_CHARS: usize = 2_000;

/// A page being written.
#[derive(Debug)]
pub(crate) struct Page {
    text: String,
    columns: usize,
    style: Style,
}

impl Page {
    pub(crate) fn new(columns: u16, style: Style) -> Page {
        Page { text: String::new(), columns: usize::from(columns.max(Options::MIN_WIDTH)), style }
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    pub(crate) fn style(&self) -> Style {
        self.style
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A line that is laid out and painted already.
    pub(crate) fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A heading with a blank line before it.
    pub(crate) fn heading(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.blank();
        }
        for line in wrap(text, self.columns) {
            let line = Paint::Heading.apply(self.style, &line);
            self.line(&line);
        }
    }

    /// `Label          value`, the value wrapped beside its label.
    pub(crate) fn field(&mut self, label: &str, value: &str) {
        let value = visible(value).into_owned();
        let value = shortened(&value, MAX_VALUE_CHARS);
        let lines = wrap(&value, self.columns.saturating_sub(LABEL_COLUMNS));
        for (index, line) in lines.iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            let gap = " ".repeat(LABEL_COLUMNS.saturating_sub(width(label)));
            let label = Paint::Faint.apply(self.style, label);
            self.line(&format!("{}{gap}{line}", if index == 0 { label.as_str() } else { "" }));
        }
    }

    /// A field whose value is to be copied, and so is never wrapped.
    pub(crate) fn field_whole(&mut self, label: &str, value: &str) {
        let gap = " ".repeat(LABEL_COLUMNS.saturating_sub(width(label)));
        let label = Paint::Faint.apply(self.style, label);
        self.line(&format!("{label}{gap}{}", visible(value)));
    }

    /// Prose, wrapped; its own line breaks stay.
    pub(crate) fn paragraph(&mut self, indent: usize, text: &str) {
        self.hanging(indent, "", text);
    }

    /// Prose after a marker such as `1. `, wrapped beside it.
    pub(crate) fn hanging(&mut self, indent: usize, marker: &str, text: &str) {
        let margin = indent + width(marker);
        let text = shortened(text, MAX_VALUE_CHARS * 2);
        let lines = visible_lines(&text).flat_map(|line| wrap(&line, self.columns.saturating_sub(margin)));
        let lines: Vec<String> = lines.collect();
        for (index, line) in lines.iter().enumerate() {
            let start = if index == 0 { format!("{}{marker}", " ".repeat(indent)) } else { " ".repeat(margin) };
            self.line(format!("{start}{line}").trim_end());
        }
    }

    /// A command, each of its lines whole.
    pub(crate) fn command(&mut self, indent: usize, command: &str) {
        for line in visible_lines(command) {
            let line = Paint::Command.apply(self.style, &line);
            self.line(&format!("{}{line}", " ".repeat(indent)));
        }
    }

    /// A grid; its cells must be visible text.
    pub(crate) fn grid(&mut self, indent: usize, columns: &[Column], rows: Vec<Vec<String>>) {
        self.text.push_str(&grid(columns, rows, self.columns, self.style, indent));
    }
}

/// A text as a cell of a grid: one visible line of at most so many characters.
pub(crate) fn cell(text: &str) -> String {
    const MAX_CELL_CHARS: usize = 400;
    shortened(&visible(text), MAX_CELL_CHARS).into_owned()
}
