//! Enrolling: makes the key, finds the server's authority by what is known of it, and gets the first certificate.
//!
//! May be repeated: the same host asks with the same key and the same request, so it does not matter whether an earlier
//! answer was lost, and a token that let the host in once lets it in again.

use std::collections::BTreeMap;
use std::sync::Arc;

use assay_link::{AgentId, Enrol, Issued, route};
use assay_model::Timestamp;

use crate::client::{ANSWER_TIMEOUT, Client, LinkFailure, provider};
use crate::enrolment::Enrolment;
use crate::error::AgentError;
use crate::facts::{self, Told};
use crate::folder::Folder;
use crate::issued::IssuedCertificate;
use crate::metadata_service::MetadataService;
use crate::pin::{self, Pin, ShownAuthority};
use crate::proxy::ProxySettings;
use crate::server::ServerAddress;
use crate::state::State;

/// How to enrol.
#[derive(Clone, Debug)]
pub struct EnrolOptions {
    /// The server.
    pub server: ServerAddress,
    /// A token made by an administrator.
    pub token: String,
    /// By what the server's authority is known; not needed where this host was enrolled with the same server before.
    pub pin: Option<Pin>,
    /// Tags of this host beside those of the cloud.
    pub tags: BTreeMap<String, String>,
    /// Where a cloud says who this host is.
    pub metadata: MetadataService,
    /// The proxy on the way to the server.
    pub proxy: ProxySettings,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Who this host is to the server.
    pub agent: AgentId,
    /// The fingerprints of the authority's certificates, which are trusted from now on.
    pub authority: Vec<String>,
    /// When the first certificate ends; the daemon renews it long before.
    pub certificate_ends: Timestamp,
}

/// Enrols this host.
///
/// # Errors
///
/// When a daemon runs, the folder cannot be written, the server is not the one that was expected, or it refuses.
pub async fn enroll(folder: &Folder, options: EnrolOptions, now: Timestamp) -> Result<Enrolled, AgentError> {
    folder.create()?;
    let _lock = folder.lock()?;
    let EnrolOptions { server, token, pin, tags, metadata, proxy } = options;
    let instance = metadata.ask().await;
    let (cloud, cloud_tags) = instance.map(|instance| (instance.cloud, instance.tags)).unzip();
    let agent = match &cloud {
        Some(cloud) => cloud.instance.clone(),
        None => facts::own_id()?,
    };
    let mut enrolment = match Enrolment::load(folder)? {
        Some(earlier) if earlier.server == server && earlier.agent == agent => Enrolment { token, ..earlier },
        _ => Enrolment::new(server.clone(), agent, token)?,
    };
    enrolment.tags = tags.clone();
    enrolment.cloud = cloud;
    // Before the first contact, so that a repetition has the same key.
    enrolment.save(folder)?;

    let mut told = Told { tags: cloud_tags.unwrap_or_default(), cloud: enrolment.cloud.clone() };
    told.tags.extend(tags);
    let pin = pin.or_else(|| enrolment.authority.clone().map(Pin::Authority)).ok_or_else(unknown_authority)?;
    let (client, shown) = match &pin {
        Pin::Authority(pem) => (Client::trusting(&server, pem, &proxy)?, None),
        Pin::Fingerprint(wanted) => shown_authority(&server, Some(wanted.clone()), &proxy)?,
        Pin::FirstUse => shown_authority(&server, None, &proxy)?,
    };
    let issued = ask(&client, &enrolment, &told).await?;
    let known = match (&pin, shown.and_then(|shown| shown.seen())) {
        (_, Some(seen)) => vec![seen],
        (Pin::Authority(pem), None) => pin::fingerprints(pem),
        (Pin::Fingerprint(_) | Pin::FirstUse, None) => Vec::new(),
    };
    let authority = pin::fingerprints(&issued.authority);
    if !authority.iter().any(|fingerprint| known.contains(fingerprint)) {
        return Err(AgentError::Issued("it comes from another authority than the server's own certificate"));
    }
    let enrolment = accept(enrolment, issued, &proxy, now)?;
    enrolment.save(folder)?;
    State::discard(folder)?;
    let certificate_ends = enrolment.certificate.as_ref().map_or(now, |certificate| certificate.not_after);
    Ok(Enrolled { agent: enrolment.agent, authority, certificate_ends })
}

fn shown_authority(
    server: &ServerAddress,
    wanted: Option<String>,
    proxy: &ProxySettings,
) -> Result<(Client, Option<Arc<ShownAuthority>>), AgentError> {
    let verifier = Arc::new(ShownAuthority::new(wanted, provider()));
    let client = Client::anonymous(server, verifier.clone(), proxy)?;
    Ok((client, Some(verifier)))
}

/// Asks for a certificate with the token.
pub(crate) async fn ask(client: &Client, enrolment: &Enrolment, told: &Told) -> Result<Issued, AgentError> {
    let facts = facts::collect(&enrolment.agent, told)?;
    let enrol = Enrol { token: enrolment.token.clone(), request: enrolment.request.clone(), facts };
    let issued = client.send(route::ENROL, &enrol, ANSWER_TIMEOUT).await;
    issued.map_err(|failure| failed(&enrolment.server, failure))
}

/// The enrolment with what the server issued, once a client can be made of it.
pub(crate) fn accept(
    enrolment: Enrolment,
    issued: Issued,
    proxy: &ProxySettings,
    now: Timestamp,
) -> Result<Enrolment, AgentError> {
    if issued.agent != enrolment.agent {
        return Err(AgentError::Issued("it names another agent"));
    }
    let certificate = IssuedCertificate::new(&issued, now)?;
    let enrolment = Enrolment { authority: Some(issued.authority), certificate: Some(certificate), ..enrolment };
    identified(&enrolment, proxy)?;
    Ok(enrolment)
}

/// A client that shows the agent's certificate.
pub(crate) fn identified(enrolment: &Enrolment, proxy: &ProxySettings) -> Result<Client, AgentError> {
    let (identity, authority) = enrolment.identity().ok_or(AgentError::NotEnrolled)?;
    Client::identified(&enrolment.server, authority, identity, proxy)
}

/// The error of a failure to get an answer.
pub(crate) fn failed(server: &ServerAddress, failure: LinkFailure) -> AgentError {
    match failure {
        LinkFailure::Refused(refusal) => AgentError::Refused(refusal),
        cause => AgentError::Link { server: server.to_string(), cause },
    }
}

fn unknown_authority() -> AgentError {
    let text =
        "the server's authority is not known: give its fingerprint or its certificate, or ask for trust on first use";
    AgentError::Pin(text.to_owned())
}
