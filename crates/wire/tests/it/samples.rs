//! A valid request of each operation, and any value a shape allows.

use assay_wire::shape::{Kind, Member, Pattern, Shape};
use assay_wire::{Operation, decode};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

pub(crate) const TARGET: &str = "arn:aws:inspector:us-east-1:111122223333:target/0-Ab3dEf9h";
pub(crate) const TEMPLATE: &str = "arn:aws:inspector:us-east-1:111122223333:target/0-Ab3dEf9h/template/0-Zz81kQp2";
pub(crate) const RUN: &str =
    "arn:aws:inspector:us-east-1:111122223333:target/0-Ab3dEf9h/template/0-Zz81kQp2/run/0-M4nT7xQ1";
pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:sec";
const GROUP: &str = "arn:aws:inspector:us-east-1:111122223333:resourcegroup/0-AB6DMKnv";
const PACKAGE: &str = "arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q";
const ROLE: &str = "arn:aws:iam::111122223333:role/inspector";

fn arn(member: &str) -> &'static str {
    match member {
        "assessmentTargetArn" | "assessmentTargetArns" | "previewAgentsArn" => TARGET,
        "assessmentTemplateArn" | "assessmentTemplateArns" | "resourceArn" => TEMPLATE,
        "resourceGroupArn" | "resourceGroupArns" => GROUP,
        "rulesPackageArns" => PACKAGE,
        "topicArn" => TOPIC,
        "roleArn" => ROLE,
        _ => RUN,
    }
}

/// A valid request with one member replaced.
pub(crate) fn with(operation: Operation, member: &str, value: Value) -> Value {
    let mut body = minimal(operation);
    body.insert(member.to_owned(), value);
    Value::Object(body)
}

/// The required members only.
fn minimal(operation: Operation) -> Map<String, Value> {
    match least("", operation.input().expect("an operation with members")) {
        Value::Object(members) => members,
        other => panic!("{operation} takes {other}"),
    }
}

fn least(member: &str, shape: &Shape) -> Value {
    match &shape.kind {
        Kind::Structure { members } => {
            let required = members.iter().filter(|member| member.is_required);
            required.map(|member| (member.name.to_owned(), least(member.name, member.shape))).collect()
        }
        Kind::List { item, .. } => json!([least(member, item)]),
        Kind::Map { .. } => json!({}),
        Kind::Text { .. } if shape.name == "Arn" => json!(arn(member)),
        Kind::Text { pattern: Some(Pattern::Uuid), .. } => json!("2f6d0c3e-5d5c-4d0b-9a5d-0e0f7f0f3b11"),
        Kind::Text { min, .. } => json!("x".repeat(*min)),
        Kind::Enumeration { values } => json!(values[0]),
        Kind::Integer { min, .. } => json!(min.unwrap_or(1)),
        Kind::Double { min, .. } => json!(min.unwrap_or(0.5)),
        Kind::Boolean => json!(false),
        Kind::Timestamp => json!(0),
    }
}

/// Any value of a shape, ARNs of the right kind.
fn any_value(member: &'static str, shape: &'static Shape) -> BoxedStrategy<Value> {
    match &shape.kind {
        Kind::Structure { members } => {
            let members: Vec<_> = members.iter().map(any_member).collect();
            members.prop_map(|members| members.into_iter().flatten().collect()).boxed()
        }
        Kind::List { item, min, max } => {
            let most = max.unwrap_or(5).min(min + 5);
            proptest::collection::vec(any_value(member, item), *min..=most).prop_map(Value::Array).boxed()
        }
        Kind::Map { .. } => Just(json!({})).boxed(),
        Kind::Text { .. } if shape.name == "Arn" => Just(json!(arn(member))).boxed(),
        Kind::Text { pattern: Some(Pattern::Uuid), .. } => Just(least(member, shape)).boxed(),
        Kind::Text { min, max, .. } => {
            let most = max.unwrap_or(40).min(min + 40);
            let characters = proptest::collection::vec(any::<char>(), *min..=most);
            let no_controls = |text: String| text.replace(char::is_control, "-");
            characters.prop_map(move |text| json!(no_controls(text.into_iter().collect()))).boxed()
        }
        Kind::Enumeration { values } => proptest::sample::select(*values).prop_map(|value| json!(value)).boxed(),
        Kind::Integer { min, max } => {
            let (least, most) = (min.unwrap_or(1), max.unwrap_or(500));
            (least..=most).prop_map(|number| json!(number)).boxed()
        }
        Kind::Double { .. } | Kind::Timestamp => (-1e12..1e12_f64).prop_map(|number| json!(number)).boxed(),
        Kind::Boolean => any::<bool>().prop_map(|flag| json!(flag)).boxed(),
    }
}

fn any_member(member: &'static Member) -> BoxedStrategy<Option<(String, Value)>> {
    let value = any_value(member.name, member.shape).prop_map(|value| Some((member.name.to_owned(), value)));
    // Ranges that may be reversed and keys that may occur twice are wrong for other reasons than their shape.
    let is_relation = member.name.ends_with("Range");
    match member.is_required {
        true => value.boxed(),
        false if is_relation => Just(None).boxed(),
        false => prop_oneof![Just(None), value].boxed(),
    }
}

fn any_request() -> impl Strategy<Value = (Operation, Value)> {
    proptest::sample::select(Operation::ALL).prop_flat_map(|operation| {
        let body = operation.input().map_or_else(|| Just(json!({})).boxed(), |shape| any_value("", shape));
        body.prop_map(move |body| (operation, body))
    })
}

fn has_double_keys(body: &Value) -> bool {
    ["tags", "attributes", "userAttributesForFindings"].iter().any(|member| {
        let keys: Vec<&Value> = body[member].as_array().into_iter().flatten().map(|pair| &pair["key"]).collect();
        (1..keys.len()).any(|index| keys[..index].contains(&keys[index]))
    })
}

#[test]
fn the_least_of_every_operation_is_accepted() {
    for operation in Operation::ALL.iter().filter(|operation| operation.input().is_some()) {
        let body = Value::Object(minimal(*operation));
        decode(*operation, body.to_string().as_bytes()).unwrap_or_else(|error| panic!("{operation} {body}: {error}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// What the model allows is accepted, and keeps its content: nothing is lost, renamed or invented.
    #[test]
    fn what_the_model_allows_is_read_and_written((operation, body) in any_request()) {
        // The model allows a template without a rules package; the service does not.
        prop_assume!(!has_double_keys(&body) && body["rulesPackageArns"] != json!([]));
        let request = decode(operation, body.to_string().as_bytes());
        let request = request.map_err(|error| TestCaseError::fail(format!("{operation} {body}: {error}")))?;
        if operation.input().is_none() {
            return Ok(());
        }
        let written = serde_json::to_string(&request).expect("requests are texts and numbers");
        prop_assert_eq!(decode(operation, written.as_bytes()).expect("it was accepted"), request);
        let written: Value = serde_json::from_str(&written).expect("it is JSON");
        prop_assert_eq!(written, body);
    }

    /// Anything else is answered, too.
    #[test]
    fn any_bytes_are_answered(body in proptest::collection::vec(any::<u8>(), 0..200), index in 0..37_usize) {
        let _ = decode(Operation::ALL[index], &body);
    }

    /// A valid request with a part of it replaced by anything.
    #[test]
    fn any_change_is_answered((operation, body) in any_request(), replacement in ".{0,20}", at in any::<prop::sample::Index>()) {
        let mut text: Vec<char> = body.to_string().chars().collect();
        let at = at.index(text.len());
        let end = (at + 7).min(text.len());
        text.splice(at..end, replacement.chars());
        let _ = decode(operation, text.into_iter().collect::<String>().as_bytes());
    }
}
