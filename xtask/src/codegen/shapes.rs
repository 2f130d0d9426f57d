//! The limits of every shape that a request or a response is made of, as tables.

use std::collections::BTreeSet;

use super::model::{Model, Shape, upper_snake};
use crate::error::XtaskError;

/// The only pattern of the model.
const UUID: &str = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

pub(crate) fn write(model: &Model) -> Result<String, XtaskError> {
    let mut used = BTreeSet::new();
    for operation in model.operations.values() {
        for reference in operation.input.iter().chain(&operation.output) {
            collect(model, &reference.shape, &mut used)?;
        }
    }
    let mut text = "/// The limits of each shape (reference §7), for [`crate::decode`].\npub mod shapes {\n\
                    use crate::shape::{Kind, Member, Pattern, Shape};\n\n"
        .to_owned();
    for name in used {
        let kind = kind(model, name, model.shape(name)?)?;
        text.push_str(&format!(
            "/// `{name}`.\npub static {}: Shape = Shape {{ name: \"{name}\", kind: {kind} }};\n",
            upper_snake(name)
        ));
    }
    text.push_str("}\n");
    Ok(text)
}

fn collect<'a>(model: &'a Model, name: &'a str, used: &mut BTreeSet<&'a str>) -> Result<(), XtaskError> {
    if !used.insert(name) {
        return Ok(());
    }
    let shape = model.shape(name)?;
    let members = shape.members.iter().map(|(_, reference)| reference);
    for reference in members.chain(&shape.member).chain(&shape.key).chain(&shape.value) {
        collect(model, &reference.shape, used)?;
    }
    Ok(())
}

fn kind(model: &Model, name: &str, shape: &Shape) -> Result<String, XtaskError> {
    let count = format!("min: {}, max: {}", shape.min.unwrap_or_default(), optional(shape.max, ""));
    Ok(match shape.kind.as_str() {
        "structure" => {
            let mut members = String::new();
            for (member, reference) in &shape.members {
                members.push_str(&format!(
                    "Member {{ name: \"{member}\", shape: &{}, is_required: {} }},",
                    upper_snake(&reference.shape),
                    shape.required.contains(member)
                ));
            }
            format!("Kind::Structure {{ members: &[{members}] }}")
        }
        "string" if !shape.values.is_empty() => format!("Kind::Enumeration {{ values: &{:?} }}", shape.values),
        "string" => {
            let pattern = match shape.pattern.as_deref() {
                None => "None",
                Some(UUID) => "Some(Pattern::Uuid)",
                Some(other) => return Err(XtaskError::Usage(format!("shape {name} has the new pattern {other}"))),
            };
            format!("Kind::Text {{ {count}, pattern: {pattern} }}")
        }
        "integer" | "long" => {
            format!("Kind::Integer {{ min: {}, max: {} }}", optional(shape.min, ""), optional(shape.max, ""))
        }
        "double" => {
            format!("Kind::Double {{ min: {}, max: {} }}", optional(shape.min, ".0"), optional(shape.max, ".0"))
        }
        "boolean" => "Kind::Boolean".to_owned(),
        "timestamp" => "Kind::Timestamp".to_owned(),
        "list" => {
            format!("Kind::List {{ item: &{}, {count} }}", upper_snake(model.follow(&shape.member)?.0))
        }
        "map" => {
            let (key, value) = (model.follow(&shape.key)?.0, model.follow(&shape.value)?.0);
            format!("Kind::Map {{ key: &{}, value: &{}, {count} }}", upper_snake(key), upper_snake(value))
        }
        other => return Err(XtaskError::Usage(format!("shape {name} has the unknown type {other}"))),
    })
}

fn optional(limit: Option<f64>, suffix: &str) -> String {
    limit.map_or_else(|| "None".to_owned(), |limit| format!("Some({limit}{suffix})"))
}
