//! `composer.lock` and `vendor/composer/installed.json` (Composer documentation, "composer.lock - The lock file").
//!
//! What a path repository holds is left out. Versions stay as written: some begin with `v`, and branches are `dev-main`.
//! Surprising: Composer 1 wrote the installed packages as a bare list, Composer 2 as a member of an object.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::library::LibraryKind;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::syntax::{self, Loose, Text};
use crate::libraries::found::{Found, ParseError, Parsed};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ComposerLock<'a> {
    #[serde(borrow)]
    packages: Option<Vec<Package<'a>>>,
    packages_dev: Option<Vec<Package<'a>>>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    dist: Option<Dist<'a>>,
}

#[derive(Deserialize)]
struct Dist<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Loose<'a>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Installed<'a> {
    #[serde(borrow)]
    packages: Vec<Package<'a>>,
    #[serde(default)]
    dev_package_names: Vec<Text<'a>>,
}

pub(super) fn parse_lock(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let lock: Option<ComposerLock<'_>> = syntax::json(bytes)?;
    let Some(ComposerLock { packages: Some(packages), packages_dev }) = lock else {
        return Err(ParseError::Missing { what: "packages" });
    };
    let mut parsed = Parsed::default();
    for package in packages {
        add(&package, LibraryKind::Locked, false, &mut parsed);
    }
    for package in packages_dev.into_iter().flatten() {
        add(&package, LibraryKind::Locked, true, &mut parsed);
    }
    Ok(parsed)
}

pub(super) fn parse_installed(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let EitherForm(installed) = syntax::json(bytes)?;
    let development: HashSet<&str> = installed.dev_package_names.iter().map(|name| &**name).collect();
    let mut parsed = Parsed::default();
    for package in &installed.packages {
        add(package, LibraryKind::Installed, development.contains(&*package.name), &mut parsed);
    }
    Ok(parsed)
}

fn add(package: &Package<'_>, kind: LibraryKind, development: bool, parsed: &mut Parsed) {
    let is_of_path = package.dist.as_ref().is_some_and(|dist| dist.kind.0.as_deref() == Some("path"));
    if !is_of_path {
        let library = Found::locked(Ecosystem::Packagist, &package.name, &package.version);
        parsed.add(Found { kind, development, ..library });
    }
}

struct EitherForm<'a>(Installed<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for EitherForm<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form<'a>(PhantomData<&'a ()>);

        impl<'de: 'a, 'a> Visitor<'de> for Form<'a> {
            type Value = EitherForm<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list or an object")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<EitherForm<'a>, A::Error> {
                let packages = Deserialize::deserialize(SeqAccessDeserializer::new(list))?;
                Ok(EitherForm(Installed { packages, ..Installed::default() }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<EitherForm<'a>, A::Error> {
                Deserialize::deserialize(MapAccessDeserializer::new(map)).map(EitherForm)
            }
        }

        deserializer.deserialize_any(Form(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_installed_packages() {
        let one = r#"[{"name":"Acme/A","version":"v1.0.0","dist":{"type":"zip"}}, {"name":"acme/b","version":"1","dist":{"type":"path"}}]"#;
        let two = format!(r#"{{"packages":{one},"dev":true,"dev-package-names":["Acme/A"]}}"#);
        for (text, development) in [(one, false), (two.as_str(), true)] {
            let parsed = parse_installed(text.as_bytes()).unwrap();
            let expected = Found {
                kind: LibraryKind::Installed,
                development,
                ..Found::locked(Ecosystem::Packagist, "acme/a", "v1.0.0")
            };
            assert_eq!(parsed.found, [expected]);
        }
        assert!(parse_installed(b"1").is_err());
    }
}
