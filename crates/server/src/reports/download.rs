//! Addresses that let whoever has them download one thing for a while, as presigned addresses of S3 do: no key of the API is
//! needed, and nothing is kept of them. The signature is an HMAC over path and end, by a key that all processes share.

use std::fmt;

use assay_model::Timestamp;
use aws_lc_rs::hmac;

/// How long an address is good for, in seconds.
const LIFETIME: i64 = 3600;

/// The key that addresses are signed with.
pub struct DownloadKey(hmac::Key);

/// Why an address is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It was good once.
    Expired,
    /// Nobody here made it.
    NotSigned,
}

impl DownloadKey {
    /// A key out of 32 random bytes.
    pub fn new(secret: &[u8; 32]) -> DownloadKey {
        DownloadKey(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// A path with the query that lets it pass from now on for an hour.
    pub(crate) fn sign(&self, path: &str, now: Timestamp) -> String {
        let expires = now.as_second().saturating_add(LIFETIME);
        let signature: String = self.tag(path, expires).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{path}?expires={expires}&signature={signature}")
    }

    /// Whether a path and its query let pass.
    pub(crate) fn verify(&self, path: &str, query: &str, now: Timestamp) -> Result<(), Refusal> {
        let (expires, signature) = parts(query).ok_or(Refusal::NotSigned)?;
        let tag = self.tag(path, expires);
        let given = bytes_of(signature).ok_or(Refusal::NotSigned)?;
        aws_lc_rs::constant_time::verify_slices_are_equal(tag.as_ref(), &given).map_err(|_| Refusal::NotSigned)?;
        if now.as_second() > expires { Err(Refusal::Expired) } else { Ok(()) }
    }

    fn tag(&self, path: &str, expires: i64) -> hmac::Tag {
        hmac::sign(&self.0, format!("download\n{expires}\n{path}").as_bytes())
    }
}

impl fmt::Debug for DownloadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DownloadKey(…)")
    }
}

/// End and signature. A query has no other form, so that one address cannot be written in two ways.
fn parts(query: &str) -> Option<(i64, &str)> {
    let (expires, signature) = query.strip_prefix("expires=")?.split_once("&signature=")?;
    let number = expires.parse::<i64>().ok().filter(|number| number.to_string() == expires)?;
    Some((number, signature))
}

fn bytes_of(hexadecimal: &str) -> Option<Vec<u8>> {
    let digits = hexadecimal.as_bytes();
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    digits.chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/reports/arn:x/FULL.pdf";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn an_address_is_good_for_an_hour_and_for_its_path() {
        let key = DownloadKey::new(&[7; 32]);
        let address = key.sign(PATH, at(1000));
        let (path, query) = address.split_once('?').unwrap();
        assert_eq!(path, PATH);
        for (second, result) in [(1000, Ok(())), (4600, Ok(())), (4601, Err(Refusal::Expired)), (0, Ok(()))] {
            assert_eq!(key.verify(PATH, query, at(second)), result, "{second}");
        }
        assert_eq!(key.verify("/reports/arn:x/FULL.html", query, at(1000)), Err(Refusal::NotSigned));
        assert_eq!(DownloadKey::new(&[8; 32]).verify(PATH, query, at(1000)), Err(Refusal::NotSigned));
        assert!(!format!("{key:?}").contains('7'));
    }

    #[test]
    fn changed_addresses_are_refused() {
        let key = DownloadKey::new(&[7; 32]);
        let address = key.sign(PATH, at(1000));
        let query = address.split_once('?').unwrap().1;
        for index in 0..query.len() {
            let mut bytes = query.as_bytes().to_vec();
            bytes[index] = if bytes[index] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(key.verify(PATH, &changed, at(1000)), Err(Refusal::NotSigned), "{changed}");
        }
        for changed in [
            String::new(),
            query.to_uppercase(),
            format!("{query}0"),
            format!("{query}&x=y"),
            format!("x=y&{query}"),
            query.replace("expires=", "expires=0"),
            query.replace("expires=", "expires=+"),
            query.get(..query.len() - 2).unwrap().to_owned(),
        ] {
            assert_eq!(key.verify(PATH, &changed, at(1000)), Err(Refusal::NotSigned), "{changed}");
        }
    }
}
