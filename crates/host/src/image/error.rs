//! Why there is no image to look at.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::platform::Platform;
use crate::error::HostError;

/// Names that a message lists.
const LISTED: usize = 20;

/// Why there is no image to look at; one whose layers only are unreadable is there, and tells of it.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The file or directory cannot be opened.
    #[error("failed to open {path}")]
    Open {
        /// As it was given.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// The file or directory is something else.
    #[error("this is no container image: {why}")]
    NoImage {
        /// What is missing or wrong.
        why: String,
    },
    /// The archive is packed and cannot be unpacked.
    #[error("failed to unpack the archive: {why}")]
    Unpack {
        /// Why.
        why: String,
    },
    /// A document of the image cannot be read.
    #[error("failed to read the image's {document}")]
    ReadDocument {
        /// Its path in the image's archive or directory.
        document: String,
        /// Why.
        #[source]
        cause: HostError,
    },
    /// A document of the image is not what it should be.
    #[error("the image's {document} is malformed")]
    ParseDocument {
        /// Its path in the image's archive or directory.
        document: String,
        /// Why.
        #[source]
        cause: serde_json::Error,
    },
    /// A document of the image contradicts itself or what points to it.
    #[error("the image's {document} {what}")]
    Inconsistent {
        /// Its path in the image's archive or directory.
        document: String,
        /// In what way.
        what: String,
    },
    /// Nothing has the wanted name.
    #[error("no image is named {name:?}{}", List("; there is", names))]
    NoSuchName {
        /// The wanted name.
        name: String,
        /// The names that are there.
        names: Vec<String>,
    },
    /// There are several images, and none was named.
    #[error("there are several images, so one has to be named{}", List(":", names))]
    SeveralImages {
        /// Their names.
        names: Vec<String>,
    },
    /// The image is not there for the wanted platform.
    #[error("the image is not there for {platform}{}", List("; it is for", platforms))]
    NoSuchPlatform {
        /// The wanted platform.
        platform: Platform,
        /// The platforms that are there.
        platforms: Vec<String>,
    },
    /// The image is for another operating system.
    #[error("the image is for {platform}; only Linux is assessed")]
    NotLinux {
        /// Its platform.
        platform: Platform,
    },
    /// The image has more parts than are read.
    #[error("the image has more than {limit} {what}")]
    TooMany {
        /// Which parts.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}

/// Some of many names, behind a word; nothing where there are none.
struct List<'a>(&'a str, &'a [String]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let List(word, names) = self;
        for (index, name) in names.iter().take(LISTED).enumerate() {
            let before = if index == 0 { format!("{word} ") } else { ", ".to_owned() };
            write!(f, "{before}{name}")?;
        }
        match names.len().saturating_sub(LISTED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed() {
        let error = |count: usize| ImageError::SeveralImages { names: (0..count).map(|at| at.to_string()).collect() };
        assert_eq!(error(0).to_string(), "there are several images, so one has to be named");
        assert_eq!(error(2).to_string(), "there are several images, so one has to be named: 0, 1");
        assert!(error(22).to_string().ends_with("18, 19 and 2 more"));
    }
}
