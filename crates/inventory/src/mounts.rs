//! File systems: `/proc/self/mountinfo` (proc(5)) and fstab(5).
//!
//! Surprising: a mount can be read-only while its super block is not, so `ro` and `rw` of the two are one answer here,
//! and one mount can hide another at the same place, which is then left out. A service that systemd sandboxes has a table
//! of its own in which everything is read-only; the host's is that of process 1.

use std::collections::HashMap;

use assay_host::{Host, HostError};
use assay_model::evidence::mount::{FstabEntry, Mount, Mounts};
use assay_model::evidence::{Collected, Problem};

use crate::text::{CONFIGURATION_LIMIT, LineProblems, is_comment, lines};

const MOUNTINFO: &str = "/proc/self/mountinfo";
/// Readable for root only.
const HOST_MOUNTINFO: &str = "/proc/1/mountinfo";

const FSTAB: &str = "/etc/fstab";

/// A host with 100,000 container layers stays below it.
const MOUNTINFO_LIMIT: u64 = 64 << 20;

/// Collects what is mounted, on a live host, and what fstab(5) mounts at boot; a host without fstab has no such lines.
pub fn collect(host: &dyn Host) -> Collected<Mounts> {
    let mut problems = Vec::new();
    let mut mounted = None;
    if host.is_live() {
        match mount_table(host) {
            Ok((file, content)) => {
                let (mounts, malformed) = parse_mountinfo(file, &content);
                problems.extend(malformed);
                mounted = Some(mounts);
            }
            Err(error) => problems.push(error.to_problem()),
        }
    }
    let fstab = match host.read(FSTAB, CONFIGURATION_LIMIT) {
        Ok(content) => {
            let (entries, malformed) = parse_fstab(FSTAB, &content);
            problems.extend(malformed);
            entries
        }
        Err(HostError::NotFound { .. }) => Vec::new(),
        Err(error) => {
            problems.push(error.to_problem());
            Vec::new()
        }
    };
    Collected::partial(Mounts { mounted, fstab }, problems)
}

/// The table of process 1 where its root is ours, else our own: in a container that shares the host's processes, or
/// after chroot(2), process 1 sees other files than we do.
fn mount_table(host: &dyn Host) -> Result<(&'static str, Vec<u8>), HostError> {
    let own = host.read(MOUNTINFO, MOUNTINFO_LIMIT)?;
    match host.read(HOST_MOUNTINFO, MOUNTINFO_LIMIT) {
        Ok(hosts) if root_of(&own).is_some_and(|root| root_of(&hosts) == Some(root)) => Ok((HOST_MOUNTINFO, hosts)),
        _ => Ok((MOUNTINFO, own)),
    }
}

/// Device and directory of it that are mounted at `/`.
fn root_of(mountinfo: &[u8]) -> Option<(&str, &str)> {
    mountinfo.rsplit(|byte| *byte == b'\n').find_map(|line| {
        let mut fields = std::str::from_utf8(line).ok()?.split(' ').skip(2);
        let root = (fields.next()?, fields.next()?);
        (fields.next()? == "/").then_some(root)
    })
}

/// Reads `mountinfo`; of several mounts at one place the last one, which hides the others, is kept.
pub fn parse_mountinfo(file: &str, bytes: &[u8]) -> (Vec<Mount>, Vec<Problem>) {
    let mut problems = LineProblems::new(file);
    let mut mounts: Vec<Option<Mount>> = Vec::new();
    let mut at_target: HashMap<String, usize> = HashMap::new();
    for line in lines(bytes, &mut problems) {
        let Some(mount) = mount(&line.text) else {
            problems.malformed(line.number, "is no line of mountinfo");
            continue;
        };
        if let Some(hidden) = at_target.insert(mount.target.clone(), mounts.len()).and_then(|at| mounts.get_mut(at)) {
            *hidden = None;
        }
        mounts.push(Some(mount));
    }
    (mounts.into_iter().flatten().collect(), problems.into_problems())
}

/// `36 35 98:0 /root /mnt rw,noatime shared:1 master:2 - ext4 /dev/sda1 rw,errors=continue`: between the mount options
/// and the lone dash stand any number of optional fields.
fn mount(line: &str) -> Option<Mount> {
    let mut fields = line.split(' ');
    let target = fields.nth(4)?;
    let options = fields.next()?;
    fields.find(|field| *field == "-")?;
    let (file_system, source) = (fields.next()?, fields.next()?);
    let super_options = fields.next().unwrap_or_default();
    Some(Mount {
        target: unescape(target),
        source: unescape(source),
        file_system: unescape(file_system),
        options: merge(options, super_options),
    })
}

/// Mount options, then those of the super block; each once, and read-only as soon as one of the two is.
fn merge(options: &str, super_options: &str) -> Vec<String> {
    let all = || options.split(',').chain(super_options.split(',')).filter(|option| !option.is_empty());
    let access = if all().any(|option| option == "ro") { "ro" } else { "rw" };
    let mut merged = vec![access.to_owned()];
    for option in all().filter(|option| !matches!(*option, "ro" | "rw")).map(unescape) {
        if !merged.contains(&option) {
            merged.push(option);
        }
    }
    merged
}

/// Reads fstab(5); the options may be missing, as mount(8) allows.
pub fn parse_fstab(file: &str, bytes: &[u8]) -> (Vec<FstabEntry>, Vec<Problem>) {
    let mut problems = LineProblems::new(file);
    let mut entries = Vec::new();
    for line in lines(bytes, &mut problems) {
        if is_comment(&line.text, &['#']) {
            continue;
        }
        let mut fields = line.text.split_ascii_whitespace();
        let (Some(source), Some(target), Some(file_system)) = (fields.next(), fields.next(), fields.next()) else {
            problems.malformed(line.number, "has fewer than three fields");
            continue;
        };
        let options = fields.next().filter(|options| !options.starts_with('#')).unwrap_or("defaults");
        entries.push(FstabEntry {
            target: unescape(target),
            source: unescape(source),
            file_system: unescape(file_system),
            options: options.split(',').filter(|option| !option.is_empty()).map(unescape).collect(),
            line: line.number,
        });
    }
    (entries, problems.into_problems())
}

/// Replaces `\040` and the like by the byte with that octal number (getmntent(3)).
fn unescape(field: &str) -> String {
    if !field.contains('\\') {
        return field.to_owned();
    }
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        match rest {
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..] => {
                bytes.push((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'));
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use assay_host::{MemoryHost, RootedHost};
    use assay_model::evidence::{ProblemKind, SourceKind};

    use super::*;

    fn check_mountinfo(content: &str, expected: &[(&str, &str, &str, &str)], problems: usize) {
        let (mounts, told) = parse_mountinfo(MOUNTINFO, content.as_bytes());
        let found: Vec<_> = mounts
            .iter()
            .map(|each| (each.target.clone(), each.source.clone(), each.file_system.clone(), each.options.join(",")))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(a, b, c, d)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned(), (*d).to_owned()))
            .collect();
        assert_eq!((found, told.len()), (expected, problems), "{content}: {told:?}");
    }

    #[test]
    fn the_table_is_the_hosts_where_the_root_is_the_same() {
        let table = |root: &str, access: &str| {
            format!("1 0 {root} / {access} - ext4 /dev/vda1 rw\n2 1 8:1 / /home {access} - ext4 /dev/vda2 rw\n")
        };
        let check = |own: &str, init: Option<&str>, access: &str| {
            let mut host = MemoryHost::new(SourceKind::LiveHost).file("/proc/self/mountinfo", own);
            if let Some(init) = init {
                host = host.file("/proc/1/mountinfo", init);
            }
            let mounts = collect(&host).facts.unwrap().mounted.unwrap();
            assert_eq!(mounts[1].options, [access], "{own} {init:?}");
        };
        let sandboxed = table("8:0 /", "ro");
        check(&sandboxed, Some(&table("8:0 /", "rw")), "rw");
        check(&sandboxed, None, "ro");
        for other in ["8:2 /", "8:0 /chroot"] {
            check(&sandboxed, Some(&table(other, "rw")), "ro");
        }
        check(&sandboxed, Some(""), "ro");
        check(
            "1 0 8:0 / /home ro - ext4 /dev/vda1 rw\n2 1 8:1 / /x ro - ext4 a rw\n",
            Some(&table("8:0 /", "rw")),
            "ro",
        );
    }

    #[test]
    fn mountinfo_is_read() {
        check_mountinfo(
            "36 35 98:0 / /mnt rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n",
            &[("/mnt", "/dev/root", "ext3", "rw,noatime,errors=continue")],
            0,
        );
        check_mountinfo(
            "36 35 98:0 / /a\\040b rw - nfs4 host:/x\\134y rw,vers=4.2\n",
            &[("/a b", "host:/x\\y", "nfs4", "rw,vers=4.2")],
            0,
        );
        check_mountinfo(
            "1 0 0:1 / /x ro,nosuid shared:1 master:2 propagate_from:3 unbindable - tmpfs tmpfs rw,nosuid,size=1k\n",
            &[("/x", "tmpfs", "tmpfs", "ro,nosuid,size=1k")],
            0,
        );
        check_mountinfo("1 0 0:1 / /x rw - cgroup2  rw\n", &[("/x", "", "cgroup2", "rw")], 0);
        check_mountinfo("", &[], 0);
        check_mountinfo("1 0 0:1 / /x rw shared:1\nnonsense\n\n1 0 0:1 / /y rw - a\n", &[], 4);
    }

    #[test]
    fn a_mount_that_is_hidden_is_left_out() {
        check_mountinfo(
            "1 0 0:1 / /x rw - autofs systemd-1 rw\n3 0 0:3 / /y rw - tmpfs y rw\n2 1 0:2 / /x rw - tmpfs x rw\n",
            &[("/y", "y", "tmpfs", "rw"), ("/x", "x", "tmpfs", "rw")],
            0,
        );
    }

    #[test]
    fn fstab_is_read() {
        for (content, expected, problems) in [
            ("UUID=1 / ext4 errors=remount-ro 0 1\n", Some(("UUID=1", "/", "ext4", "errors=remount-ro")), 0),
            ("# a\n\n /dev/x\t/a\\040b  auto  nosuid,,nodev\n", Some(("/dev/x", "/a b", "auto", "nosuid,nodev")), 0),
            ("/dev/x none swap\n", Some(("/dev/x", "none", "swap", "defaults")), 0),
            ("/dev/x none swap # old\n", Some(("/dev/x", "none", "swap", "defaults")), 0),
            ("/dev/x /y\n", None, 1),
            ("/dev/\\999\\04 /y z\n", Some(("/dev/\\999\\04", "/y", "z", "defaults")), 0),
        ] {
            let (entries, told) = parse_fstab(FSTAB, content.as_bytes());
            let found = entries.first().map(|each| {
                (each.source.clone(), each.target.clone(), each.file_system.clone(), each.options.join(","))
            });
            let expected = expected.map(|(a, b, c, d)| (a.to_owned(), b.to_owned(), c.to_owned(), d.to_owned()));
            assert_eq!((found, told.len()), (expected, problems), "{content}");
        }
        assert_eq!(parse_fstab(FSTAB, b"# a\n\nx y z\n").0[0].line, 3);
        assert_eq!(parse_fstab(FSTAB, b"\xff\\377 y z\n").0[0].source, "\u{fffd}\u{fffd}");
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let check = |host: &MemoryHost, mounted: bool, expected: &[(&str, ProblemKind)]| {
            let collected = collect(host);
            assert_eq!(collected.facts.unwrap().mounted.is_some(), mounted);
            let told: Vec<_> = collected.problems.iter().map(|each| (each.subject.as_str(), each.kind)).collect();
            assert_eq!(told, expected);
        };
        let live = MemoryHost::new(SourceKind::LiveHost);
        let root = MemoryHost::new(SourceKind::RootDirectory);
        check(&root, false, &[]);
        check(&live, false, &[(MOUNTINFO, ProblemKind::NotFound)]);
        let mounted = live.file(MOUNTINFO, "1 0 0:1 / / rw - ext4 /dev/sda rw\n");
        check(&mounted, true, &[]);
        check(&mounted.clone().fifo(FSTAB), true, &[(FSTAB, ProblemKind::WrongType)]);
        check(&mounted.clone().link(FSTAB, "fstab"), true, &[(FSTAB, ProblemKind::LinkLoop)]);
        check(&mounted.clone().denied(FSTAB), true, &[(FSTAB, ProblemKind::NotPermitted)]);
        check(&mounted.file(FSTAB, vec![b'#'; 5 << 20]), true, &[(FSTAB, ProblemKind::TooLarge)]);
    }

    #[test]
    fn this_machine_is_read_as_findmnt_reads_it() {
        let mounted = collect(&RootedHost::live().unwrap()).facts.unwrap().mounted.unwrap();
        for mount in mounted.iter().filter(|mount| !mount.target.ends_with("//deleted")) {
            let arguments = ["--kernel", "--noheadings", "--raw", "--output", "FSTYPE,OPTIONS", "--mountpoint"];
            let findmnt = std::process::Command::new("findmnt").args(arguments).arg(&mount.target).output();
            let output = String::from_utf8(findmnt.expect("findmnt (util-linux) is needed").stdout).unwrap();
            let (file_system, options) = output.lines().last().unwrap().split_once(' ').unwrap();
            let sorted = |options: &mut Vec<String>| options.sort();
            let (mut ours, mut theirs) = (mount.options.clone(), options.split(',').map(unescape_raw).collect());
            sorted(&mut ours);
            sorted(&mut theirs);
            theirs.dedup();
            assert_eq!((mount.file_system.as_str(), ours), (file_system, theirs), "{}", mount.target);
        }
    }

    /// `findmnt --raw` writes `\x20` for a space.
    fn unescape_raw(option: &str) -> String {
        option.replace("\\x20", " ").replace("\\x5c", "\\")
    }
}
