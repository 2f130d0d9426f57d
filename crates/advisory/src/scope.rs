//! Scopes: what one compiled database is for, a platform at one release.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::platform::Platform;

/// A platform at one release; written `debian-bookworm`, or `pypi` for a platform without releases.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope {
    platform: Platform,
    release: String,
}

/// The text is no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no platform and release such as debian-bookworm or pypi")]
pub struct ParseScopeError {
    /// The text.
    pub text: String,
}

impl Scope {
    /// The scope of a distribution's release, or of an ecosystem with the empty release.
    ///
    /// # Errors
    ///
    /// When the release cannot be one: it becomes part of a file name, so it holds lower-case letters, digits, `.` and
    /// `-` only, at most 32 of them, and begins with a letter or digit.
    pub fn new(platform: Platform, release: &str) -> Result<Scope, ParseScopeError> {
        let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
        let begins = release.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        let is_release = begins && release.len() <= 32 && release.bytes().all(is_allowed) && !release.contains("..");
        let is_right = match platform {
            Platform::Library(_) => release.is_empty(),
            _ => is_release,
        };
        if is_right {
            Ok(Scope { platform, release: release.to_owned() })
        } else {
            Err(ParseScopeError { text: format!("{platform}-{}", release.chars().take(64).collect::<String>()) })
        }
    }

    /// The scope of an ecosystem of libraries.
    pub fn library(ecosystem: assay_model::ecosystem::Ecosystem) -> Scope {
        Scope { platform: Platform::Library(ecosystem), release: String::new() }
    }

    /// The platform.
    pub fn platform(&self) -> Platform {
        self.platform
    }

    /// The release; empty for a platform without releases.
    pub fn release(&self) -> &str {
        &self.release
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.platform.as_str())?;
        if self.release.is_empty() { Ok(()) } else { write!(f, "-{}", self.release) }
    }
}

impl FromStr for Scope {
    type Err = ParseScopeError;

    fn from_str(text: &str) -> Result<Scope, ParseScopeError> {
        let refused = || ParseScopeError { text: text.chars().take(64).collect() };
        if let Some(platform) = Platform::from_name(text) {
            return Scope::new(platform, "").map_err(|_| refused());
        }
        let (platform, release) = text.split_once('-').ok_or_else(refused)?;
        Scope::new(Platform::from_name(platform).ok_or_else(refused)?, release).map_err(|_| refused())
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scope, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_round_trip() {
        for text in ["debian-bookworm", "ubuntu-22.04", "suse-15.5", "pypi", "crates-io", "opensuse-tumbleweed"] {
            assert_eq!(text.parse::<Scope>().unwrap().to_string(), text);
        }
        for text in
            ["", "debian", "debian-", "pypi-3", "debian-../etc", "debian-Book", "mint-21", "debian-a/b", "debian-.x"]
        {
            assert!(text.parse::<Scope>().is_err(), "{text}");
        }
    }
}
