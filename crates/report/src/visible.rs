//! Text made visible: nothing that a target says can move the cursor, colour the screen or reverse the reading order.
//!
//! Besides the control characters (ECMA-48) that drive a terminal, Unicode has format characters that are invisible
//! and change how their neighbours are read ("Trojan Source", CVE-2021-42574). Letters of right-to-left scripts stay.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Text with every control and invisible format character written out: `\n`, `\t`, `\x1b`, `\u{202e}`.
///
/// The result is one line. It is meant for eyes, so a backslash that was there already is not doubled.
pub fn visible(text: &str) -> Cow<'_, str> {
    if first_unsafe(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut result = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => result.push_str("\\n"),
            '\t' => result.push_str("\\t"),
            '\r' => result.push_str("\\r"),
            _ if !is_unsafe(character) => result.push(character),
            // Writing to a string cannot fail.
            _ if character.is_ascii() => _ = write!(result, "\\x{:02x}", u32::from(character)),
            _ => _ = write!(result, "\\u{{{:x}}}", u32::from(character)),
        }
    }
    Cow::Owned(result)
}

/// The lines of a text, each of them [`visible`]; tabs become single spaces.
pub(crate) fn visible_lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(|line| visible(&line.replace('\t', " ")).into_owned())
}

/// Text cut to `limit` characters, with a note of how many were left out.
pub(crate) fn shortened(text: &str, limit: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(limit) else {
        return Cow::Borrowed(text);
    };
    let (kept, rest) = text.split_at(end);
    Cow::Owned(format!("{kept}… ({} more characters)", rest.chars().count()))
}

/// The first character of a text that [`is_unsafe`] names, and the byte at which it is.
///
/// Nearly all texts are printable ASCII, which is told from their bytes alone.
pub(crate) fn first_unsafe(text: &str) -> Option<(usize, char)> {
    let start = text.bytes().position(|byte| !matches!(byte, b' '..=b'~'))?;
    let (_, rest) = text.split_at_checked(start)?;
    rest.char_indices().find(|(_, character)| is_unsafe(*character)).map(|(at, character)| (start + at, character))
}

/// Whether a character is a control or an invisible format character (Unicode general categories Cc, Cf, Zl, Zp as far
/// as they have no place in a name, a path or a sentence).
pub(crate) fn is_unsafe(character: char) -> bool {
    matches!(character,
        '\0'..='\x1f' | '\x7f'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(visible(text), expected, "{text:?}");
    }

    #[test]
    fn controls_are_written_out() {
        for (text, expected) in [
            ("plain", "plain"),
            ("naïve café", "naïve café"),
            ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
            ("title\x1b]0;owned\x07", "title\\x1b]0;owned\\x07"),
            ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("\x7f", "\\x7f"),
            ("exe.\u{202e}gpj", "exe.\\u{202e}gpj"),
            ("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}"),
            ("שלום", "שלום"),
            ("\u{e0041}", "\\u{e0041}"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn the_first_unsafe_character_is_found_at_its_byte() {
        for (text, expected) in [
            ("", None),
            ("plain ~", None),
            ("naïve café", None),
            ("a\x1bb\x1b", Some((1, '\x1b'))),
            ("ïa\u{202e}", Some((3, '\u{202e}'))),
            ("\x7f", Some((0, '\x7f'))),
        ] {
            assert_eq!(first_unsafe(text), expected, "{text:?}");
        }
    }

    #[test]
    fn long_text_is_cut_with_a_count() {
        assert_eq!(shortened("abc", 3), "abc");
        assert_eq!(shortened("äöüß", 2), "äö… (2 more characters)");
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(visible_lines("a\r\nb\tc\n\x1b").collect::<Vec<_>>(), ["a", "b c", "\\x1b"]);
    }
}
