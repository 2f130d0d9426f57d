//! Routes: where each message is sent. All are POST, all bodies are JSON but that of a chunk.

/// [`crate::Enrol`] → [`crate::Issued`], without a client certificate.
pub const ENROL: &str = "/v1/enrol";

/// [`crate::Renew`] → [`crate::Issued`].
pub const RENEW: &str = "/v1/renew";

/// [`crate::Poll`] → [`crate::Answer`].
pub const POLL: &str = "/v1/poll";

/// The bytes of a chunk → [`crate::ChunkReceipt`].
pub const CHUNK: &str = "/v1/chunk";

/// The header of a chunk's request that holds its [`crate::ChunkHead`].
pub const CHUNK_HEADER: &str = "assay-chunk";

/// [`crate::Complete`] → [`crate::Completion`].
pub const COMPLETE: &str = "/v1/complete";

/// [`crate::Failure`] → [`crate::Noted`].
pub const FAILURE: &str = "/v1/failure";
