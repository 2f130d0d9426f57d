//! Reading a list as evidence.

use assay_model::Timestamp;
use assay_model::evidence::package::{Package, Packages};
use assay_model::evidence::{Collected, Evidence, HostIdentity, Problem, ProblemKind, SourceKind};

use super::line::{Line, Manager, parse_line};
use crate::error::SbomError;
use crate::kernel_role::role_of;
use crate::packages::{os_of_distro, sort_packages};
use crate::read::{MAX_BYTES, MAX_COMPONENTS, MAX_PROBLEMS};

/// What the problems of a list are about.
const SUBJECT: &str = "package list";

/// Reads a list as evidence of the sections os and packages. `distro` is the distribution's id and version, for example
/// `debian-12`; `agent_id` the id to give the host, `now` the time to give the evidence.
///
/// # Errors
///
/// When the list is too large, is no UTF-8 text, names no package at all, or the distribution is not understood. A line
/// that cannot be used is a problem of the evidence.
pub fn read_package_list(
    bytes: &[u8],
    distro: &str,
    agent_id: &str,
    collector: &str,
    now: Timestamp,
) -> Result<Evidence, SbomError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(SbomError::TooLarge { bytes: bytes.len() as u64, limit: MAX_BYTES });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| SbomError::NoPackageList)?;
    let os = os_of_distro(distro).ok_or_else(|| SbomError::Distribution { text: distro.to_owned() })?;
    let mut list = List::default();
    for (number, line) in (1..).zip(text.lines()) {
        list.add(number, line)?;
    }
    let host =
        HostIdentity { agent_id: agent_id.to_owned(), hostname: "unnamed".to_owned(), ipv4_addresses: Vec::new() };
    let mut evidence = Evidence::empty(SourceKind::PackageList, host, collector, now);
    evidence.os = Collected::complete(os);
    evidence.packages = list.into_section()?;
    Ok(evidence)
}

#[derive(Default)]
struct List {
    manager: Option<Manager>,
    packages: Vec<Package>,
    /// How many packages are listed without their source.
    without_source: usize,
    problems: Vec<Problem>,
    unnamed_problems: usize,
}

impl List {
    fn add(&mut self, number: usize, line: &str) -> Result<(), SbomError> {
        match parse_line(line) {
            Line::Nothing => {}
            Line::Unknown => self.tell(number, "it is no line of a package manager's list"),
            Line::Package { manager, .. } if *self.manager.get_or_insert(manager) != manager => {
                self.tell(number, "it is of another package manager than the lines before it");
            }
            Line::Package { manager, mut package, names_source } => {
                if self.packages.len() >= MAX_COMPONENTS {
                    return Err(SbomError::TooManyComponents { limit: MAX_COMPONENTS });
                }
                package.role = role_of(manager.format(), &package.name, &package.source_name);
                self.without_source += usize::from(!names_source);
                self.packages.push(*package);
            }
        }
        Ok(())
    }

    fn tell(&mut self, number: usize, why: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            let detail = format!("line {number} cannot be used: {why}");
            self.problems.push(Problem::new(SUBJECT, ProblemKind::Malformed, detail));
        } else {
            self.unnamed_problems += 1;
        }
    }

    fn into_section(self) -> Result<Collected<Packages>, SbomError> {
        let List { manager, mut packages, without_source, mut problems, unnamed_problems } = self;
        let manager = manager.ok_or(SbomError::NoPackageList)?;
        if unnamed_problems > 0 {
            let detail = format!("{unnamed_problems} more lines cannot be used");
            problems.push(Problem::new(SUBJECT, ProblemKind::Malformed, detail));
        }
        // Red Hat and its kin write advisories about binary packages.
        if without_source > 0 && manager != Manager::Rpm {
            let columns = match manager {
                Manager::Dpkg => {
                    r"dpkg-query -W -f '${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\n'"
                }
                _ => "apk list -I",
            };
            let detail = format!(
                "{without_source} packages are listed without their source package, by which advisories name them: those \
                 built from a source of another name are not judged; list them with: {columns}"
            );
            problems.push(Problem::new(SUBJECT, ProblemKind::NotFound, detail));
        }
        sort_packages(&mut packages);
        let packages = Packages { format: manager.format().to_owned(), packages, repositories: Vec::new() };
        Ok(Collected::partial(packages, problems))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Evidence, SbomError> {
        read_package_list(text.as_bytes(), "debian-12", "i-0", "test", Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn what_cannot_be_used_is_told_of() {
        let evidence = read("bash\t5.2-1\tamd64\tbash\t5.2-1\nwhat is this\nmusl-1.2.5-r0\n").unwrap();
        let packages = evidence.packages.facts.unwrap();
        assert_eq!((packages.format.as_str(), packages.packages.len()), ("dpkg", 1));
        let details: Vec<&str> = evidence.packages.problems.iter().map(|problem| problem.detail.as_str()).collect();
        assert_eq!(
            details,
            [
                "line 2 cannot be used: it is no line of a package manager's list",
                "line 3 cannot be used: it is of another package manager than the lines before it",
            ]
        );
        assert_eq!(evidence.os.facts.unwrap().version_id.as_deref(), Some("12"));
    }

    #[test]
    fn a_list_without_sources_is_told_of_once() {
        let evidence = read("bash\t5.2-1\nlibc6\t2.36-9\n").unwrap();
        let [problem] = evidence.packages.problems.as_slice() else { panic!("{:?}", evidence.packages.problems) };
        assert!(problem.detail.starts_with("2 packages are listed without their source package"), "{}", problem.detail);
        let rpms = "bash-5.1.8-6.el9.x86_64\n";
        let evidence = read_package_list(rpms.as_bytes(), "rhel-9.4", "i-0", "test", Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(evidence.packages.problems, []);
    }

    #[test]
    fn garbage_is_bounded() {
        let evidence = read(&format!("bash\t5.2-1\tamd64\tbash\n{}", "garbage here\n".repeat(100_000))).unwrap();
        assert_eq!(evidence.packages.problems.len(), MAX_PROBLEMS + 1);
        for text in ["", "\n\n", "# nothing\n", "hello\n", "{\"a\": 1}"] {
            assert!(matches!(read(text), Err(SbomError::NoPackageList)), "{text:?}");
        }
        let no_text = read_package_list(b"\xff\xfe", "debian-12", "i-0", "test", Timestamp::UNIX_EPOCH);
        assert!(matches!(no_text, Err(SbomError::NoPackageList)));
        let no_distro = read_package_list(b"bash\t1", "", "i-0", "test", Timestamp::UNIX_EPOCH);
        assert!(matches!(no_distro, Err(SbomError::Distribution { .. })));
    }
}
