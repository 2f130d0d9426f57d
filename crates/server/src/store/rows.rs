//! Rows: what the tables hold of each object. `body` is the object's serde form; the other columns repeat parts of it for
//! filters and order.

use std::collections::BTreeSet;

use assay_model::Timestamp;
use assay_model::arn::{Realm, RulesPackageArn, RunArn};
use assay_model::assessment::{Assessment, RuleResult};
use assay_model::attribute::Attribute;
use assay_model::finding::Finding;
use assay_model::run::AssessmentRun;
use assay_model::severity::Band;
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;
use sqlx::AnyConnection;

use super::error::StoreError;
use super::finding_cells::{CELL_ORDINALS, Cells, insert_cells};
use super::open::encode;
use super::run_networks::NetworkOfHost;
use super::save::{INSERT_EXCLUSION, INSERT_FINDING, INSERT_RULE_RESULT};
use super::statement::{Value, enclosed_list, insert_rows};
use super::system_attributes::system_attributes;

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

/// All rows of one host's assessment, made before the transaction begins so that the lock is held only for writing.
pub(super) struct AssessmentRows {
    pub(super) agent: Vec<Value>,
    pub(super) findings: Vec<Vec<Value>>,
    /// The cells of the findings, and what is in them.
    pub(super) cells: Vec<Vec<Value>>,
    pub(super) items: Vec<Vec<Value>>,
    pub(super) exclusions: Vec<Vec<Value>>,
    pub(super) rule_results: Vec<Vec<Value>>,
}

impl AssessmentRows {
    /// The rows, numbered from `first`; the host is in an auto scaling group, or in none, which is an empty name.
    pub(super) fn of(
        assessment: &Assessment,
        realm: &str,
        first: i64,
        scaling_group: &str,
    ) -> Result<AssessmentRows, StoreError> {
        let Assessment { run, host, feeds, findings, exclusions, coverage, rule_results, .. } = assessment;
        let arn = run.arn.as_str();
        let lists =
            AssessmentRows::lists(arn, realm, first, (host.agent_id.as_str(), scaling_group), findings, rule_results)?;
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
            exclusions: numbered(first, exclusions, |ordinal, exclusion| {
                let body = encode("an exclusion", exclusion)?;
                Ok(vec![arn.into(), ordinal.into(), exclusion.arn.id().into(), body.into()])
            })?,
            ..lists
        })
    }

    /// What is reachable of a host, numbered from `first`.
    pub(super) fn of_network(
        run: &RunArn,
        realm: &str,
        first: i64,
        host: &NetworkOfHost,
    ) -> Result<AssessmentRows, StoreError> {
        let names = (host.agent_id.as_str(), host.scaling_group.as_str());
        AssessmentRows::lists(run.as_str(), realm, first, names, &host.findings, &host.rule_results)
    }

    /// The rows of the findings and outcomes of a host, which is given with its auto scaling group.
    fn lists(
        run: &str,
        realm: &str,
        first: i64,
        (agent_id, scaling_group): (&str, &str),
        findings: &[Finding],
        rule_results: &[RuleResult],
    ) -> Result<AssessmentRows, StoreError> {
        let mut sorted = Cells::new(realm, run);
        let findings = numbered(first, findings, |ordinal, finding| {
            finding_row(&mut sorted, run, realm, ordinal, finding, scaling_group)
        })?;
        let (cells, items) = sorted.into_rows();
        let rule_results = numbered(first, rule_results, |ordinal, result| {
            let body = encode("a rule result", result)?;
            Ok(vec![run.into(), ordinal.into(), agent_id.into(), body.into()])
        })?;
        Ok(AssessmentRows { agent: Vec::new(), findings, cells, items, exclusions: Vec::new(), rule_results })
    }

    /// Moves rows that were numbered from 0 behind those that are there.
    pub(super) fn renumber(&mut self, first: i64) {
        // The run comes first, then the number.
        let of_lists = self.findings.iter_mut().chain(&mut self.exclusions).chain(&mut self.rule_results);
        let ordinals = of_lists.filter_map(|row| row.get_mut(1));
        let of_cells = self.cells.iter_mut().flat_map(|row| row.get_mut(CELL_ORDINALS).into_iter().flatten());
        for value in ordinals.chain(of_cells) {
            if let Value::Integer(ordinal) = value {
                *ordinal += first;
            }
        }
    }

    /// Inserts all that the host's evaluation yielded; the row of the host itself is left to the caller.
    pub(super) async fn insert(self, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
        insert_rows(connection, INSERT_FINDING, self.findings.into_iter()).await?;
        insert_cells(connection, self.cells, self.items).await?;
        insert_rows(connection, INSERT_EXCLUSION, self.exclusions.into_iter()).await?;
        insert_rows(connection, INSERT_RULE_RESULT, self.rule_results.into_iter()).await
    }
}

fn numbered<T>(
    first: i64,
    items: &[T],
    mut row: impl FnMut(i64, &T) -> Result<Vec<Value>, StoreError>,
) -> Result<Vec<Vec<Value>>, StoreError> {
    (first..).zip(items).map(|(ordinal, item)| row(ordinal, item)).collect()
}

fn finding_row(
    cells: &mut Cells<'_>,
    run: &str,
    realm: &str,
    ordinal: i64,
    finding: &Finding,
    scaling_group: &str,
) -> Result<Vec<Value>, StoreError> {
    let attributes = system_attributes(finding);
    let cell = cells.add(ordinal, finding, &attributes, scaling_group);
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
        scaling_group.into(),
        finding.rules_package.slug().into(),
        finding.rule_id.as_str().into(),
        finding.severity.as_str().into(),
        band_rank(finding.band).into(),
        Value::Real(finding.risk),
        Value::OptionalText(finding.vulnerability.as_ref().map(|vulnerability| vulnerability.cve.clone())),
        finding.created_at.as_millisecond().into(),
        package_names.into(),
        enclosed_list(states).into(),
        attribute_list(&attributes).into(),
        attribute_list(&finding.user_attributes).into(),
        search_text.into(),
        encode("a finding", finding)?.into(),
        cell.into(),
    ])
}

/// Pairs as a list of `key=value`; a line feed in them would end an item, and becomes a space here and in what is asked.
pub(super) fn attribute_list(attributes: &[Attribute]) -> String {
    let pairs: Vec<String> = attributes.iter().map(|Attribute { key, value }| attribute_item(key, value)).collect();
    enclosed_list(pairs.iter().map(String::as_str))
}

/// What a list of pairs contains when it has this pair, or any pair of this key.
pub(super) fn attribute_prefix(key: &str, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("\n{}\n", attribute_item(key, value)),
        None => format!("\n{}", attribute_item(key, "")),
    }
}

/// In keys `=` is marked, so that no two pairs look alike.
fn attribute_item(key: &str, value: &str) -> String {
    format!("{}={value}", key.replace('\\', "\\\\").replace('=', "\\=")).replace('\n', " ")
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
