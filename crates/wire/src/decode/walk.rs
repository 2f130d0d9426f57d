//! A request beside the limits of its shape. All of it is looked at, and the worst is kept: a wrong type before a missing
//! member before a value outside of its limits, of equals the first.

use serde_json::{Map, Value};

use super::codes::Codes;
use super::path::Path;
use super::request::FindingBatch;
use crate::arn;
use crate::error::ApiError;
use crate::generated::{InvalidInputErrorCode, shapes};
use crate::operation::MAX_RESULTS;
use crate::protocol_error::ProtocolErrorKind;
use crate::shape::{Kind, Member, Shape};

/// Page sizes are limited by the documentation, not by the model (reference §2).
static PAGE_SIZE: Shape =
    Shape { name: "ListMaxResults", kind: Kind::Integer { min: Some(1), max: Some(MAX_RESULTS as i64) } };
/// A filter takes longer durations than a template has (reference §8.10).
static FILTERED_DURATION: Shape =
    Shape { name: "AssessmentRunDuration", kind: Kind::Integer { min: Some(180), max: Some(604_800) } };

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Type,
    Missing,
    Limit,
}

/// The look at one request.
#[derive(Debug)]
pub(super) struct Walk {
    batch: FindingBatch,
    worst: Option<(Rank, ApiError)>,
}

impl Walk {
    pub(super) fn new(batch: FindingBatch) -> Walk {
        Walk { batch, worst: None }
    }

    /// The worst that is wrong with the members of a request.
    pub(super) fn check(mut self, shape: &Shape, members: &Map<String, Value>) -> Result<(), ApiError> {
        if let Kind::Structure { members: wanted } = shape.kind {
            self.structure(shape.name, wanted, members, &Path::ROOT, Codes::default());
        }
        self.worst.map_or(Ok(()), |(_, error)| Err(error))
    }

    fn structure(&mut self, owner: &str, wanted: &[Member], given: &Map<String, Value>, path: &Path<'_>, codes: Codes) {
        for member in wanted {
            let path = path.member(member.name);
            let codes = codes.of_member(owner, member.name);
            match given.get(member.name) {
                // Some clients send null for what is absent.
                None | Some(Value::Null) if member.is_required => {
                    self.refuse(Rank::Missing, codes.missing, || format!("{path} is required"));
                }
                None | Some(Value::Null) => {}
                Some(value) => {
                    let shape = self.limits_of(owner, member);
                    self.value(Place { owner, member: member.name, path: &path, codes }, shape, value);
                }
            }
        }
    }

    /// The shape of a member, where the service has other limits than the model.
    fn limits_of(&self, owner: &str, member: &Member) -> &'static Shape {
        match (owner, member.name) {
            (_, "maxResults") => &PAGE_SIZE,
            ("DurationRange", _) => &FILTERED_DURATION,
            ("DescribeFindingsRequest", "findingArns") if self.batch == FindingBatch::Observed => {
                &shapes::BATCH_DESCRIBE_EXCLUSIONS_ARN_LIST
            }
            // A run without a rules package could find nothing (reference §6.2.3).
            ("CreateAssessmentTemplateRequest", "rulesPackageArns") => &shapes::ASSESSMENT_RULES_PACKAGE_ARN_LIST,
            _ => member.shape,
        }
    }

    fn value(&mut self, place: Place<'_>, shape: &Shape, value: &Value) {
        let Place { owner, path, codes, .. } = place;
        match (&shape.kind, value) {
            (Kind::Structure { members }, Value::Object(given)) => {
                self.structure(shape.name, members, given, path, codes);
            }
            (Kind::List { item, min, max }, Value::Array(items)) => {
                self.count(place, "items", items.len(), *min, *max, codes.count);
                for (index, value) in items.iter().enumerate() {
                    let path = path.item(index);
                    self.value(Place { path: &path, ..place }, item, value);
                }
            }
            (Kind::Map { value: shape, min, max, .. }, Value::Object(entries)) => {
                self.count(place, "entries", entries.len(), *min, *max, codes.count);
                for (key, value) in entries {
                    let path = path.member(key);
                    self.value(Place { path: &path, ..place }, shape, value);
                }
            }
            (Kind::Text { min, max, pattern }, Value::String(text)) => {
                self.count(place, "characters", text.chars().count(), *min, *max, codes.value);
                if pattern.is_some_and(|pattern| !pattern.matches(text)) {
                    self.refuse(Rank::Limit, codes.value, || format!("{path} is not a UUID in lower case"));
                }
                if is_name(shape) && text.chars().any(char::is_control) {
                    self.refuse(Rank::Limit, codes.value, || format!("{path} has control characters"));
                }
                if !arn::fits(owner, place.member, text) {
                    let message = || format!("{path} is not a well-formed ARN of the expected kind: {text:?}");
                    self.refuse(Rank::Limit, codes.value, message);
                }
            }
            (Kind::Enumeration { values }, Value::String(text)) => {
                if !values.contains(&text.as_str()) {
                    let message = || format!("{path} is {text:?}, which is none of {}", values.join(", "));
                    self.refuse(Rank::Limit, codes.value, message);
                }
            }
            (Kind::Integer { min, max }, Value::Number(number)) if !number.is_f64() => {
                let (min, max) = (min.unwrap_or(i32::MIN.into()), max.unwrap_or(i32::MAX.into()));
                if !number.as_i64().is_some_and(|number| (min..=max).contains(&number)) {
                    let message = || format!("{path} is {number}, which is not between {min} and {max}");
                    self.refuse(Rank::Limit, codes.value, message);
                }
            }
            (Kind::Double { .. } | Kind::Timestamp, Value::Number(_)) | (Kind::Boolean, Value::Bool(_)) => {}
            (kind, _) => self.refuse_type(path, kind, value),
        }
    }

    fn count(
        &mut self,
        place: Place<'_>,
        unit: &str,
        count: usize,
        min: usize,
        max: Option<usize>,
        code: Option<InvalidInputErrorCode>,
    ) {
        let path = place.path;
        if count < min {
            self.refuse(Rank::Limit, code, || format!("{path} has {count} {unit}, the least is {min}"));
        }
        if let Some(max) = max.filter(|max| count > *max) {
            self.refuse(Rank::Limit, code, || format!("{path} has {count} {unit}, the most is {max}"));
        }
    }

    fn refuse(&mut self, rank: Rank, code: Option<InvalidInputErrorCode>, message: impl FnOnce() -> String) {
        if self.worst.as_ref().is_some_and(|(worst, _)| *worst <= rank) {
            return;
        }
        let error = match code {
            Some(code) => ApiError::invalid_input(code, message()),
            None => ApiError::protocol(ProtocolErrorKind::Validation, message()),
        };
        self.worst = Some((rank, error));
    }

    fn refuse_type(&mut self, path: &Path<'_>, kind: &Kind, value: &Value) {
        if self.worst.as_ref().is_some_and(|(worst, _)| *worst == Rank::Type) {
            return;
        }
        let message = format!("{path} is {}, it has to be {}", type_of(value), wanted_type(kind));
        self.worst = Some((Rank::Type, ApiError::protocol(ProtocolErrorKind::Serialization, message)));
    }
}

/// A value's place: the structure and member it belongs to, the way there, and the codes of what is wrong there.
#[derive(Clone, Copy)]
struct Place<'a> {
    owner: &'a str,
    member: &'a str,
    path: &'a Path<'a>,
    codes: Codes,
}

fn is_name(shape: &Shape) -> bool {
    matches!(shape.name, "AssessmentTargetName" | "AssessmentTemplateName" | "AssessmentRunName")
}

fn wanted_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Structure { .. } | Kind::Map { .. } => "an object",
        Kind::List { .. } => "an array",
        Kind::Text { .. } | Kind::Enumeration { .. } => "a string",
        Kind::Integer { .. } => "a number without a fraction",
        Kind::Double { .. } | Kind::Timestamp => "a number",
        Kind::Boolean => "a boolean",
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
