//! `Pipfile.lock` (Pipenv documentation, "Pipfile & Pipfile.lock").
//!
//! What has no version comes from version control, a path or an address, and is left out. Surprising: every member of the
//! document but `_meta` is a category of packages, and users may name their own.

use std::fmt;
use std::marker::PhantomData;

use assay_model::ecosystem::Ecosystem;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::syntax::{self, Loose, Members, Text};
use crate::libraries::found::{Found, ParseError, Parsed};

/// The document: each category with its packages; `_meta` is only known to be there.
#[derive(Default)]
struct PipfileLock<'a> {
    has_meta: bool,
    categories: Vec<(Text<'a>, Members<'a, Package<'a>>)>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow, default)]
    version: Loose<'a>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let lock: PipfileLock<'_> = syntax::json(bytes)?;
    if !lock.has_meta {
        return Err(ParseError::Missing { what: "_meta" });
    }
    let mut parsed = Parsed::default();
    for (category, packages) in lock.categories {
        let development = &*category == "develop";
        for (name, package) in packages.0 {
            let exact = package.version.0.as_deref().and_then(|version| version.strip_prefix("=="));
            if let Some(version) = exact {
                parsed.add(Found { development, ..Found::locked(Ecosystem::Pypi, &name, version.trim()) });
            }
        }
    }
    Ok(parsed)
}

impl<'de: 'a, 'a> Deserialize<'de> for PipfileLock<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Root<'a>(PhantomData<&'a ()>);

        impl<'de: 'a, 'a> Visitor<'de> for Root<'a> {
            type Value = PipfileLock<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PipfileLock<'a>, A::Error> {
                let mut lock = PipfileLock::default();
                while let Some(key) = map.next_key::<Text<'_>>()? {
                    if &*key == "_meta" {
                        lock.has_meta = true;
                        map.next_value::<IgnoredAny>()?;
                    } else {
                        lock.categories.push((key, map.next_value()?));
                    }
                }
                Ok(lock)
            }
        }

        deserializer.deserialize_map(Root(PhantomData))
    }
}
