//! Text as the page shows it, before the template escapes it; and the numbers of the bands.
//!
//! Escaping is the template's work and is never done here, or it would be done twice.

use assay_model::severity::Band;

use crate::visible::{shortened, visible, visible_lines};

/// Longest text shown, in characters; the whole is in the JSON formats.
const MAX_TEXT_CHARS: usize = 2_000;

/// A text of one line as the page shows it; the template escapes it.
pub(crate) fn shown(text: &str) -> String {
    shortened(&visible(text), MAX_TEXT_CHARS).into_owned()
}

/// A text of several lines as the page shows it; the template escapes it.
pub(crate) fn shown_lines(text: &str) -> String {
    let lines: Vec<String> = visible_lines(text).collect();
    shortened(&lines.join("\n"), MAX_TEXT_CHARS).into_owned()
}

/// The number by which style sheet and script know a band: 4 is the worst.
pub(crate) fn band_number(band: Band) -> u8 {
    match band {
        Band::Critical => 4,
        Band::High => 3,
        Band::Medium => 2,
        Band::Low => 1,
        Band::Informational => 0,
    }
}
