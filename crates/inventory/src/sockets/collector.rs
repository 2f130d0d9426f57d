//! Collects the listening sockets of a live host.
//!
//! Yields the `sockets` section of the evidence. Surprising: a socket may be held by several processes (after a fork)
//! and an address by several sockets (`SO_REUSEPORT`); one entry of the evidence is an address with all its holders.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufRead, BufReader, Read};
use std::net::IpAddr;

use assay_host::{Host, HostError};
use assay_model::evidence::socket::{Listener, ListeningSocket, Protocol, Sockets};
use assay_model::evidence::{Collected, Problem, ProblemKind};

use super::table::{self, TableEntry};
use crate::ownership::{OwnedFiles, Owners};
use crate::processes::proc_directory::{self, Namespace, OwnNamespaces};

const TABLES: &[(&str, Protocol)] = &[
    ("/proc/net/tcp", Protocol::Tcp),
    ("/proc/net/tcp6", Protocol::Tcp),
    ("/proc/net/udp", Protocol::Udp),
    ("/proc/net/udp6", Protocol::Udp),
];

/// A table has 150 bytes for each connection: this is 1.7 million of them.
const MAX_TABLE: u64 = 256 * 1024 * 1024;

/// Descriptors looked at, of all processes together.
const MAX_DESCRIPTORS: usize = 4_000_000;

const MAX_NAME: u64 = 4096;

/// The sockets, while the packages of the listening programs are still to be found.
#[derive(Debug)]
pub struct FoundSockets {
    /// What was found.
    pub collected: Collected<Sockets>,
    /// The processes whose executables are files of the host: no package of it owns a file of a container's image.
    processes_of_host: BTreeSet<u32>,
}

impl OwnedFiles for FoundSockets {
    fn paths(&self) -> BTreeSet<String> {
        let sockets = self.collected.facts.iter().flat_map(|facts| &facts.listening);
        let listeners = sockets.flat_map(|socket| &socket.listeners);
        let of_host = listeners.filter(|listener| self.processes_of_host.contains(&listener.pid));
        of_host.filter_map(|listener| listener.executable.clone()).collect()
    }

    fn assign(&mut self, owners: &Owners, problems: &[Problem]) {
        self.collected.problems.extend_from_slice(problems);
        let sockets = self.collected.facts.iter_mut().flat_map(|facts| &mut facts.listening);
        let listeners = sockets.flat_map(|socket| &mut socket.listeners);
        for listener in listeners.filter(|listener| self.processes_of_host.contains(&listener.pid)) {
            let owner = listener.executable.as_deref().and_then(|path| owners.package_of(path));
            listener.package = owner.map(str::to_owned);
        }
    }
}

/// Collects all listening TCP and UDP sockets of the network namespace of the program that asks.
pub fn collect(host: &dyn Host) -> FoundSockets {
    let mut processes_of_host = BTreeSet::new();
    let collected = collect_sockets(host, &mut processes_of_host);
    FoundSockets { collected, processes_of_host }
}

fn collect_sockets(host: &dyn Host, processes_of_host: &mut BTreeSet<u32>) -> Collected<Sockets> {
    if !host.is_live() {
        return Collected::unavailable(proc_directory::not_running("/proc/net"));
    }
    let mut problems = Vec::new();
    let mut sockets: Vec<(Protocol, TableEntry)> = Vec::new();
    let mut tables_read = 0;
    for (path, protocol) in TABLES {
        match read_table(host, path, *protocol, &mut sockets) {
            Ok(()) => tables_read += 1,
            // A kernel without IPv6 has no table for it.
            Err(HostError::NotFound { .. }) if path.ends_with('6') => {}
            Err(error) => problems.push(error.to_problem()),
        }
    }
    if tables_read == 0 {
        return Collected { facts: None, problems };
    }
    let inodes: BTreeSet<u64> = sockets.iter().map(|(_, entry)| entry.inode).collect();
    let holders = find_holders(host, &inodes, &mut problems);
    let listeners = describe(host, &holders.processes, processes_of_host);
    let listening = join(&sockets, &holders.by_inode, &listeners);
    let unknown = listening.iter().filter(|socket| socket.listeners.is_empty()).count();
    if unknown > 0 && holders.not_permitted > 0 {
        let detail = format!(
            "{unknown} of {} listening sockets have no known process: the descriptors of {} of {} processes may not be read",
            listening.len(),
            holders.not_permitted,
            holders.all
        );
        problems.push(Problem::new("/proc/*/fd", ProblemKind::NotPermitted, detail));
    }
    Collected::partial(Sockets { listening }, problems)
}

fn read_table(
    host: &dyn Host,
    path: &str,
    protocol: Protocol,
    sockets: &mut Vec<(Protocol, TableEntry)>,
) -> Result<(), HostError> {
    let mut reader = BufReader::with_capacity(64 * 1024, host.open(path)?.take(MAX_TABLE));
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line);
        if read.map_err(|cause| HostError::Io { path: path.to_owned(), cause })? == 0 {
            break;
        }
        let entry = std::str::from_utf8(&line).ok().and_then(|line| table::parse_line(line, protocol));
        sockets.extend(entry.map(|entry| (protocol, entry)));
    }
    if reader.get_ref().limit() == 0 {
        return Err(HostError::TooLarge { path: path.to_owned(), size: MAX_TABLE, limit: MAX_TABLE });
    }
    Ok(())
}

/// Which processes hold which sockets.
#[derive(Default)]
struct Holders {
    by_inode: HashMap<u64, BTreeSet<u32>>,
    processes: BTreeSet<u32>,
    all: usize,
    not_permitted: usize,
}

fn find_holders(host: &dyn Host, inodes: &BTreeSet<u64>, problems: &mut Vec<Problem>) -> Holders {
    let mut holders = Holders::default();
    if inodes.is_empty() {
        return holders;
    }
    let ids = match proc_directory::process_ids(host) {
        Ok((ids, too_many)) => {
            problems.extend(too_many);
            ids
        }
        Err(error) => {
            problems.push(error.to_problem());
            return holders;
        }
    };
    let mut descriptors = 0;
    holders.all = ids.len();
    for pid in ids {
        let directory = format!("/proc/{pid}/fd");
        let entries = match host.read_directory(&directory) {
            Ok(entries) => entries,
            Err(HostError::NotPermitted { .. }) => {
                holders.not_permitted += 1;
                continue;
            }
            Err(HostError::NotFound { .. }) => continue,
            Err(error) => {
                problems.push(error.to_problem());
                continue;
            }
        };
        descriptors += entries.len();
        if descriptors > MAX_DESCRIPTORS {
            let detail = format!("more than {MAX_DESCRIPTORS} open descriptors: the rest was not looked at");
            problems.push(Problem::new("/proc/*/fd", ProblemKind::TooLarge, detail));
            break;
        }
        for entry in entries {
            let target = match host.read_link(&format!("{directory}/{}", entry.name)) {
                Ok(target) => target,
                // Root may list the descriptors of a protected process, and yet not look at them.
                Err(HostError::NotPermitted { .. }) => {
                    holders.not_permitted += 1;
                    break;
                }
                // A descriptor that was closed in between is of no interest any more.
                Err(_) => continue,
            };
            if let Some(inode) = socket_inode(&target).filter(|inode| inodes.contains(inode)) {
                holders.by_inode.entry(inode).or_default().insert(pid);
                holders.processes.insert(pid);
            }
        }
    }
    holders
}

fn socket_inode(target: &str) -> Option<u64> {
    target.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

/// Name and executable of each process that holds a socket.
fn describe(
    host: &dyn Host,
    processes: &BTreeSet<u32>,
    processes_of_host: &mut BTreeSet<u32>,
) -> BTreeMap<u32, Listener> {
    let own = OwnNamespaces::read(host);
    let mut listeners = BTreeMap::new();
    for pid in processes.iter().copied() {
        let Ok(name) = host.read(&format!("/proc/{pid}/comm"), MAX_NAME) else {
            continue;
        };
        let name = String::from_utf8_lossy(name.strip_suffix(b"\n").unwrap_or(&name)).into_owned();
        let executable = proc_directory::executable(host, pid).ok().map(|executable| executable.path);
        if own.process_namespace_of(host, pid) == Namespace::Own {
            processes_of_host.insert(pid);
        }
        listeners.insert(pid, Listener { pid, name, executable, package: None });
    }
    listeners
}

/// One entry for each protocol, port, address and owner, in that order, with all who hold it.
fn join(
    sockets: &[(Protocol, TableEntry)],
    holders: &HashMap<u64, BTreeSet<u32>>,
    listeners: &BTreeMap<u32, Listener>,
) -> Vec<ListeningSocket> {
    let mut joined: BTreeMap<(Protocol, u16, IpAddr, u32), BTreeSet<u32>> = BTreeMap::new();
    for (protocol, entry) in sockets {
        let holders_of_it = joined.entry((*protocol, entry.port, entry.address, entry.uid)).or_default();
        holders_of_it.extend(holders.get(&entry.inode).into_iter().flatten());
    }
    let socket =
        |((protocol, port, address, uid), pids): ((Protocol, u16, IpAddr, u32), BTreeSet<u32>)| ListeningSocket {
            protocol,
            address,
            port,
            uid,
            listeners: pids.iter().filter_map(|pid| listeners.get(pid).cloned()).collect(),
        };
    joined.into_iter().map(socket).collect()
}

#[cfg(test)]
mod tests {
    use std::net::{SocketAddr, TcpListener, UdpSocket};
    use std::process::Command;

    use assay_host::{MemoryHost, RootedHost};
    use assay_model::evidence::SourceKind;

    use super::*;
    use crate::packages::{self, Format};

    fn collect_with_packages(host: &dyn Host) -> Collected<Sockets> {
        let mut found = collect(host);
        packages::assign(host, Some(Format::Dpkg), &mut [&mut found]);
        found.collected
    }

    const HEADING: &str =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    fn line(local: &str, state: &str, uid: u32, inode: u64) -> String {
        format!(" 0: {local} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000 {uid} 0 {inode} 1 0\n")
    }

    fn with_process(host: MemoryHost, pid: u32, executable: &str, namespace: &str) -> MemoryHost {
        host.file(&format!("/proc/{pid}/comm"), "server\n")
            .link(&format!("/proc/{pid}/exe"), executable)
            .link(&format!("/proc/{pid}/ns/pid"), namespace)
    }

    fn live() -> MemoryHost {
        let tcp = HEADING.to_owned()
            + &line("00000000:0050", "0A", 0, 11)
            + &line("00000000:0050", "0A", 0, 12)
            + &line("00000000:0016", "0A", 0, 13)
            + &line("00000000:0050", "01", 0, 14);
        let host = MemoryHost::new(SourceKind::LiveHost)
            .file("/proc/net/tcp", tcp)
            .file("/proc/net/udp", HEADING.to_owned() + &line("00000000:0044", "07", 101, 15))
            .link("/proc/self/ns/pid", "pid:[1]")
            .file("/var/lib/dpkg/info/nginx.list", "/usr/sbin/nginx\n");
        let host = with_process(host, 2, "/usr/sbin/nginx (deleted)", "pid:[1]")
            .link("/proc/2/fd/3", "socket:[11]")
            .link("/proc/2/fd/4", "socket:[99]")
            .link("/proc/2/fd/5", "/dev/null");
        with_process(host, 3, "/usr/sbin/nginx", "pid:[2]")
            .link("/proc/3/fd/3", "socket:[12]")
            .link("/proc/3/fd/4", "socket:[11]")
    }

    #[track_caller]
    fn check(host: &MemoryHost, sockets: &[&str], problems: &[(ProblemKind, &str)]) {
        let collected = collect_with_packages(host);
        let seen: Vec<String> = collected
            .facts
            .unwrap()
            .listening
            .iter()
            .map(|socket| {
                let of = |listener: &Listener| format!(" {} {:?}", listener.pid, listener.package.as_deref());
                let listeners: String = socket.listeners.iter().map(of).collect();
                format!("{:?} {} {} {}{listeners}", socket.protocol, socket.address, socket.port, socket.uid)
            })
            .collect();
        assert_eq!(seen, sockets);
        let seen: Vec<(ProblemKind, &str)> =
            collected.problems.iter().map(|problem| (problem.kind, problem.detail.as_str())).collect();
        assert_eq!(seen, problems);
    }

    #[test]
    fn sockets_are_joined_to_processes_and_packages() {
        check(&live(), &["Tcp 0.0.0.0 22 0", "Tcp 0.0.0.0 80 0 2 Some(\"nginx\") 3 None", "Udp 0.0.0.0 68 101"], &[]);
    }

    #[test]
    fn descriptors_of_others_are_one_problem() {
        let mut host = live();
        for pid in 10..40 {
            host = host.denied(&format!("/proc/{pid}/fd"));
        }
        host = host.denied("/proc/40/fd/0");
        check(
            &host,
            &["Tcp 0.0.0.0 22 0", "Tcp 0.0.0.0 80 0 2 Some(\"nginx\") 3 None", "Udp 0.0.0.0 68 101"],
            &[(
                ProblemKind::NotPermitted,
                "2 of 3 listening sockets have no known process: the descriptors of 31 of 33 processes may not be read",
            )],
        );
    }

    #[test]
    fn a_source_that_does_not_run_and_one_without_tables_have_none() {
        let nothing = collect_with_packages(&MemoryHost::new(SourceKind::RootDirectory));
        assert_eq!((nothing.facts, nothing.problems[0].kind), (None, ProblemKind::NotSupported));
        let nothing = collect_with_packages(&MemoryHost::new(SourceKind::LiveHost));
        assert_eq!(nothing.facts, None);
        let kinds: Vec<ProblemKind> = nothing.problems.iter().map(|problem| problem.kind).collect();
        assert_eq!(kinds, [ProblemKind::NotFound, ProblemKind::NotFound]);
    }

    /// `protocol address` of what ss(8) calls listening, of these protocols and ports.
    fn asked_of_ss(ports: &[(Protocol, u16)]) -> BTreeSet<String> {
        let output = Command::new("ss").args(["-H", "-tuln"]).output().expect("ss is needed: apt-get install iproute2");
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        let of_line = |line: &str| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let address = fields[4].replace("[::ffff:127.0.0.1]", "127.0.0.1");
            let port = address.rsplit_once(':').unwrap().1.parse().unwrap_or(0);
            let protocol = if fields[0] == "tcp" { Protocol::Tcp } else { Protocol::Udp };
            ports.contains(&(protocol, port)).then(|| format!("{} {address}", fields[0]))
        };
        text.lines().filter_map(of_line).collect()
    }

    #[test]
    fn own_sockets_are_found_as_ss_finds_them() {
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        let tcp6 = TcpListener::bind("[::1]:0").unwrap();
        let mapped = TcpListener::bind("[::ffff:127.0.0.1]:0").unwrap();
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        let udp6 = UdpSocket::bind("[::1]:0").unwrap();
        let connected = UdpSocket::bind("127.0.0.1:0").unwrap();
        connected.connect(udp.local_addr().unwrap()).unwrap();
        let expected = [
            (Protocol::Tcp, tcp.local_addr().unwrap()),
            (Protocol::Tcp, tcp6.local_addr().unwrap()),
            (Protocol::Tcp, mapped.local_addr().unwrap()),
            (Protocol::Udp, udp.local_addr().unwrap()),
            (Protocol::Udp, udp6.local_addr().unwrap()),
        ];
        let not_waiting = connected.local_addr().unwrap();
        let mut ports: Vec<(Protocol, u16)> =
            expected.iter().map(|(protocol, address)| (*protocol, address.port())).collect();
        ports.push((Protocol::Udp, not_waiting.port()));

        let collected = collect_with_packages(&RootedHost::live().unwrap());
        let listening = collected.facts.unwrap().listening;
        let of_own_ports: Vec<&ListeningSocket> =
            listening.iter().filter(|socket| ports.contains(&(socket.protocol, socket.port))).collect();
        let seen: BTreeSet<String> = of_own_ports
            .iter()
            .map(|socket| {
                let protocol = if socket.protocol == Protocol::Tcp { "tcp" } else { "udp" };
                format!("{protocol} {}", SocketAddr::new(socket.address, socket.port))
            })
            .collect();
        assert_eq!(seen, asked_of_ss(&ports));
        assert_eq!(seen.len(), expected.len());
        let executable = std::env::current_exe().unwrap().to_str().unwrap().to_owned();
        for socket in of_own_ports {
            let own = socket.listeners.iter().find(|listener| listener.pid == std::process::id()).unwrap();
            assert_eq!((own.executable.as_ref(), own.package.as_ref()), (Some(&executable), None));
            assert!(expected.iter().any(|(protocol, address)| {
                (*protocol, address.ip().to_canonical(), address.port())
                    == (socket.protocol, socket.address, socket.port)
            }));
        }
    }
}
