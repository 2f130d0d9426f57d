//! Files of a target, each put where its collector looks for it.
//!
//! A collector is fed whole rather than its parser alone: what follows the parser is hostile to no lesser degree.

use std::collections::BTreeSet;

use assay_host::MemoryHost;
use assay_inventory::dpkg::status::Layout;
use assay_inventory::{
    accounts as account_collector, apk, authentication, dpkg, identity, kernel, mounts as mount_collector,
    operating_system, packages::Format, processes as process_parsers, repositories as repository_collector, rpm,
    sockets as socket_parsers, sshd, sysctl as sysctl_collector,
};
use assay_model::evidence::SourceKind;

fn root_directory() -> MemoryHost {
    MemoryHost::new(SourceKind::RootDirectory)
}

/// os-release, and Debian's own file of its version.
pub fn os_release(data: &[u8]) {
    let host = root_directory().file("/etc/os-release", data).file("/etc/debian_version", data);
    operating_system::collect(&host);
}

/// dpkg's status file in all of its layouts.
pub fn dpkg_status(data: &[u8]) {
    dpkg::status::parse(data, Layout::Fragment);
    dpkg::status::parse(data, Layout::Opkg);
    let parsed = dpkg::status::parse(data, Layout::Database);
    for package in &parsed.packages {
        assert!(!package.name.is_empty(), "a package has a name");
    }
}

/// apk's installed database, with the owners of its files, and what the administrator pinned.
pub fn apk_installed(data: &[u8]) {
    let host = root_directory().file("/lib/apk/db/installed", data).file("/etc/apk/world", data);
    for package in apk::collect(&host).facts.iter().flat_map(|packages| &packages.packages) {
        assert!(!package.name.is_empty() && !package.version.is_empty(), "a package has a name and a version");
    }
    apk::owners::collect(&host, &BTreeSet::from(["/bin/busybox".to_owned()]));
}

/// What each package manager keeps of the repositories it installs from.
pub fn repositories(data: &[u8]) {
    let host = root_directory()
        .file("/etc/apt/sources.list", data)
        .file("/etc/apt/sources.list.d/fuzz.sources", data)
        .file("/var/lib/ubuntu-advantage/status.json", data)
        .file("/etc/yum.repos.d/fuzz.repo", data)
        .file("/etc/dnf/repos.override.d/fuzz.repo", data)
        .file("/etc/apk/repositories", data)
        .file("/etc/opkg.conf", data);
    for format in [Format::Dpkg, Format::Rpm, Format::Apk, Format::Opkg] {
        for repository in repository_collector::collect(&host, format).0 {
            let authority = repository.location.split_once("://").map_or("", |(_, rest)| rest);
            let authority = authority.split('/').next().unwrap_or_default();
            assert!(!authority.contains('@'), "an address has no user: {}", repository.location);
        }
    }
}

/// A database of rpm in each of its formats, and the list that may stand in for one; as SQLite's, the same bytes are the
/// log too.
pub fn rpm_database(data: &[u8]) {
    for name in ["rpmdb.sqlite", "Packages.db", "Packages"] {
        let path = format!("/var/lib/rpm/{name}");
        let host = root_directory().file(&path, data);
        rpm_collector(&host);
        if name == "rpmdb.sqlite" {
            rpm_collector(&host.file(&format!("{path}-wal"), data));
        }
    }
    rpm_collector(&root_directory().file("/var/lib/rpmmanifest/container-manifest-2", data));
}

/// The header of one package, in the simplest of the databases, and the bytes as a signature.
pub fn rpm_header(data: &[u8]) {
    rpm::signature::key_id(data);
    rpm::signature::key_id_of_base64(data);
    let word = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    let blocks = (16 + data.len() + 12).div_ceil(16);
    let mut file = [*b"RpmP", word(0), word(0), word(1)].concat();
    file.resize(32, 0);
    file.extend([*b"Slot", word(1), word(256), word(blocks)].concat());
    while file.len() < 4096 {
        file.extend(b"Slot\0\0\0\0\0\0\0\0\0\0\0\0");
    }
    file.extend([*b"BlbS", word(1), word(0), word(data.len())].concat());
    file.extend(data);
    file.resize(4096 + 16 * blocks, 0);
    rpm_collector(&root_directory().file("/var/lib/rpm/Packages.db", file));
}

fn rpm_collector(host: &MemoryHost) {
    let collected = rpm::collect(host, "rhel");
    for package in collected.facts.iter().flat_map(|packages| &packages.packages) {
        assert!(!package.name.is_empty() && package.version.contains('-'), "a package has name, version and release");
    }
    assert!(collected.problems.len() < 100, "problems are counted after the first ones");
    rpm::owners::collect(host, &BTreeSet::from(["/usr/bin/bash".to_owned()]));
}

/// What apt and dpkg keep beside it: lists, release files, diversions, the log.
pub fn apt_lists(data: &[u8]) {
    let _ = dpkg::package_list::parse(data, |_| true, |_, _| {});
    dpkg::release_file::parse(data);
    dpkg::owners::parse(data);
    dpkg::log::parse(data).for_each(drop);
}

/// passwd, group and shadow.
pub fn accounts(data: &[u8]) {
    let host = root_directory()
        .file("/etc/passwd", data)
        .file("/etc/group", data)
        .file("/etc/shadow", data)
        .file("/etc/gshadow", data);
    account_collector::collect(&host);
}

/// mountinfo and fstab.
pub fn mounts(data: &[u8]) {
    mount_collector::parse_mountinfo("/proc/self/mountinfo", data);
    mount_collector::parse_fstab("/etc/fstab", data);
}

/// sysctl.d, in a folder with precedence over another.
pub fn sysctl(data: &[u8]) {
    let host = root_directory()
        .file("/etc/sysctl.d/10-fuzz.conf", data)
        .file("/usr/lib/sysctl.d/10-fuzz.conf", data)
        .file("/etc/sysctl.conf", data);
    sysctl_collector::collect(
        &host,
        &BTreeSet::from(["kernel.randomize_va_space".to_owned(), "net.ipv4.*".to_owned()]),
    );
}

/// grub.cfg, grubenv, a boot loader entry and the kernel's command line.
pub fn boot_menu(data: &[u8]) {
    kernel::grub::parse(data);
    kernel::grub::parse_environment(data);
    kernel::boot_entry::parse(data);
    kernel::command_line::parse(data);
}

/// maps, status and cgroup of a process.
pub fn processes(data: &[u8]) {
    process_parsers::maps::parse(data).for_each(drop);
    process_parsers::status::parse(data);
    process_parsers::control_group::parse(data);
}

/// The kernel's tables of sockets.
pub fn sockets(data: &[u8]) {
    use assay_model::evidence::socket::Protocol;
    let Ok(text) = std::str::from_utf8(data) else { return };
    for line in text.lines() {
        for protocol in [Protocol::Tcp, Protocol::Udp] {
            socket_parsers::table::parse_line(line, protocol);
        }
    }
}

/// machine-id, hostname, and the kernel's tree of addresses.
pub fn host_identity(data: &[u8]) {
    let host = MemoryHost::new(SourceKind::LiveHost)
        .file("/etc/machine-id", data)
        .file("/etc/hostname", data)
        .file("/proc/net/fib_trie", data)
        .file("/proc/sys/kernel/hostname", data);
    identity::collect(&host, "fuzz");
}

/// sshd_config and a drop-in that it includes.
pub fn sshd_config(data: &[u8]) {
    let host = root_directory()
        .file("/usr/sbin/sshd", "")
        .file("/etc/default/ssh", data)
        .file("/etc/ssh/sshd_config", data)
        .file("/etc/ssh/sshd_config.d/fuzz.conf", data);
    sshd::collect(&host, None);
}

/// PAM stacks that include each other, login.defs and pwquality.
pub fn pam(data: &[u8]) {
    let host = root_directory()
        .file("/etc/pam.d/common-password", data)
        .file("/etc/pam.d/passwd", data)
        .file("/etc/pam.conf", data)
        .file("/etc/login.defs", data)
        .file("/etc/security/pwquality.conf", data)
        .file("/etc/security/pwquality.conf.d/fuzz.conf", data);
    authentication::collect(&host);
}
