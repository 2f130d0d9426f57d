//! Members that every publisher may fill as it likes: what has the expected type is taken, the rest is passed over.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A text, if it is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Word(pub(crate) String);

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Word, D::Error> {
        let mut words = Words::deserialize(deserializer)?;
        let is_one = !words.is_list && words.texts.len() == 1;
        Ok(Word(words.texts.pop().filter(|_| is_one).unwrap_or_default()))
    }
}

/// The texts of an array, if it is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) texts: Vec<String>,
    /// How many elements were passed over; 1 for what is neither an array nor a text nor `null`.
    pub(crate) others: usize,
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
                Ok(Words { texts: vec![text.to_owned()], ..Words::default() })
            }

            fn visit_unit<E>(self) -> Result<Words, E> {
                Ok(Words::default())
            }

            fn visit_bool<E>(self, _: bool) -> Result<Words, E> {
                Ok(Words { others: 1, ..Words::default() })
            }

            fn visit_u64<E>(self, _: u64) -> Result<Words, E> {
                Ok(Words { others: 1, ..Words::default() })
            }

            fn visit_i64<E>(self, _: i64) -> Result<Words, E> {
                Ok(Words { others: 1, ..Words::default() })
            }

            fn visit_f64<E>(self, _: f64) -> Result<Words, E> {
                Ok(Words { others: 1, ..Words::default() })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Words, A::Error> {
                let mut words = Words { is_list: true, ..Words::default() };
                while let Some(Word(text)) = sequence.next_element()? {
                    if words.texts.len() < MAX_WORDS && !text.is_empty() {
                        words.texts.push(text);
                    } else {
                        words.others += 1;
                    }
                }
                Ok(words)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Words, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Words { others: 1, ..Words::default() })
            }
        }

        deserializer.deserialize_any(Any)
    }
}

/// A text, or an object: formats whose later versions say more in the same place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TextOr<T> {
    Text(String),
    Object(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for TextOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TextOr<T>, D::Error> {
        struct Either<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = TextOr<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or an object")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<TextOr<T>, E> {
                Ok(TextOr::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TextOr<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(TextOr::Object)
            }
        }

        deserializer.deserialize_any(Either(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_is_read() {
        for (json, word, words, others) in [
            (r#""high""#, "high", &["high"][..], 0),
            (r#"["a", 1, ["b"], null, {"c": "d"}, "e"]"#, "", &["a", "e"], 4),
            (r#"["a"]"#, "", &["a"], 0),
            ("null", "", &[], 0),
            ("-1", "", &[], 1),
            ("1.5", "", &[], 1),
            ("true", "", &[], 1),
            (r#"{"a": {"b": []}}"#, "", &[], 1),
        ] {
            assert_eq!(serde_json::from_str::<Word>(json).unwrap().0, word, "{json}");
            let found = serde_json::from_str::<Words>(json).unwrap();
            assert_eq!(
                (found.texts.iter().map(String::as_str).collect(), found.others),
                (words.to_vec(), others),
                "{json}"
            );
        }
    }

    #[test]
    fn texts_and_objects_are_told_apart() {
        let read = serde_json::from_str::<TextOr<Vec<(String, u8)>>>;
        assert_eq!(read(r#""a""#).unwrap(), TextOr::Text("a".to_owned()));
        let object = serde_json::from_str::<TextOr<std::collections::BTreeMap<String, u8>>>(r#"{"a":1}"#).unwrap();
        assert_eq!(object, TextOr::Object([("a".to_owned(), 1)].into()));
        assert!(read("7").is_err());
    }
}
