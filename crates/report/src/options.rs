//! Options of the formats that people read; the formats that programs read ignore them.

/// Whether the reader can show colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Text only.
    #[default]
    Plain,
    /// With ANSI escape sequences (ECMA-48 SGR), for a terminal.
    Colour,
}

/// How many findings a table shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowLimit {
    /// The first so many, which are the worst; the rest is counted.
    First(usize),
    /// All of them.
    All,
}

impl RowLimit {
    /// How many of `total` rows to show. A fold that would hide a single row shows it instead.
    pub(crate) fn shown_of(self, total: usize) -> usize {
        match self {
            RowLimit::First(limit) if total > limit + 1 => limit,
            RowLimit::First(_) | RowLimit::All => total,
        }
    }
}

impl Default for RowLimit {
    /// As many as leave room for the rest on one tall screen.
    fn default() -> RowLimit {
        RowLimit::First(25)
    }
}

/// How to lay out a report that people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Columns of the terminal; less than [`Options::MIN_WIDTH`] is read as that.
    pub width: u16,
    /// Colours or none.
    pub style: Style,
    /// How many findings a table shows.
    pub rows: RowLimit,
}

impl Options {
    /// The narrowest layout, in columns.
    pub const MIN_WIDTH: u16 = 40;
}

impl Default for Options {
    /// 80 columns, no colours, the default [`RowLimit`].
    fn default() -> Options {
        Options { width: 80, style: Style::Plain, rows: RowLimit::default() }
    }
}
