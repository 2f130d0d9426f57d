//! The times of signatures, `20261124T020000Z`.

use assay_model::Timestamp;

/// Reads `20261124T020000Z`: exactly this form, and a day that exists.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let has_form = text.len() == 16
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 => byte == b'T',
            15 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        });
    if !has_form {
        return None;
    }
    let time = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    jiff::tz::Offset::UTC.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_one_form() {
        for (text, second) in [
            ("20150830T123600Z", Some(1_440_938_160)),
            ("19700101T000000Z", Some(0)),
            ("20260229T000000Z", None),
            ("20150830T123600", None),
            ("20150830T1236 0Z", None),
            ("2015-08-30T12:3Z", None),
            ("+0150830T123600Z", None),
            ("", None),
        ] {
            assert_eq!(parse(text).map(Timestamp::as_second), second, "{text}");
        }
    }
}
