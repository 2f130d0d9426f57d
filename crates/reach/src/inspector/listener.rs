//! Listeners, as an agent reports them.

use std::net::IpAddr;

use crate::network::Protocol;

/// A process that listens on a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listener {
    /// TCP or UDP.
    pub protocol: Protocol,
    /// The address that it is bound to; none, or an unspecified one, is every address.
    pub address: Option<IpAddr>,
    /// The port.
    pub port: u16,
    /// The name of the process.
    pub process_name: Option<String>,
    /// Its binary.
    pub process_path: Option<String>,
    /// Its id.
    pub pid: Option<u32>,
}

impl Listener {
    /// Whether packets to the port of the address come to it.
    pub fn hears(&self, protocol: Protocol, address: IpAddr, port: u16) -> bool {
        let is_bound = self.address.is_none_or(|own| own == address || is_any_for(own, address));
        self.protocol == protocol && self.port == port && is_bound
    }
}

/// `0.0.0.0` hears version 4; `::` hears both unless told otherwise, which is not known here.
fn is_any_for(own: IpAddr, address: IpAddr) -> bool {
    own.is_unspecified() && (own.is_ipv6() || address.is_ipv4())
}
