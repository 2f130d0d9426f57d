//! Protocols as the rules of a network tell them apart (S8, S9, A6).

use std::fmt;
use std::str::FromStr;

use crate::sets::Family;
use crate::snapshot;

/// A protocol that packets are analysed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// ICMP of version 4; its ports are type × 256 + code.
    Icmp,
    /// ICMP of version 6.
    Icmpv6,
    /// Another that a rule names; it has no ports.
    Number(u8),
    /// All that no rule names: they are treated alike.
    Other,
}

impl Protocol {
    /// The protocol of that number.
    pub fn of_number(number: u8) -> Protocol {
        match number {
            1 => Protocol::Icmp,
            6 => Protocol::Tcp,
            17 => Protocol::Udp,
            58 => Protocol::Icmpv6,
            other => Protocol::Number(other),
        }
    }

    /// Its number (IANA's protocol numbers); absent for those that no rule names.
    pub fn number(self) -> Option<u8> {
        match self {
            Protocol::Tcp => Some(6),
            Protocol::Udp => Some(17),
            Protocol::Icmp => Some(1),
            Protocol::Icmpv6 => Some(58),
            Protocol::Number(number) => Some(number),
            Protocol::Other => None,
        }
    }

    /// Whether it has ports.
    pub fn has_ports(self) -> bool {
        matches!(self, Protocol::Tcp | Protocol::Udp)
    }

    /// Whether it is ICMP of either version.
    pub fn is_icmp(self) -> bool {
        matches!(self, Protocol::Icmp | Protocol::Icmpv6)
    }

    /// Whether packets of the family can have it (S9).
    pub fn is_of(self, family: Family) -> bool {
        match self {
            Protocol::Icmp => family == Family::V4,
            Protocol::Icmpv6 => family == Family::V6,
            _ => true,
        }
    }

    /// The message that answers a message of ICMP, if one does: an echo and the like.
    pub fn reply_of(self, message: u16) -> Option<u16> {
        let kind = message >> 8;
        match (self, kind) {
            (Protocol::Icmp, 8) => Some(0),
            (Protocol::Icmp, 13 | 15 | 17) => Some((kind + 1) << 8),
            (Protocol::Icmpv6, 128) => Some(129 << 8),
            _ => None,
        }
    }
}

/// A text is no protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no protocol: tcp, udp, icmp, icmpv6 or a number up to 255 is")]
pub struct NoProtocol(String);

impl FromStr for Protocol {
    type Err = NoProtocol;

    fn from_str(text: &str) -> Result<Protocol, NoProtocol> {
        match text.to_ascii_lowercase().as_str() {
            "tcp" => Ok(Protocol::Tcp),
            "udp" => Ok(Protocol::Udp),
            "icmp" => Ok(Protocol::Icmp),
            "icmpv6" => Ok(Protocol::Icmpv6),
            number => number.parse().map(Protocol::of_number).map_err(|_| NoProtocol(text.to_owned())),
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Protocol::Tcp => f.write_str("tcp"),
            Protocol::Udp => f.write_str("udp"),
            Protocol::Icmp => f.write_str("icmp"),
            Protocol::Icmpv6 => f.write_str("icmpv6"),
            Protocol::Number(number) => write!(f, "{number}"),
            Protocol::Other => f.write_str("other"),
        }
    }
}

/// How a rule fits a protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// For these ports.
    Ports(u16, u16),
    /// Not at all.
    No,
    /// That cannot be told: the snapshot names a protocol of tomorrow.
    Unknown,
}

/// How a rule of `said` fits `protocol`; `from` and `to` are ports, or of ICMP the type and code, −1 or none for all.
pub(crate) fn fit(said: snapshot::Protocol, protocol: Protocol, from: Option<i32>, to: Option<i32>) -> Fit {
    let number = match said {
        snapshot::Protocol::All => return Fit::Ports(0, u16::MAX),
        snapshot::Protocol::Number(number) => number,
        snapshot::Protocol::Unknown(_) => return Fit::Unknown,
    };
    if Protocol::of_number(number) != protocol {
        return Fit::No;
    }
    let (from, to) = (from.filter(|from| *from >= 0), to.filter(|to| *to >= 0));
    if protocol.is_icmp() {
        let Some(kind) = from else { return Fit::Ports(0, u16::MAX) };
        let Some(kind) = u8::try_from(kind).ok().map(u16::from) else { return Fit::No };
        return match to {
            None => Fit::Ports(kind << 8, (kind << 8) | 0xff),
            Some(code) => match u8::try_from(code) {
                Ok(code) => Fit::Ports((kind << 8) | u16::from(code), (kind << 8) | u16::from(code)),
                Err(_) => Fit::No,
            },
        };
    }
    if !protocol.has_ports() || (from.is_none() && to.is_none()) {
        return Fit::Ports(0, u16::MAX);
    }
    let first = from.unwrap_or(0);
    let last = to.unwrap_or(i32::from(u16::MAX)).min(i32::from(u16::MAX));
    match (u16::try_from(first), u16::try_from(last)) {
        (Ok(first), Ok(last)) if first <= last => Fit::Ports(first, last),
        _ => Fit::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S8, S9, A6.
    #[test]
    fn rules_fit_protocols() {
        let number = snapshot::Protocol::Number;
        for (said, protocol, from, to, expected) in [
            (snapshot::Protocol::All, Protocol::Other, None, None, Fit::Ports(0, u16::MAX)),
            (snapshot::Protocol::All, Protocol::Tcp, Some(1), Some(2), Fit::Ports(0, u16::MAX)),
            (number(6), Protocol::Tcp, Some(22), Some(23), Fit::Ports(22, 23)),
            (number(6), Protocol::Tcp, None, None, Fit::Ports(0, u16::MAX)),
            (number(6), Protocol::Tcp, Some(-1), Some(-1), Fit::Ports(0, u16::MAX)),
            (number(6), Protocol::Tcp, Some(9), Some(8), Fit::No),
            (number(6), Protocol::Tcp, Some(70_000), Some(80_000), Fit::No),
            (number(6), Protocol::Udp, Some(22), Some(22), Fit::No),
            (number(1), Protocol::Icmp, Some(8), Some(-1), Fit::Ports(0x800, 0x8ff)),
            (number(1), Protocol::Icmp, Some(3), Some(4), Fit::Ports(0x304, 0x304)),
            (number(1), Protocol::Icmp, Some(-1), Some(-1), Fit::Ports(0, u16::MAX)),
            (number(1), Protocol::Icmpv6, Some(-1), Some(-1), Fit::No),
            (number(58), Protocol::Icmpv6, None, None, Fit::Ports(0, u16::MAX)),
            (number(47), Protocol::Number(47), Some(1), Some(2), Fit::Ports(0, u16::MAX)),
            (number(47), Protocol::Other, None, None, Fit::No),
        ] {
            assert_eq!(fit(said, protocol, from, to), expected, "{said:?} {protocol} {from:?} {to:?}");
        }
    }
}
