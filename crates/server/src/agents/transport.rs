//! Transport: TLS of the agents' listener, with a client certificate that is asked for and may be left out.

use std::net::SocketAddr;
use std::sync::Arc;

use assay_model::Timestamp;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection};

use super::authority::{Authority, read_subject};
use super::authority_error::AuthorityError;
use super::peer::Peer;

/// The settings of TLS with a fresh certificate for the listener.
///
/// Whoever shows a certificate has to show one of the authority that is valid now: any other ends the handshake.
pub(crate) fn tls(
    authority: &Authority,
    names: &[String],
    now: Timestamp,
) -> Result<Arc<ServerConfig>, AuthorityError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let failed = |cause| AuthorityError::Tls { cause };
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate().clone()).map_err(failed)?;
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let verifier = verifier.allow_unauthenticated().build();
    let verifier = verifier.map_err(|error| failed(rustls::Error::General(error.to_string())))?;
    let (chain, key) = authority.server_identity(names, now)?;
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(failed)?;
    let mut config = config.with_client_cert_verifier(verifier).with_single_cert(chain, key).map_err(failed)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A resumed session would skip the look at the certificate's end.
    config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Arc::new(config))
}

/// Who is at the other end of a connection whose handshake is done.
pub(crate) fn peer(connection: &ServerConnection, address: SocketAddr) -> Result<Peer, AuthorityError> {
    let certificate = connection.peer_certificates().and_then(|chain| chain.first());
    let agent = certificate.map(read_subject).transpose()?;
    Ok(Peer { address, agent })
}
