//! Patterns of ARNs: `*` stands for any run of characters, everything else for itself.

/// Whether a text fits a pattern. It takes at most the product of their lengths.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_are_any_run_of_characters() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*", "arn:aws:sns:x", true),
            ("arn:*:sec", "arn:aws:sns:us-east-1:111122223333:sec", true),
            ("arn:*:sec", "arn:aws:sns:us-east-1:111122223333:sec2", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("abc", "abc", true),
            ("abc", "abcd", false),
            ("", "a", false),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }
}
