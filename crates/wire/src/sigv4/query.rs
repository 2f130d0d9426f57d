//! Query parameters: taken apart, decoded, and encoded the one way that signatures know.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

/// A parameter, decoded.
pub(super) type Parameter = (Vec<u8>, Vec<u8>);

/// The parameters of a query, in their order. A `+` stands for itself.
pub(super) fn parameters(query: &str) -> impl Iterator<Item = Parameter> + '_ {
    query.split('&').filter(|part| !part.is_empty()).map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decode(name), decode(value))
    })
}

/// Percent-decoded; a `%` without two digits stands for itself.
fn decode(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        rest = match rest {
            [] => return decoded,
            [b'%', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                decoded.push(digit(*high) << 4 | digit(*low));
                after
            }
            [byte, after @ ..] => {
                decoded.push(*byte);
                after
            }
        };
    }
}

/// The value of a hexadecimal digit.
pub(super) fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        b'A'..=b'F' => byte - b'A' + 10,
        _ => 0,
    }
}

/// All but letters, digits and `-._~` is encoded.
pub(super) const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
