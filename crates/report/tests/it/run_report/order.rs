//! The section order of reference §8.8.

/// The headings of the ordinary report, in their order; `only_full` says which are only in a FULL report.
pub(crate) const HEADINGS: &[(&str, Only)] = &[
    ("1 Executive Summary", Only::Both),
    ("2 What is Tested", Only::Both),
    ("2.1 Rules Packages \u{2013} Count: 3", Only::Both),
    ("2.1.1 Common Vulnerabilities and Exposures", Only::Both),
    ("2.1.2 Security Best Practices", Only::Both),
    ("2.1.3 Network Reachability", Only::Both),
    ("2.2 Assessment Target", Only::Both),
    ("3 Findings Summary", Only::Both),
    ("3.1 Common Vulnerabilities and Exposures", Only::Both),
    ("3.2 Security Best Practices", Only::Both),
    ("3.3 Network Reachability", Only::Both),
    ("4 Findings Details", Only::Both),
    ("4.1 Common Vulnerabilities and Exposures", Only::Both),
    ("4.1.1 CVE-2026-31337 High", Only::Both),
    ("4.1.2 CVE-2026-1234 High", Only::Both),
    ("4.1.3 CVE-2026-7788 Medium", Only::Both),
    ("4.1.4 CVE-2023-31486 Low", Only::Both),
    ("4.1.5 CVE-2011-3374 Informational", Only::Both),
    ("4.2 Security Best Practices", Only::Both),
    ("4.2.1 Configure permissions for system directories High", Only::Both),
    ("4.2.2 Disable root login over SSH Medium", Only::Both),
    ("4.3 Network Reachability", Only::Both),
    ("4.3.1 Recognized port reachable from internet Medium", Only::Both),
    ("5 Passed Rules", Only::Full),
    ("5.1 Security Best Practices", Only::Full),
    ("Appendix: Exclusions", Only::Both),
    ("E.1 Agent is unhealthy", Only::Both),
];

/// In which reports a heading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Only {
    Both,
    Full,
}
