//! A finding as `DescribeFindings` gives it (reference §7 `Finding`, §8.5), and what Assay adds under `assay`.
//!
//! `tags` and `networkInterfaces` are given empty rather than left out: clients of Inspector index them unasked.

use std::borrow::Cow;

use assay_model::finding::{Finding, RemediationStep};
use assay_model::severity::Severity;
use serde::Serialize;

use super::document::{HostView, RunReference, TargetView, TemplateView};
use super::limit::{
    MAX_ATTRIBUTES, MAX_HOSTNAME_CHARS, MAX_ID_CHARS, MAX_IPV4_ADDRESSES, MAX_TEXT_CHARS, MAX_USER_ATTRIBUTES,
    PairView, epoch_seconds, limited,
};
use super::run::RulesPackageView;
use super::trace::{AddendView, EvidenceView, PackageView, TraceView, VulnerabilityView};
use crate::Context;

/// Inspector's `service`, which clients test for.
pub(crate) const SERVICE: &str = "Inspector";
/// The only value of Inspector's `assetType`.
pub(crate) const ASSET_TYPE: &str = "ec2-instance";
/// Inspector's `confidence` of every finding.
pub(crate) const CONFIDENCE: u8 = 10;

/// `Finding`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FindingView<'a> {
    arn: &'a str,
    schema_version: u8,
    service: &'static str,
    service_attributes: ServiceAttributesView<'a>,
    asset_type: &'static str,
    asset_attributes: AssetAttributesView<'a>,
    id: Cow<'a, str>,
    title: Cow<'a, str>,
    description: Cow<'a, str>,
    recommendation: String,
    severity: Severity,
    numeric_severity: f64,
    confidence: u8,
    indicator_of_compromise: bool,
    attributes: Vec<PairView<'a>>,
    user_attributes: Vec<PairView<'a>>,
    created_at: f64,
    updated_at: f64,
    assay: FindingExtras<'a>,
}

/// `InspectorServiceAttributes`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ServiceAttributesView<'a> {
    schema_version: u8,
    assessment_run_arn: &'a str,
    rules_package_arn: String,
}

/// `AssetAttributes`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AssetAttributesView<'a> {
    schema_version: u8,
    agent_id: Cow<'a, str>,
    hostname: Cow<'a, str>,
    ipv4_addresses: Vec<&'a str>,
    tags: [(); 0],
    network_interfaces: [(); 0],
}

/// What Inspector did not say about a finding.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingExtras<'a> {
    key: &'a str,
    rule: &'a str,
    band: &'static str,
    risk: f64,
    risk_addends: Vec<AddendView<'a>>,
    severity_source: &'a str,
    rules_package: RulesPackageView<'a>,
    target: TargetView<'a>,
    template: TemplateView<'a>,
    run: RunReference<'a>,
    host: HostView<'a>,
    evidence: Vec<EvidenceView<'a>>,
    packages: Vec<PackageView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vulnerability: Option<VulnerabilityView<'a>>,
    remediation: Vec<StepView<'a>>,
    references: &'a [String],
    trace: TraceView<'a>,
}

/// `assay.remediation[]`.
#[derive(Debug, Serialize)]
struct StepView<'a> {
    step: usize,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'a str>,
}

impl<'a> FindingView<'a> {
    pub(crate) fn new(context: &Context<'a>, finding: &'a Finding) -> FindingView<'a> {
        FindingView {
            arn: finding.arn.as_str(),
            schema_version: 1,
            service: SERVICE,
            service_attributes: ServiceAttributesView {
                schema_version: 1,
                assessment_run_arn: context.run.arn.as_str(),
                rules_package_arn: finding.rules_package.arn().to_string(),
            },
            asset_type: ASSET_TYPE,
            asset_attributes: asset_attributes(finding),
            id: limited(&finding.rule_id, MAX_ID_CHARS),
            title: limited(&finding.title, MAX_TEXT_CHARS),
            description: limited(&finding.description, MAX_TEXT_CHARS),
            recommendation: recommendation(&finding.remediation),
            severity: finding.severity,
            numeric_severity: finding.severity.numeric(),
            confidence: CONFIDENCE,
            indicator_of_compromise: false,
            attributes: PairView::list(&finding.attributes, MAX_ATTRIBUTES),
            user_attributes: PairView::list(&finding.user_attributes, MAX_USER_ATTRIBUTES),
            created_at: epoch_seconds(finding.created_at),
            updated_at: epoch_seconds(finding.updated_at),
            assay: FindingExtras::new(context, finding),
        }
    }
}

impl<'a> FindingExtras<'a> {
    fn new(context: &Context<'a>, finding: &'a Finding) -> FindingExtras<'a> {
        FindingExtras {
            key: &finding.key,
            rule: &finding.rule_id,
            band: finding.band.as_str(),
            risk: finding.risk,
            risk_addends: finding.trace.risk.iter().map(AddendView::from).collect(),
            severity_source: &finding.trace.severity_source,
            rules_package: RulesPackageView::new(finding.rules_package, Some(&finding.rules_package_version)),
            target: TargetView::new(context.target),
            template: TemplateView::new(context.template),
            run: RunReference::new(context.run),
            host: HostView::new(context.host),
            evidence: finding.evidence.iter().map(EvidenceView::from).collect(),
            packages: finding.packages.iter().map(PackageView::from).collect(),
            vulnerability: finding.vulnerability.as_ref().map(VulnerabilityView::from),
            remediation: (1..).zip(&finding.remediation).map(StepView::new).collect(),
            references: &finding.references,
            trace: TraceView::from(&finding.trace),
        }
    }
}

impl<'a> StepView<'a> {
    fn new((step, remediation): (usize, &'a RemediationStep)) -> StepView<'a> {
        StepView { step, text: &remediation.text, command: remediation.command.as_deref() }
    }
}

fn asset_attributes(finding: &Finding) -> AssetAttributesView<'_> {
    AssetAttributesView {
        schema_version: 1,
        agent_id: limited(&finding.asset.agent_id, MAX_ID_CHARS),
        hostname: limited(&finding.asset.hostname, MAX_HOSTNAME_CHARS),
        ipv4_addresses: finding
            .asset
            .ipv4_addresses
            .iter()
            .map(String::as_str)
            .filter(|address| (7..=15).contains(&address.len()))
            .take(MAX_IPV4_ADDRESSES)
            .collect(),
        tags: [],
        network_interfaces: [],
    }
}

/// The steps as numbered text, each command on a line of its own: Inspector's `recommendation`.
pub(crate) fn recommendation(steps: &[RemediationStep]) -> String {
    let lines: Vec<String> = (1..)
        .zip(steps)
        .map(|(number, step): (usize, _)| match &step.command {
            Some(command) => format!("{number}. {}\n   {}", step.text, command.replace('\n', "\n   ")),
            None => format!("{number}. {}", step.text),
        })
        .collect();
    limited(&lines.join("\n"), MAX_TEXT_CHARS).into_owned()
}
