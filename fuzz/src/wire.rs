//! What callers of the API send: ARNs, bodies, signatures, page tokens.

use assay_model::Timestamp;
use assay_model::arn::{ExclusionArn, FindingArn, Realm, RulesPackageArn};
use assay_wire::sigv4::{Claim, Policy, SignedRequest};
use assay_wire::token::TokenKey;
use assay_wire::{ListFindingsRequest, Operation, Request, arn, decode};

/// An ARN of any kind; what parses is written as it was, and so are its parents.
pub fn wire_arn(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let text = text.trim_end();
    assert!(!(arn::is_topic(text) && arn::is_role(text)), "{text} is a topic and a role");
    if let Ok(package) = text.parse::<RulesPackageArn>() {
        let _ = package.resolve();
        assert!(!package.account().is_empty() && !package.region().is_empty());
    }
    if let Ok(finding) = text.parse::<FindingArn>() {
        let run = finding.run();
        assert!(text.starts_with(run.template().target().as_str()));
        assert_eq!(finding.to_string(), text);
    }
    if let Ok(exclusion) = text.parse::<ExclusionArn>() {
        assert_eq!(exclusion.run().account(), exclusion.account());
    }
}

/// A body for an operation: the first line is the `X-Amz-Target`. What is read is written, and read as the same.
pub fn wire_request(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == b'\n');
    let target = std::str::from_utf8(parts.next().unwrap_or_default()).unwrap_or_default();
    let body = parts.next().unwrap_or_default();
    let operation = Operation::from_target(target).unwrap_or(Operation::ListFindings);
    match decode(operation, body) {
        Err(error) => assert!((400..500).contains(&error.status()) && !error.encode().is_empty(), "{error}"),
        Ok(request) if operation.input().is_none() => assert_eq!(request.operation(), operation),
        Ok(request) => {
            let written = serde_json::to_vec(&request).expect("a request is texts and numbers");
            assert_eq!(decode(operation, &written), Ok(request));
        }
    }
}

/// A request as HTTP/1.1 writes it: a request line, headers, an empty line, a body. No key signs what the fuzzer makes.
pub fn wire_sigv4(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == b'\n');
    let first = String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let mut rest = parts.next().unwrap_or_default();
    let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, after) = rest.split_at(end);
        rest = after.get(1..).unwrap_or_default();
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { break };
        let (name, value) = line.split_at(colon);
        headers.push((String::from_utf8_lossy(name).into_owned(), value.get(1..).unwrap_or_default().to_vec()));
    }
    let mut words = first.split(' ');
    let (method, address) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let headers: Vec<(&str, &[u8])> = headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
    let request = SignedRequest { method, path, query, headers: &headers, body: rest };
    let now: Timestamp = "2026-11-24T00:00:00Z".parse().expect("a time");
    let Ok(claim) = Claim::read(&request, &Policy::default(), now) else { return };
    assert!(!claim.access_key_id().is_empty());
    assert!(claim.verify(&request, "no caller knows this key", &Policy::default()).is_err());
}

/// A page token; and a position in one, which comes back.
pub fn wire_token(data: &[u8]) {
    let key = TokenKey::new(&[7; 32]);
    let realm = Realm::local();
    let with = |token: Option<String>| Request::from(ListFindingsRequest { next_token: token, ..Default::default() });
    let forged = with(Some(String::from_utf8_lossy(data).into_owned()));
    assert!(key.open(&realm, &forged).is_err(), "a forged token was accepted");
    if let Ok(token) = key.seal(&realm, &with(None), data) {
        assert!(token.len() <= 300);
        assert_eq!(key.open(&realm, &with(Some(token))), Ok(Some(data.to_vec())));
    }
}
