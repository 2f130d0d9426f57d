//! What every order needs: runs of characters, and numbers of any length compared by their digits.

use std::cmp::Ordering;

/// The longest beginning whose bytes all belong, and the rest.
pub(super) fn split_run(text: &[u8], belongs: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let end = text.iter().position(|&byte| !belongs(byte)).unwrap_or(text.len());
    text.split_at(end)
}

/// Compares two runs of decimal digits as numbers; nothing is 0.
pub(super) fn compare_numbers(left: &[u8], right: &[u8]) -> Ordering {
    let (left, right) = (strip_zeros(left), strip_zeros(right));
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// The digits without leading zeros; nothing for 0.
pub(super) fn strip_zeros(digits: &[u8]) -> &[u8] {
    let (_, rest) = split_run(digits, |byte| byte == b'0');
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_length_order() {
        for (low, high) in [
            ("0", "1"),
            ("9", "10"),
            ("", "1"),
            ("099", "100"),
            ("99999999999999999999999", "1000000000000000000000000"),
        ] {
            assert_eq!(compare_numbers(low.as_bytes(), high.as_bytes()), Ordering::Less, "{low} < {high}");
        }
        for (left, right) in [("", "0"), ("000", ""), ("01", "1"), ("00100", "100")] {
            assert_eq!(compare_numbers(left.as_bytes(), right.as_bytes()), Ordering::Equal, "{left} = {right}");
        }
    }
}
