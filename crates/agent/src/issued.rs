//! Issued certificate: what the server's answer to an enrolment or a renewal becomes once it is checked.

use assay_link::Issued;
use assay_model::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde::{Deserialize, Serialize};

use crate::error::AgentError;

/// The agent's certificate, and when it has to be another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IssuedCertificate {
    /// The chain as PEM, the agent's own certificate first.
    pub(crate) chain: String,
    /// When it is to be renewed.
    pub(crate) renew_at: Timestamp,
    /// When it ends.
    pub(crate) not_after: Timestamp,
}

impl IssuedCertificate {
    /// Checks what can be checked without the key; whether the key fits, TLS says.
    pub(crate) fn new(issued: &Issued, now: Timestamp) -> Result<IssuedCertificate, AgentError> {
        let certificate = CertificateDer::from_pem_slice(issued.chain.as_bytes());
        let certificate = certificate.map_err(|_| AgentError::Issued("it is damaged"))?;
        let (_, parsed) =
            x509_parser::parse_x509_certificate(&certificate).map_err(|_| AgentError::Issued("it is damaged"))?;
        let name = parsed.subject().iter_common_name().next().and_then(|name| name.as_str().ok());
        if name != Some(issued.agent.as_str()) {
            return Err(AgentError::Issued("it names another agent"));
        }
        let not_after = Timestamp::from_second(parsed.validity().not_after.timestamp());
        let not_after = not_after.map_err(|_| AgentError::Issued("it ends at no time"))?;
        if not_after <= now {
            return Err(AgentError::Issued("it has ended: is the clock of this host right?"));
        }
        let renew_at = later(now, u64::from(issued.renew_after_seconds)).min(not_after);
        Ok(IssuedCertificate { chain: issued.chain.clone(), renew_at, not_after })
    }
}

/// The time some seconds later.
pub(crate) fn later(now: Timestamp, seconds: u64) -> Timestamp {
    let second = now.as_second().saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX));
    Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

    use super::*;

    fn issued(name: &str, renew_after_seconds: u32) -> Issued {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_after = date_time_ymd(2026, 1, 2);
        let chain = params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
        Issued { agent: "i-1".parse().unwrap(), chain, authority: "-".into(), renew_after_seconds }
    }

    #[test]
    fn a_certificate_is_renewed_before_it_ends() {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        for (seconds, renew_at) in [(60, "2026-01-01T00:01:00Z"), (1_000_000, "2026-01-02T00:00:00Z")] {
            let certificate = IssuedCertificate::new(&issued("i-1", seconds), now).unwrap();
            assert_eq!(certificate.renew_at.to_string(), renew_at);
            assert_eq!(certificate.not_after.to_string(), "2026-01-02T00:00:00Z");
        }
    }

    #[test]
    fn what_is_no_certificate_of_this_agent_is_refused() {
        let check = |issued: &Issued, now: &str, expected: &str| {
            let error = IssuedCertificate::new(issued, now.parse().unwrap()).unwrap_err();
            assert_eq!(error.to_string(), format!("the certificate that the server issued cannot be used: {expected}"));
        };
        let now = "2026-01-01T00:00:00Z";
        check(&issued("i-2", 1), now, "it names another agent");
        check(&issued("i-1", 1), "2026-01-02T00:00:00Z", "it has ended: is the clock of this host right?");
        for chain in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            check(&Issued { chain: chain.into(), ..issued("i-1", 1) }, now, "it is damaged");
        }
    }
}
