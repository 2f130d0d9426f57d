//! Why an entry cannot be put into a virtual tree.

/// Why an entry cannot be put into a virtual tree; the tree stays as it was, but for parents that were made on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TreeError {
    /// More files, directories and links than the limit.
    #[error("there are more than {limit} files")]
    TooManyNodes {
        /// The limit.
        limit: usize,
    },
    /// Names and link texts of more bytes than the limit.
    #[error("names and links take more than {limit} bytes")]
    TooMuchText {
        /// The limit in bytes.
        limit: usize,
    },
    /// A name or path that no Linux file system takes.
    #[error("the name is longer than Linux allows")]
    NameTooLong,
    /// A parent is behind links that never end.
    #[error("it lies behind too many symbolic links")]
    LinkLoop,
    /// The whole tree's root can only be a directory.
    #[error("it would replace the root directory")]
    ReplacesRoot,
    /// A hard link to what is not there.
    #[error("it is a hard link to something that is not there")]
    NoLinkTarget,
    /// A hard link to a directory.
    #[error("it is a hard link to a directory")]
    LinkToDirectory,
}

impl TreeError {
    /// Whether every further entry would meet the same limit.
    pub(crate) fn is_limit(self) -> bool {
        matches!(self, TreeError::TooManyNodes { .. } | TreeError::TooMuchText { .. })
    }
}
