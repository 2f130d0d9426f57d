//! Limits of single members: text without control characters, lists of a bounded length.

use crate::message::{LinkError, Message};

/// An error about a member of a message.
pub(crate) fn member<M: Message>(member: &'static str, reason: impl Into<String>) -> LinkError {
    LinkError::Member { message: M::NAME, member, reason: reason.into() }
}

/// Text that is shown on terminals and in reports: at most `limit` bytes, no control characters.
pub(crate) fn text<M: Message>(name: &'static str, text: &str, limit: usize) -> Result<(), LinkError> {
    if text.len() > limit {
        return Err(member::<M>(name, format!("has {} bytes, over the limit of {limit}", text.len())));
    }
    if text.chars().any(char::is_control) {
        return Err(member::<M>(name, "has a control character"));
    }
    Ok(())
}

/// A PEM document: at most `limit` bytes of printable ASCII and line ends.
pub(crate) fn pem<M: Message>(name: &'static str, text: &str, limit: usize) -> Result<(), LinkError> {
    if text.len() > limit {
        return Err(member::<M>(name, format!("has {} bytes, over the limit of {limit}", text.len())));
    }
    let is_pem = |byte: u8| byte == b'\n' || byte == b'\r' || (b' '..=b'~').contains(&byte);
    if text.is_empty() || !text.bytes().all(is_pem) {
        return Err(member::<M>(name, "is no PEM document"));
    }
    Ok(())
}

/// A list of at most `limit` entries.
pub(crate) fn count<M: Message>(name: &'static str, count: usize, limit: usize) -> Result<(), LinkError> {
    if count > limit {
        return Err(member::<M>(name, format!("has {count} entries, over the limit of {limit}")));
    }
    Ok(())
}
