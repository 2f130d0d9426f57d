//! What every call and every background task shares.

use std::fmt;
use std::sync::Arc;

use assay_model::Timestamp;
use assay_wire::token::TokenKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::auditor::Auditor;
use super::judge::Judge;
use super::limits::Limits;
use super::metrics::CallMetrics;
use super::monitor::Monitor;
use super::rate::Rates;
use super::refusals::Refusals;
use crate::api::OwnTokenKey;
use crate::reports::DownloadKey;
use crate::store::{Store, StoreError};

/// The names of the settings that hold the keys of page tokens and of addresses for downloads.
const TOKEN_KEY: &str = "page-token-key";
const OWN_TOKEN_KEY: &str = "own-page-token-key";
const DOWNLOAD_KEY: &str = "download-key";

/// What every call and every background task shares.
pub struct Service {
    /// What must not be forgotten.
    pub store: Store,
    /// How many of each an account may have.
    pub limits: Limits,
    /// What judges.
    pub judge: Arc<dyn Judge>,
    /// The time.
    pub clock: fn() -> Timestamp,
    pub(crate) tokens: TokenKey,
    pub(crate) own_tokens: OwnTokenKey,
    pub(crate) downloads: DownloadKey,
    pub(crate) auditor: Auditor,
    pub(crate) calls: CallMetrics,
    pub(crate) monitor: Monitor,
    pub(crate) rates: Rates,
    pub(crate) refusals: Refusals,
}

/// Why the service could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system has no random numbers.
    #[error("the system has no random numbers")]
    Random,
    /// A stored key is none.
    #[error("the setting {name} of the store is damaged")]
    Key {
        /// The setting.
        name: &'static str,
    },
}

impl Service {
    /// A service on a store; the first one makes what the others share.
    ///
    /// # Errors
    ///
    /// When the store fails or holds something else.
    pub async fn new(
        store: Store,
        limits: Limits,
        judge: Arc<dyn Judge>,
        clock: fn() -> Timestamp,
    ) -> Result<Service, ServiceError> {
        let tokens = TokenKey::new(&shared_key(&store, TOKEN_KEY).await?);
        let own_tokens = OwnTokenKey::new(&shared_key(&store, OWN_TOKEN_KEY).await?);
        let downloads = DownloadKey::new(&shared_key(&store, DOWNLOAD_KEY).await?);
        Ok(Service {
            rates: Rates::new(&limits),
            store,
            limits,
            judge,
            clock,
            tokens,
            own_tokens,
            downloads,
            auditor: Auditor::default(),
            calls: CallMetrics::default(),
            monitor: Monitor::default(),
            refusals: Refusals::default(),
        })
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// A key of 32 random bytes, made by whoever comes first.
async fn shared_key(store: &Store, name: &'static str) -> Result<[u8; 32], ServiceError> {
    let mut fresh = [0; 32];
    aws_lc_rs::rand::fill(&mut fresh).map_err(|_| ServiceError::Random)?;
    let text = store.setting_or(name, &STANDARD.encode(fresh)).await?;
    let key = STANDARD.decode(text).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    key.ok_or(ServiceError::Key { name })
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("store", &self.store).field("limits", &self.limits).finish_non_exhaustive()
    }
}
