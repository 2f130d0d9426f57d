//! The connector: how `aws-config` asks for temporary credentials, over the HTTP client that all of Assay uses.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use reqwest::{Client, Method, redirect};

/// The largest answer with credentials.
const MAX_BYTES: usize = 1 << 20;

/// How long an answer may take where nothing else is said.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Makes the requests.
#[derive(Clone, Debug)]
pub(crate) struct Connector {
    /// For services.
    client: Client,
    /// For what this machine, or the host of this container, says itself.
    near: Client,
    timeout: Duration,
}

impl Connector {
    pub(crate) fn new(connect: Duration) -> reqwest::Result<Connector> {
        let builder = || Client::builder().connect_timeout(connect).redirect(redirect::Policy::none()).referer(false);
        Ok(Connector { client: builder().build()?, near: builder().no_proxy().build()?, timeout: TIMEOUT })
    }

    async fn ask(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let user = |cause: Box<dyn std::error::Error + Send + Sync>| ConnectorError::user(cause);
        let method: Method = request.method().parse().map_err(|cause| user(Box::new(cause)))?;
        let url: reqwest::Url = request.uri().parse().map_err(|cause| user(Box::new(cause)))?;
        let is_near = ["169.254.", "[fd00:ec2:", "127.", "[::1]", "localhost"];
        let is_near = is_near.iter().any(|begin| url.host_str().is_some_and(|host| host.starts_with(begin)));
        let client = if is_near { &self.near } else { &self.client };
        let mut sent = client.request(method, url).timeout(self.timeout);
        for (name, value) in request.headers() {
            sent = sent.header(name, value);
        }
        let body = request.body().bytes().map(<[u8]>::to_vec).unwrap_or_default();
        let mut response = sent.body(body).send().await.map_err(failed)?;
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if bytes.len() + chunk.len() > MAX_BYTES {
                return Err(ConnectorError::user("the answer is too large".into()));
            }
            bytes.extend_from_slice(&chunk);
        }
        let status = status.try_into().map_err(|cause| user(Box::new(cause)))?;
        let mut answer = HttpResponse::new(status, SdkBody::from(bytes));
        for (name, value) in response.headers() {
            if let Ok(value) = value.to_str() {
                answer.headers_mut().append(name.as_str().to_owned(), value.to_owned());
            }
        }
        Ok(answer)
    }
}

fn failed(cause: reqwest::Error) -> ConnectorError {
    if cause.is_timeout() { ConnectorError::timeout(cause.into()) } else { ConnectorError::io(cause.into()) }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().ask(request))
    }
}

impl HttpClient for Connector {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        let told = [settings.connect_timeout(), settings.read_timeout()];
        let timeout = if told == [None, None] { TIMEOUT } else { told.into_iter().flatten().sum() };
        SharedHttpConnector::new(Connector { timeout, ..self.clone() })
    }
}
