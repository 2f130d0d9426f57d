//! Rule: one native rule, read from its file and ready to be evaluated.

use std::collections::{BTreeMap, BTreeSet};

use assay_model::evidence::request::CollectionRequest;
use assay_model::evidence::{Evidence, Section};
use assay_model::finding::RemediationStep;
use assay_model::outcome::Outcome;
use assay_model::severity::Severity;
use assay_model::trace::EvidenceItem;
use serde::{Deserialize, Serialize};

use crate::error::{Place, RulesError};
use crate::expression::Expression;
use crate::paths::PathPattern;
use crate::template::Template;

/// A named threshold of a rule, `parameters.<name>` in its expressions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Parameter {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
}

impl Parameter {
    /// The words for the type, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Parameter::Flag(_) => "a boolean",
            Parameter::Number(_) => "a whole number",
            Parameter::Text(_) => "a text",
            Parameter::Texts(_) => "a list of texts",
        }
    }

    fn has_type_of(&self, other: &Parameter) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// One value that a rule shows as evidence.
#[derive(Clone, Debug)]
pub struct EvidenceValue {
    /// What it is, for example `PermitRootLogin`; `{PermitRootLogin}` in templates.
    pub label: String,
    /// The CEL expression, as written.
    pub value: String,
    pub(crate) expression: Expression,
}

/// One test case of a rule.
#[derive(Clone, Debug)]
pub struct RuleTest {
    /// What it shows.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// The evidence, whole.
    pub evidence: Box<Evidence>,
    /// Values that differ from the rule's own.
    pub parameters: BTreeMap<String, Parameter>,
    /// The outcome that the rule must have.
    pub outcome: Outcome,
}

/// The parts of a rule that evaluation works on.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) applies_to: Option<Expression>,
    pub(crate) variables: Vec<(String, Expression)>,
    pub(crate) passes_when: Expression,
    pub(crate) paths: Vec<PathPattern>,
    pub(crate) title: Template,
    pub(crate) description: Template,
    pub(crate) reason: Option<Template>,
}

/// One native rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id, unique in its package: Inspector's rule name, for example `Disable root login over SSH`.
    pub id: String,
    /// Where it stands.
    pub place: Place,
    /// The title, with `{host}` and labels of the evidence in braces.
    pub title: String,
    /// The description, with labels of the evidence in braces.
    pub description: String,
    /// Severity of a finding.
    pub severity: Severity,
    /// Why the rule matters.
    pub rationale: String,
    /// CEL: whether the rule concerns a host; absent means every host.
    pub applies_to: Option<String>,
    /// Sections without whose facts it cannot be decided.
    pub needs: BTreeSet<Section>,
    /// Sections that it shows more with, and decides without.
    pub wants: BTreeSet<Section>,
    /// Kernel parameters to collect.
    pub sysctl: BTreeSet<String>,
    /// Path patterns to collect; `paths` holds only what they stand for.
    pub paths: BTreeSet<String>,
    /// By section, the subjects whose problems can turn a pass into unknown; a section that is not here: all of them.
    pub relevant_problems: BTreeMap<Section, Vec<String>>,
    /// Thresholds.
    pub parameters: BTreeMap<String, Parameter>,
    /// Names for expressions, in order; each may use those before it.
    pub variables: Vec<(String, String)>,
    /// CEL: the host complies when it is true.
    pub passes_when: String,
    /// What was seen, in one sentence with labels in braces; absent means that the evidence is listed.
    pub reason: Option<String>,
    /// The values to show.
    pub evidence: Vec<EvidenceValue>,
    /// What to do, in order.
    pub remediation: Vec<RemediationStep>,
    /// `CIS …`, `NIST 800-53 …`, `PCI DSS …`, `CWE-…`, addresses.
    pub references: Vec<String>,
    /// Its test cases.
    pub tests: Vec<RuleTest>,
    pub(crate) compiled: Compiled,
}

impl Rule {
    /// The title of a finding: `{host}` and labels replaced by what they stand for.
    pub fn title_for(&self, host: &str, evidence: &[EvidenceItem]) -> String {
        self.compiled.title.render(host, evidence)
    }

    /// The description of a finding: labels replaced by the values seen.
    pub fn description_for(&self, host: &str, evidence: &[EvidenceItem]) -> String {
        self.compiled.description.render(host, evidence)
    }

    /// What the rule needs collected.
    pub fn request(&self) -> CollectionRequest {
        CollectionRequest {
            sections: self.needs.union(&self.wants).copied().collect(),
            sysctl: self.sysctl.clone(),
            paths: self.paths.clone(),
        }
    }

    /// Gives a parameter another value of the same type.
    ///
    /// # Errors
    ///
    /// [`RulesError::BadParameter`] when the rule has no such parameter, or it is of another type.
    pub fn set_parameter(&mut self, name: &str, value: Parameter) -> Result<(), RulesError> {
        let rule = self.id.clone();
        let bad = |message: String| RulesError::BadParameter { rule, parameter: name.to_owned(), message };
        let Some(parameter) = self.parameters.get_mut(name) else {
            return Err(bad("does not exist".to_owned()));
        };
        if !parameter.has_type_of(&value) {
            return Err(bad(format!("must be {}, not {}", parameter.kind(), value.kind())));
        }
        *parameter = value;
        Ok(())
    }
}
