//! The author's page, `docs/rules.md`: its example is a rule that works.

use assay_rules::{lint_rule, parse_rule, test_rule};

#[test]
fn the_example_of_the_page_works() {
    let page = include_str!("../../../../docs/rules.md");
    let (_, rest) = page.split_once("```yaml\n").unwrap();
    let (example, _) = rest.split_once("```\n").unwrap();
    let rule = parse_rule("docs/rules.md", example.as_bytes()).unwrap();
    assert_eq!(lint_rule(&rule), []);
    let tests = test_rule(&rule);
    assert_eq!(tests.len(), 3);
    for test in tests {
        assert!(test.is_as_expected(), "{}: {} {}", test.name, test.actual, test.reason);
    }
}
