//! Enrolment: the key, the certificate and whom they are for, as one file.
//!
//! One file, so that a renewal replaces certificate and authority together or not at all. Surprising: the token is kept,
//! because it lets in the same signing request again: an agent that was off for longer than its certificate lived comes
//! back with it as long as the token is valid. Whoever can read the token here can read the key, too.

use std::fmt;

use assay_link::{AgentId, CloudIdentity};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::client::Identity;
use crate::error::AgentError;
use crate::folder::Folder;
use crate::issued::IssuedCertificate;
use crate::server::ServerAddress;

const FILE: &str = "enrolment.json";

const LIMIT: u64 = 1 << 20;

/// The key, the certificate and whom they are for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Enrolment {
    pub(crate) server: ServerAddress,
    /// The name under which this host asked.
    pub(crate) agent: AgentId,
    pub(crate) token: String,
    /// The private key as PEM.
    pub(crate) key: String,
    /// The signing request as PEM: the same text each time, since a signature made anew would differ.
    pub(crate) request: String,
    /// Tags that the operator gave.
    pub(crate) tags: BTreeMap<String, String>,
    /// What the metadata service said at enrolment.
    pub(crate) cloud: Option<CloudIdentity>,
    /// The authority to trust as PEM; absent until the server has answered.
    #[serde(default)]
    pub(crate) authority: Option<String>,
    /// Absent until the server has answered.
    #[serde(default)]
    pub(crate) certificate: Option<IssuedCertificate>,
}

impl fmt::Debug for Enrolment {
    /// Without token and key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Enrolment");
        debug.field("server", &self.server).field("agent", &self.agent).field("certificate", &self.certificate);
        debug.finish_non_exhaustive()
    }
}

impl Enrolment {
    /// A host that has not asked yet, with a new key.
    pub(crate) fn new(server: ServerAddress, agent: AgentId, token: String) -> Result<Enrolment, AgentError> {
        let key = KeyPair::generate().map_err(AgentError::Key)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, agent.as_str());
        let request = params.serialize_request(&key).and_then(|request| request.pem()).map_err(AgentError::Key)?;
        let key = key.serialize_pem();
        Ok(Enrolment {
            server,
            agent,
            token,
            key,
            request,
            tags: BTreeMap::new(),
            cloud: None,
            authority: None,
            certificate: None,
        })
    }

    /// What the folder has, be it complete or not.
    pub(crate) fn load(folder: &Folder) -> Result<Option<Enrolment>, AgentError> {
        folder.read_json(FILE, LIMIT)
    }

    pub(crate) fn save(&self, folder: &Folder) -> Result<(), AgentError> {
        folder.write_json(FILE, self)
    }

    /// Removes key and certificate.
    pub(crate) fn discard(folder: &Folder) -> Result<(), AgentError> {
        folder.remove(FILE)
    }

    /// The agent's certificate and key, and the authority to trust; none before the server has answered.
    pub(crate) fn identity(&self) -> Option<(Identity<'_>, &str)> {
        let chain = &self.certificate.as_ref()?.chain;
        Some((Identity { chain, key: &self.key }, self.authority.as_deref()?))
    }
}
