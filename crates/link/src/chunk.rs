//! Chunk: a piece of the compressed evidence of a run.
//!
//! The evidence document is compressed as one gzip stream (RFC 1952) and cut into pieces; so chunk 0 alone says what is
//! inside. The body of the request is the piece itself; what it is stands in the header [`crate::route::CHUNK_HEADER`].
//! A chunk that is sent twice is stored once: run, agent and number name it, and its digest says whether it is the same.

use std::fmt;
use std::str::FromStr;

use assay_model::arn::RunArn;
use serde::{Deserialize, Serialize};

use crate::limit;
use crate::message::{LinkError, Message};

/// Largest chunk, in bytes.
pub const MAX_CHUNK_BYTES: usize = 1 << 20;

/// Most chunks of one agent in one run: 128 MiB compressed.
pub const MAX_CHUNKS: u32 = 128;

/// Largest evidence document before compression, in bytes.
pub const MAX_EVIDENCE_BYTES: u64 = 512 << 20;

/// A SHA-256, as 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

impl Digest {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is no SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 of 64 lower-case hexadecimal digits")]
pub struct ParseDigestError;

impl TryFrom<String> for Digest {
    type Error = ParseDigestError;

    fn try_from(text: String) -> Result<Digest, ParseDigestError> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_digest = text.len() == 64 && text.bytes().all(is_digit);
        if is_digest { Ok(Digest(text)) } else { Err(ParseDigestError) }
    }
}

impl FromStr for Digest {
    type Err = ParseDigestError;

    fn from_str(text: &str) -> Result<Digest, ParseDigestError> {
        Digest::try_from(text.to_owned())
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> String {
        digest.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What the body of the request is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkHead {
    /// The run.
    pub run: RunArn,
    /// From 0; how many there are is not said before [`crate::Complete`].
    pub number: u32,
    /// Of the body.
    pub digest: Digest,
}

/// The chunk is stored and will not be lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkReceipt {
    /// Which chunk.
    pub number: u32,
}

impl Message for ChunkHead {
    const NAME: &'static str = "chunk";
    const LIMIT: usize = 2048;

    fn check(&self) -> Result<(), LinkError> {
        check_number::<ChunkHead>(self.number)
    }
}

impl Message for ChunkReceipt {
    const NAME: &'static str = "receipt";
    const LIMIT: usize = 1024;

    fn check(&self) -> Result<(), LinkError> {
        check_number::<ChunkReceipt>(self.number)
    }
}

fn check_number<M: Message>(number: u32) -> Result<(), LinkError> {
    if number >= MAX_CHUNKS {
        return Err(limit::member::<M>("number", format!("is not below the limit of {MAX_CHUNKS}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_have_one_form() {
        let good = "0123456789abcdef".repeat(4);
        assert_eq!(good.parse::<Digest>().unwrap().to_string(), good);
        for text in ["", &good.replacen('0', "", 1), &good.to_uppercase(), &format!("{good}0"), &good.replace('a', "g")]
        {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_stay_below_their_limit() {
        assert!(ChunkReceipt { number: MAX_CHUNKS - 1 }.encode().is_ok());
        let error = ChunkReceipt { number: MAX_CHUNKS }.encode().unwrap_err();
        assert_eq!(error.to_string(), "number of the receipt message is not below the limit of 128");
    }
}
