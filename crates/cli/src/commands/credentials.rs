//! Credentials: access keys in the format of an AWS credentials file.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

use anyhow::{Context as _, bail};
use assay_model::Timestamp;
use assay_server::service::{Role, random_key_id, random_secret};
use assay_server::store::{AccessKey, Account, Store};

use crate::settings::Settings;
use crate::terminal::Terminal;

/// The account that is there from the start: that of assessments made without a server.
pub const DEFAULT_ACCOUNT: &str = "000000000000";

/// A new access key, not stored yet.
///
/// # Errors
///
/// When the system has no random numbers.
pub fn new_key(account: &str, role: Role, description: &str, now: Timestamp) -> anyhow::Result<AccessKey> {
    let no_random = "the system has no random numbers";
    Ok(AccessKey {
        id: random_key_id().ok().context(no_random)?,
        account: account.to_owned(),
        role,
        secret: random_secret().ok().context(no_random)?,
        description: description.to_owned(),
        created_at: now,
        disabled_at: None,
    })
}

/// The key as a section of a credentials file.
pub fn section(profile: &str, key: &AccessKey) -> String {
    format!("[{profile}]\naws_access_key_id = {}\naws_secret_access_key = {}\n", key.id, key.secret)
}

/// Where nobody has a key yet: makes the default account and a key of an administrator, and writes `DATA/credentials`.
///
/// # Errors
///
/// When the store fails, or the file cannot be written; then no key is made.
pub async fn create_first(
    store: &Store,
    settings: &Settings,
    now: Timestamp,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let account = Account { id: DEFAULT_ACCOUNT.to_owned(), name: "default".to_owned(), created_at: now };
    store.create_account(&account).await?;
    if !store.access_keys(None).await?.is_empty() {
        return Ok(());
    }
    let key = new_key(DEFAULT_ACCOUNT, Role::Administrator, "made at the first start", now)?;
    let path = settings.data.join("credentials");
    std::fs::create_dir_all(&settings.data).with_context(|| format!("failed to make {}", settings.data))?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    let mut file = match file {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{path} is there, but no access key is in the store: move it away, or use the store it belongs to")
        }
        file => file.with_context(|| format!("failed to make {path}"))?,
    };
    file.write_all(section("assay", &key).as_bytes()).with_context(|| format!("failed to write {path}"))?;
    file.sync_all().with_context(|| format!("failed to write {path}"))?;
    store.create_access_key(&key).await?;
    terminal.hint(format_args!("made a key of an administrator: AWS_SHARED_CREDENTIALS_FILE={path} AWS_PROFILE=assay"));
    Ok(())
}
