//! Colours: ECMA-48 SGR sequences of the 16 colours that every terminal's theme defines.

use assay_model::severity::Band;

use crate::Style;

/// What a piece of text is, and so how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    /// A heading.
    Heading,
    /// Something to copy.
    Command,
    /// Of less weight.
    Faint,
    /// A band's word.
    Band(Band),
}

impl Paint {
    fn parameters(self) -> &'static str {
        match self {
            Paint::Heading => "1",
            Paint::Command => "1;36",
            Paint::Faint | Paint::Band(Band::Informational) => "2",
            Paint::Band(Band::Critical) => "1;31",
            Paint::Band(Band::High) => "31",
            Paint::Band(Band::Medium) => "33",
            Paint::Band(Band::Low) => "34",
        }
    }

    /// The text in this paint, or as it is where the style is plain.
    pub(crate) fn apply(self, style: Style, text: &str) -> String {
        match style {
            Style::Plain => text.to_owned(),
            Style::Colour => format!("\x1b[{}m{text}\x1b[0m", self.parameters()),
        }
    }
}

/// The band's word in a table: `Informational` is cut to what fits beside `Critical`.
pub(crate) fn band_label(band: Band) -> &'static str {
    match band {
        Band::Informational => "Info",
        Band::Critical | Band::High | Band::Medium | Band::Low => band.as_str(),
    }
}
