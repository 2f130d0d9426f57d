//! What can be wrong with a policy.

use assay_yaml::YamlError;

/// A policy that cannot be used, and where in its file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The file is over the limit.
    #[error("the policy has {size} bytes, over the limit of {limit}")]
    TooLarge {
        /// Its bytes.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// It is no YAML, or uses a part of it that is not read.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// It is no policy.
    #[error("{0}")]
    Shape(String),
}
