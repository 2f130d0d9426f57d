//! The head of a repository's Release or InRelease file: who publishes it.
//!
//! Implements the field `Origin` of the Debian repository format, of which apt keeps a copy beside its lists. Only the
//! head is looked at: the checksums that follow it are hundreds of kilobytes. Surprising: an InRelease file begins with
//! a PGP header that is shaped like a field (`Hash: SHA256`).

/// The `Origin` of a Release or InRelease file, for example `Debian`; the bytes may end anywhere after the head.
pub fn parse(bytes: &[u8]) -> Option<String> {
    for line in bytes.split(|byte| *byte == b'\n') {
        if [&b"MD5Sum:"[..], b"SHA1:", b"SHA256:", b"SHA512:"].iter().any(|sums| line.starts_with(sums)) {
            return None;
        }
        if let Some(value) = line.strip_prefix(b"Origin:") {
            let value = String::from_utf8_lossy(value.trim_ascii()).into_owned();
            return Some(value).filter(|value| !value.is_empty());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_head_counts() {
        for (bytes, origin) in [
            (
                &b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nOrigin: Debian\nLabel: Debian-Security\n"[..],
                Some("Debian"),
            ),
            (b"Suite: stable\nOrigin: Debian Backports \r\n", Some("Debian Backports")),
            (b"Suite: stable\nSHA256:\n 00 1 x\nOrigin: late\n", None),
            (b"Origin:\n", None),
            (b"Origin: caf\xe9", Some("caf\u{fffd}")),
            (b"", None),
        ] {
            assert_eq!(parse(bytes).as_deref(), origin);
        }
    }
}
