//! Files as sinks: a line of JSON for each message, appended with one write.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

use assay_model::Timestamp;
use camino::{Utf8Path, Utf8PathBuf};

use super::sink::SendError;
use crate::store::{OutboxMessage, PublishStatus};

pub(super) async fn append(path: &Utf8Path, message: &OutboxMessage, now: Timestamp) -> Result<(), SendError> {
    let failed = |error: String| SendError::Failed(PublishStatus::InternalError, error);
    // Ids, ARNs and times need no escapes, and the body is JSON already.
    let OutboxMessage { id, topic, body, .. } = message;
    let line =
        format!("{{\"id\":\"{id}\",\"topicArn\":\"{topic}\",\"deliveredAt\":\"{now:.3}\",\"message\":{body}}}\n");
    let path: Utf8PathBuf = path.to_owned();
    let written = tokio::task::spawn_blocking(move || {
        let mut file = OpenOptions::new().append(true).create(true).mode(0o600).open(&path)?;
        file.write_all(line.as_bytes())
    });
    match written.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(failed(format!("the file could not be written: {error}"))),
        Err(error) => Err(failed(error.to_string())),
    }
}
