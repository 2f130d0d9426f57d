//! Telemetry: how much of each kind is in the evidence, under the message types of the AWS agent (reference §8.4).
//!
//! Counted from the evidence that is sent, not from what was looked at. A section that was not asked for has no row; one
//! that was asked for and is empty has a row with 0.

use std::collections::BTreeMap;
use std::io;

use assay_link::Telemetry;
use assay_model::evidence::socket::Protocol;
use assay_model::evidence::{Evidence, Section};
use serde::Serialize;

/// Rows by message type: items, and their bytes in the document.
#[derive(Default)]
struct Rows(BTreeMap<&'static str, (u64, u64)>);

impl Rows {
    fn open(&mut self, message_type: &'static str) {
        self.0.entry(message_type).or_default();
    }

    fn add(&mut self, message_type: &'static str, item: &impl Serialize) {
        let row = self.0.entry(message_type).or_default();
        row.0 += 1;
        row.1 += bytes_of(item);
    }

    fn add_all<'a, T: Serialize + 'a>(&mut self, message_type: &'static str, items: impl IntoIterator<Item = &'a T>) {
        self.open(message_type);
        for item in items {
            self.add(message_type, item);
        }
    }
}

/// How much of each kind is in the evidence.
pub(crate) fn count(evidence: &Evidence) -> Vec<Telemetry> {
    let mut rows = Rows::default();
    rows.add_all("InspectorNetworkInterface", &evidence.host.ipv4_addresses);
    for section in &evidence.request.sections {
        count_section(&mut rows, evidence, *section);
    }
    let row = |(message_type, (count, data_size)): (&str, (u64, u64))| Telemetry {
        message_type: message_type.to_owned(),
        count,
        data_size,
    };
    rows.0.into_iter().map(row).collect()
}

fn count_section(rows: &mut Rows, evidence: &Evidence, section: Section) {
    const CONFIGURATION: &str = "InspectorConfigurationInfo";
    match section {
        Section::Os => rows.add_all("InspectorOperatingSystem", &evidence.os.facts),
        Section::Packages => {
            rows.add_all("InspectorPackageInfo", evidence.packages.facts.iter().flat_map(|facts| &facts.packages));
        }
        Section::Libraries => {
            rows.add_all("InspectorPackageInfo", evidence.libraries.facts.iter().flat_map(|facts| &facts.libraries));
        }
        Section::Kernel => rows.add_all("InspectorKernelModule", &evidence.kernel.facts),
        Section::Processor => rows.add_all(CONFIGURATION, &evidence.processor.facts),
        Section::Accounts => {
            rows.add_all("InspectorUser", evidence.accounts.facts.iter().flat_map(|facts| &facts.users));
            rows.add_all("InspectorGroup", evidence.accounts.facts.iter().flat_map(|facts| &facts.groups));
        }
        Section::Sshd => {
            rows.open(CONFIGURATION);
            if let Some(facts) = &evidence.sshd.facts {
                rows.add_all(CONFIGURATION, facts.effective.values());
                rows.add_all(CONFIGURATION, facts.lists.values().flatten());
                rows.add_all(CONFIGURATION, &facts.match_blocks);
            }
        }
        Section::Authentication => {
            rows.open(CONFIGURATION);
            if let Some(facts) = &evidence.authentication.facts {
                rows.add_all(CONFIGURATION, facts.services.values().flatten());
                rows.add_all(CONFIGURATION, facts.login_defs.values().chain(facts.pwquality.values()));
            }
        }
        Section::Sysctl => {
            rows.add_all(CONFIGURATION, evidence.sysctl.facts.iter().flat_map(|facts| facts.values()));
        }
        Section::Mounts => {
            rows.open(CONFIGURATION);
            if let Some(facts) = &evidence.mounts.facts {
                rows.add_all(CONFIGURATION, facts.mounted.iter().flatten());
                rows.add_all(CONFIGURATION, &facts.fstab);
            }
        }
        Section::Processes => {
            let facts = || evidence.processes.facts.iter();
            rows.add_all("InspectorCreateProcess", facts().flat_map(|facts| &facts.processes));
            rows.add_all("InspectorDynamicallyLoadedCodeModule", facts().flat_map(|facts| &facts.mapped_files));
        }
        Section::Sockets => count_sockets(rows, evidence),
        Section::Paths => {
            rows.add_all("InspectorDirectoryInfoMsg", evidence.paths.facts.iter().flat_map(|facts| &facts.entries));
        }
    }
}

fn count_sockets(rows: &mut Rows, evidence: &Evidence) {
    for message_type in [
        "InspectorTcpV4ListeningPort",
        "InspectorTcpV6ListeningPort",
        "InspectorUdpV4ListeningPort",
        "InspectorUdpV6ListeningPort",
        "InspectorListeningProcess",
    ] {
        rows.open(message_type);
    }
    for socket in evidence.sockets.facts.iter().flat_map(|facts| &facts.listening) {
        let message_type = match (socket.protocol, socket.address.is_ipv4()) {
            (Protocol::Tcp, true) => "InspectorTcpV4ListeningPort",
            (Protocol::Tcp, false) => "InspectorTcpV6ListeningPort",
            (Protocol::Udp, true) => "InspectorUdpV4ListeningPort",
            (Protocol::Udp, false) => "InspectorUdpV6ListeningPort",
        };
        rows.add(message_type, socket);
        rows.add_all("InspectorListeningProcess", &socket.listeners);
    }
}

/// The bytes of an item in the document, which are not kept.
fn bytes_of(item: &impl Serialize) -> u64 {
    struct Counter(u64);
    impl io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len() as u64;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    // What has no JSON form has no bytes in the document either: it could not have been written.
    let _ = serde_json::to_writer(&mut counter, item);
    counter.0
}

#[cfg(test)]
mod tests {
    use assay_model::evidence::account::{Accounts, Group};
    use assay_model::evidence::socket::{Listener, ListeningSocket, Sockets};
    use assay_model::evidence::{Collected, HostIdentity, SourceKind};

    use super::*;

    fn evidence() -> Evidence {
        let host = HostIdentity {
            agent_id: "i-1".into(),
            hostname: "web".into(),
            ipv4_addresses: vec!["192.0.2.1".into(), "192.0.2.2".into()],
        };
        let mut evidence =
            Evidence::empty(SourceKind::LiveHost, host, "assay", "2026-01-01T00:00:00Z".parse().unwrap());
        let group = |name: &str| Group { name: name.into(), gid: 0, members: Vec::new(), line: 1 };
        let groups = vec![group("root"), group("wheel")];
        evidence.accounts = Collected::complete(Accounts { users: Vec::new(), groups });
        let listener = |pid| Listener { pid, name: "sshd".into(), executable: None, package: None };
        let socket = |address: &str, listeners| ListeningSocket {
            protocol: Protocol::Tcp,
            address: address.parse().unwrap(),
            port: 22,
            uid: 0,
            listeners,
        };
        let listening = vec![socket("0.0.0.0", vec![listener(1), listener(2)]), socket("::", vec![listener(1)])];
        evidence.sockets = Collected::complete(Sockets { listening });
        evidence
    }

    #[test]
    fn rows_count_the_items_of_the_sections_asked_for() {
        let mut evidence = evidence();
        evidence.request.sections = [Section::Accounts, Section::Sockets, Section::Packages].into();
        let rows: Vec<(String, u64)> = count(&evidence).into_iter().map(|row| (row.message_type, row.count)).collect();
        let expected = [
            ("InspectorGroup", 2),
            ("InspectorListeningProcess", 3),
            ("InspectorNetworkInterface", 2),
            ("InspectorPackageInfo", 0),
            ("InspectorTcpV4ListeningPort", 1),
            ("InspectorTcpV6ListeningPort", 1),
            ("InspectorUdpV4ListeningPort", 0),
            ("InspectorUdpV6ListeningPort", 0),
            ("InspectorUser", 0),
        ];
        assert_eq!(rows, expected.map(|(name, count)| (name.to_owned(), count)));
        evidence.request.sections = [Section::Os].into();
        assert!(count(&evidence).iter().all(|row| row.message_type != "InspectorGroup"));
    }

    #[test]
    fn sizes_are_those_in_the_document() {
        let mut evidence = evidence();
        evidence.request.sections = Section::ALL.into();
        let document = String::from_utf8(evidence.to_bytes().unwrap()).unwrap();
        let rows = count(&evidence);
        let groups = rows.iter().find(|row| row.message_type == "InspectorGroup").unwrap();
        let (_, rest) = document.split_once("\"groups\":[").unwrap();
        let (list, _) = rest.split_once("]}").unwrap();
        // The items without the comma between them; `members` has brackets of its own, so the list ends there.
        assert!(list.len() as u64 >= groups.data_size.saturating_sub(3), "{list} {groups:?}");
        assert!(rows.iter().all(|row| row.data_size <= document.len() as u64));
    }
}
