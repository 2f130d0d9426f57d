//! Signatures beside a signer that nobody here wrote, `aws-sigv4`: what it signs is verified, and nothing else is.

use std::time::{Duration, SystemTime};

use assay_model::Timestamp;
use assay_wire::sigv4::{Claim, PayloadPolicy, Policy, SignedRequest, Verified};
use assay_wire::{ApiError, ProtocolErrorKind};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use proptest::prelude::*;

const KEY: &str = "AKIAEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const NOW: i64 = 1_795_478_400;

/// A request before and after it is signed.
#[derive(Clone, Debug)]
struct Sample {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// How it is signed.
#[derive(Clone, Debug)]
struct Manner {
    region: String,
    token: Option<String>,
    signed_at: i64,
    expires: Option<u64>,
    states_hash: bool,
}

impl Sample {
    fn call() -> Sample {
        Sample {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            query: String::new(),
            headers: vec![
                ("Content-Type".to_owned(), "application/x-amz-json-1.1".to_owned()),
                ("X-Amz-Target".to_owned(), "InspectorService.ListFindings".to_owned()),
            ],
            body: b"{}".to_vec(),
        }
    }

    /// The request as it arrives once the oracle has signed it.
    fn signed(&self, manner: &Manner) -> Sample {
        let mut settings = SigningSettings::default();
        settings.expires_in = manner.expires.map(Duration::from_secs);
        if manner.expires.is_some() {
            settings.signature_location = SignatureLocation::QueryParams;
        }
        if manner.states_hash {
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        let identity = Credentials::new(KEY, SECRET, manner.token.clone(), None, "test").into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&manner.region)
            .name("inspector")
            .time(SystemTime::UNIX_EPOCH + Duration::from_secs(manner.signed_at.try_into().unwrap()))
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        let address = format!("http://127.0.0.1:8440{}{query}", self.path);
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let is_unsigned = self.headers.iter().any(|(_, value)| value == "UNSIGNED-PAYLOAD");
        let body = if is_unsigned { SignableBody::UnsignedPayload } else { SignableBody::Bytes(&self.body) };
        let signable = SignableRequest::new(&self.method, address, headers, body).unwrap();
        let (instructions, _) = sign(signable, &params).unwrap().into_parts();
        let mut signed = self.clone();
        signed.headers.push(("Host".to_owned(), "127.0.0.1:8440".to_owned()));
        signed.headers.extend(instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())));
        for (name, value) in instructions.params() {
            let value: String = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let and = if signed.query.is_empty() { "" } else { "&" };
            signed.query.push_str(&format!("{and}{name}={value}"));
        }
        signed
    }

    fn verify(&self, secret: &str, policy: &Policy, now: i64) -> Result<Verified, ApiError> {
        let headers: Vec<(&str, &[u8])> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        let request = SignedRequest {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &headers,
            body: &self.body,
        };
        Claim::read(&request, policy, Timestamp::from_second(now).unwrap())?.verify(&request, secret, policy)
    }

    fn header(&mut self, name: &str) -> &mut String {
        let header = self.headers.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(name));
        &mut header.unwrap_or_else(|| panic!("no header {name}")).1
    }
}

impl Manner {
    fn header() -> Manner {
        Manner { region: "us-east-1".to_owned(), token: None, signed_at: NOW, expires: None, states_hash: false }
    }

    fn address(seconds: u64) -> Manner {
        Manner { expires: Some(seconds), ..Manner::header() }
    }
}

fn check(sample: &Sample, now: i64, kind: ProtocolErrorKind, words: &str) {
    let error = sample.verify(SECRET, &Policy::default(), now).unwrap_err();
    assert_eq!(error.name(), kind.name(), "{error}");
    assert!(error.message().contains(words), "{error} lacks {words:?}");
}

#[test]
fn clocks_may_differ_by_the_skew() {
    let invalid = ProtocolErrorKind::InvalidSignature;
    let sample = Sample::call().signed(&Manner::header());
    for now in [NOW - 300, NOW, NOW + 300] {
        sample.verify(SECRET, &Policy::default(), now).unwrap();
    }
    check(&sample, NOW + 301, invalid, "Signature expired: 20261124T000000Z is 301 s before");
    check(&sample, NOW - 301, invalid, "Signature not yet current");
    let policy = Policy { skew_seconds: 900, ..Policy::default() };
    sample.verify(SECRET, &policy, NOW + 900).unwrap();
    let address = Sample::call().signed(&Manner::address(60));
    assert!(address.verify(SECRET, &Policy::default(), NOW + 60).unwrap().is_address);
    check(&address, NOW + 61, ProtocolErrorKind::RequestExpired, "valid for 60 s");
    check(&address, NOW - 301, invalid, "not yet current");
}

#[test]
fn what_lacks_a_part_is_said() {
    let incomplete = ProtocolErrorKind::IncompleteSignature;
    let missing = ProtocolErrorKind::MissingAuthenticationToken;
    check(&Sample::call(), NOW, missing, "not signed");
    let signed = Sample::call().signed(&Manner::header());
    let without = |name: &str| {
        let mut sample = signed.clone();
        sample.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        sample
    };
    check(&without("x-amz-date"), NOW, incomplete, "X-Amz-Date is missing");
    check(&without("host"), NOW, incomplete, "\"host\" is not in the request");
    let mut twice = signed.clone();
    twice.headers.push(("x-amz-date".to_owned(), "20261124T000000Z".to_owned()));
    check(&twice, NOW, incomplete, "x-amz-date is there twice");
    let mut both = signed.clone();
    both.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256".to_owned();
    check(&both, NOW, incomplete, "signed twice");
    let mut smuggled = Sample { headers: vec![], ..Sample::call() }.signed(&Manner::header());
    smuggled.headers.push(("X-Amz-Target".to_owned(), "InspectorService.DeleteAssessmentRun".to_owned()));
    check(&smuggled, NOW, incomplete, "x-amz-target has to be signed");
    for (from, to, kind, words) in [
        ("AWS4-HMAC-SHA256 ", "Basic ", incomplete, "AWS4-HMAC-SHA256"),
        ("AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256", incomplete, "AWS4-HMAC-SHA256"),
        ("Credential=", "Credentials=", incomplete, "not known"),
        ("Signature=", "Other=", incomplete, "not known"),
        (", Signature=", ", Signature=, Signature=", incomplete, "Signature twice"),
        ("Credential=AKIAEXAMPLE/", "Credential=", incomplete, "KEY/DATE/REGION"),
        ("us-east-1", "us east 1", incomplete, "well-formed"),
        ("/inspector/", "/s3/", ProtocolErrorKind::InvalidSignature, "scoped to inspector/aws4_request"),
        ("/20261124/", "/20261123/", ProtocolErrorKind::InvalidSignature, "date of the credential"),
        ("/20261124/", "/2026112/", ProtocolErrorKind::InvalidSignature, "date of the credential"),
        ("content-type;host", "host;content-type", incomplete, "sorted"),
        ("content-type;host", "Content-Type;host", incomplete, "lower case"),
        ("host;", "", incomplete, "host has to be signed"),
        ("Signature=", "Signature=0", incomplete, "64 hexadecimal digits"),
    ] {
        let mut sample = signed.clone();
        let header = sample.header("authorization");
        assert!(header.contains(from), "{header}");
        *header = header.replacen(from, to, 1);
        check(&sample, NOW, kind, words);
    }
    for (from, to, words) in [
        ("X-Amz-Expires=%36%30", "X-Amz-Expires=0", "between 1 and 604800"),
        ("X-Amz-Expires=%36%30", "X-Amz-Expires=604801", "between 1 and 604800"),
        ("X-Amz-Expires=%36%30", "a=b", "X-Amz-Expires is missing"),
        ("X-Amz-Expires=%36%30", "X-Amz-Expires=60&X-Amz-Expires=70", "X-Amz-Expires is there twice"),
        ("X-Amz-Signature=", "X=", "signature is missing"),
    ] {
        let mut sample = Sample::call().signed(&Manner::address(60));
        assert!(sample.query.contains(from), "{}", sample.query);
        sample.query = sample.query.replacen(from, to, 1);
        check(&sample, NOW, incomplete, words);
    }
}

#[test]
fn an_unsigned_body_needs_leave() {
    let mut sample = Sample::call();
    sample.headers.push(("x-amz-content-sha256".to_owned(), "UNSIGNED-PAYLOAD".to_owned()));
    let mut signed = sample.signed(&Manner::header());
    check(&signed, NOW, ProtocolErrorKind::InvalidSignature, "SHA-256 of the body");
    let policy = Policy { payload: PayloadPolicy::MayBeUnsigned, ..Policy::default() };
    signed.verify(SECRET, &policy, NOW).unwrap();
    signed.body = b"another body".to_vec();
    signed.verify(SECRET, &policy, NOW).unwrap();
    // Leave to send an unsigned body is none to take the signature off a signed one.
    let mut stripped = Sample::call().signed(&Manner { states_hash: true, ..Manner::header() });
    *stripped.header("x-amz-content-sha256") = "UNSIGNED-PAYLOAD".to_owned();
    assert!(stripped.verify(SECRET, &policy, NOW).unwrap_err().message().contains("not the one"));
    *signed.header("x-amz-content-sha256") = "STREAMING-UNSIGNED-PAYLOAD-TRAILER".to_owned();
    assert!(signed.verify(SECRET, &policy, NOW).unwrap_err().message().contains("SHA-256 of the body"));
}

/// Recorded from botocore 1.44.5, with a session token.
#[test]
fn what_botocore_signs_is_verified() {
    let mut call = Sample::call();
    call.headers.push(("Host".to_owned(), "127.0.0.1:8440".to_owned()));
    let mut signed = Sample { body: br#"{"maxResults": 10}"#.to_vec(), ..call.clone() };
    for (name, value) in [
        ("X-Amz-Date", "20261124T000000Z"),
        ("X-Amz-Security-Token", "tok+/="),
        (
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261124/us-east-1/inspector/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, \
             Signature=13197548731ea118c20c739e702a0f4d4c6b9bee70625cf6037e2edd7e23ba22",
        ),
        // Added after signing.
        ("amz-sdk-invocation-id", "3600c185-a921-4068-bec3-d6487dd88619"),
    ] {
        signed.headers.push((name.to_owned(), value.to_owned()));
    }
    let verified = signed.verify(SECRET, &Policy::default(), NOW).unwrap();
    assert_eq!(verified.session_token.as_deref(), Some("tok+/="));
    // Botocore moves a body into the query of an address.
    let address = Sample {
        query: "maxResults=10&X-Amz-Algorithm=AWS4-HMAC-SHA256\
                &X-Amz-Credential=AKIAEXAMPLE%2F20261124%2Fus-east-1%2Finspector%2Faws4_request&X-Amz-Date=20261124T000000Z\
                &X-Amz-Expires=60&X-Amz-SignedHeaders=content-type%3Bhost%3Bx-amz-target&X-Amz-Security-Token=tok%2B%2F%3D\
                &X-Amz-Signature=5459d82288cee1826a9a0f0f66c63c26e5eebf3af10bf5d6ee9253324d9868e8"
            .to_owned(),
        body: Vec::new(),
        ..call
    };
    let verified = address.verify(SECRET, &Policy::default(), NOW + 60).unwrap();
    assert!(verified.is_address);
    assert_eq!(verified.session_token.as_deref(), Some("tok+/="));
}

fn word(characters: &'static str) -> impl Strategy<Value = String> {
    proptest::string::string_regex(characters).unwrap()
}

fn any_sample() -> impl Strategy<Value = Sample> {
    let path = word("(/([a-zA-Z0-9._~-]|%20|%C3%BC){0,6}){0,4}").prop_map(|path| format!("/{path}"));
    let pair = word("[a-zA-Z0-9._~-]{1,4}(=([a-zA-Z0-9._~*:@/-]|%20|%2F|%26|%C3%BC){0,8})?");
    let query = proptest::collection::vec(pair, 0..5).prop_map(|pairs| pairs.join("&"));
    let name = word("[Xx]-[a-z]{1,8}(-[A-Z])?");
    let value = word("[a-zA-Z0-9,;:=/]([ a-zA-Z0-9,;:=/]{0,20}[a-zA-Z0-9,;:=/])?");
    let headers = proptest::collection::vec((name, value), 0..5);
    let body = proptest::collection::vec(any::<u8>(), 0..100);
    let method = proptest::sample::select(vec!["POST", "GET", "PUT"]);
    (method, path, query, headers, body).prop_map(|(method, path, query, headers, body)| {
        let mut sample = Sample { method: method.to_owned(), path, query, body, ..Sample::call() };
        sample.headers.extend(headers);
        sample
    })
}

fn any_manner() -> impl Strategy<Value = Manner> {
    let region = word("[a-z]{2}-[a-z]{1,8}-[0-9]");
    let token = proptest::option::of(word("[A-Za-z0-9/+=]{1,40}"));
    let expires = proptest::option::of(1..604_800_u64);
    (region, token, NOW - 290..NOW + 290, expires, any::<bool>()).prop_map(
        |(region, token, signed_at, expires, states_hash)| Manner { region, token, signed_at, expires, states_hash },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_the_oracle_signs_is_verified(sample in any_sample(), manner in any_manner()) {
        let now = manner.signed_at.max(NOW);
        let is_expired = manner.expires.is_some_and(|expires| now - manner.signed_at > expires as i64);
        prop_assume!(!is_expired);
        let signed = sample.signed(&manner);
        let verified = signed.verify(SECRET, &Policy::default(), now);
        let verified = verified.map_err(|error| TestCaseError::fail(format!("{error}: {signed:?}")))?;
        prop_assert_eq!(verified.access_key_id, KEY);
        prop_assert_eq!(&verified.region, &manner.region);
        prop_assert_eq!(&verified.session_token, &manner.token);
        prop_assert_eq!(verified.signed_at.as_second(), manner.signed_at);
        prop_assert_eq!(verified.is_address, manner.expires.is_some());
    }

    #[test]
    fn what_was_changed_is_refused(sample in any_sample(), manner in any_manner(), change in 0..8_usize, byte in any::<u8>()) {
        let manner = Manner { signed_at: NOW, ..manner };
        let mut signed = sample.signed(&manner);
        let mut secret = SECRET.to_owned();
        match change {
            0 => signed.body.push(byte),
            1 => signed.path.push_str("/x"),
            2 => signed.query = format!("zz=1&{}", signed.query),
            3 => signed.method.push('X'),
            4 => signed.header("x-amz-target").push('s'),
            5 => secret.push('x'),
            6 => signed.header("content-type").insert(0, 'x'),
            _ => signed.header("host").push('0'),
        }
        let error = signed.verify(&secret, &Policy::default(), NOW).expect_err("it was changed");
        prop_assert_eq!(error.name(), "InvalidSignatureException");
    }

    #[test]
    fn any_header_and_query_are_answered(header in ".{0,200}", query in ".{0,200}", date in ".{0,20}") {
        let mut sample = Sample::call();
        sample.query = query;
        sample.headers.push(("authorization".to_owned(), header));
        sample.headers.push(("x-amz-date".to_owned(), date));
        prop_assert!(sample.verify(SECRET, &Policy::default(), NOW).is_err());
    }
}
