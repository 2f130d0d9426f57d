//! Operations, and the requests and responses that go with them.

use super::model::{Model, Operation, upper_snake};
use crate::error::XtaskError;

pub(crate) fn write(model: &Model) -> Result<String, XtaskError> {
    Ok([names(model), requests(model)?, responses(model)].concat())
}

fn arms(model: &Model, arm: impl Fn(&str, &Operation) -> String) -> String {
    model.operations.iter().map(|(name, operation)| arm(name, operation)).collect()
}

fn names(model: &Model) -> String {
    let values = arms(model, |name, _| format!("        {name} = \"{name}\",\n"));
    let inputs = arms(model, |name, operation| {
        format!("Operation::{name} => {},\n", table(operation.input.as_ref().map(|input| input.shape.as_str())))
    });
    let outputs = arms(model, |name, operation| {
        format!("Operation::{name} => {},\n", table(operation.output.as_ref().map(|output| output.shape.as_str())))
    });
    let errors = arms(model, |name, operation| {
        let names: Vec<&str> = operation.errors.iter().map(|error| error.shape.as_str()).collect();
        format!("Operation::{name} => &{names:?},\n")
    });
    format!(
        "wire_enum! {{\n    /// The operations (reference §6): what follows `InspectorService.` in `X-Amz-Target`.\n    \
         Operation {{\n{values}    }}\n}}\n\n\
         impl Operation {{\n\
         /// The limits of its request; absent where it has no members.\n\
         pub fn input(self) -> Option<&'static Shape> {{\nmatch self {{\n{inputs}}}\n}}\n\n\
         /// The limits of its response; absent where the body is empty.\n\
         pub fn output(self) -> Option<&'static Shape> {{\nmatch self {{\n{outputs}}}\n}}\n\n\
         /// The exceptions that the model lets it raise (reference §6.2).\n\
         pub fn exceptions(self) -> &'static [&'static str] {{\nmatch self {{\n{errors}}}\n}}\n}}\n\n"
    )
}

fn table(shape: Option<&str>) -> String {
    shape.map_or_else(|| "None".to_owned(), |shape| format!("Some(&shapes::{})", upper_snake(shape)))
}

fn variants(model: &Model, shape_of: impl Fn(&Operation) -> Option<&str>) -> String {
    arms(model, |name, operation| match shape_of(operation) {
        Some(shape) => format!("/// [`Operation::{name}`].\n{name}({shape}),\n"),
        None => format!("/// [`Operation::{name}`], which has no members.\n{name},\n"),
    })
}

fn conversions(model: &Model, kind: &str, shape_of: impl Fn(&Operation) -> Option<&str>) -> String {
    arms(model, |name, operation| match shape_of(operation) {
        Some(shape) => format!(
            "impl From<{shape}> for {kind} {{\nfn from(members: {shape}) -> {kind} {{\n{kind}::{name}(members)\n}}\n}}\n\n"
        ),
        None => String::new(),
    })
}

fn operation_of(model: &Model, kind: &str, shape_of: impl Fn(&Operation) -> Option<&str>) -> String {
    arms(model, |name, operation| {
        let members = if shape_of(operation).is_some() { "(_)" } else { "" };
        format!("{kind}::{name}{members} => Operation::{name},\n")
    })
}

fn input(operation: &Operation) -> Option<&str> {
    operation.input.as_ref().map(|input| input.shape.as_str())
}

fn output(operation: &Operation) -> Option<&str> {
    operation.output.as_ref().map(|output| output.shape.as_str())
}

fn requests(model: &Model) -> Result<String, XtaskError> {
    let mut paged = Vec::new();
    for (name, operation) in &model.operations {
        let Some(shape) = input(operation) else { continue };
        if model.shape(shape)?.members.iter().any(|(member, _)| member == "nextToken") {
            paged.push(name.as_str());
        }
    }
    let variants = variants(model, input);
    let operations = operation_of(model, "Request", input);
    let conversions = conversions(model, "Request", input);
    let reads = arms(model, |name, operation| match input(operation) {
        Some(_) => format!("Operation::{name} => serde_json::from_value(value).map(Request::{name}),\n"),
        None => format!("Operation::{name} => Ok(Request::{name}),\n"),
    });
    let member = |member: &str| -> String {
        paged.iter().map(|name| format!("Request::{name}(members) => members.{member},\n")).collect()
    };
    let tokens = member("next_token.as_deref()");
    let counts = member("max_results");
    let clears: String = paged
        .iter()
        .map(|name| format!("Request::{name}(members) => (members.next_token, members.max_results) = (None, None),\n"))
        .collect();
    Ok(format!(
        "/// A request that was decoded: its members keep the model's limits.\n\
         #[derive(Clone, Debug, PartialEq, Serialize)]\n#[serde(untagged)]\npub enum Request {{\n{variants}}}\n\n\
         impl Request {{\n\
         /// What is asked for.\n\
         pub fn operation(&self) -> Operation {{\nmatch self {{\n{operations}}}\n}}\n\n\
         /// Reads the members of an operation.\n\
         pub(crate) fn from_value(operation: Operation, value: serde_json::Value) -> serde_json::Result<Request> {{\n\
         match operation {{\n{reads}}}\n}}\n\n\
         /// The token of the page before; absent on the first page, and where there are no pages.\n\
         pub fn next_token(&self) -> Option<&str> {{\nmatch self {{\n{tokens}_ => None,\n}}\n}}\n\n\
         /// How many results a page may have at most, as far as the caller says.\n\
         pub fn max_results(&self) -> Option<i32> {{\nmatch self {{\n{counts}_ => None,\n}}\n}}\n\n\
         /// Forgets token and count, so that the requests of all pages are equal.\n\
         pub(crate) fn clear_page(&mut self) {{\nmatch self {{\n{clears}_ => {{}}\n}}\n}}\n\
         }}\n\n{conversions}"
    ))
}

fn responses(model: &Model) -> String {
    let variants = variants(model, output);
    let operations = operation_of(model, "Response", output);
    let conversions = conversions(model, "Response", output);
    format!(
        "/// What an operation answers.\n\
         #[derive(Clone, Debug, PartialEq, Serialize)]\n#[serde(untagged)]\npub enum Response {{\n{variants}}}\n\n\
         impl Response {{\n\
         /// What was asked for.\n\
         pub fn operation(&self) -> Operation {{\nmatch self {{\n{operations}}}\n}}\n}}\n\n{conversions}"
    )
}
