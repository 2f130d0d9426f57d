//! Metadata service of EC2, version 2 (IMDSv2): who a cloud says that this host is, and its tags.
//!
//! Asked at one fixed address of the link and never through a proxy. Where nothing answers within a second there is no
//! such service. Surprising: instance tags are off by default, which is a 404.

use std::collections::BTreeMap;
use std::time::Duration;

use assay_link::CloudIdentity;
use reqwest::{Client, Method, Response, redirect};
use serde::Deserialize;

use crate::facts::shorten;

/// The only address at which the service is asked.
pub const METADATA_SERVICE: &str = "http://169.254.169.254";

/// For one answer.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Largest answer, in bytes.
const LIMIT: usize = 16 << 10;

/// Most tags of an instance.
const MAX_TAGS: usize = 50;

/// Where the service is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataService {
    /// At [`METADATA_SERVICE`].
    Standard,
    /// Somewhere else: only for tests.
    At(String),
    /// Nowhere.
    Off,
}

/// What the service says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instance {
    pub(crate) cloud: CloudIdentity,
    pub(crate) tags: BTreeMap<String, String>,
}

/// The instance identity document; its other members are of no interest.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IdentityDocument {
    instance_id: String,
    region: String,
    account_id: String,
    #[serde(default)]
    image_id: Option<String>,
}

impl MetadataService {
    /// Asks; nothing where there is no such service, or where it says what cannot be.
    pub(crate) async fn ask(&self) -> Option<Instance> {
        let base = match self {
            MetadataService::Standard => METADATA_SERVICE,
            MetadataService::At(base) => base,
            MetadataService::Off => return None,
        };
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).timeout(TIMEOUT);
        // No certificates are needed for plain HTTP, and reading the system's costs memory that is not given back.
        let client = client.tls_certs_only([]).build().ok()?;
        let session = Session::open(&client, base).await?;
        let document = session.get("/latest/dynamic/instance-identity/document").await?;
        let cloud = identity(&document)?;
        let mut tags = BTreeMap::new();
        let keys = session.get("/latest/meta-data/tags/instance/").await.unwrap_or_default();
        for key in String::from_utf8_lossy(&keys).lines().take(MAX_TAGS) {
            // A key that would lead to another path cannot be asked for.
            let is_plain =
                key.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'/' | b'?' | b'#' | b'%'));
            if let Some(value) = if is_plain && !key.starts_with('.') {
                session.get(&format!("/latest/meta-data/tags/instance/{key}")).await
            } else {
                None
            } {
                tags.insert(shorten(key, 512), shorten(&String::from_utf8_lossy(&value), 1024));
            }
        }
        Some(Instance { cloud, tags })
    }
}

struct Session<'a> {
    client: &'a Client,
    base: &'a str,
    token: String,
}

impl<'a> Session<'a> {
    async fn open(client: &'a Client, base: &'a str) -> Option<Session<'a>> {
        let request = client.request(Method::PUT, format!("{base}/latest/api/token"));
        let response = request.header("x-aws-ec2-metadata-token-ttl-seconds", "60").send().await.ok()?;
        let token = String::from_utf8(read(response).await?).ok()?;
        let is_header = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        is_header.then_some(Session { client, base, token })
    }

    async fn get(&self, path: &str) -> Option<Vec<u8>> {
        let request = self.client.get(format!("{}{path}", self.base));
        read(request.header("x-aws-ec2-metadata-token", &self.token).send().await.ok()?).await
    }
}

async fn read(mut response: Response) -> Option<Vec<u8>> {
    if !response.status().is_success() {
        return None;
    }
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.ok()? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LIMIT {
            return None;
        }
    }
    Some(bytes)
}

fn identity(document: &[u8]) -> Option<CloudIdentity> {
    let document: IdentityDocument = serde_json::from_slice(document).ok()?;
    let digits = document.instance_id.strip_prefix("i-")?;
    let is_instance = matches!(digits.len(), 8 | 17) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_account = document.account_id.len() == 12 && document.account_id.bytes().all(|byte| byte.is_ascii_digit());
    if !is_instance || !is_account {
        return None;
    }
    Some(CloudIdentity {
        instance: document.instance_id.parse().ok()?,
        region: shorten(&document.region, 64),
        account: document.account_id,
        image: document.image_id.map(|image| shorten(&image, 128)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_names_an_instance_or_nothing() {
        let document = |instance: &str, account: &str| {
            format!(
                r#"{{"instanceId":"{instance}","region":"eu-central-1","accountId":"{account}","imageId":"ami-1","x":[]}}"#
            )
        };
        let found = identity(document("i-0123456789abcdef0", "123456789012").as_bytes()).unwrap();
        assert_eq!((found.instance.as_str(), found.region.as_str()), ("i-0123456789abcdef0", "eu-central-1"));
        assert_eq!(found.image.as_deref(), Some("ami-1"));
        assert!(identity(document("i-01234567", "123456789012").as_bytes()).is_some());
        for (instance, account) in
            [("", "123456789012"), ("i-1", "123456789012"), ("vm-01234567", "123456789012"), ("i-01234567", "1")]
        {
            assert_eq!(identity(document(instance, account).as_bytes()), None, "{instance} {account}");
        }
        for garbage in [&b""[..], b"{}", b"<html>", b"\xff"] {
            assert_eq!(identity(garbage), None);
        }
    }
}
