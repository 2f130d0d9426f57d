//! Numbers in tar headers: octal text, or base 256 where that does not suffice (GNU), which may be negative.

/// The number in a header's field; nothing when it is none, or does not fit.
pub(super) fn parse_number(field: &[u8]) -> Option<i64> {
    match field.split_first() {
        Some((first, rest)) if first & 0x80 != 0 => parse_base_256(*first, rest),
        _ => parse_octal(field),
    }
}

/// Two's complement, big endian, below the highest bit.
fn parse_base_256(first: u8, rest: &[u8]) -> Option<i64> {
    let is_negative = first & 0x40 != 0;
    let inversion = if is_negative { 0xff } else { 0 };
    let mut value = i64::from((first ^ inversion) & 0x7f);
    for byte in rest {
        value = value.checked_mul(256)?.checked_add(i64::from(byte ^ inversion))?;
    }
    Some(if is_negative { !value } else { value })
}

fn parse_octal(field: &[u8]) -> Option<i64> {
    let is_padding = |byte: &u8| matches!(byte, b' ' | 0);
    let start = field.iter().position(|byte| !is_padding(byte)).unwrap_or(field.len());
    let end = field.iter().rposition(|byte| !is_padding(byte)).map_or(start, |last| last + 1);
    let digits = field.get(start..end).unwrap_or_default();
    let mut value: i64 = 0;
    for digit in digits.iter().take_while(|byte| **byte != 0) {
        if !matches!(digit, b'0'..=b'7') {
            return None;
        }
        value = value.checked_mul(8)?.checked_add(i64::from(digit - b'0'))?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_or_base_256() {
        for (field, expected) in [
            (b"".as_slice(), Some(0)),
            (b"\0\0\0", Some(0)),
            (b"  \0 ", Some(0)),
            (b"0000644\0", Some(0o644)),
            (b" 644 \0\0", Some(0o644)),
            (b"644\x005", Some(0o644)),
            (b"777777777777", Some((1 << 36) - 1)),
            (b"8", None),
            (b"-1", None),
            (b"0x1", None),
            (b"6 4", None),
            (b"\x80", Some(0)),
            (b"\x80\0\0\0\0\0\0\x01\0", Some(256)),
            (b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", Some(i64::MAX)),
            (b"\x80\0\0\0\x80\0\0\0\0\0\0\0", None),
            (b"\xff\xff\xff\xff\xff\xff\xff\xff", Some(-1)),
            (b"\xff\xff\xff\xff\x80\0\0\0\0\0\0\0", Some(i64::MIN)),
            (b"\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff", None),
            (b"\xbf\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", None),
        ] {
            assert_eq!(parse_number(field), expected, "{field:x?}");
        }
    }
}
