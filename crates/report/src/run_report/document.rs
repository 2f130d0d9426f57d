//! The blocks of a report, before anybody decides how they look. Texts are visible and cut; escaping is the writers' work.
#![cfg_attr(not(feature = "pdf"), allow(dead_code, reason = "only pages have widths and numbers"))]

use assay_model::severity::Severity;

/// A report: its cover, then its blocks in reading order.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// `Assay Assessment Report`.
    pub(crate) title: String,
    /// `Findings Report`.
    pub(crate) subtitle: &'static str,
    /// What the cover says.
    pub(crate) facts: Vec<(&'static str, String)>,
    /// Findings by severity, worst first, for the cover.
    pub(crate) counts: [(Severity, u64); 4],
    /// What stands at the foot of every page, left of its number.
    pub(crate) footer: String,
    /// The time of generation, for metadata.
    pub(crate) generated_at: assay_model::Timestamp,
    /// All that follows.
    pub(crate) blocks: Vec<Block>,
}

/// One block.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// A heading.
    Heading(Heading),
    /// Text; line ends in it are meant.
    Paragraph(String),
    /// A remark in a softer colour.
    Note(String),
    /// Labels with values.
    Facts(Vec<(&'static str, String)>),
    /// A table.
    Table(Table),
}

/// A heading, which links may lead to.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    /// 1 for a section, 2 below it; 3 is not in the table of contents.
    pub(crate) level: u8,
    /// `2.1`; empty for what has no number.
    pub(crate) number: String,
    /// The words.
    pub(crate) text: String,
    /// Unique in the document: what links name.
    pub(crate) anchor: String,
    /// The severity that stands beside it.
    pub(crate) severity: Option<Severity>,
}

/// A table; its header is repeated where it breaks over pages.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// The columns.
    pub(crate) columns: Vec<Column>,
    /// The rows, each with as many cells as there are columns.
    pub(crate) rows: Vec<Vec<Cell>>,
    /// Whether the last row is the sum of the others.
    pub(crate) foot: Foot,
}

/// Whether a table ends in a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foot {
    /// All rows are alike.
    None,
    /// The last one is the sum.
    Sum,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// The words above it.
    pub(crate) title: &'static str,
    /// Its part of the table's width, in relation to the other columns' parts.
    pub(crate) share: u16,
    /// To which side its cells go.
    pub(crate) align: Align,
}

/// To which side text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A cell.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    /// Words.
    Text(String),
    /// A number.
    Number(u64),
    /// A severity, in its colour.
    Severity(Severity),
    /// Words that lead to a heading.
    Link {
        /// The words.
        text: String,
        /// The heading's anchor.
        anchor: String,
    },
    /// The page of a heading where there are pages, else nothing.
    PageOf(String),
}

impl Column {
    pub(crate) fn left(title: &'static str, share: u16) -> Column {
        Column { title, share, align: Align::Left }
    }

    pub(crate) fn right(title: &'static str, share: u16) -> Column {
        Column { title, share, align: Align::Right }
    }
}

impl Heading {
    /// A heading whose anchor is its number, or its words where it has none.
    pub(crate) fn new(level: u8, number: impl Into<String>, text: impl Into<String>) -> Heading {
        let (number, text) = (number.into(), text.into());
        let name = if number.is_empty() { text.to_lowercase().replace(' ', "-") } else { number.replace('.', "-") };
        Heading { level, number, text, anchor: format!("s-{name}"), severity: None }
    }
}
