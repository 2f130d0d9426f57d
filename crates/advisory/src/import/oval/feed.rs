//! Reads one document of OVAL and reports its definitions.

use std::io::Read;

use super::{parser, report};
use crate::entry::EntrySink;
use crate::import::notice::Output;
use crate::{AdvisoryError, Limits};

pub(super) const FEED: &str = "oval";

/// Reads one unpacked document; whose it is, and which releases it is about, its definitions say.
///
/// # Errors
///
/// When it breaks off, is no OVAL, has no definition, or is over a limit.
pub fn read(reader: impl Read, limits: &Limits, sink: &mut dyn EntrySink) -> Result<(), AdvisoryError> {
    let document = parser::read_document(reader, limits)?;
    let mut output = Output::new(FEED, limits, sink);
    if document.definitions.is_empty() {
        let (place, detail) = ("the document".to_owned(), "it has no definition".to_owned());
        return Err(AdvisoryError::Malformed { feed: FEED, place, detail });
    }
    document.definitions.iter().try_for_each(|definition| report::report(&document, definition, &mut output))
}
