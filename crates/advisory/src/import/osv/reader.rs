//! Reads records and archives of them.

use std::io::{Read, Seek};

use super::record::Record;
use super::translate::translate;
use crate::import::documents::Documents;
use crate::json::read_error;
use crate::zip::Archive;
use crate::{AdvisoryError, EntrySink, Limits};

const FEED: &str = "osv";

/// The longest id, in bytes.
const MAX_ID: usize = 128;

/// The largest record, in bytes; Ubuntu's records of kernels have a few million.
const MAX_RECORD: u64 = 64 << 20;

/// Reads unpacked JSON: one record, records one after the other, or an array of them.
///
/// # Errors
///
/// When it breaks off, has no record at all, is over a limit, or the sink fails.
pub fn read(reader: impl Read, limits: &Limits, sink: &mut dyn EntrySink) -> Result<(), AdvisoryError> {
    let mut import = Import { limits, sink, records: 0, entries: 0 };
    let mut documents = Documents::new(FEED, reader, limits);
    while let Some(document) = documents.next()? {
        import.add(document, None)?;
    }
    import.finish()
}

/// Reads a ZIP archive of JSON files of one record each, as the public database is published.
///
/// # Errors
///
/// As [`read`]; a file of the archive that is damaged is a malformed record.
pub fn read_zip(reader: impl Read + Seek, limits: &Limits, sink: &mut dyn EntrySink) -> Result<(), AdvisoryError> {
    let failed = |cause| read_error(FEED, cause);
    let (mut archive, members) = Archive::open(reader, limits).map_err(failed)?;
    let mut import = Import { limits, sink, records: 0, entries: 0 };
    let mut total = 0u64;
    for member in members.iter().filter(|member| member.name.ends_with(".json")) {
        let content = match archive.content(member, MAX_RECORD.min(limits.unpacked_bytes)) {
            Ok(content) => content,
            Err(cause) => {
                import.records += 1;
                import.sink.malformed(&member.name, &cause.to_string());
                continue;
            }
        };
        total += content.len() as u64;
        check("unpacked size in bytes", total, limits.unpacked_bytes)?;
        let mut documents = Documents::new(FEED, content.as_slice(), limits);
        loop {
            match documents.next() {
                Ok(Some(document)) => import.add(document, Some(&member.name))?,
                Ok(None) => break,
                Err(error) => {
                    import.records += 1;
                    import.sink.malformed(&member.name, &error.to_string());
                    break;
                }
            }
        }
    }
    import.finish()
}

struct Import<'a> {
    limits: &'a Limits,
    sink: &'a mut dyn EntrySink,
    records: u64,
    entries: u64,
}

impl Import<'_> {
    fn add(&mut self, document: &[u8], file: Option<&str>) -> Result<(), AdvisoryError> {
        self.records += 1;
        check("number of records", self.records, self.limits.records)?;
        let record: Record = match serde_json::from_slice(document) {
            Ok(record) => record,
            Err(cause) => {
                let place = file.map_or_else(|| format!("record {}", self.records), str::to_owned);
                self.sink.malformed(&place, &cause.to_string());
                return Ok(());
            }
        };
        if !(1..=MAX_ID).contains(&record.id.len()) || record.id.chars().any(char::is_control) {
            self.sink.malformed(&format!("record {}", self.records), &format!("{:.40?} is no id", record.id));
            return Ok(());
        }
        translate(&record, self.sink, || {
            self.entries += 1;
            check("number of entries", self.entries, self.limits.records)
        })
    }

    fn finish(self) -> Result<(), AdvisoryError> {
        if self.records > 0 {
            return Ok(());
        }
        let (place, detail) = ("the feed".to_owned(), "it has no record".to_owned());
        Err(AdvisoryError::Malformed { feed: FEED, place, detail })
    }
}

fn check(what: &'static str, count: u64, limit: u64) -> Result<(), AdvisoryError> {
    if count > limit { Err(AdvisoryError::OverLimit { feed: FEED.to_owned(), what, limit }) } else { Ok(()) }
}
