//! Properties: no evidence and no file makes the engine panic, and the outcome is the same every time.

use assay_model::evidence::Evidence;
use assay_rules::{EvaluationContext, KnowledgeBase, evaluate, parse_rule};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

/// One change of a JSON document: at the value that a number picks, put another.
fn mutate(document: &mut Value, pick: usize, with: &Value) {
    match document {
        Value::Object(members) if !members.is_empty() && pick > 0 => {
            let count = members.len();
            if let Some(member) = members.values_mut().nth(pick % count) {
                mutate(member, pick / count.max(2), with);
            }
        }
        Value::Array(items) if !items.is_empty() && pick > 0 => {
            let count = items.len();
            mutate(&mut items[pick % count], pick / count.max(2), with);
        }
        _ => *document = with.clone(),
    }
}

fn replacement() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u32>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ -~é\u{0}]{0,12}".prop_map(Value::from),
        Just(serde_json::json!([])),
        Just(serde_json::json!({})),
        Just(serde_json::json!({ "value": "x", "source": "file", "file": "/f", "line": 1 })),
        Just(serde_json::json!([{ "subject": "/etc", "kind": "failed", "detail": "" }])),
    ]
}

#[test]
fn no_evidence_makes_a_rule_panic() {
    let knowledge = KnowledgeBase::embedded().unwrap();
    let rules: Vec<_> = knowledge.packages().iter().flat_map(|package| &package.rules).collect();
    let documents: Vec<Value> =
        rules.iter().flat_map(|rule| &rule.tests).map(|test| serde_json::to_value(&*test.evidence).unwrap()).collect();
    let strategy = (0..documents.len(), prop::collection::vec((any::<usize>(), replacement()), 1..6));
    TestRunner::new(Config::with_cases(400))
        .run(&strategy, |(document, changes)| {
            let mut document = documents[document].clone();
            for (pick, with) in &changes {
                let before = document.clone();
                mutate(&mut document, *pick, with);
                // A change that is no evidence any more is undone, so that the others still count.
                if serde_json::from_value::<Evidence>(document.clone()).is_err() {
                    document = before;
                }
            }
            let evidence: Evidence = serde_json::from_value(document).unwrap();
            let (first, second) = (EvaluationContext::new(&evidence), EvaluationContext::new(&evidence));
            for rule in &rules {
                prop_assert_eq!(evaluate(rule, &first), evaluate(rule, &second));
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn no_file_makes_the_reader_panic() {
    let knowledge = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../knowledge/best-practices/support-ssh-version-2-only.yaml"
    ))
    .unwrap();
    let pieces = prop_oneof![
        Just("&a ".to_owned()),
        Just("*a".to_owned()),
        Just("\t".to_owned()),
        Just("? ".to_owned()),
        Just("- ".to_owned()),
        Just("{".to_owned()),
        Just("]".to_owned()),
        Just("'".to_owned()),
        Just("|\n".to_owned()),
        Just("---\n".to_owned()),
        Just("%YAML 9".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("!!x ".to_owned()),
        Just("<<: ".to_owned()),
        "[ -~\n]{0,8}",
    ];
    let strategy = prop::collection::vec((0..knowledge.len(), 0..40_usize, pieces), 1..4);
    TestRunner::new(Config::with_cases(400))
        .run(&strategy, |changes| {
            let mut bytes = knowledge.clone();
            for (at, removed, piece) in changes {
                let at = at.min(bytes.len());
                let end = (at + removed).min(bytes.len());
                bytes.splice(at..end, piece.into_bytes());
            }
            if let Err(error) = parse_rule("r.yaml", &bytes) {
                prop_assert!(error.to_string().starts_with("r.yaml"), "{}", error);
            }
            Ok(())
        })
        .unwrap();
}
