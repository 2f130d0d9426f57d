//! Listening sockets, joined to process and package.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// Transport protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// A process that holds a listening socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    /// Process id.
    pub pid: u32,
    /// Command name.
    pub name: String,
    /// Executable, where permitted.
    pub executable: Option<String>,
    /// The package that owns the executable, where one does.
    pub package: Option<String>,
}

/// A socket that waits for others: TCP in LISTEN, UDP bound and not connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListeningSocket {
    /// Protocol.
    pub protocol: Protocol,
    /// Address it is bound to; `::` may accept IPv4 too.
    pub address: IpAddr,
    /// Port.
    pub port: u16,
    /// Owner of the socket.
    pub uid: u32,
    /// Who holds it; empty where not permitted, or where the kernel itself does.
    pub listeners: Vec<Listener>,
}

/// All listening sockets, sorted by protocol, port and address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sockets {
    /// Sockets.
    pub listening: Vec<ListeningSocket>,
}
