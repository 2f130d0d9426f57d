//! Ids of documents, derived from the evidence so that the same evidence gives the same bytes.

/// A UUID of version 8 (RFC 9562 §5.8) from the digest of the evidence, hexadecimal.
pub(crate) fn uuid_of(digest: &str) -> String {
    let mut hex: Vec<char> =
        digest.chars().filter(char::is_ascii_hexdigit).chain(std::iter::repeat('0')).take(32).collect();
    for (place, digit) in [(12, '8'), (16, '8')] {
        if let Some(character) = hex.get_mut(place) {
            *character = digit;
        }
    }
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default().iter().collect::<String>();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)).to_ascii_lowercase()
}

/// RFC 3339 without fractions, as both formats want it.
pub(crate) fn timestamp(time: assay_model::Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_digest_makes_the_uuid() {
        assert_eq!(super::uuid_of(&"ab".repeat(32)), "abababab-abab-8bab-8bab-abababababab");
        assert_eq!(super::uuid_of(""), "00000000-0000-8000-8000-000000000000");
    }
}
