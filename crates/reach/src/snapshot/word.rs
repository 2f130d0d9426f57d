//! Words: values of a closed list that will be longer tomorrow.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::names::Name;
use super::reading::{intern, note};

/// A word that is known, or the text of one that is not; the latter is also a problem of the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word<T> {
    /// Of the list.
    Known(T),
    /// Of tomorrow.
    Unknown(Name),
}

impl<T: PartialEq> Word<T> {
    /// Whether it is that known word.
    pub fn is(&self, word: T) -> bool {
        *self == Word::Known(word)
    }
}

/// A list of words.
pub(crate) trait Vocabulary: Sized {
    /// What the words are, for a note.
    const WHAT: &'static str;

    /// The word of a text.
    fn find(text: &str) -> Option<Self>;
}

struct WordVisitor<T>(PhantomData<T>);

impl<T: Vocabulary> Visitor<'_> for WordVisitor<T> {
    type Value = Word<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::WHAT)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Word<T>, E> {
        if let Some(word) = T::find(text) {
            return Ok(Word::Known(word));
        }
        note(T::WHAT, text);
        intern(text).map(Word::Unknown).ok_or_else(|| E::custom("the names of the snapshot are over the limit"))
    }
}

impl<'de, T: Vocabulary> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Word<T>, D::Error> {
        deserializer.deserialize_str(WordVisitor(PhantomData))
    }
}

/// Defines an enum of words: its documentation, what it is, and each word with its text.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident, $what:literal: $($(#[$word_meta:meta])* $word:ident = $text:literal $(| $other:literal)*),+ $(,)?) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$word_meta])* #[doc = concat!("`", $text, "`.")] $word),+ }

        impl crate::snapshot::word::Vocabulary for $name {
            const WHAT: &'static str = $what;

            fn find(text: &str) -> Option<Self> {
                match text { $($text $(| $other)* => Some(Self::$word),)+ _ => None }
            }
        }
    };
}

pub(crate) use words;
