//! From findings and outcomes of rules, instance by instance, to a [`RunReport`] that groups them by package and rule.

use std::collections::{BTreeMap, BTreeSet};

use assay_model::Timestamp;
use assay_model::assessment::{Assessment, RuleResult};
use assay_model::exclusion::{Exclusion, Scope};
use assay_model::finding::Finding;
use assay_model::outcome::Outcome;
use assay_model::rules_package::RulesPackageKind;
use assay_model::severity::Severity;

use super::variants::Variants;
use super::{
    FailedRule, PassedRule, ReportExclusion, ReportInstance, ReportPackage, ReportRun, ReportTarget, RunReport,
};
use crate::json::recommendation;
use crate::words;

/// A rule that failed, while it is collected.
#[derive(Clone, Debug)]
struct Failing {
    severity: Severity,
    finding_count: u64,
    descriptions: Variants,
    recommendations: Variants,
    instances: BTreeSet<String>,
}

/// Collects what a run produced. Findings and results may come in any order; the report is the same.
#[derive(Clone, Debug, Default)]
pub struct RunReportBuilder {
    instances: BTreeMap<String, ReportInstance>,
    failed: BTreeMap<(RulesPackageKind, String), Failing>,
    passed: BTreeMap<(RulesPackageKind, String), PassedRule>,
    rules: BTreeMap<RulesPackageKind, u64>,
    packages: Vec<RulesPackageKind>,
    exclusions: Vec<ReportExclusion>,
}

/// What a [`RunReportBuilder`] is told at the end: the frame around the findings.
#[derive(Clone, Debug)]
pub struct RunReportFrame {
    /// What makes the report, for example `Assay`.
    pub product_name: String,
    /// When it is made.
    pub generated_at: Timestamp,
    /// The run.
    pub run: ReportRun,
    /// The name of its template.
    pub template_name: String,
    /// The target.
    pub target: ReportTarget,
}

impl RunReportBuilder {
    /// A report without instances that was judged by these packages.
    pub fn new(packages: impl IntoIterator<Item = RulesPackageKind>) -> RunReportBuilder {
        let mut packages: Vec<RulesPackageKind> = packages.into_iter().collect();
        packages.sort_unstable();
        packages.dedup();
        RunReportBuilder { packages, ..RunReportBuilder::default() }
    }

    /// Says how many rules a package has.
    pub fn set_rule_count(&mut self, package: RulesPackageKind, rules: u64) {
        self.rules.insert(package, rules);
    }

    /// Adds a member of the target.
    pub fn add_instance(&mut self, instance: ReportInstance) {
        self.instances.insert(instance.agent_id.clone(), instance);
    }

    /// Adds a finding. Findings of one rule become one entry, with the worst of their severities.
    pub fn add_finding(&mut self, finding: &Finding) {
        let failing = self.failed.entry((finding.rules_package, finding.rule_id.clone())).or_insert_with(|| Failing {
            severity: finding.severity,
            finding_count: 0,
            descriptions: Variants::default(),
            recommendations: Variants::default(),
            instances: BTreeSet::new(),
        });
        failing.severity = failing.severity.max(finding.severity);
        failing.finding_count += 1;
        failing.descriptions.add(&finding.description);
        failing.recommendations.add(&recommendation(&finding.remediation));
        failing.instances.insert(finding.asset.agent_id.clone());
    }

    /// Adds the outcome of a rule on an instance; only passes are kept.
    pub fn add_result(&mut self, agent_id: &str, result: &RuleResult) {
        if result.outcome != Outcome::Pass {
            return;
        }
        let passed = self.passed.entry((result.rules_package, result.rule_id.clone())).or_insert_with(|| PassedRule {
            rule: result.rule_id.clone(),
            severity: result.severity,
            instances: Vec::new(),
        });
        passed.instances.push(agent_id.to_owned());
    }

    /// Adds an exclusion.
    pub fn add_exclusion(&mut self, exclusion: &Exclusion) {
        self.exclusions.push(ReportExclusion {
            title: exclusion.title.clone(),
            description: exclusion.description.clone(),
            recommendation: exclusion.recommendation.clone(),
            scopes: exclusion
                .scopes
                .iter()
                .map(|scope| match scope {
                    Scope::InstanceId(id) => id.clone(),
                    Scope::RulesPackageArn(arn) => RulesPackageKind::ALL
                        .into_iter()
                        .find(|kind| kind.arn() == *arn)
                        .map_or_else(|| arn.to_string(), |kind| kind.name().to_owned()),
                })
                .collect(),
        });
    }

    /// The report: packages in the order of the command line, rules worst first, then by name.
    pub fn finish(self, frame: RunReportFrame) -> RunReport {
        let RunReportBuilder { instances, failed, passed, rules, mut packages, exclusions } = self;
        packages.extend(failed.keys().chain(passed.keys()).map(|(package, _)| *package));
        let mut reported: BTreeMap<RulesPackageKind, ReportPackage> =
            packages.into_iter().map(|kind| (kind, package(kind, rules.get(&kind).copied()))).collect();
        for ((kind, rule), failing) in failed {
            if let Some(package) = reported.get_mut(&kind) {
                package.failed.push(failing.into_rule(rule));
            }
        }
        for ((kind, _), mut rule) in passed {
            rule.instances.sort_unstable();
            rule.instances.dedup();
            if let Some(package) = reported.get_mut(&kind) {
                package.passed.push(rule);
            }
        }
        for package in reported.values_mut() {
            package.failed.sort_by_key(|rule| std::cmp::Reverse(rule.severity));
        }
        RunReport {
            product_name: frame.product_name,
            generated_at: frame.generated_at,
            run: frame.run,
            template_name: frame.template_name,
            target: frame.target,
            instances: instances.into_values().collect(),
            rules_packages: reported.into_values().collect(),
            exclusions,
        }
    }
}

impl Failing {
    fn into_rule(self, rule: String) -> FailedRule {
        FailedRule {
            rule,
            severity: self.severity,
            finding_count: self.finding_count,
            descriptions: self.descriptions.into_texts(),
            recommendations: self.recommendations.into_texts(),
            instances: self.instances.into_iter().collect(),
        }
    }
}

fn package(kind: RulesPackageKind, rule_count: Option<u64>) -> ReportPackage {
    let description = match kind {
        RulesPackageKind::Cve => {
            "Compares every installed package and library with the advisories of its publisher, and reports each known \
             vulnerability that the installed version still has."
        }
        RulesPackageKind::Cis => {
            "Compares the configuration of the operating system with a hardening benchmark for its release."
        }
        RulesPackageKind::Network => {
            "Analyses the network configuration around an instance and reports the ports that can be reached from outside."
        }
        RulesPackageKind::BestPractices => {
            "Checks settings that every server should have: remote access, passwords, memory protection, permissions."
        }
        RulesPackageKind::Runtime => {
            "Watches an instance for the duration of the run and reports insecure protocols and unsafe processes."
        }
    };
    ReportPackage {
        name: kind.name().to_owned(),
        version: kind.version().to_owned(),
        provider: "Assay".to_owned(),
        description: description.to_owned(),
        rule_count,
        failed: Vec::new(),
        passed: Vec::new(),
    }
}

impl RunReport {
    /// The report of a run on one host, made when the run ended.
    pub fn of_assessment(assessment: &Assessment) -> RunReport {
        let mut builder = RunReportBuilder::new(assessment.coverage.packages.iter().map(|it| it.rules_package));
        builder.add_instance(ReportInstance {
            agent_id: assessment.host.agent_id.clone(),
            hostname: assessment.host.hostname.clone(),
            operating_system: assessment.host.operating_system.clone(),
        });
        for finding in &assessment.findings {
            builder.add_finding(finding);
        }
        let mut rules: BTreeMap<RulesPackageKind, u64> = BTreeMap::new();
        for result in &assessment.rule_results {
            *rules.entry(result.rules_package).or_default() += 1;
            builder.add_result(&assessment.host.agent_id, result);
        }
        for (package, number) in rules {
            builder.set_rule_count(package, number);
        }
        for exclusion in &assessment.exclusions {
            builder.add_exclusion(exclusion);
        }
        let run = &assessment.run;
        builder.finish(RunReportFrame {
            product_name: "Assay".to_owned(),
            generated_at: words::judged_at(run),
            run: ReportRun {
                name: run.name.clone(),
                arn: run.arn.to_string(),
                state: run.state(),
                started_at: run.started_at.unwrap_or(run.created_at),
                completed_at: run.completed_at,
                duration_seconds: run.duration_seconds,
            },
            template_name: assessment.template.name.clone(),
            target: ReportTarget {
                name: assessment.target.name.clone(),
                // The tags of a group are not part of an assessment.
                selectors: assessment.target.resource_group_arn.as_ref().map(|_| Vec::new()),
            },
        })
    }
}
