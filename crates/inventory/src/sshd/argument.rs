//! Single arguments: times, ports, sizes, masks, service classes, addresses.
//!
//! Each function accepts what the server's own reader accepts, which is not always what the manual says: a time may
//! have several units and any order of them (`30s1m`), a mask may have anything after its octal digits.

use std::net::IpAddr;

const LARGEST: i64 = i32::MAX as i64;

/// A time such as `90`, `2m` or `1h30m`, in seconds.
pub(super) fn seconds(text: &str) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    let mut total: i64 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let number: i64 = number.parse().ok()?;
        let mut characters = tail.chars();
        let factor = match characters.next() {
            None | Some('s' | 'S') => 1,
            Some('m' | 'M') => 60,
            Some('h' | 'H') => 3600,
            Some('d' | 'D') => 86400,
            Some('w' | 'W') => 604_800,
            Some(_) => return None,
        };
        total = number.checked_mul(factor)?.checked_add(total).filter(|total| *total <= LARGEST)?;
        rest = characters.as_str();
    }
    Some(total)
}

/// A non-negative integer of at most 31 bits.
pub(super) fn integer(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.chars().all(|character| character.is_ascii_digit());
    if !is_number {
        return None;
    }
    text.parse::<i64>().ok().filter(|number| *number <= LARGEST)
}

/// A port number from 1 on.
pub(super) fn port(text: &str) -> Option<u16> {
    integer(text).and_then(|number| u16::try_from(number).ok()).filter(|number| *number > 0)
}

/// The number at the start of a text, and what follows it, as `sscanf` reads `%d`.
pub(super) fn leading_integer(text: &str) -> Option<(i64, &str)> {
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(digits);
    integer(number).map(|number| (number, rest))
}

/// A size such as `512M` or `1.5G`, in bytes.
pub(super) fn scaled(text: &str) -> Option<i64> {
    let split = text.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let factor: i64 = match unit.to_ascii_uppercase().as_str() {
        "" => return whole.parse().ok(),
        "B" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        "T" => 1 << 40,
        "P" => 1 << 50,
        "E" => 1 << 60,
        _ => return None,
    };
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let tenths: String = fraction.chars().take(15).collect();
    let part = match tenths.is_empty() {
        true => 0,
        false => i128::from(tenths.parse::<i64>().ok()?) * i128::from(factor) / 10_i128.pow(tenths.len() as u32),
    };
    whole.checked_mul(factor)?.checked_add(i64::try_from(part).ok()?)
}

/// An octal mask of at most 0777; what follows the digits is ignored.
pub(super) fn mask(text: &str) -> Option<u32> {
    let digits = text.find(|character: char| !matches!(character, '0'..='7')).unwrap_or(text.len());
    let (number, _) = text.split_at(digits);
    u32::from_str_radix(number, 8).ok().filter(|mask| *mask <= 0o777)
}

const SERVICE_CLASSES: [(&str, u8); 25] = [
    ("af11", 0x28),
    ("af12", 0x30),
    ("af13", 0x38),
    ("af21", 0x48),
    ("af22", 0x50),
    ("af23", 0x58),
    ("af31", 0x68),
    ("af32", 0x70),
    ("af33", 0x78),
    ("af41", 0x88),
    ("af42", 0x90),
    ("af43", 0x98),
    ("cs0", 0x00),
    ("cs1", 0x20),
    ("cs2", 0x40),
    ("cs3", 0x60),
    ("cs4", 0x80),
    ("cs5", 0xa0),
    ("cs6", 0xc0),
    ("cs7", 0xe0),
    ("ef", 0xb8),
    ("le", 0x04),
    ("lowdelay", 0x10),
    ("throughput", 0x08),
    ("reliability", 0x04),
];

/// Whether the classes of RFC 1349 still have an effect: 10.0 accepts their names and uses the system's default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OldClasses {
    /// They stand for their values.
    Used,
    /// They stand for `none`.
    Ignored,
}

/// A service class by name or number, in the server's spelling.
pub(super) fn service_class(text: &str, old: OldClasses) -> Option<String> {
    let name = text.to_ascii_lowercase();
    let is_old = matches!(name.as_str(), "lowdelay" | "throughput" | "reliability");
    if name == "none" || (is_old && old == OldClasses::Ignored) {
        return Some("none".to_owned());
    }
    let value = match SERVICE_CLASSES.iter().find(|(known, _)| *known == name) {
        Some((_, value)) => *value,
        None if old == OldClasses::Ignored => u8::try_from(integer(&name)?).ok()?,
        None => c_integer(&name)?,
    };
    let is_named = |(known, known_value): &&(&str, u8)| {
        let is_old = matches!(*known, "lowdelay" | "throughput" | "reliability");
        *known_value == value && !(is_old && old == OldClasses::Ignored)
    };
    Some(
        SERVICE_CLASSES
            .iter()
            .find(is_named)
            .map_or_else(|| format!("0x{value:02x}"), |(known, _)| (*known).to_owned()),
    )
}

/// A number as `strtol` reads it with base 0.
fn c_integer(text: &str) -> Option<u8> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u8::from_str_radix(digits, 16).ok();
    }
    if text.len() > 1 && text.starts_with('0') {
        return u8::from_str_radix(text, 8).ok();
    }
    text.parse().ok()
}

/// Whether the server accepts a comma-separated list of addresses, networks and patterns: a network whose host bits are
/// set is refused, anything that is no address is a pattern.
pub(super) fn is_address_list(text: &str) -> bool {
    text.split(',').all(|item| {
        let item = item.strip_prefix('!').unwrap_or(item);
        !item.is_empty() && is_network_or_pattern(item)
    })
}

fn is_network_or_pattern(item: &str) -> bool {
    let Some((address, length)) = item.split_once('/') else {
        return true;
    };
    let Some(length) = integer(length).and_then(|length| u32::try_from(length).ok()).filter(|length| *length <= 128)
    else {
        return true;
    };
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => length <= 32 && u32::from(address).checked_shl(length).unwrap_or(0) == 0,
        Ok(IpAddr::V6(address)) => u128::from(address).checked_shl(length).unwrap_or(0) == 0,
        Err(_) => true,
    }
}

/// Splits `host:port`, `[address]:port` or a lone host; `None` where a bracket or a slash is out of place.
pub(super) fn host_and_port(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(bracketed) = text.strip_prefix('[') {
        let (host, after) = bracketed.split_once(']')?;
        return match after.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None if after.is_empty() => Some((host, None)),
            None => None,
        };
    }
    match text.find([':', '/']) {
        None => Some((text, None)),
        Some(at) => {
            let (host, port) = text.split_at(at);
            port.strip_prefix(':').map(|port| (host, Some(port)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_add_up() {
        for (text, expected) in [
            ("0", Some(0)),
            ("90", Some(90)),
            ("2m", Some(120)),
            ("1h30M", Some(5400)),
            ("1w2d3h4m5s", Some(788_645)),
            ("1m30", Some(90)),
            ("", None),
            ("m", None),
            ("1x", None),
            ("-1", None),
            ("99999999999", None),
            ("4000w", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn sizes_scale() {
        for (text, expected) in [
            ("16", Some(16)),
            ("1K", Some(1024)),
            ("1.5g", Some(1_610_612_736)),
            ("1.5", Some(1)),
            ("512M", Some(536_870_912)),
            ("9E", None),
            ("1Q", None),
            ("1.2.3", None),
            ("", None),
            (".", None),
        ] {
            assert_eq!(scaled(text), expected, "{text}");
        }
    }

    #[test]
    fn service_classes_have_one_spelling() {
        for (text, expected) in [
            ("AF21", Some("af21")),
            ("lowdelay", Some("lowdelay")),
            ("0x10", Some("lowdelay")),
            ("0x04", Some("le")),
            ("010", Some("throughput")),
            ("7", Some("0x07")),
            ("none", Some("none")),
            ("256", None),
            ("x", None),
        ] {
            assert_eq!(service_class(text, OldClasses::Used).as_deref(), expected, "{text}");
        }
        assert_eq!(service_class("lowdelay", OldClasses::Ignored).as_deref(), Some("none"));
    }

    #[test]
    fn address_lists_refuse_host_bits() {
        for (text, expected) in [
            ("10.0.0.0/8", true),
            ("!10.0.0.0/8,192.168.1.7", true),
            ("10.0.0.1/8", false),
            ("0.0.0.0/0", true),
            ("::/0", true),
            ("fe80::/10", true),
            ("fe80::1/10", false),
            ("192.168.*", true),
            ("10.0.0.0/33", false),
            ("", false),
            ("a,,b", false),
        ] {
            assert_eq!(is_address_list(text), expected, "{text}");
        }
    }

    #[test]
    fn hosts_and_ports_split() {
        for (text, expected) in [
            ("a:22", Some(("a", Some("22")))),
            ("[::1]:22", Some(("::1", Some("22")))),
            ("[::1]", Some(("::1", None))),
            ("a", Some(("a", None))),
            ("[::1", None),
            ("[::1]x", None),
            ("a/22", None),
        ] {
            assert_eq!(host_and_port(text), expected, "{text}");
        }
    }
}
