//! Reading a document: strict, so that a misspelt member is not taken for an absent one; what is wrong is told with its line.
//!
//! Each object is also checked as the request of Inspector's that would make it, so that limits and words are the API's.

use std::collections::BTreeSet;
use std::str::FromStr;

use assay_model::Timestamp;
use assay_model::attribute::Attribute;
use assay_model::rules_package::RulesPackageKind;
use assay_wire::{Operation, decode};
use assay_yaml::{Fields, Limits, Node, Place, YamlError, list_of, parse, text_of, wrong_type};
use serde_json::{Value, json};

use super::document::{Declaration, DeclaredSchedule, DeclaredSubscription, DeclaredTarget, DeclaredTemplate};
use crate::scheduler::check;
use crate::store::{CatchUpPolicy, Event, ScheduleDeclaration};

/// Largest document, in bytes.
pub const MAX_BYTES: usize = 4 << 20;
/// Most values in it, and their deepest nesting.
const LIMITS: Limits = Limits { nodes: 200_000, depth: 12 };
/// An ARN for requests that are only checked.
const SOME_ARN: &str = "arn:aws:inspector:us-east-1:000000000000:target/0-00000000";

/// Why a document cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is too large.
    #[error("{file} is over the limit of {MAX_BYTES} bytes")]
    TooLarge {
        /// The file.
        file: String,
    },
    /// It is no text.
    #[error("{file} is not UTF-8")]
    NotText {
        /// The file.
        file: String,
    },
    /// It is no YAML, or has a key or a type that is not known.
    #[error(transparent)]
    Yaml(#[from] YamlError),
}

/// Reads a document of a file; `now` is what schedules still have to come after.
///
/// # Errors
///
/// When it is too large, malformed, or says something that cannot be; the first such place is told.
pub fn read(file: &str, bytes: &[u8], now: Timestamp) -> Result<Declaration, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::TooLarge { file: file.to_owned() });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ReadError::NotText { file: file.to_owned() })?;
    Ok(declaration_of(parse(file, text, LIMITS)?, now)?)
}

fn declaration_of(node: Node, now: Timestamp) -> Result<Declaration, YamlError> {
    let mut fields = Fields::open(node, "the document")?;
    let targets = fields.list("assessmentTargets")?;
    let schedules = fields.list("schedules")?;
    fields.finish()?;
    let mut declaration = Declaration::default();
    let mut names = Names::default();
    for node in targets {
        declaration.targets.push(target_of(node, &mut names)?);
    }
    let mut names = Names::default();
    for node in schedules {
        declaration.schedules.push(schedule_of(node, &mut names, now)?);
    }
    Ok(declaration)
}

fn target_of(node: Node, names: &mut Names) -> Result<DeclaredTarget, YamlError> {
    let mut fields = Fields::open(node, "assessmentTargets")?;
    let place = fields.place().clone();
    let name = names.take(&mut fields)?;
    let tags = fields.optional("resourceGroupTags");
    let templates = fields.list("assessmentTemplates")?;
    fields.finish()?;
    check_request(&place, Operation::CreateAssessmentTarget, &json!({"assessmentTargetName": name}))?;
    let resource_group_tags = match tags {
        None => None,
        Some(node) => {
            let place = node.place.clone();
            let tags = attributes_of(list_of(node, "resourceGroupTags")?, "resourceGroupTags")?;
            check_request(&place, Operation::CreateResourceGroup, &json!({"resourceGroupTags": pairs(&tags)}))?;
            Some(tags)
        }
    };
    let mut names = Names::default();
    let templates = templates.into_iter().map(|node| template_of(node, &mut names)).collect::<Result<_, _>>()?;
    Ok(DeclaredTarget { name, resource_group_tags, templates })
}

fn template_of(node: Node, names: &mut Names) -> Result<DeclaredTemplate, YamlError> {
    let mut fields = Fields::open(node, "assessmentTemplates")?;
    let place = fields.place().clone();
    let name = names.take(&mut fields)?;
    let duration_seconds = number(&fields.required("durationInSeconds")?, "durationInSeconds")?;
    let packages = list_of(fields.required("rulesPackages")?, "rulesPackages")?;
    let attributes = attributes_of(fields.list("userAttributesForFindings")?, "userAttributesForFindings")?;
    let subscriptions = fields.optional("eventSubscriptions");
    fields.finish()?;
    let mut rules_packages = Vec::new();
    for node in packages {
        let package = word::<RulesPackageKind>(&node, "rulesPackages")?;
        if rules_packages.contains(&package) {
            return Err(bad(&node.place, "rulesPackages", format!("names {} twice", package.slug())));
        }
        rules_packages.push(package);
    }
    if rules_packages.is_empty() {
        let words = "has to name at least one of cve, cis, network, best-practices, runtime";
        return Err(bad(&place, "rulesPackages", words));
    }
    let arns: Vec<_> = rules_packages.iter().map(|package| package.arn()).collect();
    let request = json!({"assessmentTargetArn": SOME_ARN, "assessmentTemplateName": name,
        "durationInSeconds": duration_seconds, "rulesPackageArns": arns, "userAttributesForFindings": pairs(&attributes)});
    check_request(&place, Operation::CreateAssessmentTemplate, &request)?;
    let subscriptions = subscriptions.map(subscriptions_of).transpose()?;
    Ok(DeclaredTemplate {
        name,
        duration_seconds,
        rules_packages,
        user_attributes_for_findings: attributes,
        subscriptions,
    })
}

fn subscriptions_of(node: Node) -> Result<Vec<DeclaredSubscription>, YamlError> {
    let mut subscriptions = Vec::new();
    for node in list_of(node, "eventSubscriptions")? {
        let mut fields = Fields::open(node, "eventSubscriptions")?;
        let place = fields.place().clone();
        let topic = fields.text("topicArn")?;
        let event = fields.text("event")?;
        fields.finish()?;
        let request =
            json!({"resourceArn": format!("{SOME_ARN}/template/0-00000000"), "event": event, "topicArn": topic});
        check_request(&place, Operation::SubscribeToEvent, &request)?;
        let event = Event::from_name(&event).ok_or_else(|| bad(&place, "event", format!("{event:?} is no event")))?;
        let subscription = DeclaredSubscription { topic, event };
        if subscriptions.contains(&subscription) {
            return Err(bad(&place, "eventSubscriptions", "has this one twice"));
        }
        subscriptions.push(subscription);
    }
    Ok(subscriptions)
}

fn schedule_of(node: Node, names: &mut Names, now: Timestamp) -> Result<DeclaredSchedule, YamlError> {
    let mut fields = Fields::open(node, "schedules")?;
    let place = fields.place().clone();
    let name = names.take(&mut fields)?;
    let (target, template) = (fields.text("assessmentTarget")?, fields.text("assessmentTemplate")?);
    let mut declaration =
        ScheduleDeclaration { expression: fields.text("expression")?, ..ScheduleDeclaration::default() };
    if let Some(node) = fields.optional("timeZone") {
        declaration.time_zone = text_of(&node, "timeZone")?;
    }
    if let Some(node) = fields.optional("startsAt") {
        declaration.starts_at = Some(word(&node, "startsAt")?);
    }
    if let Some(node) = fields.optional("jitterInSeconds") {
        declaration.jitter_seconds = number(&node, "jitterInSeconds")?;
    }
    if let Some(node) = fields.optional("catchUp") {
        declaration.catch_up = match text_of(&node, "catchUp")?.as_str() {
            "ONCE" => CatchUpPolicy::Once,
            "NONE" => CatchUpPolicy::None,
            other => return Err(bad(&node.place, "catchUp", format!("is {other:?}: use ONCE or NONE"))),
        };
    }
    if let Some(node) = fields.optional("catchUpWindowInSeconds") {
        declaration.catch_up_window_seconds = number(&node, "catchUpWindowInSeconds")?;
    }
    if let Some(node) = fields.optional("enabled") {
        let Value::Bool(is_enabled) = node.to_json() else { return Err(wrong_type(&node, "enabled", "true or false")) };
        declaration.is_enabled = is_enabled;
    }
    fields.finish()?;
    check(&name, &declaration, now).map_err(|error| bad(&place, "schedules", format!("{name:?}: {error}")))?;
    Ok(DeclaredSchedule { name, target, template, declaration })
}

/// Names that were given: each may be given once.
#[derive(Debug, Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn take(&mut self, fields: &mut Fields) -> Result<String, YamlError> {
        let node = fields.required("name")?;
        let name = text_of(&node, "name")?;
        if self.0.insert(name.clone()) {
            Ok(name)
        } else {
            Err(bad(&node.place, "name", format!("{name:?} stands twice")))
        }
    }
}

fn attributes_of(nodes: Vec<Node>, key: &str) -> Result<Vec<Attribute>, YamlError> {
    let attribute = |node| {
        let mut fields = Fields::open(node, key)?;
        let name = fields.text("key")?;
        let value = fields.optional("value").map(|node| text_of(&node, "value")).transpose()?;
        fields.finish()?;
        Ok(Attribute { key: name, value: value.unwrap_or_default() })
    };
    nodes.into_iter().map(attribute).collect()
}

fn pairs(attributes: &[Attribute]) -> Value {
    let pair = |Attribute { key, value }: &Attribute| match value.is_empty() {
        true => json!({"key": key}),
        false => json!({"key": key, "value": value}),
    };
    attributes.iter().map(pair).collect()
}

/// Checks an object as the request that would make it.
fn check_request(place: &Place, operation: Operation, request: &Value) -> Result<(), YamlError> {
    let body = request.to_string();
    decode(operation, body.as_bytes()).map(drop).map_err(|error| YamlError::Syntax {
        place: place.clone(),
        message: format!("Inspector's {} refuses this: {}", operation.as_str(), error.message()),
    })
}

fn number(node: &Node, key: &str) -> Result<u32, YamlError> {
    let number = node.to_json().as_u64().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| wrong_type(node, key, "a number of seconds"))
}

fn word<T: FromStr<Err: std::fmt::Display>>(node: &Node, key: &str) -> Result<T, YamlError> {
    text_of(node, key)?.parse().map_err(|error: T::Err| bad(&node.place, key, format!("cannot be read: {error}")))
}

fn bad(place: &Place, key: &str, message: impl Into<String>) -> YamlError {
    YamlError::BadValue { place: place.clone(), key: key.to_owned(), message: message.into() }
}
