//! Reports of other scanners.

use std::convert::Infallible;

use assay_report::{Options, Reason, compare, comparison_jsonl, comparison_text, read_other_report};

/// A report of any scanner: every claim has an id and a package, and the comparison loses none of them.
pub fn scanner_report(data: &[u8]) {
    let Ok(report) = read_other_report(data) else { return };
    assert!(report.claims.iter().all(|claim| !claim.id().is_empty() && !claim.package.is_empty()), "{report:?}");
    let reason = Reason { name: "not-in-feed".to_owned(), sentence: "No feed knows it.".to_owned() };
    let Ok(comparison) = compare(&report, &[], |_| Ok::<_, Infallible>(reason.clone()));
    assert_eq!(comparison.only_theirs.len(), report.claims.len());
    let lines = comparison_jsonl(&comparison);
    assert_eq!(lines.lines().count(), report.claims.len() + 1, "{lines}");
    assert!(!comparison_text(&comparison, "host", &Options::default()).contains('\x1b'));
}
