//! Texts as a report shows them: visible, and cut where Inspector's own limits end. Escaping is the writers' work.

use crate::visible::{shortened, visible, visible_lines};

/// Longest name, in characters; Inspector's names have up to 300.
const MAX_LINE_CHARS: usize = 400;
/// Longest text, in characters: Inspector's limit of descriptions and recommendations.
const MAX_TEXT_CHARS: usize = 20_000;

/// A name: one line.
pub(super) fn line(text: &str) -> String {
    shortened(&visible(text), MAX_LINE_CHARS).into_owned()
}

/// A text of several lines.
pub(super) fn lines(text: &str) -> String {
    let lines: Vec<String> = visible_lines(text).collect();
    shortened(lines.join("\n").trim_end(), MAX_TEXT_CHARS).into_owned()
}

/// Several texts, one below the other with an empty line between.
pub(super) fn all_lines(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| lines(text)).collect();
    texts.join("\n\n")
}

/// The name, or what stands for one that is not known.
pub(super) fn known(text: &str) -> String {
    if text.is_empty() { "not known".to_owned() } else { line(text) }
}
