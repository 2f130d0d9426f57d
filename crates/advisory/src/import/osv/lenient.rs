//! Members that every publisher may fill as it likes: what has the expected type is taken, the rest is passed over.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A text, if it is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word(pub(super) String);

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Word, D::Error> {
        let mut words = Words::deserialize(deserializer)?;
        let is_one = !words.is_list && words.texts.len() == 1;
        Ok(Word(words.texts.pop().filter(|_| is_one).unwrap_or_default()))
    }
}

/// The texts of an array, if it is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) texts: Vec<String>,
    is_list: bool,
}

/// Texts that are kept of an array.
const MAX_WORDS: usize = 4096;

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Words, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Words;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_str<E>(self, text: &str) -> Result<Words, E> {
                Ok(Words { texts: vec![text.to_owned()], is_list: false })
            }

            fn visit_unit<E>(self) -> Result<Words, E> {
                Ok(Words::default())
            }

            fn visit_bool<E>(self, _: bool) -> Result<Words, E> {
                Ok(Words::default())
            }

            fn visit_u64<E>(self, _: u64) -> Result<Words, E> {
                Ok(Words::default())
            }

            fn visit_i64<E>(self, _: i64) -> Result<Words, E> {
                Ok(Words::default())
            }

            fn visit_f64<E>(self, _: f64) -> Result<Words, E> {
                Ok(Words::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Words, A::Error> {
                let mut words = Words { texts: Vec::new(), is_list: true };
                while let Some(Word(text)) = sequence.next_element()? {
                    if words.texts.len() < MAX_WORDS && !text.is_empty() {
                        words.texts.push(text);
                    }
                }
                Ok(words)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Words, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Words::default())
            }
        }

        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_is_read() {
        for (json, word, words) in [
            (r#""high""#, "high", &["high"][..]),
            (r#"["a", 1, ["b"], null, {"c": "d"}, "e"]"#, "", &["a", "e"]),
            (r#"["a"]"#, "", &["a"]),
            ("null", "", &[]),
            ("-1", "", &[]),
            ("1.5", "", &[]),
            ("true", "", &[]),
            (r#"{"a": {"b": []}}"#, "", &[]),
        ] {
            assert_eq!(serde_json::from_str::<Word>(json).unwrap().0, word, "{json}");
            assert_eq!(serde_json::from_str::<Words>(json).unwrap().texts, words, "{json}");
        }
    }
}
