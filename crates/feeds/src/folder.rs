//! A mirror that is a folder: the same checks as over HTTP, without the network.
//!
//! A FIFO in place of a file would let a plain open(2) wait for ever; `O_NONBLOCK` makes it return, and what is no
//! regular file is then refused.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;

use assay_model::Timestamp;
use camino::Utf8Path;
use rustix::fs::OFlags;

use crate::download::{Download, Failure, Reply, Sink, Validators};
use crate::error::FetchError;

/// Copies `from` to `to`, at most `limit` bytes.
pub(crate) fn copy(from: &Utf8Path, name: &str, to: &Utf8Path, limit: u64) -> Result<Reply, Failure> {
    let mut file = match open(from) {
        Ok(file) => file,
        Err(FetchError::Read { cause }) if is_absence(&cause) => return Ok(Reply::NotThere),
        Err(error) => return Err(error.into()),
    };
    let published_at = file.metadata().ok().and_then(|metadata| metadata.modified().ok()).and_then(as_timestamp);
    let mut sink = Sink::create(to, limit)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(cause) if cause.kind() == ErrorKind::Interrupted => continue,
            Err(cause) => return Err(FetchError::Read { cause }.into()),
        };
        sink.write(buffer.get(..count).unwrap_or_default())?;
    }
    let bytes = sink.bytes();
    Ok(Reply::Came(Download {
        path: to.to_owned(),
        name: name.to_owned(),
        origin: from.to_string(),
        digest: sink.finish()?,
        bytes,
        validators: Validators::default(),
        published_at,
    }))
}

/// Opens a regular file, and never waits for one.
pub(crate) fn open(path: &Utf8Path) -> Result<File, FetchError> {
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file =
        OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(|cause| FetchError::Read { cause })?;
    let metadata = file.metadata().map_err(|cause| FetchError::Read { cause })?;
    if metadata.is_file() { Ok(file) } else { Err(FetchError::NotAFile) }
}

fn is_absence(cause: &std::io::Error) -> bool {
    matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// The time of last change; absent before 2000, which is what tools write that make all times equal.
fn as_timestamp(time: std::time::SystemTime) -> Option<Timestamp> {
    let time = Timestamp::try_from(time).ok()?;
    (time.as_second() > 946_684_800).then_some(time)
}
