//! Expressions: the fast parser agrees with the reference one, and nothing that is written can run for ever.

use std::fmt::Debug;

use assay_model::outcome::Outcome;
use assay_rules::{KnowledgeBase, limits};
use cel::Env;
use cel::parser::PrattParser;

use crate::support::{evaluated, rule_with};

/// The tree without the numbers of its nodes, which the two parsers give in different orders.
fn without_ids(tree: &impl Debug) -> String {
    let text = format!("{tree:?}");
    let mut pieces = text.split("id: ");
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        kept.push_str(piece.trim_start_matches(|character: char| character.is_ascii_digit()));
    }
    kept
}

#[test]
fn both_parsers_read_every_embedded_expression_alike() {
    let knowledge = KnowledgeBase::embedded().unwrap();
    let env = Env::stdlib();
    let mut count = 0;
    for rule in knowledge.packages().iter().flat_map(|package| &package.rules) {
        let variables = rule.variables.iter().map(|(_, source)| source);
        let values = rule.evidence.iter().map(|value| &value.value);
        for source in rule.applies_to.iter().chain([&rule.passes_when]).chain(variables).chain(values) {
            let reference = env.compile(source).unwrap();
            let fast = PrattParser::new().enable_optional_syntax(true).parse(source).unwrap();
            assert_eq!(without_ids(reference.expression()), without_ids(&fast), "{source}");
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}

/// Reads and evaluates on a stack as small as that of a worker thread.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(1024 * 1024).spawn(work).unwrap();
    thread.join().unwrap();
}

#[test]
fn deep_expressions_are_refused() {
    let limit = limits::MAX_EXPRESSION_BYTES;
    for (open, middle, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{1: ", "1", "}"),
        ("size(", "1", ")"),
        ("!", "true", ""),
        ("-", "1", ""),
        ("- ", "x", ""),
        ("true ? 1 : ", "1", ""),
        ("1 + ", "1", ""),
        ("true && ", "true", ""),
        ("a.", "a", ""),
        ("a[", "0", "]"),
        ("[1].map(x, ", "1", ")"),
        ("", "a", "[0]"),
        ("", "a", ".size()"),
    ] {
        on_a_small_stack(move || {
            let count = (limit - middle.len() - 2) / (open.len() + close.len());
            let source = format!("{}{middle}{}", open.repeat(count), close.repeat(count));
            // Either outcome is right; the stack must hold.
            if let Ok(rule) = rule_with(&format!("parameters: {{ x: 1 }}\npasses_when: '{source}'\n")) {
                drop(rule.clone());
            }
        });
    }
}

#[test]
fn long_expressions_are_refused() {
    let source = format!("true{}", " || true".repeat(300));
    let message = rule_with(&format!("passes_when: {source}\n")).unwrap_err().to_string();
    assert!(message.ends_with("it is 2404 bytes, over the limit of 2000"), "{message}");
}

#[test]
fn enormous_results_end_in_an_error() {
    let doubling = format!("size(['0123456789']{}) > 0", ".map(a, a + a)".repeat(40));
    let nested = format!("size([1]{}) > 0", ".map(a, [a, a, a, a, a, a, a, a])".repeat(30));
    let product = "range.all(a, range.all(b, a != b || a == b))".to_owned();
    let message = format!("the expression takes more than {} steps", limits::MAX_STEPS);
    for condition in [doubling, nested, product] {
        let text = "x".repeat(1_100);
        let rule = format!("variables: {{ range: \"split('{text}', 'x')\" }}\npasses_when: \"{condition}\"");
        let evaluation = evaluated(&rule, "evidence: {}");
        assert_eq!((evaluation.outcome, evaluation.reason.as_str()), (Outcome::Error, message.as_str()), "{condition}");
    }
}
