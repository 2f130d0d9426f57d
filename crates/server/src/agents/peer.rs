//! Peer: who is at the other end of a connection, as TLS verified it.

use std::net::SocketAddr;

use super::desk::AgentKey;

/// Who is at the other end of a connection.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    /// The agent that its certificate names, and the certificate's serial number; none without a certificate.
    pub(crate) agent: Option<(AgentKey, String)>,
}
