//! Client: sends messages of the link over HTTPS and reads the answers, with limits of time and bytes.
//!
//! Follows no redirect: the server has one address, and only its authority is trusted.

use std::sync::Arc;
use std::time::Duration;

use assay_link::{ChunkHead, ChunkReceipt, LinkError, Message, Refusal, RefusalCode, route};
use reqwest::redirect;
use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::AgentError;
use crate::pin;
use crate::proxy::ProxySettings;
use crate::server::ServerAddress;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// How long an answer may take that the server does not hold back.
pub(crate) const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// How long the answer to a chunk may take: a megabyte over a slow line.
const CHUNK_TIMEOUT: Duration = Duration::from_secs(300);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum LinkFailure {
    /// No connection, or it broke.
    #[error("no connection")]
    Connection(#[source] reqwest::Error),
    /// It took too long.
    #[error("no answer within {} s", .0.as_secs())]
    TooSlow(Duration),
    /// The server refused.
    #[error("refused: {}", .0.reason)]
    Refused(Refusal),
    /// What came is no answer: perhaps another program answers at this address.
    #[error("status {status} with what is no answer")]
    Garbage {
        /// HTTP status.
        status: u16,
        /// What is wrong with it.
        #[source]
        cause: LinkError,
    },
    /// The message cannot be sent: a defect of this program.
    #[error("a message over its own limits")]
    Unsendable(#[source] LinkError),
}

impl LinkFailure {
    /// The server's reason, where it refused.
    pub(crate) fn code(&self) -> Option<RefusalCode> {
        match self {
            LinkFailure::Refused(refusal) => Some(refusal.code),
            _ => None,
        }
    }

    /// Every cause, for a line of the log.
    pub(crate) fn in_full(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text
    }
}

/// The agent's own certificate chain and key, as PEM.
#[derive(Clone, Copy)]
pub(crate) struct Identity<'a> {
    pub(crate) chain: &'a str,
    pub(crate) key: &'a str,
}

/// Sends messages to one server.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    server: ServerAddress,
}

impl Client {
    /// A client that verifies the server as `verifier` does and shows no certificate.
    pub(crate) fn anonymous(
        server: &ServerAddress,
        verifier: Arc<dyn ServerCertVerifier>,
        proxy: &ProxySettings,
    ) -> Result<Client, AgentError> {
        let config = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
        let config = config.map_err(setup)?.dangerous().with_custom_certificate_verifier(verifier);
        Client::with(server, config.with_no_client_auth(), proxy)
    }

    /// A client that trusts an authority (PEM) and shows no certificate.
    pub(crate) fn trusting(
        server: &ServerAddress,
        authority: &str,
        proxy: &ProxySettings,
    ) -> Result<Client, AgentError> {
        Client::with(server, trusting(authority)?.with_no_client_auth(), proxy)
    }

    /// A client that trusts an authority (PEM) and shows the agent's certificate.
    pub(crate) fn identified(
        server: &ServerAddress,
        authority: &str,
        identity: Identity<'_>,
        proxy: &ProxySettings,
    ) -> Result<Client, AgentError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(identity.chain.as_bytes()).collect();
        let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).map_err(setup)?;
        // Fails where key and certificate do not belong together.
        let config = trusting(authority)?.with_client_auth_cert(chain.map_err(setup)?, key).map_err(setup)?;
        Client::with(server, config, proxy)
    }

    fn with(server: &ServerAddress, mut config: ClientConfig, proxy: &ProxySettings) -> Result<Client, AgentError> {
        config.resumption = Resumption::disabled();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("assay-agent/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(1)
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .tls_backend_preconfigured(config);
        if let Some(proxy) = proxy.to_proxy()? {
            builder = builder.proxy(proxy);
        }
        let http = builder.build().map_err(setup)?;
        Ok(Client { http, server: server.clone() })
    }

    /// Sends a message and reads the answer, which may take `timeout`.
    pub(crate) async fn send<Q: Message, A: Message>(
        &self,
        route: &str,
        message: &Q,
        timeout: Duration,
    ) -> Result<A, LinkFailure> {
        let body = message.encode().map_err(LinkFailure::Unsendable)?;
        let request = self.post(route).header(reqwest::header::CONTENT_TYPE, "application/json").body(body);
        answer(request, timeout).await
    }

    /// Sends a chunk.
    pub(crate) async fn send_chunk(&self, head: &ChunkHead, bytes: Vec<u8>) -> Result<ChunkReceipt, LinkFailure> {
        let head = head.encode().map_err(LinkFailure::Unsendable)?;
        let request = self.post(route::CHUNK).header(route::CHUNK_HEADER, head).body(bytes);
        answer(request, CHUNK_TIMEOUT).await
    }

    fn post(&self, route: &str) -> reqwest::RequestBuilder {
        self.http.post(format!("{}{route}", self.server))
    }
}

async fn answer<A: Message>(request: reqwest::RequestBuilder, timeout: Duration) -> Result<A, LinkFailure> {
    let receiving = async {
        let response = request.send().await.map_err(|cause| LinkFailure::Connection(cause.without_url()))?;
        let status = response.status();
        if status.is_success() {
            let bytes = read::<A>(response).await?;
            return A::decode(&bytes).map_err(|cause| LinkFailure::Garbage { status: status.as_u16(), cause });
        }
        let bytes = read::<Refusal>(response).await?;
        match Refusal::decode(&bytes) {
            Ok(refusal) => Err(LinkFailure::Refused(refusal)),
            Err(cause) => Err(LinkFailure::Garbage { status: status.as_u16(), cause }),
        }
    };
    tokio::time::timeout(timeout, receiving).await.unwrap_or(Err(LinkFailure::TooSlow(timeout)))
}

/// The body, up to one byte more than the message may have: that one makes it too large.
async fn read<M: Message>(mut response: reqwest::Response) -> Result<Vec<u8>, LinkFailure> {
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|cause| LinkFailure::Connection(cause.without_url()))? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > M::LIMIT {
            bytes.truncate(M::LIMIT + 1);
            break;
        }
    }
    Ok(bytes)
}

fn trusting(
    authority: &str,
) -> Result<rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert>, AgentError> {
    let roots = pin::read_roots(authority).ok_or(AgentError::Issued("the authority's certificate is damaged"))?;
    let config = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
    Ok(config.map_err(setup)?.with_root_certificates(roots))
}

pub(crate) fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

fn setup(cause: impl std::error::Error + Send + Sync + 'static) -> AgentError {
    AgentError::Setup(Box::new(cause))
}
