//! Structures and enumerations as Rust types.

use super::document::describe;
use super::model::{Model, Shape, camel, lower_snake};
use crate::error::XtaskError;

pub(crate) fn write(model: &Model) -> Result<String, XtaskError> {
    let mut text = String::new();
    for (name, shape) in &model.shapes {
        match shape.kind.as_str() {
            "structure" => text.push_str(&structure(model, name, shape)?),
            "string" if !shape.values.is_empty() => text.push_str(&enumeration(name, shape)),
            _ => {}
        }
    }
    Ok(text)
}

fn structure(model: &Model, name: &str, shape: &Shape) -> Result<String, XtaskError> {
    let default = if model.has_default(name)? { "Default, " } else { "" };
    let mut text = format!(
        "/// `{name}`{}.\n#[derive(Clone, Debug, {default}PartialEq, Serialize, Deserialize)]\n\
         #[serde(rename_all = \"camelCase\")]\npub struct {name} {{\n",
        if shape.exception { ", an exception (reference §4)" } else { "" }
    );
    for (member, reference) in &shape.members {
        let kind = model.rust_type(&reference.shape)?;
        let words = describe(model, &reference.shape)?;
        let field = lower_snake(member);
        // The few names that camelCase does not lead back to, as `ipv4Addresses`, are written out.
        let rename = if camel_case(&field) == *member { String::new() } else { format!("rename = \"{member}\", ") };
        if shape.required.contains(member) {
            let rename = rename.strip_suffix(", ").map(|rename| format!("#[serde({rename})]\n")).unwrap_or_default();
            text.push_str(&format!("/// Required: {words}.\n{rename}pub {field}: {kind},\n"));
        } else {
            text.push_str(&format!(
                "/// Optional: {words}.\n#[serde({rename}default, skip_serializing_if = \"Option::is_none\")]\n\
                 pub {field}: Option<{kind}>,\n"
            ));
        }
    }
    text.push_str("}\n\n");
    Ok(text)
}

/// What serde's `camelCase` makes of a field.
fn camel_case(field: &str) -> String {
    let mut words = field.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| text + &camel(word))
}

fn enumeration(name: &str, shape: &Shape) -> String {
    let mut text = format!("wire_enum! {{\n    /// `{name}` (reference §4, §5).\n    {name} {{\n");
    for value in &shape.values {
        text.push_str(&format!("        {} = \"{value}\",\n", camel(value)));
    }
    text.push_str("    }\n}\n\n");
    text
}
