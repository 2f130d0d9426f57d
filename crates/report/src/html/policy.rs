//! The page's Content-Security-Policy (CSP 3), with the hashes of its style sheet and script.
//!
//! `frame-ancestors` is missing because a policy in a `meta` element may not have it.

use sha2::{Digest, Sha256};

/// The policy of a page with this one style sheet and, where it has one, this one script.
pub(crate) fn content_security_policy(style: &str, script: Option<&str>) -> String {
    let script = match script {
        Some(script) => format!("'sha256-{}'", base64(&Sha256::digest(script))),
        None => "'none'".to_owned(),
    };
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src {script}; img-src data:; base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(style))
    )
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let number =
            chunk.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte)) << (8 * (3 - chunk.len()));
        for position in 0..4 {
            let is_padding = position > chunk.len();
            let digit = ALPHABET.get(number >> (18 - 6 * position) & 63).copied().unwrap_or(b'=');
            text.push(if is_padding { '=' } else { char::from(digit) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_the_vectors_of_rfc_4648() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }
}
