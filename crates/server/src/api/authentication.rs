//! Authentication: who signed a request.

use std::net::IpAddr;
use std::sync::Mutex;
use std::sync::PoisonError;

use assay_model::Timestamp;
use assay_model::arn::{Realm, TargetArn};
use assay_model::region::Region;
use assay_wire::sigv4::{Claim, Policy, ReplayGuard, SignedRequest};
use assay_wire::{ApiError, ProtocolErrorKind};

use super::failure::internal;
use crate::service::{Caller, Service};

/// Signatures that are remembered: a replay within their time is refused.
const REMEMBERED_SIGNATURES: usize = 200_000;

/// Longest name of a client that is kept, in characters.
const MAX_USER_AGENT_CHARACTERS: usize = 300;

/// How signatures are verified.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuthenticationOptions {
    /// What is accepted.
    pub policy: Policy,
}

/// Verifies signatures, and remembers them against replays.
#[derive(Debug)]
pub struct Authentication {
    policy: Policy,
    guard: Mutex<ReplayGuard>,
}

impl Authentication {
    /// With nothing remembered yet.
    pub fn new(options: AuthenticationOptions) -> Authentication {
        let policy = options.policy;
        let guard = Mutex::new(ReplayGuard::new(REMEMBERED_SIGNATURES, policy.skew_seconds));
        Authentication { policy, guard }
    }

    /// The caller that signed a request.
    ///
    /// # Errors
    ///
    /// The protocol's own (reference §4); `InternalException` when the store fails.
    pub(crate) async fn verify(
        &self,
        service: &Service,
        request: &SignedRequest<'_>,
        source_address: IpAddr,
        now: Timestamp,
    ) -> Result<Caller, ApiError> {
        let claim = Claim::read(request, &self.policy, now)?;
        let key = service.store.access_key(claim.access_key_id()).await.map_err(|error| internal(&error))?;
        let Some(key) = key.filter(|key| key.disabled_at.is_none()) else { return Err(claim.unrecognized()) };
        let verified = claim.verify(request, &key.secret, &self.policy)?;
        self.guard.lock().unwrap_or_else(PoisonError::into_inner).admit(&verified, now)?;
        let realm = realm(&verified.region, key.account)?;
        let user_agent = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("user-agent"));
        let user_agent = user_agent.map(|(_, value)| String::from_utf8_lossy(value)).unwrap_or_default();
        Ok(Caller {
            realm,
            access_key_id: key.id,
            role: key.role,
            source_address,
            user_agent: user_agent.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT_CHARACTERS).collect(),
        })
    }
}

/// Any region is accepted that can stand in an ARN.
fn realm(region: &str, account: String) -> Result<Realm, ApiError> {
    let partition = match Region::find(region) {
        Some(known) => known.partition,
        None if region.starts_with("us-gov-") => "aws-us-gov",
        None => "aws",
    };
    let probe = format!("arn:{partition}:inspector:{region}:{account}:target/0-00000000");
    if probe.parse::<TargetArn>().is_err() {
        let message = "the region of the credential's scope cannot be the name of a region";
        return Err(ApiError::protocol(ProtocolErrorKind::IncompleteSignature, message));
    }
    Ok(Realm { partition: partition.to_owned(), region: region.to_owned(), account })
}
