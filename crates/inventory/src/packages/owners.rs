//! Which package owns a path, by the host's own package database.

use std::collections::BTreeSet;

use assay_host::Host;
use assay_model::evidence::{Collected, ProblemKind};

use super::format::Format;
use crate::ownership::{OwnedFiles, Owners};
use crate::{apk, dpkg, rpm};

/// Finds the owners of absolute paths whose links are resolved.
///
/// A host without a database, or without file lists, has no owners; that its packages are unknown is told by their own
/// section, so it is no problem here.
pub fn owners(host: &dyn Host, format: Option<Format>, wanted: &BTreeSet<String>) -> Collected<Owners> {
    let mut owners = match format {
        Some(Format::Dpkg) => dpkg::owners::collect(host, wanted),
        Some(Format::Opkg) => dpkg::owners::collect_of_opkg(host, wanted),
        Some(Format::Apk) => apk::owners::collect(host, wanted),
        Some(Format::Rpm) => rpm::owners::collect(host, wanted),
        None => Collected::complete(Owners::default()),
    };
    owners.problems.retain(|problem| problem.kind != ProblemKind::NotFound);
    owners
}

/// Finds the owners of the paths of several facts in one pass over the database.
pub fn assign(host: &dyn Host, format: Option<Format>, facts: &mut [&mut dyn OwnedFiles]) {
    let wanted: BTreeSet<String> = facts.iter().flat_map(|facts| facts.paths()).collect();
    let found = owners(host, format, &wanted);
    let owners = found.facts.unwrap_or_default();
    for facts in facts {
        let problems = if facts.paths().is_empty() { &[] } else { found.problems.as_slice() };
        facts.assign(&owners, problems);
    }
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;

    use super::*;

    #[test]
    fn every_format_is_asked() {
        let host = MemoryHost::new(SourceKind::RootDirectory)
            .link("/bin", "usr/bin")
            .file("/var/lib/dpkg/info/of-dpkg.list", "/bin/tool\n")
            .file("/usr/lib/opkg/info/of-opkg.list", "/bin/tool\n")
            .file("/lib/apk/db/installed", "P:of-apk\nV:1\nF:bin\nR:tool\n\n");
        let wanted = ["/usr/bin/tool".to_owned(), "/opt/own".to_owned()].into();
        for (format, owner) in [
            (Some(Format::Dpkg), Some("of-dpkg")),
            (Some(Format::Opkg), Some("of-opkg")),
            (Some(Format::Apk), Some("of-apk")),
            (None, None),
        ] {
            let found = owners(&host, format, &wanted);
            assert_eq!(found.problems, []);
            let found = found.facts.unwrap();
            assert_eq!((found.package_of("/usr/bin/tool"), found.package_of("/opt/own")), (owner, None), "{format:?}");
        }
    }

    #[test]
    fn a_missing_list_is_no_problem_but_a_denied_one_is() {
        let wanted = ["/usr/bin/tool".to_owned()].into();
        let host = MemoryHost::new(SourceKind::RootDirectory);
        for format in [Format::Dpkg, Format::Rpm, Format::Opkg, Format::Apk] {
            assert_eq!(owners(&host, Some(format), &wanted).problems, []);
        }
        let denied = host.denied("/lib/apk/db/installed").denied("/var/lib/dpkg/info").denied("/var/lib/rpm/Packages");
        for format in [Format::Dpkg, Format::Rpm, Format::Apk] {
            assert_eq!(owners(&denied, Some(format), &wanted).problems[0].kind, ProblemKind::NotPermitted);
        }
    }
}
