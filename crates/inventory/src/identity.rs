//! Which host it is: agent id, host name, addresses.
//!
//! machine-id(5) asks never to show the machine id itself, so the agent id is a hash of it. Surprising: the addresses
//! come from `/proc/net/fib_trie`, the one file that lists those of every interface without a socket being opened.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use assay_host::Host;
use assay_model::evidence::HostIdentity;
use sha2::{Digest, Sha256};

/// What is hashed before the machine id, as machine-id(5) asks for: the hash is of no use to another program.
const CONTEXT: &[u8] = b"assay agent id";

const SMALL_FILE_LIMIT: u64 = 4096;

/// A router with the whole internet's routes stays below it.
const FIB_TRIE_LIMIT: u64 = 128 << 20;

/// Who the host is. What cannot be read has a stand-in, because every finding needs a host to belong to: an agent id
/// from `fallback` (which tells hosts without a machine id apart, for example by name and root directory), the name
/// `localhost`, no addresses.
pub fn collect(host: &dyn Host, fallback: &str) -> HostIdentity {
    let machine_id = host.read("/etc/machine-id", SMALL_FILE_LIMIT).ok().and_then(|content| parse_machine_id(&content));
    let agent_id = agent_id(machine_id.as_deref().unwrap_or(fallback));
    HostIdentity { agent_id, hostname: hostname(host), ipv4_addresses: ipv4_addresses(host) }
}

fn agent_id(of: &str) -> String {
    let digest = Sha256::new().chain_update(CONTEXT).chain_update(of.as_bytes()).finalize();
    let mut digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.truncate(17);
    format!("i-{digits}")
}

/// Reads machine-id(5): 32 hexadecimal digits, not all zero. `uninitialized` and an empty file are none.
pub fn parse_machine_id(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?.trim().to_ascii_lowercase();
    let is_id =
        text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) && text.bytes().any(|byte| byte != b'0');
    is_id.then_some(text)
}

fn hostname(host: &dyn Host) -> String {
    let running = host.is_live().then_some("/proc/sys/kernel/hostname");
    let files = running.into_iter().chain(["/etc/hostname"]);
    let mut names = files.filter_map(|file| parse_hostname(&host.read(file, SMALL_FILE_LIMIT).ok()?));
    names.next().unwrap_or_else(|| "localhost".to_owned())
}

/// Reads hostname(5): the first line that is no comment. A name with anything else in it than names may have is none:
/// it is shown on terminals and in reports.
pub fn parse_hostname(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let name = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let is_name = name.len() <= 253
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
        && !matches!(name, "(none)" | "localhost");
    is_name.then(|| name.to_owned())
}

fn ipv4_addresses(host: &dyn Host) -> Vec<String> {
    if !host.is_live() {
        return Vec::new();
    }
    let content = host.read("/proc/net/fib_trie", FIB_TRIE_LIMIT).unwrap_or_default();
    parse_fib_trie(&content).iter().map(Ipv4Addr::to_string).collect()
}

/// The host's own addresses in `fib_trie`, in numeric order: a leaf `|-- 192.0.2.1` whose next line is
/// `/32 host LOCAL`. Loopback addresses are left out.
pub fn parse_fib_trie(bytes: &[u8]) -> Vec<Ipv4Addr> {
    let mut addresses = BTreeSet::new();
    let mut leaf: Option<Ipv4Addr> = None;
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = std::str::from_utf8(line).unwrap_or_default().trim();
        if let Some(address) = line.strip_prefix("|-- ") {
            leaf = address.parse().ok();
        } else if line == "/32 host LOCAL" {
            addresses.extend(leaf.filter(|address| !address.is_loopback()));
        }
    }
    addresses.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use assay_host::{MemoryHost, RootedHost};
    use assay_model::evidence::SourceKind;

    use super::*;

    const MACHINE_ID: &str = "0123456789abcdef0123456789abcdef\n";

    #[test]
    fn the_agent_id_is_a_hash_of_the_machine_id() {
        let id = |content: &[u8]| {
            collect(&MemoryHost::new(SourceKind::RootDirectory).file("/etc/machine-id", content), "name /root").agent_id
        };
        // printf 'assay agent id0123456789abcdef0123456789abcdef' | sha256sum
        assert_eq!(id(MACHINE_ID.as_bytes()), "i-a6d0e63aeacc5ac37");
        assert_eq!(id(MACHINE_ID.to_uppercase().as_bytes()), id(MACHINE_ID.as_bytes()));
        let fallback = collect(&MemoryHost::new(SourceKind::RootDirectory), "name /root").agent_id;
        assert_ne!(fallback, collect(&MemoryHost::new(SourceKind::RootDirectory), "other /root").agent_id);
        assert!(fallback.len() == 19 && fallback.starts_with("i-"));
        for none in [
            &b""[..],
            b"uninitialized\n",
            b"0123456789abcdef0123456789abcde\n",
            b"0123456789abcdef0123456789abcdeg\n",
            b"00000000000000000000000000000000\n",
            b"\xff",
            &[b'a'; 5000],
        ] {
            assert_eq!(id(none), fallback, "{none:?}");
        }
        let hostile = MemoryHost::new(SourceKind::RootDirectory).fifo("/etc/machine-id");
        assert_eq!(collect(&hostile, "name /root").agent_id, fallback);
    }

    #[test]
    fn the_running_name_counts_before_the_file() {
        let check = |host: MemoryHost, expected: &str| assert_eq!(collect(&host, "").hostname, expected);
        let files = |source| {
            let host = MemoryHost::new(source).file("/proc/sys/kernel/hostname", "running\n");
            host.file("/etc/hostname", "# a comment\n\n on-disk.example.org \n")
        };
        check(files(SourceKind::LiveHost), "running");
        check(files(SourceKind::RootDirectory), "on-disk.example.org");
        check(files(SourceKind::LiveHost).file("/proc/sys/kernel/hostname", "(none)\n"), "on-disk.example.org");
        check(files(SourceKind::RootDirectory).fifo("/etc/hostname"), "localhost");
        check(MemoryHost::new(SourceKind::LiveHost), "localhost");
        for bad in ["", "#\n", "a b", "\u{1b}[31mred", "<script>", &"a".repeat(254)] {
            check(MemoryHost::new(SourceKind::RootDirectory).file("/etc/hostname", bad), "localhost");
        }
    }

    #[test]
    fn local_addresses_are_those_of_the_host() {
        let trie = b"Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.0.0.0/24 2 0 2
        |-- 10.0.0.0
           /24 link UNICAST
        |-- 10.0.0.9
           /32 host LOCAL
        |-- 10.0.0.255
           /32 link BROADCAST
     |-- 127.0.0.1
        /32 host LOCAL
     |-- 9.255.0.1
        /32 host LOCAL
Local:
        |-- 10.0.0.9
           /32 host LOCAL
        |-- nonsense
           /32 host LOCAL
        |-- \\xff
           /32 host LOCAL";
        let expected = [Ipv4Addr::new(9, 255, 0, 1), Ipv4Addr::new(10, 0, 0, 9)];
        assert_eq!(parse_fib_trie(trie), expected);
        assert!(parse_fib_trie(b"/32 host LOCAL\n|-- ").is_empty());
        let live = MemoryHost::new(SourceKind::LiveHost).file("/proc/net/fib_trie", trie);
        assert_eq!(collect(&live, "").ipv4_addresses, ["9.255.0.1", "10.0.0.9"]);
        let at_rest = MemoryHost::new(SourceKind::RootDirectory).file("/proc/net/fib_trie", trie);
        assert_eq!(collect(&at_rest, "").ipv4_addresses, [""; 0]);
    }

    #[test]
    fn this_machine_has_the_name_that_the_kernel_gives_it() {
        let identity = collect(&RootedHost::live().unwrap(), "");
        let node = rustix::system::uname().nodename().to_string_lossy().into_owned();
        assert!(identity.hostname == node || identity.hostname == "localhost", "{identity:?} {node}");
    }
}
