//! What is at hand while one object is read: the names of the snapshot, and notes on single values.
//!
//! `serde`'s derived readers take no argument, so this lies in a slot of the thread for as long as one object is read. It
//! is put there and taken out by [`read`] alone; outside of it a [`Name`] cannot be read at all.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, Visitor};

use super::names::{Name, Names};

/// Names and notes of a snapshot that is being read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) names: Names,
    /// Values that were not understood, though the rest of their object was: what the value should be, and the value.
    pub(crate) notes: BTreeSet<(&'static str, String)>,
}

thread_local! {
    static SLOT: RefCell<Option<Reading>> = const { RefCell::new(None) };
}

/// Reads an object with the names of `reading`.
pub(crate) fn read<T: DeserializeOwned>(reading: &mut Reading, json: &[u8]) -> Result<T, serde_json::Error> {
    SLOT.set(Some(std::mem::take(reading)));
    let result = serde_json::from_slice(json);
    *reading = SLOT.take().unwrap_or_default();
    result
}

/// Notes that a value was not understood.
pub(crate) fn note(what: &'static str, value: &str) {
    const NOTES: usize = 1000;
    const CHARS: usize = 80;
    SLOT.with_borrow_mut(|slot| {
        if let Some(reading) = slot.as_mut().filter(|reading| reading.notes.len() < NOTES) {
            reading.notes.insert((what, value.chars().take(CHARS).collect()));
        }
    });
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Name, E> {
        intern(text).ok_or_else(|| E::custom("the names of the snapshot are over the limit"))
    }
}

/// The name of a text, while an object is read.
pub(crate) fn intern(text: &str) -> Option<Name> {
    SLOT.with_borrow_mut(|slot| slot.as_mut()?.names.intern(text))
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

/// An optional name in which the empty text, which the command line prints for "none", is none.
pub(crate) fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Name>, D::Error> {
    let name = Option::<Name>::deserialize(deserializer)?;
    let is_empty = |name: Name| SLOT.with_borrow(|slot| slot.as_ref().is_some_and(|r| r.names.text(name).is_empty()));
    Ok(name.filter(|name| !is_empty(*name)))
}

/// An optional value of a text; what cannot be understood is none, and noted.
pub(crate) fn lenient<'de, T: std::str::FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let value = text.parse().ok();
    if value.is_none() {
        note(std::any::type_name::<T>().rsplit("::").next().unwrap_or_default(), &text);
    }
    Ok(value)
}
