//! Failure: why an expression has no value, and whether that means *unknown* or *error*.
//!
//! What is missing from the evidence is unknown; what is wrong with the rule (a type error, a spent budget) is an error.

use std::collections::BTreeMap;

use assay_model::evidence::Section;
use assay_model::outcome::Outcome;
use cel::ExecutionError;

use crate::functions::UNKNOWN;
use crate::show::cut;

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The evidence lacks something that the expression asks for.
    Missing(String),
    /// The rule itself says that it cannot decide.
    Undecidable(String),
    /// The expression is wrong for this evidence.
    Broken(String),
}

impl Failure {
    /// Judges an execution error; `variables` holds the failures of the rule's own variables.
    pub(crate) fn of(error: &ExecutionError, variables: &BTreeMap<String, Failure>) -> Failure {
        match error {
            ExecutionError::NoSuchKey(key) => Failure::Missing(format!("the evidence has no `{key}`")),
            ExecutionError::IndexOutOfBounds(_) => Failure::Missing("the evidence has no such item".to_owned()),
            ExecutionError::FunctionError { function, message } if function == UNKNOWN => {
                Failure::Undecidable(message.clone())
            }
            ExecutionError::FunctionError { function, message } => Failure::Broken(format!("{function}: {message}")),
            ExecutionError::UndeclaredReference(name) => match variables.get(name.as_str()) {
                Some(failure) => failure.clone(),
                None if Section::ALL.iter().any(|section| section.as_str() == name.as_str()) => {
                    Failure::Missing(format!("the section `{name}` was not collected"))
                }
                None => Failure::Broken(format!("unknown name `{name}`")),
            },
            ExecutionError::InternalError(message) => Failure::Broken(message.clone()),
            other => Failure::Broken(cut(&other.to_string(), 160)),
        }
    }

    /// The outcome that it means.
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Failure::Missing(_) | Failure::Undecidable(_) => Outcome::Unknown,
            Failure::Broken(_) => Outcome::Error,
        }
    }

    /// The reason, a sentence without its full stop.
    pub(crate) fn reason(&self) -> &str {
        match self {
            Failure::Missing(reason) | Failure::Undecidable(reason) | Failure::Broken(reason) => reason,
        }
    }
}
