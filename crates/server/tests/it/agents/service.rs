//! A listener on a free port, and clients of it.

use std::sync::Arc;

use assay_link::{AgentFacts, AgentHealth, AgentHealthCode, Enrol, Issued, Message, Poll, Refusal, RefusalCode, route};
use assay_model::Timestamp;
use assay_server::agents::{Authority, CERTIFICATE_LIFETIME, Desk, ListenerOptions, serve};
use camino::Utf8Path;
use rcgen::{CertificateParams, KeyPair};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::desk::MemoryDesk;

pub(crate) struct Service<D = MemoryDesk> {
    pub(crate) desk: Arc<D>,
    pub(crate) address: std::net::SocketAddr,
    pub(crate) authority: String,
    over: watch::Sender<bool>,
    task: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Service {
    pub(crate) async fn start(tokens: &[&str]) -> Service {
        Service::with(Arc::new(MemoryDesk::with_tokens(tokens)), watch::channel(false).0).await
    }
}

impl<D: Desk> Service<D> {
    /// A listener before a desk; `over` is told when it ends.
    pub(crate) async fn with(desk: Arc<D>, over: watch::Sender<bool>) -> Service<D> {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap();
        let authority = Authority::open(&path.join("ca"), CERTIFICATE_LIFETIME, Timestamp::now()).unwrap();
        let pem = authority.pem().to_owned();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let is_over = over.subscribe();
        let options = ListenerOptions::new(vec!["127.0.0.1".into()]);
        let serving = serve(listener, desk.clone(), Arc::new(authority), options, is_over);
        let task = tokio::spawn(async { serving.await.unwrap() });
        Service { desk, address, authority: pem, over, task, _folder: folder }
    }

    /// Ends; what is being answered is finished.
    pub(crate) async fn stop(self) {
        self.over.send(true).unwrap();
        self.task.await.unwrap();
    }

    pub(crate) fn anonymous(&self) -> Client {
        self.client(None)
    }

    /// A client that shows the certificate and key of a PEM file.
    pub(crate) fn client(&self, identity: Option<&str>) -> Client {
        let authority = reqwest::Certificate::from_pem(self.authority.as_bytes()).unwrap();
        let mut builder = reqwest::Client::builder().no_proxy().tls_certs_only([authority]);
        if let Some(pem) = identity {
            builder = builder.identity(reqwest::Identity::from_pem(pem.as_bytes()).unwrap());
        }
        Client { http: builder.build().unwrap(), base: format!("https://{}", self.address) }
    }

    pub(crate) async fn enrol(&self, token: &str, agent: &str) -> Result<(Issued, String), Refusal> {
        let key = KeyPair::generate().unwrap();
        let request = CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
        let enrol = Enrol { token: token.into(), request, facts: facts(agent) };
        let issued: Issued = self.anonymous().send(route::ENROL, &enrol).await?;
        let identity = format!("{}{}", key.serialize_pem(), issued.chain);
        Ok((issued, identity))
    }
}

pub(crate) struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
}

impl Client {
    pub(crate) async fn send<Q: Message, A: Message>(&self, route: &str, message: &Q) -> Result<A, Refusal> {
        let (_, bytes) = self.post(route, None, message.encode().unwrap()).await.unwrap();
        A::decode(&bytes).map_err(|_| Refusal::decode(&bytes).unwrap())
    }

    /// The status and the body.
    pub(crate) async fn post(
        &self,
        route: &str,
        head: Option<&[u8]>,
        body: Vec<u8>,
    ) -> Result<(u16, Vec<u8>), reqwest::Error> {
        let mut request = self.http.post(format!("{}{route}", self.base)).body(body);
        if let Some(head) = head {
            request = request.header(route::CHUNK_HEADER, head);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        Ok((status, response.bytes().await?.to_vec()))
    }

    pub(crate) async fn refusal(&self, route: &str, head: Option<&[u8]>, body: Vec<u8>) -> (u16, RefusalCode) {
        let (status, bytes) = self.post(route, head, body).await.unwrap();
        (status, Refusal::decode(&bytes).unwrap().code)
    }
}

pub(crate) fn facts(agent: &str) -> AgentFacts {
    AgentFacts {
        agent: agent.parse().unwrap(),
        version: "0.1.0.0".into(),
        operating_system: "Debian GNU/Linux 13 (trixie)".into(),
        kernel: "6.12.0".into(),
        hostname: "web-1".into(),
        ipv4: None,
        tags: [].into(),
        cloud: None,
    }
}

pub(crate) fn poll(agent: &str, wait_seconds: u32) -> Poll {
    Poll {
        facts: facts(agent),
        health: AgentHealth::Healthy,
        code: AgentHealthCode::Idle,
        detail: None,
        running: None,
        wait_seconds,
    }
}
