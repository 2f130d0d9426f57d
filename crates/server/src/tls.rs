//! TLS of the API's listener: a certificate of the operator's own, or one that signs itself, for a first try.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use rcgen::CertifiedKey;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Why TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file could not be read or made.
    #[error("failed to read or make {path}")]
    File {
        /// Which.
        path: Utf8PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// A file holds no PEM of what it should.
    #[error("{path} holds no {what} in PEM")]
    Pem {
        /// Which.
        path: Utf8PathBuf,
        /// A certificate or a private key.
        what: &'static str,
    },
    /// Certificate and key do not fit, or are of a kind that is not known.
    #[error("the certificate and its key cannot be used")]
    Pair(#[source] rustls::Error),
    /// A certificate could not be made.
    #[error("failed to make a certificate")]
    Make(#[source] rcgen::Error),
}

/// The configuration for a chain of certificates and its private key, both PEM files.
///
/// # Errors
///
/// When a file cannot be read, or the two do not fit.
pub fn tls_of_files(certificate: &Utf8Path, key: &Utf8Path) -> Result<Arc<ServerConfig>, TlsError> {
    let read = |path: &Utf8Path| fs::read(path).map_err(|cause| TlsError::File { path: path.to_owned(), cause });
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read(certificate)?).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| TlsError::Pem { path: certificate.to_owned(), what: "certificate" })?;
    let private = PrivateKeyDer::from_pem_slice(&read(key)?);
    let private = private.map_err(|_| TlsError::Pem { path: key.to_owned(), what: "private key" })?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(TlsError::Pair)?.with_no_client_auth();
    let mut config = config.with_single_cert(chain, private).map_err(TlsError::Pair)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// The configuration for a certificate that signs itself, for some host names and addresses: made in `folder` as
/// `api-cert.pem` and `api-key.pem` unless they are there. Clients have to be told of `api-cert.pem`.
///
/// # Errors
///
/// As [`tls_of_files`], or when a file cannot be written.
pub fn tls_self_signed(folder: &Utf8Path, names: Vec<String>) -> Result<Arc<ServerConfig>, TlsError> {
    let (certificate, key) = (folder.join("api-cert.pem"), folder.join("api-key.pem"));
    if !certificate.exists() || !key.exists() {
        let made = rcgen::generate_simple_self_signed(names).map_err(TlsError::Make)?;
        let CertifiedKey { cert, signing_key } = made;
        write(&key, 0o600, &signing_key.serialize_pem())?;
        write(&certificate, 0o644, &cert.pem())?;
    }
    tls_of_files(&certificate, &key)
}

fn write(path: &Utf8Path, mode: u32, text: &str) -> Result<(), TlsError> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|cause| TlsError::File { path: path.to_owned(), cause })
}
