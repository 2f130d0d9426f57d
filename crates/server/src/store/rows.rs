//! Rows: what the tables hold of each object. `body` is the object's serde form; the other columns repeat parts of it for
//! filters and order.

use std::collections::BTreeSet;

use assay_model::Timestamp;
use assay_model::arn::{Realm, RulesPackageArn};
use assay_model::assessment::Assessment;
use assay_model::attribute::Attribute;
use assay_model::finding::Finding;
use assay_model::run::AssessmentRun;
use assay_model::severity::Band;
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;

use super::error::StoreError;
use super::open::encode;
use super::statement::{Value, enclosed_list};

/// Region and account as the `realm` columns have them.
pub(super) fn realm_text(realm: &Realm) -> String {
    format!("{}/{}", realm.region, realm.account)
}

pub(super) fn target_row(target: &AssessmentTarget, realm: &str) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        target.arn.as_str().into(),
        realm.into(),
        target.name.as_str().into(),
        target.created_at.as_millisecond().into(),
        encode("a target", target)?.into(),
    ])
}

pub(super) fn template_row(template: &AssessmentTemplate, realm: &str) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        template.arn.as_str().into(),
        template.target_arn.as_str().into(),
        realm.into(),
        template.name.as_str().into(),
        i64::from(template.duration_seconds).into(),
        rules_package_list(&template.rules_package_arns).into(),
        template.created_at.as_millisecond().into(),
        0.into(),
        "[]".into(),
        encode("a template", template)?.into(),
    ])
}

pub(super) fn run_row(run: &AssessmentRun, realm: &str) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        run.arn.as_str().into(),
        run.template_arn.as_str().into(),
        realm.into(),
        run.arn.id().into(),
        run.name.as_str().into(),
        run.state().as_str().into(),
        i64::from(!run.state().is_terminal()).into(),
        i64::from(run.duration_seconds).into(),
        rules_package_list(&run.rules_package_arns).into(),
        run.created_at.as_millisecond().into(),
        Value::OptionalInteger(run.started_at.map(Timestamp::as_millisecond)),
        Value::OptionalInteger(run.completed_at.map(Timestamp::as_millisecond)),
        run.state_changed_at().as_millisecond().into(),
        encode("a run", run)?.into(),
    ])
}

/// Where the auto scaling group is in the row of a finding.
const SCALING_GROUP_COLUMN: usize = 6;

/// All rows of one host's assessment, made before the transaction begins so that the lock is held only for writing.
pub(super) struct AssessmentRows {
    pub(super) agent: Vec<Value>,
    pub(super) findings: Vec<Vec<Value>>,
    pub(super) exclusions: Vec<Vec<Value>>,
    pub(super) rule_results: Vec<Vec<Value>>,
}

impl AssessmentRows {
    /// The rows, numbered from `first`.
    pub(super) fn of(assessment: &Assessment, realm: &str, first: i64) -> Result<AssessmentRows, StoreError> {
        let Assessment { run, host, feeds, findings, exclusions, coverage, rule_results, .. } = assessment;
        let arn = run.arn.as_str();
        Ok(AssessmentRows {
            agent: vec![
                arn.into(),
                host.agent_id.as_str().into(),
                host.hostname.as_str().into(),
                "evaluated".into(),
                host.evidence_digest.as_str().into(),
                encode("a host", host)?.into(),
                encode("feeds", feeds)?.into(),
                encode("coverage", coverage)?.into(),
                "{}".into(),
            ],
            findings: numbered(first, findings, |ordinal, finding| finding_row(arn, realm, ordinal, finding))?,
            exclusions: numbered(first, exclusions, |ordinal, exclusion| {
                let body = encode("an exclusion", exclusion)?;
                Ok(vec![arn.into(), ordinal.into(), exclusion.arn.id().into(), body.into()])
            })?,
            rule_results: numbered(first, rule_results, |ordinal, result| {
                let body = encode("a rule result", result)?;
                Ok(vec![arn.into(), ordinal.into(), host.agent_id.as_str().into(), body.into()])
            })?,
        })
    }
}

impl AssessmentRows {
    /// Moves rows that were numbered from 0 behind those that are there.
    pub(super) fn renumber(&mut self, first: i64) {
        for row in self.findings.iter_mut().chain(&mut self.exclusions).chain(&mut self.rule_results) {
            // The run comes first, then the number.
            if let Some(Value::Integer(ordinal)) = row.get_mut(1) {
                *ordinal += first;
            }
        }
    }

    /// Says which auto scaling group the host is in.
    pub(super) fn set_scaling_group(&mut self, group: &str) {
        for row in &mut self.findings {
            if let Some(column) = row.get_mut(SCALING_GROUP_COLUMN) {
                *column = group.into();
            }
        }
    }
}

fn numbered<T>(
    first: i64,
    items: &[T],
    row: impl Fn(i64, &T) -> Result<Vec<Value>, StoreError>,
) -> Result<Vec<Vec<Value>>, StoreError> {
    (first..).zip(items).map(|(ordinal, item)| row(ordinal, item)).collect()
}

fn finding_row(run: &str, realm: &str, ordinal: i64, finding: &Finding) -> Result<Vec<Value>, StoreError> {
    let names: BTreeSet<&str> =
        finding.packages.iter().flat_map(|package| [package.name.as_str(), package.source_name.as_str()]).collect();
    let states: BTreeSet<&str> = finding.packages.iter().map(|package| package.state.as_str()).collect();
    let package_names = enclosed_list(names).to_lowercase();
    let search_text =
        format!("{}\n{}\n{}{package_names}", finding.title, finding.rule_id, finding.description).to_lowercase();
    Ok(vec![
        run.into(),
        ordinal.into(),
        realm.into(),
        finding.arn.id().into(),
        finding.key.as_str().into(),
        finding.asset.agent_id.as_str().into(),
        "".into(),
        finding.rules_package.slug().into(),
        finding.rule_id.as_str().into(),
        finding.severity.as_str().into(),
        band_rank(finding.band).into(),
        Value::Real(finding.risk),
        Value::OptionalText(finding.vulnerability.as_ref().map(|vulnerability| vulnerability.cve.clone())),
        finding.created_at.as_millisecond().into(),
        package_names.into(),
        enclosed_list(states).into(),
        attribute_list(&finding.attributes).into(),
        attribute_list(&finding.user_attributes).into(),
        search_text.into(),
        encode("a finding", finding)?.into(),
    ])
}

/// Pairs as a list of `key=value`; a line feed in them would end an item, and becomes a space here and in what is asked.
pub(super) fn attribute_list(attributes: &[Attribute]) -> String {
    let pairs: Vec<String> = attributes.iter().map(attribute_item).collect();
    enclosed_list(pairs.iter().map(String::as_str))
}

pub(super) fn attribute_item(Attribute { key, value }: &Attribute) -> String {
    format!("{key}={value}").replace('\n', " ")
}

pub(super) fn rules_package_list(arns: &[RulesPackageArn]) -> String {
    enclosed_list(arns.iter().map(RulesPackageArn::id))
}

/// The number by which bands are compared in the database; stored, so never to be renumbered.
pub(super) fn band_rank(band: Band) -> i64 {
    match band {
        Band::Informational => 0,
        Band::Low => 1,
        Band::Medium => 2,
        Band::High => 3,
        Band::Critical => 4,
    }
}
