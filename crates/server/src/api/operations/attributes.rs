//! Attributes: key/value pairs, here and on the wire, where a value may be absent.

use assay_model::attribute;
use assay_wire::Attribute;

/// The wire's pairs as the model has them.
pub(crate) fn model_attributes(attributes: &[Attribute]) -> Vec<attribute::Attribute> {
    let model = |Attribute { key, value }: &Attribute| attribute::Attribute {
        key: key.clone(),
        value: value.clone().unwrap_or_default(),
    };
    attributes.iter().map(model).collect()
}

/// The model's pairs as the wire has them.
pub(crate) fn wire_attributes(attributes: Vec<attribute::Attribute>) -> Vec<Attribute> {
    let wire = |attribute::Attribute { key, value }| Attribute { key, value: Some(value).filter(|it| !it.is_empty()) };
    attributes.into_iter().map(wire).collect()
}
