//! Wrapping and cutting by display width (UAX #11), for terminals.
//!
//! Widths are columns, not characters: a CJK ideograph takes two, a combining accent none.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// A text cut to so many columns, the last of which is an ellipsis if anything was cut.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut result = take_columns(text, columns.saturating_sub(1)).to_owned();
    result.push('…');
    result
}

/// The lines of a text of one line, each at most so many columns; a longer word is broken.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut line_width = 0;
    for word in text.split_whitespace() {
        let mut rest = word;
        let mut rest_width = width(word);
        let separator = usize::from(!line.is_empty());
        if line_width + separator + rest_width > columns && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            line_width = 0;
        }
        while rest_width > columns {
            let head = take_columns(rest, columns);
            lines.push(head.to_owned());
            rest = rest.strip_prefix(head).unwrap_or_default();
            rest_width = rest_width.saturating_sub(width(head));
        }
        if !line.is_empty() {
            line.push(' ');
            line_width += 1;
        }
        line.push_str(rest);
        line_width += rest_width;
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Names joined with `, ` as far as they fit in so many columns, then `and N more`; at least one name is shown, cut.
pub(crate) fn fold_names<'a>(names: impl IntoIterator<Item = &'a str>, columns: usize) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let mut result = String::new();
    for (index, name) in names.iter().enumerate() {
        let hidden_after = names.len() - index - 1;
        let separator = if index == 0 { "" } else { ", " };
        let tail = if hidden_after == 0 { 0 } else { width(&and_more(hidden_after)) };
        let fits = width(&result) + width(separator) + width(name) + tail <= columns;
        if !fits && index > 0 {
            result.push_str(&and_more(names.len() - index));
            return result;
        }
        result.push_str(separator);
        result.push_str(&cut(name, columns.saturating_sub(tail).max(8)));
    }
    result
}

fn and_more(count: usize) -> String {
    format!(" and {count} more")
}

/// The longest beginning of a text that takes at most so many columns, but never nothing.
fn take_columns(text: &str, columns: usize) -> &str {
    let mut taken = 0;
    for (index, character) in text.char_indices() {
        taken += character.width().unwrap_or(0);
        if taken > columns && index > 0 {
            return text.split_at(index).0;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_wrap_and_long_words_break() {
        for (text, columns, expected) in [
            ("one two three", 7, vec!["one two", "three"]),
            ("one two three", 80, vec!["one two three"]),
            ("abcdefgh", 3, vec!["abc", "def", "gh"]),
            ("a abcdefgh b", 3, vec!["a", "abc", "def", "gh", "b"]),
            ("", 3, vec![""]),
            ("漢字漢字", 4, vec!["漢字", "漢字"]),
            ("漢", 1, vec!["漢"]),
        ] {
            assert_eq!(wrap(text, columns), expected, "{text:?} in {columns}");
        }
    }

    #[test]
    fn cuts_show_an_ellipsis() {
        for (text, columns, expected) in [("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("漢字漢", 4, "漢…")]
        {
            assert_eq!(cut(text, columns), expected);
        }
    }

    #[test]
    fn names_fold() {
        let names = ["libssl3", "openssl", "libssl-dev"];
        for (columns, expected) in
            [(40, "libssl3, openssl, libssl-dev"), (27, "libssl3, openssl and 1 more"), (20, "libssl3 and 2 more")]
        {
            assert_eq!(fold_names(names, columns), expected);
        }
    }
}
