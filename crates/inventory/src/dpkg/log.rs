//! dpkg's log: which version each package had before its last upgrade.
//!
//! Reads the lines `DATE TIME upgrade NAME:ARCHITECTURE OLD NEW` of dpkg(1)'s `--log` file. Surprising: dpkg also calls
//! it an upgrade when a package is installed again in the same version, which replaces files but no version.

use std::collections::HashMap;
use std::io::Read;

use assay_host::{Host, HostError};
use assay_model::evidence::package::Package;
use assay_model::evidence::{Problem, ProblemKind};
use flate2::read::MultiGzDecoder;
use memchr::memrchr;

/// The logs of the last two months, in the order in which they were written. Older ones say nothing of what still runs.
const LOGS: &[&str] = &["/var/log/dpkg.log.1.gz", "/var/log/dpkg.log.1", "/var/log/dpkg.log"];

/// A line has 80 bytes and an upgrade six of them: this is a hundred times what a new release of Debian makes.
const MAX_LOG: u64 = 64 * 1024 * 1024;

/// One upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upgrade<'a> {
    /// Binary package name.
    pub name: &'a str,
    /// Architecture.
    pub architecture: &'a str,
    /// The version before.
    pub old: &'a str,
    /// The version after.
    pub new: &'a str,
}

/// What stands after date and time, which have 19 letters.
const WORD: &[u8] = b" upgrade ";
const STAMP: usize = "2026-11-24 13:37:00".len();

/// The upgrades of a log that changed a version, in order; lines that say something else, or are cut, are none.
pub fn parse(bytes: &[u8]) -> impl Iterator<Item = Upgrade<'_>> {
    let whole = memrchr(b'\n', bytes).and_then(|last| bytes.get(..last)).unwrap_or_default();
    whole.split(|byte| *byte == b'\n').filter_map(|line| {
        let rest = line.get(STAMP..)?.strip_prefix(WORD)?;
        let mut words = std::str::from_utf8(rest).ok()?.split(' ');
        let (name, architecture) = words.next()?.split_once(':')?;
        let (old, new) = (words.next()?, words.next()?);
        let is_change = words.next().is_none() && old != new && !old.is_empty() && old != "<none>";
        is_change.then_some(Upgrade { name, architecture, old, new })
    })
}

/// Notes for each package the version before the installed one, where the logs say.
pub(super) fn assign(host: &dyn Host, packages: &mut [Package]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut index: HashMap<(String, String), usize> = HashMap::new();
    for log in LOGS {
        let bytes = match read(host, log) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => continue,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        if index.is_empty() {
            let key = |package: &Package| (package.name.clone(), package.architecture.clone());
            index = packages.iter().map(key).zip(0..).collect();
        }
        for upgrade in parse(&bytes) {
            let key = (upgrade.name.to_owned(), upgrade.architecture.to_owned());
            let package = index.get(&key).and_then(|position| packages.get_mut(*position));
            if let Some(package) = package.filter(|package| package.version == upgrade.new) {
                package.previous_version = Some(upgrade.old.to_owned());
            }
        }
    }
    problems
}

fn read(host: &dyn Host, log: &str) -> Result<Option<Vec<u8>>, Problem> {
    let packed = match host.read(log, MAX_LOG) {
        Ok(bytes) => bytes,
        Err(HostError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error.to_problem()),
    };
    if !log.ends_with(".gz") {
        return Ok(Some(packed));
    }
    let mut bytes = Vec::new();
    match MultiGzDecoder::new(packed.as_slice()).take(MAX_LOG + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() as u64 > MAX_LOG => {
            let detail = format!("unpacks to more than {MAX_LOG} bytes and was not read");
            Err(Problem::new(log, ProblemKind::TooLarge, detail))
        }
        Ok(_) => Ok(Some(bytes)),
        Err(cause) => Err(Problem::new(log, ProblemKind::Malformed, format!("cannot be unpacked: {cause}"))),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;

    use super::*;

    fn upgrade(package: &str, old: &str, new: &str) -> String {
        format!("2026-11-01 12:00:00 upgrade {package} {old} {new}\n")
    }

    #[test]
    fn only_whole_lines_about_a_change_count() {
        let log = upgrade("libc6:amd64", "2.36-9", "2.36-10")
            + "2026-11-01 12:00:00 startup archives unpack\n"
            + "2026-11-01 12:00:00 install new:amd64 <none> 1\n"
            + &upgrade("new:amd64", "<none>", "1")
            + &upgrade("again:all", "1", "1")
            + "2026-11-01 12:00:00 conffile /etc/ upgrade x:amd64 1 2\n"
            + &upgrade("no-architecture", "1", "2")
            + "2026-11-01 12:00:00 upgrade more:all 1 2 3\n"
            + "2026-11-01 12:00:00 upgrade cut:all 1 2";
        let seen: Vec<Upgrade<'_>> = parse(log.as_bytes()).collect();
        let libc = Upgrade { name: "libc6", architecture: "amd64", old: "2.36-9", new: "2.36-10" };
        assert_eq!(seen, [libc]);
        assert_eq!(parse(b"2026-11-01 12:00:00 upgrade \xff:a 1 2\n upgrade ").count(), 0);
    }

    #[track_caller]
    fn check(host: &MemoryHost, expected: &[(&str, Option<&str>)], problems: &[ProblemKind]) {
        let mut packages = [("a", "3", "amd64"), ("a", "3", "i386"), ("b", "5", "all"), ("c", "1", "all")]
            .map(|(name, version, architecture)| Package::installed(name, version, architecture));
        let told = assign(host, &mut packages);
        let seen: Vec<(&str, Option<&str>)> =
            packages.iter().map(|package| (package.name.as_str(), package.previous_version.as_deref())).collect();
        assert_eq!(seen, expected);
        assert_eq!(told.iter().map(|problem| problem.kind).collect::<Vec<_>>(), problems, "{told:?}");
    }

    #[test]
    fn the_last_upgrade_to_the_installed_version_counts() {
        let host = MemoryHost::new(SourceKind::RootDirectory);
        check(&host, &[("a", None), ("a", None), ("b", None), ("c", None)], &[]);
        let older = upgrade("a:amd64", "1", "2") + &upgrade("a:amd64", "2", "3") + &upgrade("b:all", "4", "5");
        let newer = upgrade("b:all", "5", "6") + &upgrade("b:all", "6", "5") + &upgrade("c:all", "0", "2");
        let both = host.clone().file("/var/log/dpkg.log.1", &older).file("/var/log/dpkg.log", &newer);
        let expected = [("a", Some("2")), ("a", None), ("b", Some("6")), ("c", None)];
        check(&both, &expected, &[]);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(older.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let with_packed = host.clone().file("/var/log/dpkg.log.1.gz", &packed).file("/var/log/dpkg.log", &newer);
        check(&with_packed, &expected, &[]);
        let nothing = [("a", None), ("a", None), ("b", None), ("c", None)];
        let cut = host.clone().file("/var/log/dpkg.log.1.gz", &packed[..packed.len() - 3]);
        check(&cut, &nothing, &[ProblemKind::Malformed]);
        check(&host.denied("/var/log/dpkg.log"), &nothing, &[ProblemKind::NotPermitted]);
    }

    #[test]
    fn a_log_that_unpacks_without_end_is_refused() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let line = upgrade("a:amd64", "1", "3").repeat(10_000);
        for _ in 0..=(MAX_LOG as usize / line.len()) {
            packed.write_all(line.as_bytes()).unwrap();
        }
        let packed = packed.finish().unwrap();
        assert!((packed.len() as u64) < MAX_LOG / 100);
        let host = MemoryHost::new(SourceKind::RootDirectory).file("/var/log/dpkg.log.1.gz", packed);
        check(&host, &[("a", None), ("a", None), ("b", None), ("c", None)], &[ProblemKind::TooLarge]);
    }
}
