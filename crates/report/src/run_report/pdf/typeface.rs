//! The two fonts: which characters they have, and how wide those are.

use std::collections::HashMap;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::MetadataProvider as _;
use skrifa::instance::{LocationRef, Size};

static REGULAR: &[u8] = include_bytes!("../../../fonts/NotoSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../../fonts/NotoSans-Bold.ttf");

/// How heavy text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// Both fonts.
pub(super) struct Typefaces {
    regular: Typeface,
    bold: Typeface,
}

struct Typeface {
    font: Font,
    /// Glyph and advance, in parts of the font size.
    glyphs: HashMap<char, (u32, f32)>,
}

impl Typeface {
    /// Absent when the font is broken, which the embedded ones are not.
    fn new(data: &'static [u8]) -> Option<Typeface> {
        let font = Font::new(data.into(), 0)?;
        let reader = skrifa::FontRef::new(data).ok()?;
        let metrics = reader.glyph_metrics(Size::unscaled(), LocationRef::default());
        let units = font.units_per_em();
        let glyphs = reader
            .charmap()
            .mappings()
            .filter_map(|(code, glyph)| {
                let advance = metrics.advance_width(glyph)? / units;
                Some((char::from_u32(code)?, (glyph.to_u32(), advance)))
            })
            .collect();
        Some(Typeface { font, glyphs })
    }
}

impl Typefaces {
    pub(super) fn new() -> Option<Typefaces> {
        Some(Typefaces { regular: Typeface::new(REGULAR)?, bold: Typeface::new(BOLD)? })
    }

    fn face(&self, weight: Weight) -> &Typeface {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    pub(super) fn font(&self, weight: Weight) -> Font {
        self.face(weight).font.clone()
    }

    /// How wide a character is at a size, in points; what the font does not have takes no room and is not drawn.
    pub(super) fn advance(&self, weight: Weight, size: f32, character: char) -> f32 {
        self.face(weight).glyphs.get(&character).map_or(0.0, |(_, advance)| advance * size)
    }

    /// How wide a text is.
    pub(super) fn width(&self, weight: Weight, size: f32, text: &str) -> f32 {
        text.chars().map(|character| self.advance(weight, size, character)).sum()
    }

    /// The glyphs of a text.
    pub(super) fn glyphs(&self, weight: Weight, text: &str) -> Vec<KrillaGlyph> {
        let face = self.face(weight);
        text.char_indices()
            .filter_map(|(start, character)| {
                let (glyph, advance) = face.glyphs.get(&character)?;
                Some(KrillaGlyph {
                    glyph_id: GlyphId::new(*glyph),
                    text_range: start..start + character.len_utf8(),
                    x_advance: *advance,
                    x_offset: 0.0,
                    y_offset: 0.0,
                    y_advance: 0.0,
                    location: None,
                })
            })
            .collect()
    }

    /// The text in characters that both fonts have: some arrows and signs as ASCII, all else as `\u{1f600}`.
    pub(super) fn printable(&self, text: &str) -> String {
        let mut result = String::with_capacity(text.len());
        for character in text.chars() {
            let is_known = self.regular.glyphs.contains_key(&character) && self.bold.glyphs.contains_key(&character);
            match character {
                '\n' => result.push('\n'),
                _ if is_known => result.push(character),
                '\u{2190}' => result.push_str("<-"),
                '\u{2192}' => result.push_str("->"),
                '\u{2260}' => result.push_str("!="),
                '\u{2264}' => result.push_str("<="),
                '\u{2265}' => result.push_str(">="),
                _ => result.extend(character.escape_unicode()),
            }
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_fonts_do_not_have_is_written_out() {
        let faces = Typefaces::new().unwrap();
        for (text, expected) in [
            ("naïve café Ж λ – “x” …", "naïve café Ж λ – “x” …"),
            ("a\nb", "a\nb"),
            ("a \u{2192} b \u{2264} c", "a -> b <= c"),
            ("\u{5e9}\u{4e2d}\u{1f600}", "\\u{5e9}\\u{4e2d}\\u{1f600}"),
        ] {
            assert_eq!(faces.printable(text), expected);
        }
        assert!(faces.width(Weight::Bold, 10.0, "mm") > faces.width(Weight::Regular, 10.0, "ii"));
    }
}
