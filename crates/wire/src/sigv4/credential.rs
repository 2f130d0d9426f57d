//! The parts of a signature as the request states them: who, when, where, over which headers.
//!
//! Header form: `AWS4-HMAC-SHA256 Credential=KEY/20261124/us-east-1/inspector/aws4_request, SignedHeaders=a;b, Signature=HEX`.
//! Query form: the same as `X-Amz-…` parameters, with `X-Amz-Expires`.

use super::query::{digit, parameters};
use super::request::SignedRequest;
use crate::error::ApiError;
use crate::protocol_error::ProtocolErrorKind;

pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
pub(super) const SERVICE: &str = "inspector";
pub(super) const TERMINATOR: &str = "aws4_request";

/// Most headers that a signature may cover.
const MAX_SIGNED_HEADERS: usize = 100;
/// Longest access key id and region.
const MAX_WORD_BYTES: usize = 128;
/// Longest time that a signed address may be valid: seven days.
const MAX_EXPIRES_SECONDS: i64 = 604_800;

/// The parts of a signature as texts, each of the right form.
#[derive(Debug)]
pub(super) struct Credential {
    pub(super) access_key_id: String,
    /// Eight digits.
    pub(super) date: String,
    pub(super) region: String,
    /// Sorted, in lower case.
    pub(super) signed_headers: Vec<String>,
    pub(super) signature: [u8; 32],
    /// The time as stated, for example `20261124T020000Z`.
    pub(super) time: String,
    /// How long a signed address is valid; absent in the header form.
    pub(super) expires_seconds: Option<i64>,
    pub(super) session_token: Option<String>,
}

fn incomplete(message: impl Into<String>) -> ApiError {
    ApiError::protocol(ProtocolErrorKind::IncompleteSignature, message)
}

impl Credential {
    /// Reads whichever form the request has.
    pub(super) fn read(request: &SignedRequest<'_>) -> Result<Credential, ApiError> {
        let in_query = parameters(request.query).any(|(name, _)| name == b"X-Amz-Algorithm");
        match (request.has_header("authorization"), in_query) {
            (false, false) => {
                Err(ApiError::protocol(ProtocolErrorKind::MissingAuthenticationToken, "the request is not signed"))
            }
            (true, true) => Err(incomplete("the request is signed twice, in its header and in its query")),
            (true, false) => Credential::from_header(request),
            (false, true) => Credential::from_query(request),
        }
    }

    fn from_header(request: &SignedRequest<'_>) -> Result<Credential, ApiError> {
        let header = one_header(request, "authorization")?.unwrap_or_default();
        let parts = header
            .strip_prefix(ALGORITHM)
            .filter(|rest| rest.starts_with(' '))
            .ok_or_else(|| incomplete(format!("the Authorization header has to begin with {ALGORITHM}")))?;
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for part in parts.split(',') {
            let (name, value) = part.trim().split_once('=').unwrap_or((part.trim(), ""));
            let place = match name {
                "Credential" => &mut credential,
                "SignedHeaders" => &mut signed_headers,
                "Signature" => &mut signature,
                _ => return Err(incomplete("the Authorization header has a part that is not known")),
            };
            if place.replace(value.to_owned()).is_some() {
                return Err(incomplete(format!("the Authorization header has {name} twice")));
            }
        }
        Credential::of_parts(Parts {
            credential,
            signed_headers,
            signature,
            time: one_header(request, "x-amz-date")?,
            session_token: one_header(request, "x-amz-security-token")?,
            expires: None,
        })
    }

    fn from_query(request: &SignedRequest<'_>) -> Result<Credential, ApiError> {
        if one_parameter(request, "X-Amz-Algorithm")?.as_deref() != Some(ALGORITHM) {
            return Err(incomplete(format!("X-Amz-Algorithm has to be {ALGORITHM}")));
        }
        let expires = one_parameter(request, "X-Amz-Expires")?.ok_or_else(|| incomplete("X-Amz-Expires is missing"))?;
        Credential::of_parts(Parts {
            credential: one_parameter(request, "X-Amz-Credential")?,
            signed_headers: one_parameter(request, "X-Amz-SignedHeaders")?,
            signature: one_parameter(request, "X-Amz-Signature")?,
            time: one_parameter(request, "X-Amz-Date")?,
            session_token: one_parameter(request, "X-Amz-Security-Token")?,
            expires: Some(expires),
        })
    }

    fn of_parts(parts: Parts) -> Result<Credential, ApiError> {
        let required = |part: Option<String>, name: &str| part.ok_or_else(|| incomplete(format!("{name} is missing")));
        let scope = required(parts.credential, "the credential")?;
        let fields: Vec<&str> = scope.split('/').collect();
        let [access_key_id, date, region, service, terminator] = fields.as_slice() else {
            return Err(incomplete("the credential has to be KEY/DATE/REGION/inspector/aws4_request"));
        };
        if !is_word(access_key_id) || !is_word(region) {
            return Err(incomplete("the credential has no well-formed access key and region"));
        }
        if (*service, *terminator) != (SERVICE, TERMINATOR) {
            let message = format!("the credential has to be scoped to {SERVICE}/{TERMINATOR}");
            return Err(ApiError::protocol(ProtocolErrorKind::InvalidSignature, message));
        }
        let expires_seconds = match parts.expires {
            None => None,
            Some(text) => Some(parse_expires(&text)?),
        };
        Ok(Credential {
            access_key_id: (*access_key_id).to_owned(),
            date: (*date).to_owned(),
            region: (*region).to_owned(),
            signed_headers: parse_signed_headers(&required(parts.signed_headers, "the list of signed headers")?)?,
            signature: parse_signature(&required(parts.signature, "the signature")?)?,
            time: required(parts.time, "X-Amz-Date")?,
            expires_seconds,
            session_token: parts.session_token,
        })
    }
}

/// What either form states, not yet looked at.
struct Parts {
    credential: Option<String>,
    signed_headers: Option<String>,
    signature: Option<String>,
    time: Option<String>,
    session_token: Option<String>,
    expires: Option<String>,
}

/// The value of a header that may be there once.
pub(super) fn one_header<'a>(request: &SignedRequest<'a>, name: &'a str) -> Result<Option<String>, ApiError> {
    let mut values = request.header(name);
    let value = values.next();
    if values.next().is_some() {
        return Err(incomplete(format!("the header {name} is there twice")));
    }
    let text = value.map(|value| std::str::from_utf8(value).map(|text| text.trim().to_owned()));
    text.transpose().map_err(|_| incomplete(format!("the header {name} is no text")))
}

fn one_parameter(request: &SignedRequest<'_>, name: &str) -> Result<Option<String>, ApiError> {
    let mut values = parameters(request.query).filter(|(other, _)| other == name.as_bytes());
    let value = values.next();
    if values.next().is_some() {
        return Err(incomplete(format!("the parameter {name} is there twice")));
    }
    let text = value.map(|(_, value)| String::from_utf8(value));
    text.transpose().map_err(|_| incomplete(format!("the parameter {name} is no text")))
}

fn is_word(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !text.is_empty() && text.len() <= MAX_WORD_BYTES && text.bytes().all(is_word)
}

fn parse_expires(text: &str) -> Result<i64, ApiError> {
    let seconds = text.parse().ok().filter(|seconds| (1..=MAX_EXPIRES_SECONDS).contains(seconds));
    seconds.ok_or_else(|| incomplete(format!("X-Amz-Expires has to be between 1 and {MAX_EXPIRES_SECONDS}")))
}

fn parse_signed_headers(text: &str) -> Result<Vec<String>, ApiError> {
    let names: Vec<String> = text.split(';').take(MAX_SIGNED_HEADERS + 1).map(str::to_owned).collect();
    let is_name = |name: &String| !name.is_empty() && !name.bytes().any(|byte| byte.is_ascii_uppercase());
    if names.len() > MAX_SIGNED_HEADERS || !names.iter().all(is_name) || !names.is_sorted_by(|a, b| a < b) {
        let message =
            format!("the signed headers have to be at most {MAX_SIGNED_HEADERS} names, sorted, in lower case");
        return Err(incomplete(message));
    }
    Ok(names)
}

fn parse_signature(text: &str) -> Result<[u8; 32], ApiError> {
    let is_hex = text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_hex {
        return Err(incomplete("the signature has to be 64 hexadecimal digits in lower case"));
    }
    let mut signature = [0; 32];
    for (byte, digits) in signature.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digits.iter().fold(0, |byte, character| byte << 4 | digit(*character));
    }
    Ok(signature)
}
