//! What a shape allows, in words: the documentation of generated members.

use super::model::{Model, Shape};
use crate::error::XtaskError;

/// For example `List of 1 to 10 of: a string of 1 to 300 characters`.
pub(crate) fn describe(model: &Model, name: &str) -> Result<String, XtaskError> {
    let shape = model.shape(name)?;
    Ok(match shape.kind.as_str() {
        "structure" => format!("[`{name}`]"),
        "string" if !shape.values.is_empty() => format!("[`{name}`]"),
        "string" => match shape.pattern {
            Some(_) => "lower-case UUID".to_owned(),
            None => format!("string{}", range(shape, " characters")),
        },
        "list" => {
            let item = describe(model, model.follow(&shape.member)?.0)?;
            format!("list{} of {item}", range(shape, ""))
        }
        "map" => {
            let key = describe(model, model.follow(&shape.key)?.0)?;
            let value = describe(model, model.follow(&shape.value)?.0)?;
            format!("map{} from {key} to {value}", range(shape, " entries"))
        }
        "timestamp" => "[`Timestamp`]".to_owned(),
        kind => format!("{kind}{}", range(shape, "")),
    })
}

fn range(shape: &Shape, unit: &str) -> String {
    match (shape.min, shape.max) {
        (None, None) => String::new(),
        (Some(min), None) => format!(" of at least {min}{unit}"),
        (None, Some(max)) => format!(" of 0 to {max}{unit}"),
        (Some(min), Some(max)) => format!(" of {min} to {max}{unit}"),
    }
}
