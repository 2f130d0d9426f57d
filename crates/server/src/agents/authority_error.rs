//! Authority error: why no certificate could be made.

use camino::Utf8PathBuf;

/// What failed while certificates were kept or made.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// The authority's file could not be written or read.
    #[error("failed to keep the certificate authority at {path}")]
    Keep {
        /// Which file.
        path: Utf8PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The authority's file holds no key and certificate.
    #[error("{path} holds no certificate authority")]
    Damaged {
        /// Which file.
        path: Utf8PathBuf,
    },
    /// The store that all processes share holds no key and certificate.
    #[error("the store's setting {setting} is no certificate authority")]
    DamagedSetting {
        /// Which setting.
        setting: &'static str,
    },
    /// A signing request that is no well-formed one, or that is not signed with the key it names.
    #[error("the certificate signing request cannot be used")]
    Request {
        /// Why.
        #[source]
        cause: rcgen::Error,
    },
    /// A certificate could not be made.
    #[error("failed to make a certificate")]
    Issue {
        /// Why.
        #[source]
        cause: rcgen::Error,
    },
    /// The system has no random numbers.
    #[error("failed to draw a serial number")]
    Random,
    /// The certificate is not one that the authority issues to agents.
    #[error("the client certificate names no agent")]
    Subject,
    /// TLS cannot be set up with the authority's certificates.
    #[error("failed to set up TLS")]
    Tls {
        /// Why.
        #[source]
        cause: rustls::Error,
    },
}
