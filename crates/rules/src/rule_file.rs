//! Rule file: one YAML file to one [`Rule`], strictly.
//!
//! Everything that can be known without a host is an error here, with its place: unknown keys, expressions that do not
//! compile or use what the rule does not collect, labels that no evidence has.

use std::collections::{BTreeMap, BTreeSet};

use assay_model::evidence::Section;
use assay_model::finding::RemediationStep;
use assay_model::outcome::Outcome;
use assay_model::severity::Severity;

use assay_yaml::{Content, Fields, Node, list_of, text_of, word_of, wrong_type};

use crate::error::{Place, RulesError};
use crate::expression::{Expression, Names};
use crate::fragment;
use crate::limits::{MAX_FILE_BYTES, YAML};
use crate::paths::PathPattern;
use crate::rule::{Compiled, EvidenceValue, Parameter, Rule, RuleTest};
use crate::template::Template;

/// Reads one rule; `file` is its name in messages.
///
/// # Errors
///
/// The first mistake, with its place.
pub fn parse_rule(file: &str, bytes: &[u8]) -> Result<Rule, RulesError> {
    let mut fields = Fields::open(read(file, bytes)?, "the file")?;
    let place = fields.place().clone();
    let id = fields.text("id")?;
    let title_node = fields.required("title")?;
    let description_node = fields.required("description")?;
    let severity = word_of(&fields.required("severity")?, "severity", &SEVERITIES, severity_of)?;
    let rationale = fields.text("rationale")?;
    let applies_to_node = fields.optional("applies_to");
    let needs = sections_of(fields.list("needs")?, "needs")?;
    let wants = sections_of(fields.list("wants")?, "wants")?;
    let collect = collect_of(&mut fields, &needs)?;
    let relevant_problems = relevant_problems_of(&mut fields, &needs)?;
    let parameters = parameters_of(fields.entries("parameters")?)?;

    let mut names = Names {
        sections: needs.union(&wants).map(|section| section.as_str()).collect(),
        variables: BTreeSet::from(["parameters".to_owned(), "problems".to_owned()]),
    };
    let compiled_applies_to = applies_to_node.map(|node| expression_of(&node, "applies_to", &names)).transpose()?;
    let variables = variables_of(&mut fields, &mut names)?;
    let passes_when = expression_of(&fields.required("passes_when")?, "passes_when", &names)?;
    let reason_node = fields.optional("reason");
    let evidence = evidence_of(fields.list("evidence")?, &names)?;
    let labels: BTreeSet<&str> = evidence.iter().map(|value| value.label.as_str()).collect();
    let (title, compiled_title) = template_of(&title_node, "title", &labels)?;
    let (description, compiled_description) = template_of(&description_node, "description", &labels)?;
    let reason = reason_node.map(|node| template_of(&node, "reason", &labels)).transpose()?;
    let remediation = remediation_of(fields.list("remediation")?)?;
    let references = fields.texts("references")?;
    let tests = fields.list("tests")?.into_iter().map(|node| test_of(node, &parameters)).collect::<Result<_, _>>()?;
    fields.finish()?;

    let (reason, compiled_reason) = reason.unzip();
    Ok(Rule {
        id,
        place,
        title,
        description,
        severity,
        rationale,
        applies_to: compiled_applies_to.as_ref().map(|expression| expression.source().to_owned()),
        needs,
        wants,
        sysctl: collect.sysctl,
        paths: collect.paths,
        relevant_problems,
        parameters,
        variables: variables.iter().map(|(name, value)| (name.clone(), value.source().to_owned())).collect(),
        passes_when: passes_when.source().to_owned(),
        reason,
        evidence,
        remediation,
        references,
        tests,
        compiled: Compiled {
            applies_to: compiled_applies_to,
            variables,
            passes_when,
            paths: collect.patterns,
            title: compiled_title,
            description: compiled_description,
            reason: compiled_reason,
        },
    })
}

/// The YAML document of a file within its limits.
pub(crate) fn read(file: &str, bytes: &[u8]) -> Result<Node, RulesError> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > MAX_FILE_BYTES {
        return Err(RulesError::FileTooLarge { file: file.to_owned(), size, limit: MAX_FILE_BYTES });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| RulesError::NotText { file: file.to_owned() })?;
    Ok(assay_yaml::parse(file, text, YAML)?)
}

const SEVERITIES: [&str; 4] = ["High", "Medium", "Low", "Informational"];

fn severity_of(text: &str) -> Option<Severity> {
    [Severity::High, Severity::Medium, Severity::Low, Severity::Informational]
        .into_iter()
        .find(|severity| severity.as_str() == text)
}

fn bad_value(place: &Place, key: &str, message: impl Into<String>) -> RulesError {
    assay_yaml::YamlError::BadValue { place: place.clone(), key: key.to_owned(), message: message.into() }.into()
}

pub(crate) fn section_of(node: &Node, key: &str) -> Result<Section, RulesError> {
    let words = Section::ALL.map(Section::as_str);
    Ok(word_of(node, key, &words, |text| Section::ALL.into_iter().find(|section| section.as_str() == text))?)
}

fn sections_of(nodes: Vec<Node>, key: &str) -> Result<BTreeSet<Section>, RulesError> {
    nodes.iter().map(|node| section_of(node, key)).collect()
}

#[derive(Default)]
struct Collect {
    sysctl: BTreeSet<String>,
    paths: BTreeSet<String>,
    patterns: Vec<PathPattern>,
}

fn collect_of(fields: &mut Fields, needs: &BTreeSet<Section>) -> Result<Collect, RulesError> {
    let Some(node) = fields.optional("collect") else {
        return Ok(Collect::default());
    };
    let mut collect = Collect::default();
    let mut inner = Fields::open(node, "collect")?;
    for node in inner.list("sysctl")? {
        let name = text_of(&node, "sysctl")?;
        if !needs.contains(&Section::Sysctl) {
            return Err(bad_value(&node.place, "sysctl", "is collected, and `sysctl` is not in `needs`"));
        }
        if name.contains('/') || !name.contains('.') {
            return Err(bad_value(&node.place, "sysctl", format!("{name:?} is not like `kernel.randomize_va_space`")));
        }
        collect.sysctl.insert(name);
    }
    for node in inner.list("paths")? {
        let pattern = text_of(&node, "paths")?;
        if !needs.contains(&Section::Paths) {
            return Err(bad_value(&node.place, "paths", "is collected, and `paths` is not in `needs`"));
        }
        collect
            .patterns
            .push(PathPattern::parse(&pattern).map_err(|message| bad_value(&node.place, "paths", message))?);
        collect.paths.insert(pattern);
    }
    inner.finish()?;
    Ok(collect)
}

fn relevant_problems_of(
    fields: &mut Fields,
    needs: &BTreeSet<Section>,
) -> Result<BTreeMap<Section, Vec<String>>, RulesError> {
    let mut relevant = BTreeMap::new();
    for (key, node) in fields.entries("relevant_problems")? {
        let Some(section) = needs.iter().find(|section| section.as_str() == key.text) else {
            return Err(bad_value(
                &key.place,
                "relevant_problems",
                format!("names `{}`, which is not in `needs`", key.text),
            ));
        };
        let subjects = list_of(node, &key.text)?;
        let subjects = subjects.iter().map(|node| text_of(node, &key.text)).collect::<Result<_, _>>()?;
        relevant.insert(*section, subjects);
    }
    Ok(relevant)
}

fn parameters_of(entries: Vec<(assay_yaml::Key, Node)>) -> Result<BTreeMap<String, Parameter>, RulesError> {
    entries.into_iter().map(|(key, node)| Ok((name_of(&key)?, parameter_of(&node, &key.text)?))).collect()
}

fn parameter_of(node: &Node, key: &str) -> Result<Parameter, RulesError> {
    let expected = "a whole number, a boolean, a text or a list of texts";
    match &node.content {
        Content::Sequence(nodes) => {
            let texts = nodes.iter().map(|node| text_of(node, key)).collect::<Result<_, _>>()?;
            return Ok(Parameter::Texts(texts));
        }
        Content::Mapping(_) => return Err(wrong_type(node, key, expected).into()),
        Content::Scalar { .. } => {}
    }
    match node.to_json() {
        serde_json::Value::Bool(flag) => Ok(Parameter::Flag(flag)),
        serde_json::Value::String(text) => Ok(Parameter::Text(text)),
        serde_json::Value::Number(number) => {
            number.as_i64().map(Parameter::Number).ok_or_else(|| wrong_type(node, key, expected).into())
        }
        _ => Err(wrong_type(node, key, expected).into()),
    }
}

/// A name that CEL can spell.
fn name_of(key: &assay_yaml::Key) -> Result<String, RulesError> {
    let is_word = key.text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && key.text.starts_with(|first: char| first.is_ascii_lowercase());
    if is_word {
        return Ok(key.text.clone());
    }
    Err(bad_value(&key.place, &key.text, "is no name: use lower-case letters, digits and `_`"))
}

fn variables_of(fields: &mut Fields, names: &mut Names) -> Result<Vec<(String, Expression)>, RulesError> {
    let mut variables = Vec::new();
    for (key, node) in fields.entries("variables")? {
        let name = name_of(&key)?;
        if names.variables.contains(&name) || Section::ALL.iter().any(|section| section.as_str() == name) {
            return Err(bad_value(&key.place, &name, "is the name of something else"));
        }
        variables.push((name.clone(), expression_of(&node, &name, names)?));
        names.variables.insert(name);
    }
    Ok(variables)
}

fn expression_of(node: &Node, key: &str, names: &Names) -> Result<Expression, RulesError> {
    let source = match node.to_json() {
        // A condition such as `true` is an expression too.
        serde_json::Value::Bool(flag) => flag.to_string(),
        serde_json::Value::Number(number) => number.to_string(),
        _ => text_of(node, key)?,
    };
    Expression::compile(&source, names).map_err(|message| RulesError::Expression {
        place: node.place.clone(),
        key: key.to_owned(),
        message,
    })
}

fn evidence_of(nodes: Vec<Node>, names: &Names) -> Result<Vec<EvidenceValue>, RulesError> {
    let mut values: Vec<EvidenceValue> = Vec::new();
    for node in nodes {
        let mut fields = Fields::open(node, "evidence")?;
        let label = fields.text("label")?;
        if label.contains(['{', '}', ':']) {
            return Err(bad_value(fields.place(), "label", "must not hold `{`, `}` or `:`"));
        }
        if values.iter().any(|known| known.label == label) {
            return Err(bad_value(fields.place(), "label", format!("{label:?} stands twice")));
        }
        let expression = expression_of(&fields.required("value")?, "value", names)?;
        fields.finish()?;
        values.push(EvidenceValue { label, value: expression.source().to_owned(), expression });
    }
    Ok(values)
}

fn template_of(node: &Node, key: &str, labels: &BTreeSet<&str>) -> Result<(String, Template), RulesError> {
    let text = text_of(node, key)?;
    let template = Template::parse(&text).map_err(|message| bad_value(&node.place, key, message))?;
    if let Some(label) = template.labels().find(|label| !labels.contains(label)) {
        return Err(bad_value(&node.place, key, format!("uses `{{{label}}}`, which is no label of `evidence`")));
    }
    Ok((text, template))
}

fn remediation_of(nodes: Vec<Node>) -> Result<Vec<RemediationStep>, RulesError> {
    let mut steps = Vec::new();
    for node in nodes {
        let mut fields = Fields::open(node, "remediation")?;
        let text = fields.text("text")?;
        let command = fields.optional("command").map(|node| text_of(&node, "command")).transpose()?;
        fields.finish()?;
        steps.push(RemediationStep { text, command });
    }
    Ok(steps)
}

const OUTCOMES: [&str; 5] = ["pass", "fail", "unknown", "error", "notapplicable"];

fn outcome_of(text: &str) -> Option<Outcome> {
    [Outcome::Pass, Outcome::Fail, Outcome::Unknown, Outcome::Error, Outcome::NotApplicable]
        .into_iter()
        .find(|outcome| outcome.as_str() == text)
}

fn test_of(node: Node, known: &BTreeMap<String, Parameter>) -> Result<RuleTest, RulesError> {
    let mut fields = Fields::open(node, "tests")?;
    let place = fields.place().clone();
    let name = fields.text("name")?;
    let outcome = word_of(&fields.required("outcome")?, "outcome", &OUTCOMES, outcome_of)?;
    let parameters = parameters_of(fields.entries("parameters")?)?;
    if let Some(parameter) = parameters.keys().find(|name| !known.contains_key(*name)) {
        return Err(bad_value(&place, "parameters", format!("names `{parameter}`, which the rule does not have")));
    }
    let source = fields.optional("source");
    let facts = fields.entries("evidence")?;
    let problems = fields.entries("problems")?;
    let evidence = Box::new(fragment::evidence_of(source, facts, problems)?);
    fields.finish()?;
    Ok(RuleTest { name, place, evidence, parameters, outcome })
}
