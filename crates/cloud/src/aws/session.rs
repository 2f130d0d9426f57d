//! A session: credentials, and the calls that are signed with them.

use std::time::{Duration, SystemTime};

use aws_config::BehaviorVersion;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use jiff::Timestamp;
use reqwest::{Client, Url, redirect};
use serde_json::{Map, Value};
use tokio::sync::Mutex;

use super::connector::Connector;
use super::error::{AskError, CloudError};
use super::patience::Patience;
use crate::answer::{read_json, read_xml};
use crate::calls::{Protocol, Service};
use crate::failure::read_failure;
use crate::request::{Request, request};

/// The largest answer that is read: a page holds at most 1000 objects.
const MAX_BYTES: usize = 256 << 20;

/// Credentials that end sooner than this are asked for again.
const MARGIN: Duration = Duration::from_secs(300);

/// Whose credentials, and where the services are.
#[derive(Clone, Debug, Default)]
pub struct SessionOptions {
    /// The profile of the AWS configuration; none takes what the environment says.
    pub profile: Option<String>,
    /// Where all services are, instead of their usual endpoints.
    pub endpoint: Option<String>,
    /// How patient the calls are.
    pub patience: Patience,
}

/// Credentials, and the calls that are signed with them.
#[derive(Debug)]
pub struct Session {
    client: Client,
    provider: SharedCredentialsProvider,
    credentials: Mutex<Option<Credentials>>,
    endpoint: Option<Url>,
    region: Option<String>,
    patience: Patience,
}

impl Session {
    /// Finds credentials where the AWS command line finds them. They are first asked for with the first call.
    ///
    /// # Errors
    ///
    /// When there is nothing to ask for credentials, or the endpoint is no address.
    pub async fn open(options: SessionOptions) -> Result<Session, CloudError> {
        let patience = options.patience;
        let connector = Connector::new(patience.connect).map_err(CloudError::Client)?;
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(connector);
        if let Some(profile) = options.profile {
            loader = loader.profile_name(profile);
        }
        let config = loader.load().await;
        let provider = config.credentials_provider().ok_or(CloudError::NoCredentials)?;
        let endpoint = options.endpoint.or_else(|| config.endpoint_url().map(str::to_owned));
        let endpoint = endpoint.map(|text| parse_endpoint(&text).ok_or(CloudError::Endpoint(text))).transpose()?;
        let mut builder = Client::builder()
            .user_agent(concat!("assay/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(patience.connect)
            .timeout(patience.answer)
            .redirect(redirect::Policy::none())
            .referer(false);
        if endpoint.as_ref().is_some_and(is_loopback) {
            builder = builder.no_proxy();
        }
        // A machine without certificate authorities can still use an endpoint without TLS.
        if endpoint.as_ref().is_some_and(|url| url.scheme() == "http") {
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build().map_err(CloudError::Client)?;
        let region = config.region().map(ToString::to_string);
        Ok(Session { client, provider, credentials: Mutex::default(), endpoint, region, patience })
    }

    /// The region that the environment or the profile names.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Makes a call, again where that may help, and reads the answer.
    pub(crate) async fn ask(
        &self,
        region: &str,
        service: Service,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Map<String, Value>, AskError> {
        let url = self.url(service, region)?;
        let request = request(service, action, parameters);
        let mut attempts = 1;
        let body = loop {
            match self.attempt(&url, service, region, &request).await {
                Ok(body) => break body,
                Err(error) if error.is_temporary() && attempts < self.patience.attempts => {
                    let chance = Timestamp::now().subsec_nanosecond().unsigned_abs() / 1000;
                    let pause = self.patience.pause(attempts, chance);
                    tracing::debug!(action, region, attempts, error = error.in_full(), "tried again in {pause:?}");
                    tokio::time::sleep(pause).await;
                    attempts += 1;
                }
                Err(error) => return Err(error),
            }
        };
        Ok(match service.protocol() {
            Protocol::Query { .. } => read_xml(service, action, &body)?,
            Protocol::Json { .. } => read_json(&body)?,
        })
    }

    /// Checks that a region may be asked for. Its name becomes a part of a host's name, and of a path.
    ///
    /// # Errors
    ///
    /// When no region has such a name.
    pub fn check_region(&self, region: &str) -> Result<(), CloudError> {
        self.url(Service::Ec2, region).map(|_| ())
    }

    fn url(&self, service: Service, region: &str) -> Result<Url, CloudError> {
        let is_region = region.contains('-')
            && region.len() < 40
            && region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let refused = || CloudError::Region(region.to_owned());
        if !is_region {
            return Err(refused());
        }
        if let Some(endpoint) = &self.endpoint {
            return Ok(endpoint.clone());
        }
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        format!("https://{}.{region}.{suffix}/", service.endpoint_prefix()).parse().map_err(|_| refused())
    }

    async fn attempt(&self, url: &Url, service: Service, region: &str, request: &Request) -> Result<Vec<u8>, AskError> {
        let signed = self.sign(url, service, region, request).await?;
        let mut builder = self.client.post(url.clone()).body(request.body.clone());
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        for (name, value) in &signed {
            builder = builder.header(name, value);
        }
        let host = || url.host_str().unwrap_or_default().to_owned();
        let failed = |cause: reqwest::Error| AskError::Connection { host: host(), cause: cause.without_url() };
        let mut response = builder.send().await.map_err(failed)?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(AskError::TooLarge { limit: MAX_BYTES });
            }
            body.extend_from_slice(&chunk);
        }
        if status.is_success() {
            return Ok(body);
        }
        let failure = read_failure(status.as_u16(), &body);
        Err(if failure.is_about_credentials() {
            CloudError::NotAccepted(failure).into()
        } else {
            AskError::Service(failure)
        })
    }

    /// The headers that sign a request.
    async fn sign(
        &self,
        url: &Url,
        service: Service,
        region: &str,
        request: &Request,
    ) -> Result<Vec<(String, String)>, CloudError> {
        let identity = self.credentials().await?.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(service.endpoint_prefix())
            .time(now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|cause| CloudError::Sign(cause.into()))?
            .into();
        let headers = request.headers.iter().map(|(name, value)| (*name, value.as_str()));
        let body = SignableBody::Bytes(request.body.as_bytes());
        let signable = SignableRequest::new("POST", url.as_str(), headers, body);
        let signable = signable.map_err(|cause| CloudError::Sign(cause.into()))?;
        let signed = sign(signable, &parameters).map_err(|cause| CloudError::Sign(cause.into()))?;
        let (headers, _) = signed.into_parts().0.into_parts();
        Ok(headers.iter().map(|header| (header.name().to_owned(), header.value().to_owned())).collect())
    }

    async fn credentials(&self) -> Result<Credentials, CloudError> {
        let mut kept = self.credentials.lock().await;
        let soon = now() + MARGIN;
        match kept.as_ref().filter(|credentials| credentials.expiry().is_none_or(|expiry| expiry > soon)) {
            Some(credentials) => Ok(credentials.clone()),
            None => {
                let fresh = self.provider.provide_credentials().await.map_err(CloudError::Credentials)?;
                *kept = Some(fresh.clone());
                Ok(fresh)
            }
        }
    }
}

fn now() -> SystemTime {
    let milliseconds = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds)
}

fn parse_endpoint(text: &str) -> Option<Url> {
    let url: Url = text.parse().ok()?;
    let is_plain = matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty();
    (is_plain && url.path() == "/" && url.query().is_none() && url.fragment().is_none()).then_some(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints() {
        for (text, is_taken) in [
            ("http://127.0.0.1:5000", true),
            ("https://vpce-1.ec2.eu-west-1.vpce.amazonaws.com/", true),
            ("127.0.0.1:5000", false),
            ("file:///etc", false),
            ("http://a:b@c/", false),
            ("http://a/b", false),
            ("http://a/?b", false),
        ] {
            assert_eq!(parse_endpoint(text).is_some(), is_taken, "{text}");
        }
    }
}
