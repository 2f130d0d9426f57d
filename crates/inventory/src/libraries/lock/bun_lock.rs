//! `bun.lock`, versions 0 and 1 (Bun documentation, "Lockfile").
//!
//! An entry is a list whose first member is `name@version`; with another protocol than the registry's it is left out.
//! Surprising: it is JSON with commas after the last member and with comments, which are blanked out before it is read.

use std::fmt;
use std::marker::PhantomData;

use assay_model::ecosystem::Ecosystem;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::npm_version::{self, Origin};
use super::syntax::{self, Loose, Members};
use crate::libraries::found::{Found, ParseError, Parsed};

const NEWEST: u64 = 1;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BunLock<'a> {
    lockfile_version: Option<u64>,
    #[serde(borrow, default)]
    packages: Members<'a, Entry<'a>>,
}

/// The first member of an entry, where it is a string.
struct Entry<'a>(Loose<'a>);

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let json = plain_json(syntax::text(bytes)?.as_bytes());
    let lock: BunLock<'_> = syntax::json(&json)?;
    if let Some(version) = lock.lockfile_version.filter(|version| *version > NEWEST) {
        return Err(ParseError::UnknownVersion { version: version.to_string() });
    }
    let mut parsed = Parsed::default();
    for (key, Entry(identity)) in lock.packages.0 {
        let Some(identity) = identity.0 else {
            parsed.wrong(&key, "does not begin with a name and a version");
            continue;
        };
        let Some((name, version)) = split_at_first(&identity) else {
            parsed.wrong(&key, "has no version");
            continue;
        };
        if let Origin::Registry { name, version } = npm_version::origin(name, version) {
            parsed.add(Found::locked(Ecosystem::Npm, name, version));
        }
    }
    Ok(parsed)
}

/// `@scope/name@reference`: the reference may hold another `@`.
fn split_at_first(identity: &str) -> Option<(&str, &str)> {
    let at = identity.get(1..)?.find('@')? + 1;
    let (name, version) = identity.split_at_checked(at)?;
    Some((name, version.strip_prefix('@')?))
}

/// Blanks out comments and the commas before a closing bracket. Lines keep their numbers.
fn plain_json(text: &[u8]) -> Vec<u8> {
    let mut json = Vec::with_capacity(text.len());
    let mut comma = None;
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let mut length = 1;
        match first {
            b'"' => {
                length = string_length(rest);
                comma = None;
            }
            b'/' if after.starts_with(b"/") => {
                let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                json.resize(json.len() + end, b' ');
                rest = rest.get(end..).unwrap_or_default();
                continue;
            }
            b'/' if after.starts_with(b"*") => {
                let end = memchr::memmem::find(after, b"*/").map_or(rest.len(), |end| end + 3);
                let (comment, others) = rest.split_at_checked(end).unwrap_or((rest, &[]));
                json.extend(comment.iter().map(|byte| if *byte == b'\n' { b'\n' } else { b' ' }));
                rest = others;
                continue;
            }
            b',' => comma = Some(json.len()),
            b']' | b'}' => {
                if let Some(last) = comma.take().and_then(|comma: usize| json.get_mut(comma)) {
                    *last = b' ';
                }
            }
            b' ' | b'\n' | b'\r' | b'\t' => {}
            _ => comma = None,
        }
        let (taken, others) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        json.extend_from_slice(taken);
        rest = others;
    }
    json
}

/// The length of a string with its quotes; of all the rest where it does not end.
fn string_length(text: &[u8]) -> usize {
    let mut is_escaped = false;
    for (index, byte) in text.iter().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

impl<'de: 'a, 'a> Deserialize<'de> for Entry<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct First<'a>(PhantomData<&'a ()>);

        impl<'de: 'a, 'a> Visitor<'de> for First<'a> {
            type Value = Entry<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Entry<'a>, A::Error> {
                let first = list.next_element()?.unwrap_or_default();
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Entry(first))
            }
        }

        deserializer.deserialize_seq(First(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_last_commas_are_blanked_out() {
        for (text, expected) in [
            ("{\"a\": [1, 2,],}", "{\"a\": [1, 2 ] }"),
            ("[1, // ,]\n]", "[1       \n]"),
            ("[1, /* \n */ ]", "[1     \n    ]"),
            ("[\",]\", \"\\\",}\"]", "[\",]\", \"\\\",}\"]"),
            ("[,1]", "[,1]"),
            ("\"open,]", "\"open,]"),
        ] {
            assert_eq!(String::from_utf8(plain_json(text.as_bytes())).unwrap(), expected, "{text}");
        }
    }
}
