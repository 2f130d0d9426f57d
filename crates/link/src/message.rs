//! Message: JSON of a bounded size in an envelope that names the version of the link.
//!
//! The version changes only when an old reader would misunderstand a new message; members are added without it.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

/// The version of the link that this crate speaks.
pub const VERSION: u32 = 1;

/// A message that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// More bytes than the message may have.
    #[error("the {message} message has {size} bytes, over the limit of {limit}")]
    TooLarge {
        /// Which message.
        message: &'static str,
        /// Bytes received.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// No JSON of the wanted shape.
    #[error("the {message} message is malformed")]
    Malformed {
        /// Which message.
        message: &'static str,
        /// What is wrong with it.
        #[source]
        cause: serde_json::Error,
    },
    /// The other side speaks another version.
    #[error("the {message} message has version {version} of the link; this side speaks version {VERSION}")]
    Version {
        /// Which message.
        message: &'static str,
        /// Its version.
        version: u32,
    },
    /// A member is over its limit or has a value that it may not have.
    #[error("{member} of the {message} message {reason}")]
    Member {
        /// Which message.
        message: &'static str,
        /// Which member.
        member: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

/// A message of the link.
pub trait Message: Serialize + DeserializeOwned {
    /// Its name in errors.
    const NAME: &'static str;

    /// Largest envelope, in bytes.
    const LIMIT: usize;

    /// Compares the members with their limits.
    ///
    /// # Errors
    ///
    /// [`LinkError::Member`] for the first that is over its limit.
    fn check(&self) -> Result<(), LinkError>;

    /// The bytes to send.
    ///
    /// # Errors
    ///
    /// When the message is over its own limits, which the other side would refuse.
    fn encode(&self) -> Result<Vec<u8>, LinkError> {
        self.check()?;
        let bytes = serde_json::to_vec(&Envelope { version: VERSION, message: self });
        let bytes = bytes.map_err(|cause| LinkError::Malformed { message: Self::NAME, cause })?;
        check_size::<Self>(&bytes)?;
        Ok(bytes)
    }

    /// Reads bytes that the other side sent.
    ///
    /// # Errors
    ///
    /// When they are too many, of another version, malformed, or have a member that is over its limit.
    fn decode(bytes: &[u8]) -> Result<Self, LinkError> {
        check_size::<Self>(bytes)?;
        let malformed = |cause| LinkError::Malformed { message: Self::NAME, cause };
        let version = serde_json::from_slice::<Envelope<IgnoredAny>>(bytes).map_err(malformed)?.version;
        if version != VERSION {
            return Err(LinkError::Version { message: Self::NAME, version });
        }
        let message = serde_json::from_slice::<Envelope<Self>>(bytes).map_err(malformed)?.message;
        message.check()?;
        Ok(message)
    }
}

#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    version: u32,
    message: T,
}

fn check_size<M: Message>(bytes: &[u8]) -> Result<(), LinkError> {
    if bytes.len() > M::LIMIT {
        return Err(LinkError::TooLarge { message: M::NAME, size: bytes.len(), limit: M::LIMIT });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{Complete, Completion, Enrol, Instruction, LinkError, Message, Noted, Poll};

    #[test]
    fn members_that_are_not_known_are_ignored() {
        let bytes = br#"{"version":1,"from":"future","message":{"result":"missing","numbers":[3],"why":"later"}}"#;
        assert_eq!(Completion::decode(bytes).unwrap(), Completion::Missing { numbers: vec![3] });
        let bytes = br#"{"version":1,"message":{"later":[[[{}]]]}}"#;
        assert_eq!(Noted::decode(bytes).unwrap(), Noted {});
        let instruction: Instruction = serde_json::from_str(r#"{"kind":"run-command","command":"id"}"#).unwrap();
        assert_eq!(instruction, Instruction::Unknown);
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_name() {
        let large = vec![b' '; Noted::LIMIT + 1];
        let deep = format!("{{\"version\":1,\"message\":{}", "[".repeat(100_000));
        let cases: [(&[u8], &str); 6] = [
            (&large, "the noted message has 4097 bytes, over the limit of 4096"),
            (b"", "the noted message is malformed"),
            (&deep.as_bytes()[..4000], "the noted message is malformed"),
            (
                b"{\"version\":2,\"message\":[]}",
                "the noted message has version 2 of the link; this side speaks version 1",
            ),
            (b"{\"message\":{}}", "the noted message is malformed"),
            (b"\xff\x00", "the noted message is malformed"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(Noted::decode(bytes).unwrap_err().to_string(), expected);
        }
        assert!(matches!(Poll::decode(b"{\"version\":1,\"message\":{}}"), Err(LinkError::Malformed { .. })));
        assert!(matches!(Enrol::decode(b"null"), Err(LinkError::Malformed { .. })));
        assert!(matches!(Complete::decode(b"[1]"), Err(LinkError::Malformed { .. })));
    }
}
