//! Enrolment and renewal: a token or a valid certificate, and a signing request, for a certificate.
//!
//! The private key never leaves the host: only the request (PKCS #10, RFC 2986) travels, and of it the server takes
//! nothing but the public key.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::facts::AgentFacts;
use crate::id::AgentId;
use crate::limit;
use crate::message::{LinkError, Message};

/// Largest signing request, in bytes; one of an elliptic curve key has 500.
const MAX_REQUEST_BYTES: usize = 8 << 10;

/// Largest chain of certificates, in bytes.
const MAX_CHAIN_BYTES: usize = 64 << 10;

/// Longest time that a certificate may be used before it has to be renewed: a year.
const MAX_RENEW_SECONDS: u32 = 366 * 86_400;

/// A host that wants to become an agent. Sent without a client certificate.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrol {
    /// A token made by an administrator: up to 256 bytes.
    pub token: String,
    /// A certificate signing request, as PEM.
    pub request: String,
    /// Who asks.
    pub facts: AgentFacts,
}

impl fmt::Debug for Enrol {
    /// Without the token, which is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enrol").field("request", &self.request).field("facts", &self.facts).finish_non_exhaustive()
    }
}

/// An agent that wants a fresh certificate. Sent with the old one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renew {
    /// A certificate signing request, as PEM.
    pub request: String,
}

/// The answer to both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The id that the certificate names.
    pub agent: AgentId,
    /// The certificate and what is between it and the authority, as PEM, the agent's own first.
    pub chain: String,
    /// The certificates of the authority that the agent has to trust from now on, as PEM.
    pub authority: String,
    /// After how many seconds it is to be renewed.
    pub renew_after_seconds: u32,
}

impl Message for Enrol {
    const NAME: &'static str = "enrol";
    const LIMIT: usize = 128 << 10;

    fn check(&self) -> Result<(), LinkError> {
        limit::text::<Enrol>("token", &self.token, 256)?;
        limit::pem::<Enrol>("request", &self.request, MAX_REQUEST_BYTES)?;
        self.facts.check::<Enrol>()
    }
}

impl Message for Renew {
    const NAME: &'static str = "renew";
    const LIMIT: usize = 16 << 10;

    fn check(&self) -> Result<(), LinkError> {
        limit::pem::<Renew>("request", &self.request, MAX_REQUEST_BYTES)
    }
}

impl Message for Issued {
    const NAME: &'static str = "issued";
    const LIMIT: usize = 256 << 10;

    fn check(&self) -> Result<(), LinkError> {
        limit::pem::<Issued>("chain", &self.chain, MAX_CHAIN_BYTES)?;
        limit::pem::<Issued>("authority", &self.authority, MAX_CHAIN_BYTES)?;
        if !(1..=MAX_RENEW_SECONDS).contains(&self.renew_after_seconds) {
            return Err(limit::member::<Issued>("renew_after_seconds", "is not between a second and a year"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enrol() -> Enrol {
        let facts = AgentFacts {
            agent: "i-0123456789abcdef0".parse().unwrap(),
            version: "0.1.0.0".into(),
            operating_system: "Debian GNU/Linux 13 (trixie)".into(),
            kernel: "6.12.0".into(),
            hostname: "web-1".into(),
            ipv4: Some([192, 0, 2, 1].into()),
            tags: [("Name".to_owned(), "web".to_owned())].into(),
            cloud: None,
        };
        Enrol { token: "secret-token".into(), request: "-----BEGIN\n".into(), facts }
    }

    #[test]
    fn an_enrolment_reads_back_and_hides_its_token() {
        let enrol = enrol();
        assert_eq!(Enrol::decode(&enrol.encode().unwrap()).unwrap(), enrol);
        assert!(!format!("{enrol:?}").contains("secret-token"));
    }

    #[test]
    fn members_over_their_limit_are_refused() {
        type Change = fn(&mut Enrol);
        let cases: [(Change, &str); 6] = [
            (|it| it.token = "t".repeat(257), "token of the enrol message has 257 bytes, over the limit of 256"),
            (|it| it.request = "é".into(), "request of the enrol message is no PEM document"),
            (|it| it.request.clear(), "request of the enrol message is no PEM document"),
            (|it| it.facts.hostname = "a\u{1b}[2J".into(), "hostname of the enrol message has a control character"),
            (
                |it| it.facts.tags = (0..51).map(|n| (n.to_string(), String::new())).collect(),
                "tags of the enrol message has 51 entries, over the limit of 50",
            ),
            (
                |it| it.facts.kernel = "k".repeat(129),
                "kernel of the enrol message has 129 bytes, over the limit of 128",
            ),
        ];
        for (change, expected) in cases {
            let mut changed = enrol();
            change(&mut changed);
            assert_eq!(changed.encode().unwrap_err().to_string(), expected);
        }
    }
}
