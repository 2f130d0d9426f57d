//! Limits of Inspector's shapes (reference §7), and its timestamps.
//!
//! Lengths are characters, not bytes. A timestamp is epoch seconds with a fraction as a JSON number (AWS JSON 1.1).

use std::borrow::Cow;

use assay_model::Timestamp;
use assay_model::attribute::{Attribute, MAX_VALUE_CHARS};
use serde::Serialize;

/// `FindingId`.
pub(crate) const MAX_ID_CHARS: usize = 128;
/// `Text`.
pub(crate) const MAX_TEXT_CHARS: usize = 20_000;
/// `Hostname`.
pub(crate) const MAX_HOSTNAME_CHARS: usize = 256;
/// `AttributeList`.
pub(crate) const MAX_ATTRIBUTES: usize = 50;
/// `UserAttributeList`.
pub(crate) const MAX_USER_ATTRIBUTES: usize = 10;
/// `Ipv4AddressList`.
pub(crate) const MAX_IPV4_ADDRESSES: usize = 50;
/// `AttributeKey`.
const MAX_KEY_CHARS: usize = 128;

/// A text cut to so many characters, the last of which is an ellipsis if anything was cut.
pub(crate) fn limited(text: &str, limit: usize) -> Cow<'_, str> {
    // A character is a byte at least, so most texts need not be counted.
    if text.len() <= limit || text.char_indices().nth(limit).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().take(limit.saturating_sub(1)).chain(['…']).collect())
}

/// Epoch seconds, to the millisecond as Inspector gave them.
pub(crate) fn epoch_seconds(at: Timestamp) -> f64 {
    // Milliseconds since 1970 stay exact in a double for 285,000 years.
    at.as_millisecond() as f64 / 1000.0
}

/// `{key, value}` of `Attribute`, `Scope` and `Tag`.
#[derive(Debug, Serialize)]
pub(crate) struct PairView<'a> {
    key: Cow<'a, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    value: Cow<'a, str>,
}

impl<'a> PairView<'a> {
    pub(crate) fn new(key: &'a str, value: &'a str) -> PairView<'a> {
        PairView { key: limited(key, MAX_KEY_CHARS), value: limited(value, MAX_VALUE_CHARS) }
    }

    /// The first `limit` attributes; the key of one must not be empty.
    pub(crate) fn list(attributes: &'a [Attribute], limit: usize) -> Vec<PairView<'a>> {
        attributes
            .iter()
            .filter(|attribute| !attribute.key.is_empty())
            .take(limit)
            .map(|attribute| PairView::new(&attribute.key, &attribute.value))
            .collect()
    }
}

/// The value of a finding's attribute, or nothing.
pub(crate) fn attribute_value<'a>(attributes: &'a [Attribute], key: &str) -> &'a str {
    attributes.iter().find(|attribute| attribute.key == key).map_or("", |attribute| attribute.value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_count_characters() {
        for (text, limit, expected) in [("äöü", 3, "äöü"), ("äöüß", 3, "äö…"), ("", 3, "")] {
            assert_eq!(limited(text, limit), expected);
        }
    }

    #[test]
    fn timestamps_keep_their_fraction() {
        let at: Timestamp = "2016-03-20T08:18:21.37Z".parse().unwrap();
        assert_eq!(serde_json::to_string(&epoch_seconds(at)).unwrap(), "1458461901.37");
    }
}
