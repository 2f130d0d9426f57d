//! The name of an object: a digest, of which the first two digits choose the folder.

use std::fmt;

/// Hexadecimal digits of SHA-256.
const LENGTH: usize = 64;

/// The name of an object: 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName(String);

impl BlobName {
    /// The name, if the digest is one.
    pub fn new(digest: &str) -> Option<BlobName> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (digest.len() == LENGTH && digest.bytes().all(is_digit)).then(|| BlobName(digest.to_owned()))
    }

    /// The name of an object of a shard, by what follows the shard's two digits.
    pub(super) fn in_shard(shard: u8, rest: &str) -> Option<BlobName> {
        BlobName::new(&format!("{}{rest}", shard_name(shard)))
    }

    /// The digest.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its shard's two digits, and the rest.
    pub(super) fn parts(&self) -> (&str, &str) {
        self.0.split_at_checked(2).unwrap_or((&self.0, ""))
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The two digits that names of a shard begin with.
pub(super) fn shard_name(shard: u8) -> String {
    format!("{shard:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digests_are_names() {
        let good = "0a".repeat(32);
        let name = BlobName::new(&good).unwrap();
        assert_eq!(name.parts(), ("0a", &*"0a".repeat(31)));
        assert_eq!(BlobName::in_shard(10, &"0a".repeat(31)), Some(name));
        for wrong in
            ["", "0a", &"0A".repeat(32), &"0g".repeat(32), &"../".repeat(22), &"é".repeat(32), &"0a".repeat(33)]
        {
            assert_eq!(BlobName::new(wrong), None, "{wrong:?}");
        }
    }
}
