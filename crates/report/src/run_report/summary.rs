//! Numbers of a report: findings by package and severity.

use assay_model::severity::Severity;

use super::{ReportPackage, RunReport};

/// The severities that findings have, worst first.
pub(super) const SEVERITIES: [Severity; 4] = [Severity::High, Severity::Medium, Severity::Low, Severity::Informational];

/// How many findings of each of [`SEVERITIES`] a package has; Undefined counts as Informational.
pub(super) fn counts(package: &ReportPackage) -> [u64; 4] {
    let mut counts = [0; 4];
    for rule in &package.failed {
        let severity = rule.severity.max(Severity::Informational);
        for (count, known) in counts.iter_mut().zip(SEVERITIES) {
            if known == severity {
                *count += rule.finding_count;
            }
        }
    }
    counts
}

/// The sum over all packages.
pub(super) fn total(report: &RunReport) -> [u64; 4] {
    let mut sum = [0; 4];
    for package in &report.rules_packages {
        for (sum, count) in sum.iter_mut().zip(counts(package)) {
            *sum += count;
        }
    }
    sum
}
