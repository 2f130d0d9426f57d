//! Api: the service over HTTP, and a client that signs (SigV4 written out once more, so that the server's is not its own judge).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use assay_model::Timestamp;
use assay_model::arn::Realm;
use assay_model::evidence::request::CollectionRequest;
use assay_model::rules_package::RulesPackageKind;
use assay_server::api::{ApiContext, Authentication, AuthenticationOptions, router};
use assay_server::jobs::{Worker, WorkerOptions};
use assay_server::reports;
use assay_server::service::{Judge, Judgement, Limits, Role, RulesPackageAbout, Service, Subject};
use assay_server::store::{AccessKey, Account, Store};
use aws_lc_rs::hmac;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// A running service; it ends with this.
pub(crate) struct Api {
    pub(crate) service: Arc<Service>,
    pub(crate) address: SocketAddr,
    http: reqwest::Client,
    _stop: watch::Sender<bool>,
}

/// An answer: its status, and its body as JSON (null where it is empty).
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// Knows no rules.
struct NoJudge;

impl Judge for NoJudge {
    fn request_for(&self, _: &[RulesPackageKind]) -> CollectionRequest {
        CollectionRequest::default()
    }

    fn about(&self, package: RulesPackageKind) -> RulesPackageAbout {
        let rules = (package == RulesPackageKind::BestPractices).then_some(9);
        RulesPackageAbout { version: "1.0".to_owned(), description: format!("About {package}."), rules }
    }

    fn judge(&self, _: &Subject<'_>) -> Judgement {
        Err("this judge knows no rules".to_owned())
    }
}

/// Serves a store by a clock.
pub(crate) async fn serve(store: Store, clock: fn() -> Timestamp) -> Api {
    serve_within(store, Limits::default(), clock).await
}

/// Serves a store within limits.
pub(crate) async fn serve_within(store: Store, limits: Limits, clock: fn() -> Timestamp) -> Api {
    let service = Arc::new(Service::new(store, limits, Arc::new(NoJudge), clock).await.unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let authentication = Arc::new(Authentication::new(AuthenticationOptions::default()));
    let context = ApiContext { service: Arc::clone(&service), authentication };
    let (stop, stopped) = watch::channel(false);
    let options = WorkerOptions { poll: Duration::from_millis(20), ..WorkerOptions::default() };
    let worker = Worker::new(Arc::clone(&service), vec![reports::handler(&service)], options);
    tokio::spawn(worker.run(stopped.clone()));
    tokio::spawn(assay_server::serve(listener, None, router(context), stopped));
    Api { service, address, http: reqwest::Client::new(), _stop: stop }
}

impl Api {
    /// A client of an account in a region.
    pub(crate) async fn client(&self, realm: &Realm, role: Role) -> Client<'_> {
        let account = Account { id: realm.account.clone(), name: "test".to_owned(), created_at: self.service.now() };
        // There already, when the account has another client.
        drop(self.service.store.create_account(&account).await);
        let key = AccessKey {
            id: assay_server::service::random_key_id().unwrap(),
            account: realm.account.clone(),
            role,
            secret: "not a secret at all".to_owned(),
            description: String::new(),
            created_at: self.service.now(),
            disabled_at: None,
        };
        self.service.store.create_access_key(&key).await.unwrap();
        Client { api: self, region: realm.region.clone(), key }
    }

    /// What an address answers to a browser: status, type, bytes.
    pub(crate) async fn get(&self, path_and_query: &str) -> (u16, String, Vec<u8>) {
        let response = self.http.get(format!("http://{}{path_and_query}", self.address)).send().await.unwrap();
        let status = response.status().as_u16();
        let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
        (status, content_type, response.bytes().await.unwrap().to_vec())
    }
}

/// A caller with a key.
pub(crate) struct Client<'a> {
    api: &'a Api,
    region: String,
    key: AccessKey,
}

impl Client<'_> {
    /// One who knows the key, but not its secret.
    pub(crate) fn forger(mut self) -> Self {
        self.key.secret = "not the secret".to_owned();
        self
    }

    /// The name of the key.
    pub(crate) fn key_id(&self) -> &str {
        &self.key.id
    }

    /// Calls an operation of Inspector's.
    pub(crate) async fn call(&self, operation: &str, body: Value) -> Answer {
        self.send(&format!("InspectorService.{operation}"), &body).await
    }

    /// Calls an operation of Inspector's that has to succeed.
    pub(crate) async fn ask(&self, operation: &str, body: Value) -> Value {
        let answer = self.call(operation, body).await;
        assert_eq!(answer.status, 200, "{operation}: {}", answer.body);
        answer.body
    }

    /// Calls the operation that a header names.
    pub(crate) async fn send(&self, target: &str, body: &Value) -> Answer {
        let body = body.to_string();
        let host = self.api.address.to_string();
        let now = self.api.service.now();
        let (date, time) = (now.strftime("%Y%m%d").to_string(), now.strftime("%Y%m%dT%H%M%SZ").to_string());
        let content_type = "application/x-amz-json-1.1";
        // Two equal requests in one second would look like a replay.
        let nonce = uuid::Uuid::now_v7().to_string();
        let names = "content-type;host;x-amz-date;x-amz-target;x-nonce";
        let canonical = format!(
            "POST\n/\n\ncontent-type:{content_type}\nhost:{host}\nx-amz-date:{time}\nx-amz-target:{target}\nx-nonce:{nonce}\n\n{names}\n{}",
            hex(&Sha256::digest(&body))
        );
        let scope = format!("{date}/{}/inspector/aws4_request", self.region);
        let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(&canonical)));
        let mut secret = format!("AWS4{}", self.key.secret).into_bytes();
        for part in scope.split('/').chain([to_sign.as_str()]) {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
            secret = hmac::sign(&key, part.as_bytes()).as_ref().to_vec();
        }
        let credential = format!("{}/{scope}", self.key.id);
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={}", hex(&secret));
        let request = self.api.http.post(format!("http://{host}/")).header("content-type", content_type);
        let request = request.header("x-amz-date", time).header("x-amz-target", target).header("x-nonce", nonce);
        let response = request.header("authorization", authorization).body(body).send().await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.bytes().await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Answer { status, body }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
