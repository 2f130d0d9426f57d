//! Platforms: for which operating system and processor an image is, in Go's words (`linux/arm64/v8`).

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// An operating system, an architecture, and a variant of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Platform {
    /// As Go's `GOOS`: `linux`.
    pub os: String,
    /// As Go's `GOARCH`: `amd64`, `arm64`, `arm`, `ppc64le`, …
    pub architecture: String,
    /// Of the architecture: `v7` of `arm`; often not given.
    #[serde(default)]
    pub variant: Option<String>,
}

/// A platform is `ARCHITECTURE`, `OS/ARCHITECTURE` or `OS/ARCHITECTURE/VARIANT`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no platform; one is written as linux/arm64 or linux/arm/v7")]
pub struct NoPlatform(String);

impl Platform {
    /// The platform that this program was built for.
    pub fn of_this_machine() -> Platform {
        Platform {
            os: "linux".to_owned(),
            architecture: go_architecture(std::env::consts::ARCH).to_owned(),
            variant: None,
        }
    }

    /// Whether both are the same platform: a variant that is not given is the one that is meant without it.
    pub(crate) fn is_same_as(&self, other: &Platform) -> bool {
        self.os == other.os && self.architecture == other.architecture && self.known_variant() == other.known_variant()
    }

    fn known_variant(&self) -> Option<&str> {
        let variant = self.variant.as_deref().filter(|variant| !variant.is_empty());
        match (self.architecture.as_str(), variant) {
            ("arm64", Some("v8" | "8")) | ("amd64", Some("v1")) => None,
            ("arm", None) => Some("v7"),
            (_, variant) => variant,
        }
    }
}

impl FromStr for Platform {
    type Err = NoPlatform;

    fn from_str(text: &str) -> Result<Platform, NoPlatform> {
        let is_word = |part: &&str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        };
        let parts: Vec<&str> = text.split('/').collect();
        if !parts.iter().all(is_word) {
            return Err(NoPlatform(text.to_owned()));
        }
        let (os, architecture, variant) = match parts.as_slice() {
            [architecture] => ("linux", *architecture, None),
            [os, architecture] => (*os, *architecture, None),
            [os, architecture, variant] => (*os, *architecture, Some((*variant).to_owned())),
            _ => return Err(NoPlatform(text.to_owned())),
        };
        Ok(Platform { os: os.to_owned(), architecture: go_architecture(architecture).to_owned(), variant })
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) => write!(f, "/{variant}"),
            None => Ok(()),
        }
    }
}

/// Go's word for an architecture, whatever word it comes in.
fn go_architecture(architecture: &str) -> &str {
    match architecture {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" | "i386" | "i686" => "386",
        "loongarch64" => "loong64",
        "powerpc64" | "powerpc64le" => "ppc64le",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_read_and_compared() {
        for (one, other, are_same) in [
            ("linux/amd64", "amd64", true),
            ("linux/amd64/v1", "x86_64", true),
            ("linux/amd64", "linux/amd64/v3", false),
            ("linux/arm64/v8", "linux/aarch64", true),
            ("linux/arm", "linux/arm/v7", true),
            ("linux/arm", "linux/arm/v6", false),
            ("linux/386", "linux/i686", true),
            ("windows/amd64", "linux/amd64", false),
        ] {
            let (one, other): (Platform, Platform) = (one.parse().unwrap(), other.parse().unwrap());
            assert_eq!(one.is_same_as(&other), are_same, "{one} {other}");
        }
        for text in ["", "/", "linux/", "linux/arm/v7/x", "linux arm"] {
            assert_eq!(text.parse::<Platform>(), Err(NoPlatform(text.to_owned())));
        }
        assert_eq!("linux/arm/v7".parse::<Platform>().unwrap().to_string(), "linux/arm/v7");
        assert_eq!(Platform::of_this_machine().os, "linux");
    }
}
