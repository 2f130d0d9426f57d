//! The canonical request and the string that is signed (AWS Signature Version 4, steps 1 and 2).

use aws_lc_rs::digest::{SHA256, digest};
use percent_encoding::{percent_encode, utf8_percent_encode};

use super::credential::{ALGORITHM, Credential, SERVICE, TERMINATOR};
use super::query::{ENCODED, parameters};
use super::request::SignedRequest;
use crate::error::ApiError;
use crate::protocol_error::ProtocolErrorKind;

/// What the signature is made of.
pub(super) fn string_to_sign(
    request: &SignedRequest<'_>,
    credential: &Credential,
    payload_hash: &str,
) -> Result<String, ApiError> {
    let hash = hex(digest(&SHA256, &canonical_request(request, credential, payload_hash)?).as_ref());
    let Credential { time, date, region, .. } = credential;
    Ok(format!("{ALGORITHM}\n{time}\n{date}/{region}/{SERVICE}/{TERMINATOR}\n{hash}"))
}

fn canonical_request(
    request: &SignedRequest<'_>,
    credential: &Credential,
    payload_hash: &str,
) -> Result<Vec<u8>, ApiError> {
    let mut text = Vec::new();
    for part in [request.method, &canonical_path(request.path), &canonical_query(request.query)] {
        text.extend_from_slice(part.as_bytes());
        text.push(b'\n');
    }
    for name in &credential.signed_headers {
        let values: Vec<Vec<u8>> = request.header_owned(name);
        if values.is_empty() {
            let message = format!("the signed header {name:?} is not in the request");
            return Err(ApiError::protocol(ProtocolErrorKind::IncompleteSignature, message));
        }
        text.extend_from_slice(name.as_bytes());
        text.push(b':');
        text.extend_from_slice(&values.join(&b','));
        text.push(b'\n');
    }
    text.push(b'\n');
    text.extend_from_slice(credential.signed_headers.join(";").as_bytes());
    text.push(b'\n');
    text.extend_from_slice(payload_hash.as_bytes());
    Ok(text)
}

impl SignedRequest<'_> {
    /// The values of a header, trimmed, each run of spaces as one.
    fn header_owned(&self, name: &str) -> Vec<Vec<u8>> {
        let values = self.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        values.map(|(_, value)| single_spaced(value.trim_ascii())).collect()
    }
}

fn single_spaced(value: &[u8]) -> Vec<u8> {
    let mut text: Vec<u8> = Vec::with_capacity(value.len());
    for byte in value {
        if *byte != b' ' || text.last() != Some(&b' ') {
            text.push(*byte);
        }
    }
    text
}

/// The path without empty and dot segments, encoded once more: what was sent is encoded already (only S3 does otherwise).
fn canonical_path(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    let is_folder = ["/", "/.", "/.."].iter().any(|end| path.ends_with(end));
    let end = if is_folder && !segments.is_empty() { "/" } else { "" };
    let segments: Vec<_> =
        segments.into_iter().map(|segment| utf8_percent_encode(segment, ENCODED).to_string()).collect();
    format!("/{}{end}", segments.join("/"))
}

/// The parameters but the signature itself, sorted as they are encoded.
fn canonical_query(query: &str) -> String {
    let mut encoded: Vec<(String, String)> = parameters(query)
        .filter(|(name, _)| name != b"X-Amz-Signature")
        .map(|(name, value)| (percent_encode(&name, ENCODED).to_string(), percent_encode(&value, ENCODED).to_string()))
        .collect();
    encoded.sort();
    let parts: Vec<String> = encoded.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    parts.join("&")
}

/// Bytes as hexadecimal digits in lower case.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_queries_have_one_form() {
        for (path, canonical) in [
            ("/", "/"),
            ("", "/"),
            ("//", "/"),
            ("/a/./b/../c", "/a/c"),
            ("/../a/", "/a/"),
            ("/a/..", "/"),
            ("/a%20b/ü", "/a%2520b/%C3%BC"),
        ] {
            assert_eq!(canonical_path(path), canonical, "{path}");
        }
        for (query, canonical) in [
            ("", ""),
            ("b=2&a=1&a=0", "a=0&a=1&b=2"),
            ("a", "a="),
            ("&&a=%7e%2f%zz&", "a=~%2F%25zz"),
            ("a=1&X-Amz-Signature=00", "a=1"),
            ("X%2DAmz-Signature=00", ""),
        ] {
            assert_eq!(canonical_query(query), canonical, "{query}");
        }
    }
}
