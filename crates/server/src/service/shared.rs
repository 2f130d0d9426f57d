//! What every call and every background task shares.

use std::fmt;
use std::sync::Arc;

use assay_model::Timestamp;
use assay_wire::token::TokenKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::judge::Judge;
use super::limits::Limits;
use super::signal::Signal;
use crate::store::{Store, StoreError};

/// The name of the setting that holds the key of page tokens.
const TOKEN_KEY: &str = "page-token-key";

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
    /// To be notified when the state of a run changes: agents wait for it.
    pub run_changed: Signal,
    pub(crate) tokens: TokenKey,
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
    /// The stored key of page tokens is none.
    #[error("the stored key of page tokens is damaged")]
    TokenKey,
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
        let mut fresh = [0; 32];
        aws_lc_rs::rand::fill(&mut fresh).map_err(|_| ServiceError::Random)?;
        let text = store.setting_or(TOKEN_KEY, &STANDARD.encode(fresh)).await?;
        let key = STANDARD.decode(text).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let tokens = TokenKey::new(&key.ok_or(ServiceError::TokenKey)?);
        Ok(Service { store, limits, judge, clock, run_changed: Signal::default(), tokens })
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("store", &self.store).field("limits", &self.limits).finish_non_exhaustive()
    }
}
