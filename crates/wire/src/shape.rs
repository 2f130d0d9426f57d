//! The limits of a shape as data: what [`crate::shapes`] is made of (reference §7).

/// A shape of the service model.
#[derive(Debug)]
pub struct Shape {
    /// The model's name, for example `AssessmentRunFilter`.
    pub name: &'static str,
    /// Its type and limits.
    pub kind: Kind,
}

/// A type and its limits. A `min` or `max` counts characters of a text, items of a list, entries of a map.
#[derive(Debug)]
pub enum Kind {
    /// An object.
    Structure {
        /// In the model's order.
        members: &'static [Member],
    },
    /// An array.
    List {
        /// The shape of each item.
        item: &'static Shape,
        /// Fewest items.
        min: usize,
        /// Most items.
        max: Option<usize>,
    },
    /// An object with any keys.
    Map {
        /// The shape of each key.
        key: &'static Shape,
        /// The shape of each value.
        value: &'static Shape,
        /// Fewest entries.
        min: usize,
        /// Most entries.
        max: Option<usize>,
    },
    /// A string.
    Text {
        /// Fewest characters (Unicode scalar values).
        min: usize,
        /// Most characters.
        max: Option<usize>,
        /// The form it must have.
        pattern: Option<Pattern>,
    },
    /// A string out of a list.
    Enumeration {
        /// The accepted strings.
        values: &'static [&'static str],
    },
    /// A number without a fraction. The model's `integer` has 32 bits, its `long` 64.
    Integer {
        /// Least value.
        min: Option<i64>,
        /// Greatest value.
        max: Option<i64>,
    },
    /// Any number.
    Double {
        /// Least value.
        min: Option<f64>,
        /// Greatest value.
        max: Option<f64>,
    },
    /// `true` or `false`.
    Boolean,
    /// Seconds since 1970, a number.
    Timestamp,
}

/// A member of a structure.
#[derive(Debug)]
pub struct Member {
    /// The name on the wire.
    pub name: &'static str,
    /// Its shape.
    pub shape: &'static Shape,
    /// Whether it may not be left out.
    pub is_required: bool,
}

/// The form of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A UUID in lower case.
    Uuid,
}

impl Pattern {
    /// Whether a text has the form.
    pub fn matches(self, text: &str) -> bool {
        let Pattern::Uuid = self;
        let groups: Vec<&str> = text.split('-').collect();
        let is_hex = |group: &&str| group.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.iter().all(is_hex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_lower_case() {
        for (text, is_uuid) in [
            ("2f6d0c3e-5d5c-4d0b-9a5d-0e0f7f0f3b11", true),
            ("2F6D0C3E-5D5C-4D0B-9A5D-0E0F7F0F3B11", false),
            ("2f6d0c3e5d5c4d0b9a5d0e0f7f0f3b11", false),
            ("2f6d0c3e-5d5c-4d0b-9a5d-0e0f7f0f3b1g", false),
            ("2f6d0c3e-5d5c-4d0b-9a5d-0e0f7f0f3b11-", false),
            ("", false),
        ] {
            assert_eq!(Pattern::Uuid.matches(text), is_uuid, "{text}");
        }
    }
}
