//! The table of the corpus, cause by cause.

use assay_rules::KnowledgeBase;

use super::case::causes;
use super::verdict::failures;

/// The causes that the field's complaints come down to, and the fewest cases of each and of all.
const CAUSES: usize = 26;
const CASES_OF_CAUSE: usize = 2;
const CASES: usize = 120;

#[test]
fn every_case_has_the_right_verdict() {
    let rules = KnowledgeBase::embedded().unwrap();
    let causes = causes();
    let (mut cases, mut wrong) = (0, Vec::new());
    println!("{:<72} {:>5} {:>5}", "CAUSE", "CASES", "RIGHT");
    for (name, cause) in &causes {
        let mut right = 0;
        for case in &cause.case {
            assert!(
                !(case.thread.is_empty() || case.expect.is_empty() && case.exclusions.is_empty()),
                "{name}: {}",
                case.name
            );
            let failures = failures(case, &rules);
            right += usize::from(failures.is_empty());
            wrong.extend(
                failures.into_iter().map(|failure| format!("{name}, {} ({}): {failure}", case.name, case.thread)),
            );
        }
        println!("{:<72} {:>5} {right:>5}", cause.cause, cause.case.len());
        assert!(cause.case.len() >= CASES_OF_CAUSE, "{name} has {} cases", cause.case.len());
        cases += cause.case.len();
    }
    println!("{:<72} {cases:>5} {:>5}", "all", cases - wrong.len().min(cases));
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(causes.len(), CAUSES);
    assert!(cases >= CASES, "{cases} cases");
}
