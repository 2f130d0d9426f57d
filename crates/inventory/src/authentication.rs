//! Authentication policy: PAM stacks, login.defs(5) and pwquality.conf(5) in one section.
//!
//! A file that cannot be read leaves out everything that it might have decided, never just its own lines: a stack with
//! an unreadable part is absent, and so is a pwquality setting that an unreadable file could override.

use assay_host::Host;
use assay_model::evidence::Collected;
use assay_model::evidence::pam::Authentication;

use crate::pam;

/// Collects PAM stacks, login.defs and pwquality settings.
///
/// What does not exist is empty and no problem: a host without PAM has no services.
pub fn collect(host: &dyn Host) -> Collected<Authentication> {
    let mut problems = Vec::new();
    let services = pam::read_services(host, &mut problems);
    let login_defs = pam::read_login_defs(host, &mut problems);
    let pwquality = pam::read_pwquality(host, &mut problems);
    Collected::partial(Authentication { services, login_defs, pwquality }, problems)
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::{ProblemKind, SourceKind};

    use super::*;

    #[test]
    fn a_host_without_any_of_it_is_complete_and_empty() {
        let collected = collect(&MemoryHost::new(SourceKind::RootDirectory));
        assert_eq!(collected, Collected::complete(Authentication::default()));
    }

    #[test]
    fn every_part_is_read_and_every_problem_is_told() {
        let host = MemoryHost::new(SourceKind::RootDirectory)
            .file("/etc/pam.d/passwd", "password required pam_unix.so remember=12\n")
            .fifo("/etc/pam.d/fifo")
            .file("/etc/login.defs", "PASS_MAX_DAYS 90\n")
            .denied("/etc/security/pwquality.conf");
        let collected = collect(&host);
        let facts = collected.facts.unwrap();
        assert_eq!(facts.services["passwd"][0].arguments, ["remember=12"]);
        assert!(!facts.services.contains_key("fifo"));
        assert_eq!(facts.login_defs["PASS_MAX_DAYS"].value, "90");
        assert!(facts.pwquality.is_empty());
        let told: Vec<(&str, ProblemKind)> =
            collected.problems.iter().map(|problem| (problem.subject.as_str(), problem.kind)).collect();
        let expected =
            [("/etc/pam.d/fifo", ProblemKind::WrongType), ("/etc/security/pwquality.conf", ProblemKind::NotPermitted)];
        assert_eq!(told, expected);
    }
}
