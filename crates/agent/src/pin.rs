//! Pin: by what the server's certificate authority is known before the first contact.
//!
//! The server shows its authority's certificate beside its own, so a fingerprint is enough to find it; what is found is
//! then used as any authority is: signatures, names and times are verified against it. Surprising: also a first use that
//! trusts blindly verifies the chain, so that what is kept can verify the next contact.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use sha2::{Digest as _, Sha256};

use crate::error::AgentError;

/// By what the server's authority is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pin {
    /// The SHA-256 of its certificate (DER), as 64 hexadecimal digits.
    Fingerprint(String),
    /// Its certificate, as PEM.
    Authority(String),
    /// By nothing: whoever answers now is believed, and only they afterwards.
    FirstUse,
}

impl Pin {
    /// A fingerprint as people copy it: with or without `sha256:`, colons and capital letters.
    ///
    /// # Errors
    ///
    /// When it is no SHA-256.
    pub fn fingerprint(text: &str) -> Result<Pin, AgentError> {
        let lower = text.trim().to_ascii_lowercase();
        let digits: String = lower.trim_start_matches("sha256:").chars().filter(|it| *it != ':').collect();
        if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(AgentError::Pin(format!("{text:?} is no SHA-256 fingerprint of 64 hexadecimal digits")));
        }
        Ok(Pin::Fingerprint(digits))
    }

    /// The certificates of an authority's file.
    ///
    /// # Errors
    ///
    /// When there is none in it.
    pub fn authority(pem: &[u8]) -> Result<Pin, AgentError> {
        let text = std::str::from_utf8(pem).ok().filter(|text| read_roots(text).is_some());
        let text = text.ok_or_else(|| AgentError::Pin("the file of the authority has no certificate".to_owned()))?;
        Ok(Pin::Authority(text.to_owned()))
    }
}

/// The SHA-256 of a certificate, as hexadecimal digits.
pub(crate) fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    Sha256::digest(certificate).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The certificates of a PEM document as authorities to trust; none where it has none or one that is damaged.
pub(crate) fn read_roots(pem: &str) -> Option<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(certificate.ok()?).ok()?;
    }
    (!roots.is_empty()).then_some(roots)
}

/// The fingerprints of the certificates of a PEM document.
pub(crate) fn fingerprints(pem: &str) -> Vec<String> {
    let certificates = CertificateDer::pem_slice_iter(pem.as_bytes()).filter_map(Result::ok);
    certificates.map(|certificate| fingerprint(&certificate)).collect()
}

/// Verifies a server by an authority that it shows itself and that has a fingerprint, or any.
#[derive(Debug)]
pub(crate) struct ShownAuthority {
    wanted: Option<String>,
    provider: Arc<CryptoProvider>,
    seen: Mutex<Option<CertificateDer<'static>>>,
}

impl ShownAuthority {
    /// `wanted` is the fingerprint; without one the first authority shown is believed, and only that one afterwards.
    pub(crate) fn new(wanted: Option<String>, provider: Arc<CryptoProvider>) -> ShownAuthority {
        ShownAuthority { wanted, provider, seen: Mutex::default() }
    }

    /// The fingerprint of the authority by which a server was verified.
    pub(crate) fn seen(&self) -> Option<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(fingerprint)
    }
}

impl ServerCertVerifier for ShownAuthority {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let wanted = self.wanted.clone().or_else(|| self.seen());
        let authority = match &wanted {
            Some(wanted) => intermediates.iter().find(|shown| fingerprint(shown) == *wanted),
            None => intermediates.last(),
        };
        let Some(authority) = authority else {
            let shown: Vec<String> = intermediates.iter().map(fingerprint).collect();
            let text = match (wanted, shown.is_empty()) {
                (_, true) => "the server does not show its authority's certificate".to_owned(),
                (Some(wanted), false) => {
                    format!("the server's authority has the fingerprint {}, not {wanted}", shown.join(" or "))
                }
                (None, false) => "the server shows no authority".to_owned(),
            };
            return Err(Error::General(text));
        };
        let mut roots = RootCertStore::empty();
        roots.add(authority.clone().into_owned())?;
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&self.provider)).build();
        let verifier = verifier.map_err(|error| Error::General(error.to_string()))?;
        let verified = verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)?;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(authority.clone().into_owned());
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_may_be_written_in_several_ways() {
        let digits = "0123456789abcdef".repeat(4);
        let with_colons: Vec<&str> =
            digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap()).collect();
        let with_colons = with_colons.join(":").to_uppercase();
        for text in
            [digits.clone(), digits.to_uppercase(), format!("SHA256:{digits}"), with_colons, format!(" {digits}\n")]
        {
            assert_eq!(Pin::fingerprint(&text).unwrap(), Pin::Fingerprint(digits.clone()), "{text}");
        }
        for text in ["", "sha256:", &digits.replacen('0', "", 1), &digits.replace('a', "g"), &format!("{digits}00")] {
            assert!(Pin::fingerprint(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_authority_is_a_certificate() {
        let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for pem in [&b""[..], b"\xff", b"-----BEGIN CERTIFICATE-----\n", damaged.as_bytes()] {
            assert!(Pin::authority(pem).is_err());
        }
        let key = rcgen::KeyPair::generate().unwrap();
        let pem = rcgen::CertificateParams::default().self_signed(&key).unwrap().pem();
        assert_eq!(Pin::authority(pem.as_bytes()).unwrap(), Pin::Authority(pem.clone()));
        assert!(Pin::authority(format!("{pem}{damaged}").as_bytes()).is_err());
        assert_eq!(fingerprints(&pem).len(), 1);
    }
}
