//! Where the authority is kept: in the data folder, or in the store where several machines share it.

use std::time::Duration;

use assay_model::Timestamp;
use camino::Utf8Path;

use crate::agents::{Authority, AuthorityError};
use crate::store::{Store, StoreError};

/// The name of the setting that holds the authority's key and certificate.
const SETTING: &str = "agents-authority";

/// Why there is no authority.
#[derive(Debug, thiserror::Error)]
pub enum OpenAuthorityError {
    /// It could not be made or read.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The authority of the service, made when there is none: `DATA/agents`, or a setting of a store that is shared.
///
/// # Errors
///
/// When it can neither be read nor made.
pub async fn open_authority(
    store: &Store,
    data: &Utf8Path,
    lifetime: Duration,
    now: Timestamp,
) -> Result<Authority, OpenAuthorityError> {
    if !store.is_shared() {
        return Ok(Authority::open(&data.join("agents"), lifetime, now)?);
    }
    let text = store.setting_or(SETTING, &Authority::generate(now)?).await?;
    let authority = Authority::from_pem(&text, lifetime);
    Ok(authority.ok_or(AuthorityError::DamagedSetting { setting: SETTING })?)
}
