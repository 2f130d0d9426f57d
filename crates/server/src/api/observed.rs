//! What is kept of each call: a record, in the shape that CloudTrail has (reference §11.4), and counts.
//!
//! A change is recorded before its answer leaves. Calls that are too many are counted, and recorded together once a minute, so
//! that nobody can fill the store.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use assay_model::Timestamp;
use assay_wire::ApiError;
use axum::http::request::Parts;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::service::{Caller, Refused, Role, Service, record};
use crate::store::AuditEntry;

/// Larger bodies are not recorded, only their length.
const MAX_BODY_BYTES: usize = 8 << 10;
const MAX_NAME_CHARACTERS: usize = 100;

/// What became known of a call while it was answered.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) caller: Option<Caller>,
    pub(super) operation: Option<Known>,
    pub(super) body: Vec<u8>,
    /// Whether it is one of too many.
    pub(super) is_throttled: bool,
}

/// An operation, Inspector's or our own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) name: &'static str,
    /// The least role that may call it: who only looks changes nothing.
    pub(super) least: Role,
    pub(super) answer: Answer,
}

/// Whether the answer to a change is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Recorded,
    /// It may hold a secret, such as a token.
    Withheld,
}

impl Known {
    fn changes(self) -> bool {
        self.least > Role::ReadOnly
    }
}

/// A call that was answered, and is to be kept.
pub(super) struct Observed<'a> {
    pub(super) request_id: Uuid,
    pub(super) address: SocketAddr,
    pub(super) parts: &'a Parts,
    pub(super) seen: Seen,
    pub(super) took: Duration,
}

impl Observed<'_> {
    /// Counts and records the call, and gives what to answer: where a change could not be recorded, that it failed.
    pub(super) async fn conclude(
        self,
        service: &Arc<Service>,
        result: Result<Vec<u8>, ApiError>,
    ) -> Result<Vec<u8>, ApiError> {
        let operation = self.seen.operation.map_or("", |operation| operation.name);
        let outcome = result.as_ref().map_or_else(ApiError::name, |_| "success");
        service.calls.count(operation, outcome, self.took);
        let at = service.now();
        let realm = self.seen.caller.as_ref().map(|caller| &caller.realm);
        let realm = realm.map(|realm| format!("{}/{}", realm.region, realm.account)).unwrap_or_default();
        let body = self.record(at, &result);
        if self.seen.is_throttled {
            let address = || self.address.ip().to_string();
            let by = self.seen.caller.as_ref().map_or_else(address, |caller| caller.access_key_id.clone());
            service.refusals.count(Refused { by, at, realm, record: body });
            return result;
        }
        let recorded = record(service, AuditEntry { at, realm, body: body.to_string() });
        let has_changed = result.is_ok() && self.seen.operation.is_some_and(Known::changes);
        if has_changed && recorded.await.is_err() {
            return Err(ApiError::internal("the call was made, but could not be recorded"));
        }
        result
    }

    fn record(&self, at: Timestamp, result: &Result<Vec<u8>, ApiError>) -> Value {
        let Seen { caller, operation, body, .. } = &self.seen;
        let header = |name: &str| {
            let value =
                self.parts.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            value.unwrap_or_default().chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARACTERS).collect::<String>()
        };
        let named = || header("x-amz-target").split('.').next_back().unwrap_or_default().to_owned();
        let name = operation.map_or_else(named, |operation| operation.name.to_owned());
        let realm = caller.as_ref().map(|caller| &caller.realm);
        let account = realm.map(|realm| realm.account.as_str());
        let response = match result {
            Ok(answer) if operation.is_some_and(|known| known.changes() && known.answer == Answer::Recorded) => {
                bounded(answer)
            }
            _ => Value::Null,
        };
        let error = result.as_ref().err();
        json!({
            "eventVersion": "1.08",
            "userIdentity": caller.as_ref().map(identity),
            "eventTime": format!("{at:.0}"),
            "eventSource": "inspector.amazonaws.com",
            "eventName": name,
            "awsRegion": realm.map(|realm| realm.region.as_str()),
            "sourceIPAddress": self.address.ip().to_string(),
            "userAgent": caller.as_ref().map_or_else(|| header("user-agent"), |caller| caller.user_agent.clone()),
            "errorCode": error.map(ApiError::name),
            "errorMessage": error.map(ApiError::message),
            // Who is not known may have sent anything.
            "requestParameters": if caller.is_some() { bounded(body) } else { Value::Null },
            "responseElements": response,
            "requestID": self.request_id.to_string(),
            "eventID": Uuid::now_v7().to_string(),
            "readOnly": !operation.is_some_and(Known::changes),
            "eventType": "AwsApiCall",
            "apiVersion": "v20160216",
            "recipientAccountId": account,
        })
    }
}

fn identity(caller: &Caller) -> Value {
    let Caller { realm, access_key_id, .. } = caller;
    json!({
        "type": "IAMUser",
        "principalId": access_key_id,
        "arn": format!("arn:{}:iam::{}:user/{access_key_id}", realm.partition, realm.account),
        "accountId": realm.account,
        "accessKeyId": access_key_id,
        "userName": access_key_id,
    })
}

/// A body as JSON; one that is none, or is too large, is only counted.
fn bounded(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    let value = if body.len() <= MAX_BODY_BYTES { serde_json::from_slice(body).ok() } else { None };
    value.unwrap_or_else(|| json!({ "omittedBytes": body.len() }))
}
