//! The published service model, as far as it is used: operations, shapes, limits. Members keep the model's order.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::error::XtaskError;

/// The model of one service.
#[derive(Debug, Deserialize)]
pub(crate) struct Model {
    pub(crate) operations: BTreeMap<String, Operation>,
    pub(crate) shapes: BTreeMap<String, Shape>,
}

/// An operation: what goes in, what comes out, what it may answer instead.
#[derive(Debug, Deserialize)]
pub(crate) struct Operation {
    pub(crate) input: Option<Reference>,
    pub(crate) output: Option<Reference>,
    #[serde(default)]
    pub(crate) errors: Vec<Reference>,
}

/// The name of a shape.
#[derive(Debug, Deserialize)]
pub(crate) struct Reference {
    pub(crate) shape: String,
}

/// A type.
#[derive(Debug, Deserialize)]
pub(crate) struct Shape {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) exception: bool,
    #[serde(default, deserialize_with = "in_order")]
    pub(crate) members: Vec<(String, Reference)>,
    #[serde(default)]
    pub(crate) required: BTreeSet<String>,
    #[serde(default, rename = "enum")]
    pub(crate) values: Vec<String>,
    pub(crate) member: Option<Reference>,
    pub(crate) key: Option<Reference>,
    pub(crate) value: Option<Reference>,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    pub(crate) pattern: Option<String>,
}

impl Model {
    /// Reads the model's JSON.
    pub(crate) fn read(json: &str) -> Result<Model, XtaskError> {
        serde_json::from_str(json).map_err(|cause| XtaskError::Usage(format!("this is no service model: {cause}")))
    }

    /// The shape of that name.
    pub(crate) fn shape(&self, name: &str) -> Result<&Shape, XtaskError> {
        self.shapes.get(name).ok_or_else(|| XtaskError::Usage(format!("the model has no shape {name}")))
    }

    /// The shape that a reference leads to.
    pub(crate) fn follow<'a>(&'a self, reference: &'a Option<Reference>) -> Result<(&'a str, &'a Shape), XtaskError> {
        let name = reference.as_ref().map(|reference| reference.shape.as_str()).unwrap_or_default();
        Ok((name, self.shape(name)?))
    }

    /// The Rust type of a shape.
    pub(crate) fn rust_type(&self, name: &str) -> Result<String, XtaskError> {
        let shape = self.shape(name)?;
        Ok(match shape.kind.as_str() {
            "structure" => name.to_owned(),
            "string" if !shape.values.is_empty() => name.to_owned(),
            "string" => "String".to_owned(),
            "integer" => "i32".to_owned(),
            "long" => "i64".to_owned(),
            "double" => "f64".to_owned(),
            "boolean" => "bool".to_owned(),
            "timestamp" => "Timestamp".to_owned(),
            "list" => format!("Vec<{}>", self.rust_type(self.follow(&shape.member)?.0)?),
            "map" => {
                let (key, value) = (self.follow(&shape.key)?.0, self.follow(&shape.value)?.0);
                format!("BTreeMap<{}, {}>", self.rust_type(key)?, self.rust_type(value)?)
            }
            kind => return Err(XtaskError::Usage(format!("shape {name} has the unknown type {kind}"))),
        })
    }

    /// Whether a shape has a value that stands for "nothing said": an enumeration has none.
    pub(crate) fn has_default(&self, name: &str) -> Result<bool, XtaskError> {
        let shape = self.shape(name)?;
        if shape.kind != "structure" {
            return Ok(shape.values.is_empty());
        }
        for (member, reference) in &shape.members {
            if shape.required.contains(member) && !self.has_default(&reference.shape)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// `AssessmentRun` → `ASSESSMENT_RUN`, `maxResults` → `MAX_RESULTS`, `UUID` → `UUID`, `ipv4Address` → `IPV4_ADDRESS`.
pub(crate) fn upper_snake(name: &str) -> String {
    let mut text = String::new();
    let mut was_upper = true;
    for character in name.chars() {
        let is_upper = character.is_ascii_uppercase();
        if is_upper && !was_upper {
            text.push('_');
        }
        text.push(character.to_ascii_uppercase());
        was_upper = is_upper;
    }
    text
}

/// `maxResults` → `max_results`.
pub(crate) fn lower_snake(name: &str) -> String {
    upper_snake(name).to_lowercase()
}

/// `EN_US` → `EnUs`, `ec2-instance` → `Ec2Instance`, `Low` → `Low`.
pub(crate) fn camel(value: &str) -> String {
    let words = value.split(['_', '-']).map(|word| {
        let mut characters = word.chars();
        let first = characters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(characters.map(|rest| rest.to_ascii_lowercase())).collect::<String>()
    });
    words.collect()
}

fn in_order<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, Reference)>, D::Error> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, Reference)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("members by name")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                members.push(member);
            }
            Ok(members)
        }
    }
    deserializer.deserialize_map(Members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_rust() {
        for (name, upper) in [
            ("AssessmentRun", "ASSESSMENT_RUN"),
            ("UUID", "UUID"),
            ("Ipv4Address", "IPV4_ADDRESS"),
            ("maxResults", "MAX_RESULTS"),
        ] {
            assert_eq!(upper_snake(name), upper);
        }
        for (value, variant) in [("EN_US", "EnUs"), ("ec2-instance", "Ec2Instance"), ("Low", "Low"), ("PDF", "Pdf")] {
            assert_eq!(camel(value), variant);
        }
    }
}
