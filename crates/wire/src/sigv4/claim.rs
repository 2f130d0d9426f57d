//! A signature, first as a claim, then verified.

use std::fmt;

use assay_model::Timestamp;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;

use super::canonical::{hex, string_to_sign};
use super::credential::{Credential, SERVICE, TERMINATOR, one_header};
use super::request::SignedRequest;
use super::time;
use crate::error::ApiError;
use crate::protocol_error::ProtocolErrorKind;

/// A payload that the signature does not cover.
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
/// Headers that decide what is done: where they are, they have to be signed.
const DECISIVE: &[&str] = &["x-amz-content-sha256", "x-amz-date", "x-amz-security-token", "x-amz-target"];

/// What is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How far the caller's clock may be off, in seconds, either way.
    pub skew_seconds: i64,
    /// Whether the body has to be signed.
    pub payload: PayloadPolicy,
}

/// Five minutes, signed bodies.
impl Default for Policy {
    fn default() -> Policy {
        Policy { skew_seconds: 300, payload: PayloadPolicy::Signed }
    }
}

/// Whether the body has to be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadPolicy {
    /// It has to be.
    Signed,
    /// `x-amz-content-sha256: UNSIGNED-PAYLOAD` is accepted, too, as clients send it that stream in chunks. Only over TLS:
    /// nothing else then protects the body.
    MayBeUnsigned,
}

/// A well-formed signature that is neither expired nor from the future. Nothing is proven yet.
pub struct Claim(Credential, Timestamp);

/// A signature that was made with the secret key.
#[derive(Clone, PartialEq, Eq)]
pub struct Verified {
    /// Whose key.
    pub access_key_id: String,
    /// The region of the credential's scope: any word.
    pub region: String,
    /// The token of temporary credentials; it is for the caller of this to accept it or not.
    pub session_token: Option<String>,
    /// When it was signed, by the signer's clock.
    pub signed_at: Timestamp,
    /// The signature itself.
    pub signature: [u8; 32],
    /// Whether it is a signed address, which is made to be used more than once until it expires.
    pub is_address: bool,
}

impl Claim {
    /// Reads the signature of a request.
    ///
    /// # Errors
    /// `MissingAuthenticationToken` without a signature; `IncompleteSignature` for a part that is missing, twice, or not well
    /// formed, and for a header that has to be signed and is not; `InvalidSignatureException` for another service's scope and
    /// for clocks that differ by more than the policy's skew; `RequestExpired` for a signed address past its end.
    pub fn read(request: &SignedRequest<'_>, policy: &Policy, now: Timestamp) -> Result<Claim, ApiError> {
        let credential = Credential::read(request)?;
        let incomplete = |message: String| ApiError::protocol(ProtocolErrorKind::IncompleteSignature, message);
        let invalid = |message: String| ApiError::protocol(ProtocolErrorKind::InvalidSignature, message);
        let is_signed = |name: &str| credential.signed_headers.iter().any(|signed| signed == name);
        if let Some(name) = DECISIVE
            .iter()
            .find(|name| request.has_header(name) && !is_signed(name))
            .or((!is_signed("host")).then_some(&"host"))
        {
            return Err(incomplete(format!("the header {name} has to be signed")));
        }
        let signed_at = time::parse(&credential.time)
            .ok_or_else(|| incomplete("X-Amz-Date has to be of the form 20261124T020000Z".to_owned()))?;
        if !credential.time.starts_with(&credential.date) || credential.date.len() != 8 {
            return Err(invalid("the date of the credential is not that of X-Amz-Date".to_owned()));
        }
        let age = now.as_second().saturating_sub(signed_at.as_second());
        let time = &credential.time;
        if age < policy.skew_seconds.saturating_neg() {
            return Err(invalid(format!("Signature not yet current: {time} is {} s ahead of this server", age.abs())));
        }
        match credential.expires_seconds {
            None if age > policy.skew_seconds => {
                return Err(invalid(format!("Signature expired: {time} is {age} s before this server's time")));
            }
            Some(expires) if age > expires => {
                let message = format!("the address was valid for {expires} s from {time} on");
                return Err(ApiError::protocol(ProtocolErrorKind::RequestExpired, message));
            }
            _ => {}
        }
        Ok(Claim(credential, signed_at))
    }

    /// Whose key it claims to be made with: look its secret up, and answer `UnrecognizedClientException`
    /// ([`Claim::unrecognized`]) when there is none.
    pub fn access_key_id(&self) -> &str {
        &self.0.access_key_id
    }

    /// The error for an access key that nobody knows.
    pub fn unrecognized(&self) -> ApiError {
        ApiError::protocol(ProtocolErrorKind::UnrecognizedClient, "there is no such access key")
    }

    /// Compares the signature with the one that the secret key makes, in constant time.
    ///
    /// # Errors
    /// `InvalidSignatureException`; `IncompleteSignature` when a signed header is not in the request.
    pub fn verify(self, request: &SignedRequest<'_>, secret_key: &str, policy: &Policy) -> Result<Verified, ApiError> {
        let Claim(credential, signed_at) = self;
        let payload_hash = payload_hash(request, policy)?;
        let message = string_to_sign(request, &credential, &payload_hash)?;
        let key = signing_key(secret_key, &credential);
        hmac::verify(&key, message.as_bytes(), &credential.signature).map_err(|_| {
            let message =
                "the signature is not the one that the secret key makes; check key, signing method and proxies";
            ApiError::protocol(ProtocolErrorKind::InvalidSignature, message)
        })?;
        Ok(Verified {
            access_key_id: credential.access_key_id,
            region: credential.region,
            session_token: credential.session_token,
            signed_at,
            signature: credential.signature,
            is_address: credential.expires_seconds.is_some(),
        })
    }
}

/// The last line of the canonical request. A stated hash has to be the body's.
fn payload_hash(request: &SignedRequest<'_>, policy: &Policy) -> Result<String, ApiError> {
    let actual = hex(digest(&SHA256, request.body).as_ref());
    match one_header(request, "x-amz-content-sha256")? {
        None => Ok(actual),
        Some(stated) if stated == actual => Ok(actual),
        Some(stated) if stated == UNSIGNED_PAYLOAD && policy.payload == PayloadPolicy::MayBeUnsigned => Ok(stated),
        Some(_) => {
            let message = "x-amz-content-sha256 is not the SHA-256 of the body";
            Err(ApiError::protocol(ProtocolErrorKind::InvalidSignature, message))
        }
    }
}

/// Step 3: a key for this day, region and service out of the secret one.
fn signing_key(secret_key: &str, credential: &Credential) -> hmac::Key {
    let mut key = hmac::Key::new(hmac::HMAC_SHA256, format!("AWS4{secret_key}").as_bytes());
    for part in [credential.date.as_str(), credential.region.as_str(), SERVICE, TERMINATOR] {
        key = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&key, part.as_bytes()).as_ref());
    }
    key
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim").field("access_key_id", &self.access_key_id()).finish_non_exhaustive()
    }
}

/// A session token and a signature that can be sent again are not for logs.
impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("access_key_id", &self.access_key_id)
            .field("region", &self.region)
            .field("signed_at", &self.signed_at)
            .field("is_address", &self.is_address)
            .finish_non_exhaustive()
    }
}
