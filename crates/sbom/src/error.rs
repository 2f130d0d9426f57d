//! Why a document is no bill of materials.

/// Why a document could not be read as one.
#[derive(Debug, thiserror::Error)]
pub enum SbomError {
    /// It is not JSON, or a member has another type than the format says.
    #[error("it is no JSON document of this format")]
    Parse(#[from] serde_json::Error),
    /// It is JSON of another format.
    #[error("it is neither CycloneDX nor SPDX in JSON")]
    UnknownFormat,
    /// It is no text in which a line names an installed package.
    #[error("it is no list of dpkg-query -W, dpkg -l, rpm -qa, apk list -I or apk info -v")]
    NoPackageList,
    /// The distribution of a list is not understood.
    #[error("{text:?} is no distribution: give its id and version, for example debian-12")]
    Distribution {
        /// What was given.
        text: String,
    },
    /// It is larger than any that is read.
    #[error("it has {bytes} bytes, more than the {limit} that are read")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// It has more components than any that is read.
    #[error("it has more than {limit} components")]
    TooManyComponents {
        /// The limit.
        limit: usize,
    },
}
