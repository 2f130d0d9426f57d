//! What every order needs: runs of characters, and numbers of any length compared by their digits.

use std::cmp::Ordering;

/// The longest beginning whose bytes all belong, and the rest.
pub(super) fn split_run(text: &[u8], belongs: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let end = text.iter().position(|&byte| !belongs(byte)).unwrap_or(text.len());
    text.split_at(end)
}

/// The digits that a text begins with, and the rest.
pub(super) fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

/// The letters that a text begins with, and the rest.
pub(super) fn split_letters(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len()))
}

/// The numbers that a text begins with, separated by dots, and the rest.
pub(super) fn split_numbers(text: &str) -> (&str, &str) {
    let (first, mut rest) = split_digits(text);
    let mut length = first.len();
    while length > 0
        && let Some(behind) = rest.strip_prefix('.').filter(|behind| behind.starts_with(|c: char| c.is_ascii_digit()))
    {
        let (number, after) = split_digits(behind);
        length += 1 + number.len();
        rest = after;
    }
    (text.get(..length).unwrap_or_default(), rest)
}

/// Whether a text is a number: one or more digits.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Compares two runs of decimal digits as numbers; nothing is 0.
pub(super) fn compare_numbers(left: &[u8], right: &[u8]) -> Ordering {
    let (left, right) = (strip_zeros(left), strip_zeros(right));
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// Compares numbers separated by dots, the shorter list padded with 0.
pub(super) fn compare_number_lists(left: &str, right: &str) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    let (mut left, mut right) = (left.as_bytes(), right.as_bytes());
    while !left.is_empty() || !right.is_empty() {
        let (left_number, right_number);
        (left_number, left) = next_number(left);
        (right_number, right) = next_number(right);
        let order = compare_numbers(left_number, right_number);
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

/// Compares texts without regard to the case of ASCII letters.
pub(super) fn compare_without_case(left: &str, right: &str) -> Ordering {
    left.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(right.bytes().map(|byte| byte.to_ascii_lowercase()))
}

fn next_number(list: &[u8]) -> (&[u8], &[u8]) {
    let (number, rest) = split_run(list, |byte| byte != b'.');
    (number, rest.split_first().map_or(rest, |(_, rest)| rest))
}

fn strip_zeros(digits: &[u8]) -> &[u8] {
    let (_, rest) = split_run(digits, |byte| byte == b'0');
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_length_order() {
        let compare = |left: &str, right: &str| compare_numbers(left.as_bytes(), right.as_bytes());
        for (low, high) in
            [("0", "1"), ("9", "10"), ("", "1"), ("099", "100"), ("99999999999999999999", "1".repeat(21).as_str())]
        {
            assert_eq!(compare(low, high), Ordering::Less, "{low} < {high}");
        }
        for (left, right) in [("", "0"), ("000", ""), ("01", "1"), ("00100", "100")] {
            assert_eq!(compare(left, right), Ordering::Equal, "{left} = {right}");
        }
    }

    #[test]
    fn lists_are_padded_with_zeros() {
        for (left, right, expected) in [
            ("1", "1.0.0", Ordering::Equal),
            ("", "0.0", Ordering::Equal),
            ("1.2", "1.10", Ordering::Less),
            ("1.2", "1.2.0.1", Ordering::Less),
            ("2", "1.9", Ordering::Greater),
        ] {
            assert_eq!(compare_number_lists(left, right), expected, "{left} and {right}");
        }
    }

    #[test]
    fn numbers_end_where_something_else_begins() {
        for (text, numbers, rest) in [
            ("1.2.3-rc", "1.2.3", "-rc"),
            ("1.2.rc", "1.2", ".rc"),
            ("1..2", "1", "..2"),
            ("rc", "", "rc"),
            ("1.", "1", "."),
            (".1", "", ".1"),
        ] {
            assert_eq!(split_numbers(text), (numbers, rest), "{text}");
        }
    }
}
