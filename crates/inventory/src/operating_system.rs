//! The operating system: os-release(5), and the version file that Debian adds.
//!
//! Surprising: a value that is quoted over two lines is legal for a shell, but no distribution writes one, so it is told
//! as malformed instead of read.

use assay_host::{Host, HostError};
use assay_model::evidence::operating_system::OperatingSystem;
use assay_model::evidence::{Collected, Problem, ProblemKind};

use crate::text::{CONFIGURATION_LIMIT, LineProblems, is_comment, lines, shell_assignment};

/// The first that exists counts (os-release(5)).
const FILES: [&str; 2] = ["/etc/os-release", "/usr/lib/os-release"];

const DEBIAN_VERSION: &str = "/etc/debian_version";

/// Collects the operating system.
///
/// Where the first file is there but cannot be read, that is a problem and the facts are those of the second one.
pub fn collect(host: &dyn Host) -> Collected<OperatingSystem> {
    let mut problems = Vec::new();
    let mut found = None;
    for file in FILES {
        match host.read(file, CONFIGURATION_LIMIT) {
            Ok(content) => {
                let (facts, malformed) = parse(file, &content);
                problems.extend(malformed);
                found = Some(facts);
                break;
            }
            Err(HostError::NotFound { .. }) => {}
            Err(error) => problems.push(error.to_problem()),
        }
    }
    let Some(mut facts) = found else {
        if problems.is_empty() {
            let detail = "neither /etc/os-release nor /usr/lib/os-release exists";
            problems.push(Problem::new("/etc/os-release", ProblemKind::NotFound, detail));
        }
        return Collected { facts: None, problems };
    };
    match host.read(DEBIAN_VERSION, CONFIGURATION_LIMIT) {
        Ok(content) => {
            let mut malformed = LineProblems::new(DEBIAN_VERSION);
            let first = lines(&content, &mut malformed).into_iter().next();
            facts.debian_version = first.and_then(|line| non_empty(line.text.trim()));
            problems.extend(malformed.into_problems());
        }
        Err(HostError::NotFound { .. }) => {}
        Err(error) => problems.push(error.to_problem()),
    }
    Collected::partial(facts, problems)
}

/// Reads the content of an os-release(5) file; the last assignment of a key counts.
pub fn parse(file: &str, bytes: &[u8]) -> (OperatingSystem, Vec<Problem>) {
    let mut problems = LineProblems::new(file);
    let mut facts = OperatingSystem { file: Some(file.to_owned()), ..OperatingSystem::default() };
    for line in lines(bytes, &mut problems) {
        if is_comment(&line.text, &['#']) {
            continue;
        }
        let (key, value) = match shell_assignment(&line.text) {
            Ok(assignment) => assignment,
            Err(what) => {
                problems.malformed(line.number, what);
                continue;
            }
        };
        match key {
            "ID" => facts.id = value,
            "ID_LIKE" => facts.id_like = value.split_whitespace().map(str::to_owned).collect(),
            "VERSION_ID" => facts.version_id = non_empty(&value),
            "VERSION_CODENAME" => facts.version_codename = non_empty(&value),
            "PRETTY_NAME" => facts.pretty_name = non_empty(&value),
            _ => {
                facts.fields.insert(key.to_owned(), value);
            }
        }
    }
    if facts.id.is_empty() {
        facts.id = "linux".to_owned();
    }
    (facts, problems.into_problems())
}

fn non_empty(value: &str) -> Option<String> {
    Some(value.to_owned()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use assay_host::{MemoryHost, RootedHost};
    use assay_model::evidence::SourceKind;

    use super::*;

    const BOOKWORM: &str = r#"PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
"#;

    fn host() -> MemoryHost {
        MemoryHost::new(SourceKind::RootDirectory)
    }

    fn check(host: &MemoryHost, expected: Option<(&str, Option<&str>, &str)>, problems: &[(&str, ProblemKind)]) {
        let collected = collect(host);
        let found = collected.facts.as_ref();
        let found = found.map(|os| (os.id.as_str(), os.version_id.as_deref(), os.file.as_deref().unwrap()));
        assert_eq!(found, expected);
        let told: Vec<_> = collected.problems.iter().map(|each| (each.subject.as_str(), each.kind)).collect();
        assert_eq!(told, problems);
    }

    #[test]
    fn debian_is_read() {
        let host = host()
            .file("/usr/lib/os-release", BOOKWORM)
            .link("/etc/os-release", "../usr/lib/os-release")
            .file("/etc/debian_version", "12.11\n");
        let collected = collect(&host);
        assert_eq!(collected.problems, []);
        let os = collected.facts.unwrap();
        assert_eq!((os.id.as_str(), os.version_id.as_deref()), ("debian", Some("12")));
        assert_eq!(os.version_codename.as_deref(), Some("bookworm"));
        assert_eq!(os.pretty_name.as_deref(), Some("Debian GNU/Linux 12 (bookworm)"));
        assert_eq!(os.debian_version.as_deref(), Some("12.11"));
        assert_eq!(os.file.as_deref(), Some("/etc/os-release"));
        assert_eq!(os.fields.keys().collect::<Vec<_>>(), ["HOME_URL", "NAME", "VERSION"]);
    }

    #[test]
    fn the_first_file_that_exists_counts() {
        let usr = host().file("/usr/lib/os-release", "ID=b\n");
        check(&usr, Some(("b", None, "/usr/lib/os-release")), &[]);
        check(&usr.clone().file("/etc/os-release", "ID=a\n"), Some(("a", None, "/etc/os-release")), &[]);
        check(&host(), None, &[("/etc/os-release", ProblemKind::NotFound)]);
    }

    #[test]
    fn defaults_and_odd_lines() {
        for (content, expected, problems) in [
            ("", ("linux", None), 0),
            ("# ID=a\n\nVERSION_ID=\n", ("linux", None), 0),
            ("ID='a'\nID=b", ("b", None), 0),
            ("ID=a\nVERSION_ID=\"12\nnonsense\n", ("a", None), 2),
            ("ID=a\r\nVERSION_ID=\"12\"\r\n", ("a", Some("12")), 0),
        ] {
            let (os, told) = parse("/etc/os-release", content.as_bytes());
            assert_eq!((os.id.as_str(), os.version_id.as_deref()), expected, "{content:?}");
            assert_eq!(told.len(), problems, "{content:?}: {told:?}");
        }
        let (os, told) = parse("/etc/os-release", b"ID_LIKE=\"rhel fedora\"\nNAME=\xff\n");
        assert_eq!(
            (os.id_like, os.fields["NAME"].as_str()),
            (vec!["rhel".to_owned(), "fedora".to_owned()], "\u{fffd}")
        );
        assert_eq!(told[0].detail, "line 2 of /etc/os-release is no UTF-8");
    }

    #[test]
    fn hostile_files_are_told() {
        let usr = || host().file("/usr/lib/os-release", "ID=b\n");
        let expected = Some(("b", None, "/usr/lib/os-release"));
        for (hostile, kind) in [
            (usr().fifo("/etc/os-release"), ProblemKind::WrongType),
            (usr().link("/etc/os-release", "os-release"), ProblemKind::LinkLoop),
            (usr().denied("/etc/os-release"), ProblemKind::NotPermitted),
            (usr().directory("/etc/os-release", 0o755, 0, 0), ProblemKind::WrongType),
            (usr().file("/etc/os-release", vec![b'#'; 5 << 20]), ProblemKind::TooLarge),
        ] {
            check(&hostile, expected, &[("/etc/os-release", kind)]);
        }
        check(&usr().fifo("/etc/debian_version"), expected, &[("/etc/debian_version", ProblemKind::WrongType)]);
        check(&host().fifo("/etc/os-release"), None, &[("/etc/os-release", ProblemKind::WrongType)]);
    }

    #[test]
    fn this_machine_is_read_as_a_shell_reads_it() {
        let os = collect(&RootedHost::live().unwrap()).facts.unwrap();
        let script = ". /etc/os-release && printf '%s|%s|%s' \"$ID\" \"$VERSION_ID\" \"$PRETTY_NAME\"";
        let shell = std::process::Command::new("sh").args(["-c", script]).output().expect("sh is needed");
        let ours = [os.id, os.version_id.unwrap_or_default(), os.pretty_name.unwrap_or_default()].join("|");
        assert_eq!(ours, String::from_utf8(shell.stdout).unwrap());
    }

    /// Files of many distributions; some lack a key.
    #[test]
    fn the_samples_are_read_as_a_shell_reads_them() {
        let shared = std::env::var("ASSAY_SHARED")
            .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
        let samples = format!("{shared}/data/hosts/pkgdb/syft/linux-os-release");
        let mut pending = vec![std::path::PathBuf::from(&samples)];
        let mut seen = 0;
        while let Some(folder) = pending.pop() {
            for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                    continue;
                }
                if path.file_name().unwrap() != "os-release" {
                    continue;
                }
                seen += 1;
                let (os, told) = parse("/etc/os-release", &std::fs::read(&path).unwrap());
                let script = ". \"$1\"; printf '%s|%s|%s' \"${ID:-linux}\" \"$VERSION_ID\" \"$PRETTY_NAME\"";
                let mut shell = std::process::Command::new("sh");
                let shell = shell.env_clear().args(["-c", script, "sh"]).arg(&path).output().expect("sh is needed");
                let ours = [os.id, os.version_id.unwrap_or_default(), os.pretty_name.unwrap_or_default()].join("|");
                assert_eq!(ours, String::from_utf8_lossy(&shell.stdout), "{}", path.display());
                assert_eq!(told.is_empty(), shell.stderr.is_empty(), "{}: {told:?}", path.display());
            }
        }
        assert!(seen >= 20, "{seen} samples in {samples}");
    }
}
