//! Rules package: a named, versioned set of native rules, read from one folder.
//!
//! The digest covers names and bytes of all files of the folder, so that a run can say by what exactly it judged.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use assay_model::evidence::Evidence;
use assay_model::evidence::request::CollectionRequest;
use assay_model::rules_package::RulesPackageKind;
use sha2::{Digest, Sha256};

use crate::context::EvaluationContext;
use crate::error::RulesError;
use crate::evaluate::{RuleEvaluation, evaluate};
use crate::limits::{MAX_FILE_BYTES, MAX_RULES};
use crate::rule::{Parameter, Rule};
use crate::rule_file::{parse_rule, read};
use assay_yaml::{Fields, word_of};

/// The file that names a package.
pub(crate) const PACKAGE_FILE: &str = "package.yaml";

/// A named, versioned set of native rules.
#[derive(Clone, Debug)]
pub struct RulesPackage {
    /// Which of the five packages.
    pub kind: RulesPackageKind,
    /// Its name, as Inspector's API returns it.
    pub name: String,
    /// Version of the knowledge.
    pub version: String,
    /// Who keeps it.
    pub provider: String,
    /// What it is about.
    pub description: String,
    /// SHA-256 over its files, hexadecimal.
    pub digest: String,
    /// The rules, sorted by id.
    pub rules: Vec<Rule>,
}

/// The files of one folder: name to content.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

impl RulesPackage {
    /// Reads a package from a folder: `package.yaml` and one `.yaml` file for each rule; other files are left alone.
    ///
    /// # Errors
    ///
    /// The first mistake, with its place.
    pub fn load(directory: &Path) -> Result<RulesPackage, RulesError> {
        let files = read_directory(directory)?;
        RulesPackage::from_files(directory.to_string_lossy().as_ref(), &files)?
            .ok_or_else(|| RulesError::MissingPackage { path: directory.to_owned() })
    }

    /// Reads a package from files in memory; nothing when no file names the package. `folder` is shown in places.
    pub(crate) fn from_files(folder: &str, files: &Files) -> Result<Option<RulesPackage>, RulesError> {
        let Some(bytes) = files.get(PACKAGE_FILE) else {
            return Ok(None);
        };
        let mut fields = Fields::open(read(&format!("{folder}/{PACKAGE_FILE}"), bytes)?, "the file")?;
        let words = RulesPackageKind::ALL.map(RulesPackageKind::slug);
        let kind = word_of(&fields.required("package")?, "package", &words, |text| text.parse().ok())?;
        let mut package = RulesPackage {
            kind,
            name: fields.text("name")?,
            version: fields.text("version")?,
            provider: fields.text("provider")?,
            description: fields.text("description")?,
            digest: digest_of(&[files]),
            rules: Vec::new(),
        };
        fields.finish()?;
        package.rules = rules_of(folder, files)?;
        Ok(Some(package))
    }

    /// Adds the rules of a further folder; one with the id of a rule that is here takes its place.
    pub(crate) fn overlay(&mut self, folder: &str, base: &Files, files: &Files) -> Result<(), RulesError> {
        for rule in rules_of(folder, files)? {
            self.rules.retain(|known| known.id != rule.id);
            self.rules.push(rule);
        }
        self.rules.sort_by(|left, right| left.id.cmp(&right.id));
        limit_rules(folder, self.rules.len())?;
        self.digest = digest_of(&[base, files]);
        Ok(())
    }

    /// The rule with an id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Gives a parameter of a rule another value of the same type.
    ///
    /// # Errors
    ///
    /// [`RulesError::NoSuchRule`] and [`RulesError::BadParameter`].
    pub fn set_parameter(&mut self, rule_id: &str, name: &str, value: Parameter) -> Result<(), RulesError> {
        let rule = self.rules.iter_mut().find(|rule| rule.id == rule_id);
        rule.ok_or_else(|| RulesError::NoSuchRule { id: rule_id.to_owned() })?.set_parameter(name, value)
    }

    /// What the rules need collected.
    pub fn request(&self) -> CollectionRequest {
        let mut request = CollectionRequest::default();
        self.rules.iter().for_each(|rule| request.merge(&rule.request()));
        request
    }

    /// Evaluates every rule, in the order of their ids.
    pub fn evaluate_all(&self, evidence: &Evidence) -> Vec<(&Rule, RuleEvaluation)> {
        let context = EvaluationContext::new(evidence);
        self.rules.iter().map(|rule| (rule, evaluate(rule, &context))).collect()
    }
}

/// Reads the YAML files of a folder, each within the limit.
pub(crate) fn read_directory(directory: &Path) -> Result<Files, RulesError> {
    let failed = |cause| RulesError::ListDirectory { path: directory.to_owned(), cause };
    let mut files = Files::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|_| is_yaml && path.is_file()) else {
            continue;
        };
        let failed = |cause| RulesError::ReadFile { path: path.clone(), cause };
        let size = fs::metadata(&path).map_err(failed)?.len();
        if size > MAX_FILE_BYTES {
            return Err(RulesError::FileTooLarge { file: path.to_string_lossy().into(), size, limit: MAX_FILE_BYTES });
        }
        files.insert(name.to_owned(), fs::read(&path).map_err(failed)?);
    }
    Ok(files)
}

fn rules_of(folder: &str, files: &Files) -> Result<Vec<Rule>, RulesError> {
    limit_rules(folder, files.len())?;
    let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
    for (name, bytes) in files.iter().filter(|(name, _)| *name != PACKAGE_FILE) {
        let rule = parse_rule(&format!("{folder}/{name}"), bytes)?;
        if let Some(first) = rules.get(&rule.id) {
            return Err(RulesError::DuplicateRule { place: rule.place, id: rule.id, first: first.place.clone() });
        }
        rules.insert(rule.id.clone(), rule);
    }
    Ok(rules.into_values().collect())
}

fn limit_rules(folder: &str, count: usize) -> Result<(), RulesError> {
    if count > MAX_RULES {
        return Err(RulesError::TooManyRules { path: folder.to_owned(), count, limit: MAX_RULES });
    }
    Ok(())
}

/// SHA-256 over the files: for each its name, its size and its content.
fn digest_of(layers: &[&Files]) -> String {
    let mut hash = Sha256::new();
    for (name, bytes) in layers.iter().copied().flatten() {
        hash.update(format!("{name}\0{}\0", bytes.len()));
        hash.update(bytes);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
