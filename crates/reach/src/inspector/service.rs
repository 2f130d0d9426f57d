//! Recognised ports: which service a port is associated with, and how bad it is to have it open (reference §2.3).

use assay_model::severity::Severity;

use crate::network::Protocol;

/// A service with ports of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Service {
    /// Its name, as findings have it.
    pub name: &'static str,
    /// How bad it is to have it open to the internet. Of five services Inspector's level is known, the others are ours.
    pub severity: Severity,
}

type Row = (&'static str, Severity, &'static [u16], &'static [u16]);

use Severity::{High, Low, Medium};

/// Name, level on the internet, ports of TCP, ports of UDP.
const SERVICES: &[Row] = &[
    ("SMB", High, &[445], &[445]),
    ("NetBIOS", High, &[137, 139], &[137, 138]),
    ("LDAP", High, &[389], &[389]),
    ("LDAP over TLS", Medium, &[636], &[]),
    ("Global catalog LDAP", High, &[3268], &[]),
    ("Global catalog LDAP over TLS", Medium, &[3269], &[]),
    ("NFS", High, &[111, 1110, 2049, 4045], &[111, 1110, 2049, 4045]),
    ("Kerberos", Medium, &[88, 464, 543, 544, 749, 751], &[88, 464, 749, 750, 751, 752]),
    ("RPC", High, &[111, 135, 530], &[111, 135, 530]),
    ("WINS", High, &[42, 1512], &[42, 1512]),
    ("DHCP", High, &[67, 68, 546, 547], &[67, 68, 546, 547]),
    ("Syslog", High, &[601], &[514]),
    ("Print services", High, &[515], &[]),
    ("Telnet", High, &[23], &[23]),
    ("FTP", High, &[21], &[21]),
    ("SSH", Medium, &[22], &[22]),
    ("RDP", Medium, &[3389], &[3389]),
    ("MongoDB", High, &[27017, 27018, 27019, 28017], &[]),
    ("SQL Server", Medium, &[1433], &[1434]),
    ("MySQL", Medium, &[3306], &[]),
    ("PostgreSQL", Medium, &[5432], &[]),
    ("Oracle", Medium, &[1521, 1630], &[]),
    ("Elasticsearch", High, &[9200, 9300], &[]),
    ("HTTP", Low, &[80], &[80]),
    ("HTTPS", Low, &[443], &[443]),
];

/// Both services of port 111.
const NFS_AND_RPC: &str = "NFS, RPC";

/// The service that a port is associated with. Port 111 belongs to two; a listener's name decides between them.
pub fn service_of(protocol: Protocol, port: u16, listener: Option<&str>) -> Option<Service> {
    let has = |row: &&Row| match protocol {
        Protocol::Tcp => row.2.contains(&port),
        Protocol::Udp => row.3.contains(&port),
        _ => false,
    };
    let mut rows = SERVICES.iter().filter(has);
    let first = rows.next()?;
    let Some(second) = rows.next() else { return Some(Service { name: first.0, severity: first.1 }) };
    let is_rpc = listener.is_some_and(|name| name.contains("rpc"));
    let is_nfs = listener.is_some_and(|name| name.contains("nfs"));
    let name = match (is_nfs, is_rpc) {
        (true, false) => first.0,
        (false, true) => second.0,
        _ => NFS_AND_RPC,
    };
    Some(Service { name, severity: first.1.max(second.1) })
}

/// Every recognised port of a protocol within a range, in order.
pub(super) fn recognised(protocol: Protocol, from: u16, to: u16) -> Vec<u16> {
    let of = |row: &Row| match protocol {
        Protocol::Tcp => row.2,
        Protocol::Udp => row.3,
        _ => &[],
    };
    let mut ports: Vec<u16> = SERVICES.iter().flat_map(|row| of(row).iter().copied()).collect();
    ports.retain(|port| (from..=to).contains(port));
    ports.sort_unstable();
    ports.dedup();
    ports
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_have_their_services() {
        for (protocol, port, listener, expected) in [
            (Protocol::Tcp, 22, None, Some(("SSH", Medium))),
            (Protocol::Tcp, 23, None, Some(("Telnet", High))),
            (Protocol::Udp, 514, None, Some(("Syslog", High))),
            (Protocol::Tcp, 514, None, None),
            (Protocol::Udp, 3306, None, None),
            (Protocol::Tcp, 111, None, Some(("NFS, RPC", High))),
            (Protocol::Tcp, 111, Some("rpcbind"), Some(("RPC", High))),
            (Protocol::Udp, 111, Some("nfsd"), Some(("NFS", High))),
            (Protocol::Other, 22, None, None),
        ] {
            let found = service_of(protocol, port, listener).map(|service| (service.name, service.severity));
            assert_eq!(found, expected, "{protocol} {port}");
        }
        assert_eq!(recognised(Protocol::Tcp, 100, 140), [111, 135, 137, 139]);
    }
}
