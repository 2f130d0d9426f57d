//! The key that made an OpenPGP signature, from the signature packet alone.
//!
//! Implements RFC 9580 §4.2 (packet lengths) and §5.2 (signature packets of version 3, 4 and 6). Nothing is verified:
//! rpm did that when it installed the package, by the policy it was set to. Surprising: the key's id is a property of
//! the signature that the signature itself need not cover, so it says who claims to have signed.

use std::fmt::Write;

use super::bytes::{Order, array, range};

const SIGNATURE_PACKET: u8 = 2;
const ISSUER: u8 = 16;
const ISSUER_FINGERPRINT: u8 = 33;

/// The id of the key that made a signature: 16 hexadecimal digits, lower case. `None` for what is no signature packet
/// or names no key.
pub fn key_id(signature: &[u8]) -> Option<String> {
    let id = match first_packet(signature)? {
        [3, 5, rest @ ..] => array::<8>(rest, 5)?,
        [4 | 5, _, _, _, rest @ ..] => issuer(rest, 2)?,
        [6, _, _, _, rest @ ..] => issuer(rest, 4)?,
        _ => return None,
    };
    Some(id.iter().fold(String::with_capacity(16), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// As [`key_id`], of a signature in base64 (`OPENPGP`, rpm 4.20).
pub fn key_id_of_base64(text: &[u8]) -> Option<String> {
    key_id(&decode_base64(text)?)
}

/// The content of the first packet, which must be a signature.
fn first_packet(bytes: &[u8]) -> Option<&[u8]> {
    let (&first, rest) = bytes.split_first()?;
    let is_old = first & 0xc0 == 0x80;
    let tag = if is_old { first >> 2 & 0x0f } else { first & 0x3f };
    if first & 0x80 == 0 || tag != SIGNATURE_PACKET {
        return None;
    }
    let (length, start) = match (is_old, first & 3) {
        (true, 0) => (u32::from(*rest.first()?), 1),
        (true, 1) => (u32::from(Order::Big.u16(rest, 0)?), 2),
        (true, 2) => (Order::Big.u32(rest, 0)?, 4),
        (true, _) => return Some(rest),
        (false, _) => packet_length(rest)?,
    };
    range(rest, start, length.try_into().ok()?)
}

/// The length of a packet of the new format or of a subpacket, and the bytes that it takes.
fn packet_length(bytes: &[u8]) -> Option<(u32, usize)> {
    match *bytes.first()? {
        short @ 0..192 => Some((short.into(), 1)),
        255 => Some((Order::Big.u32(bytes, 1)?, 5)),
        long => Some(((u32::from(long) - 192) * 256 + u32::from(*bytes.get(1)?) + 192, 2)),
    }
}

/// The issuer among the hashed and then the unhashed subpackets; their lengths take `width` bytes.
fn issuer(bytes: &[u8], width: usize) -> Option<[u8; 8]> {
    let area = |bytes: &'_ [u8]| -> Option<(usize, usize)> {
        let length = if width == 2 { Order::Big.u16(bytes, 0)?.into() } else { Order::Big.u32(bytes, 0)? };
        Some((width, usize::try_from(length).ok()?))
    };
    let (start, length) = area(bytes)?;
    let hashed = range(bytes, start, length)?;
    let rest = bytes.get(start + length..)?;
    let (start, length) = area(rest)?;
    let unhashed = range(rest, start, length)?;
    issuer_among(hashed).or_else(|| issuer_among(unhashed))
}

fn issuer_among(mut area: &[u8]) -> Option<[u8; 8]> {
    let mut found = None;
    while !area.is_empty() {
        let (length, start) = packet_length(area)?;
        let subpacket = range(area, start, length.try_into().ok()?)?;
        area = area.get(start + subpacket.len()..)?;
        let Some((kind, value)) = subpacket.split_first() else {
            continue;
        };
        let id = match (kind & 0x7f, value) {
            (ISSUER, id) => array::<8>(id, 0),
            // The id is the end of a fingerprint of version 4, and the beginning of later ones.
            (ISSUER_FINGERPRINT, [4, fingerprint @ ..]) => array::<8>(fingerprint, 12),
            (ISSUER_FINGERPRINT, [_, fingerprint @ ..]) => array::<8>(fingerprint, 0),
            _ => None,
        };
        found = found.or(id);
    }
    found
}

fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            let [.., byte] = (bits >> count).to_be_bytes();
            decoded.push(byte);
        }
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A packet of the old format with a length of one byte.
    fn packet(content: &[u8]) -> Vec<u8> {
        [&[0x88, u8::try_from(content.len()).unwrap()], content].concat()
    }

    const ID: [u8; 8] = [0x19, 0x9e, 0x2f, 0x91, 0xfd, 0x43, 0x1d, 0x51];
    const VERSION_4: [u8; 4] = [4, 0, 1, 8];

    #[test]
    fn each_version_names_its_key() {
        let version_3 = packet(&[&[3, 5, 0, 1, 2, 3, 4][..], &ID, &[1, 8]].concat());
        let issuer = [&[9, 16][..], &ID].concat();
        let fingerprint_4 = [&[22, 33, 4][..], &[0; 12], &ID].concat();
        let fingerprint_6 = [&[34, 33, 6][..], &ID, &[0; 24]].concat();
        let time = [5, 2, 1, 2, 3, 4];
        let hashed = [&VERSION_4[..], &[0, 16], &time, &issuer, &[0, 0, 7, 7]].concat();
        let unhashed = [&VERSION_4[..], &[0, 6], &time, &[0, 10], &issuer].concat();
        let by_fingerprint = [&VERSION_4[..], &[0, 23], &fingerprint_4, &[0, 0]].concat();
        let version_6 = [&[6, 0, 27, 8][..], &[0, 0, 0, 35], &fingerprint_6, &[0, 0, 0, 0]].concat();
        for signature in [
            version_3,
            packet(&hashed),
            packet(&unhashed),
            packet(&by_fingerprint),
            packet(&version_6),
            [&[0xc2, u8::try_from(hashed.len()).unwrap()], hashed.as_slice()].concat(),
            [&[0x89, 0, u8::try_from(hashed.len()).unwrap()], hashed.as_slice()].concat(),
        ] {
            assert_eq!(key_id(&signature).as_deref(), Some("199e2f91fd431d51"), "{signature:?}");
        }
    }

    #[test]
    fn what_names_no_key_has_none() {
        let short_issuer = [&VERSION_4[..], &[0, 4], &[3, 16, 1, 2], &[0, 0]].concat();
        let endless = [&VERSION_4[..], &[0, 6], &[255, 255, 255, 255, 255, 16], &[0, 0]].concat();
        let nothing = [&VERSION_4[..], &[0, 1, 0, 0, 0]].concat();
        for signature in [
            vec![],
            vec![0x88],
            vec![0x88, 200, 4],
            vec![0x98, 0],
            b"-----BEGIN PGP".to_vec(),
            packet(&[2, 5]),
            packet(&[3, 5, 0]),
            packet(&VERSION_4),
            packet(&short_issuer),
            packet(&endless),
            packet(&nothing),
        ] {
            assert_eq!(key_id(&signature), None, "{signature:?}");
        }
    }

    #[test]
    fn base64_is_decoded() {
        for (text, decoded) in [
            ("", Some(&b""[..])),
            ("Zg==", Some(b"f")),
            ("Zm9v\nYmFy", Some(b"foobar")),
            ("Zm9vYg", Some(b"foob")),
            ("Zm-v", None),
        ] {
            assert_eq!(decode_base64(text.as_bytes()).as_deref(), decoded, "{text}");
        }
        let signature = packet(&[&[3, 5, 0, 1, 2, 3, 4][..], &ID, &[1, 8]].concat());
        assert_eq!(key_id(&signature).as_deref(), Some("199e2f91fd431d51"));
        assert_eq!(key_id_of_base64(b"iBEDBQABAgMEGZ4vkf1DHVEBCA==").as_deref(), Some("199e2f91fd431d51"));
    }
}
