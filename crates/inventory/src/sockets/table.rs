//! `/proc/net/{tcp,tcp6,udp,udp6}`: the sockets that wait for others.
//!
//! Implements those files of proc(5). Surprising: an address is printed as 32-bit words in the byte order of the
//! machine, a port as a number, so on most machines `0100007F:0016` is 127.0.0.1 port 22.

use std::net::{IpAddr, Ipv6Addr};

use assay_model::evidence::socket::Protocol;

/// A line of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableEntry {
    /// Address it is bound to; IPv4 where it is an IPv4-mapped one.
    pub address: IpAddr,
    /// Port.
    pub port: u16,
    /// Owner.
    pub uid: u32,
    /// Inode of the socket, by which descriptors name it.
    pub inode: u64,
}

/// `TCP_LISTEN` of the kernel.
const LISTEN: &str = "0A";

/// `TCP_CLOSE`: what a UDP socket is that is bound and not connected.
const UNCONNECTED: &str = "07";

/// Reads one line; `None` for the heading, for sockets that do not wait, and for what cannot be understood.
pub fn parse_line(line: &str, protocol: Protocol) -> Option<TableEntry> {
    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
    let mut fields = line.split_ascii_whitespace();
    let local = fields.nth(1)?;
    let state = fields.nth(1)?;
    let waiting = match protocol {
        Protocol::Tcp => LISTEN,
        Protocol::Udp => UNCONNECTED,
    };
    if state != waiting {
        return None;
    }
    let uid = fields.nth(3)?.parse().ok()?;
    let inode = fields.nth(1)?.parse().ok()?;
    let (address, port) = local.split_once(':')?;
    Some(TableEntry { address: parse_address(address)?, port: u16::from_str_radix(port, 16).ok()?, uid, inode })
}

fn parse_address(hexadecimal: &str) -> Option<IpAddr> {
    let word = |index: usize| {
        let digits = hexadecimal.get(index * 8..index * 8 + 8)?;
        Some(u32::from_str_radix(digits, 16).ok()?.to_ne_bytes())
    };
    match hexadecimal.len() {
        8 => Some(IpAddr::from(word(0)?)),
        32 => {
            let words = [word(0)?, word(1)?, word(2)?, word(3)?];
            let bytes: [u8; 16] = words.as_flattened().try_into().ok()?;
            Some(Ipv6Addr::from(bytes).to_canonical())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(local: &str, state: &str) -> String {
        format!(
            "   0: {local} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000   101        0 12345 1 0 100 0 0 10 0"
        )
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn waiting_sockets_are_read() {
        for (local, state, protocol, expected) in [
            ("0100007F:0016", "0A", Protocol::Tcp, Some("127.0.0.1:22")),
            ("0100007F:0016", "01", Protocol::Tcp, None),
            ("00000000:0044", "07", Protocol::Udp, Some("0.0.0.0:68")),
            ("00000000:0044", "01", Protocol::Udp, None),
            ("00000000000000000000000000000000:1F90", "0A", Protocol::Tcp, Some("[::]:8080")),
            ("00000000000000000000000001000000:1F90", "0A", Protocol::Tcp, Some("[::1]:8080")),
            ("000080FE00000000FF005450000000FE:FFFF", "07", Protocol::Udp, Some("[fe80::5054:ff:fe00:0]:65535")),
            ("0000000000000000FFFF00000100007F:0050", "0A", Protocol::Tcp, Some("127.0.0.1:80")),
            ("0100007F:FFFFF", "0A", Protocol::Tcp, None),
            ("0100007:0016", "0A", Protocol::Tcp, None),
            ("0100007é:0016", "0A", Protocol::Tcp, None),
        ] {
            let entry = parse_line(&line(local, state), protocol);
            let address = entry.map(|entry| std::net::SocketAddr::new(entry.address, entry.port).to_string());
            assert_eq!(address.as_deref(), expected, "{local}");
            assert!(entry.is_none_or(|entry| (entry.uid, entry.inode) == (101, 12345)));
        }
    }

    #[test]
    fn what_is_no_entry_is_left_out() {
        for text in [
            "",
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "0: 0100007F:0016 00000000:0000 0A 0:0 0:0 0 101",
            "0: 0100007F:0016 00000000:0000 0A 0:0 0:0 0 x 0 12345",
        ] {
            assert_eq!(parse_line(text, Protocol::Tcp), None, "{text}");
        }
    }
}
