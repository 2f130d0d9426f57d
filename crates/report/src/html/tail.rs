//! The page after the last finding: what was not checked, coverage, the outcome of each rule, feeds, the facts, the script.

use askama::Template;
use assay_model::assessment::{Assessment, RuleResult};
use assay_model::coverage::{CoverageUnit, PackageCoverage};
use assay_model::exclusion::{Exclusion, Scope};
use assay_model::outcome::Outcome;
use assay_model::rules_package::RulesPackageKind;

use super::page::SCRIPT;
use super::text::{shown, shown_lines};
use crate::words;

#[derive(Debug, Template)]
#[template(path = "tail.html")]
pub(crate) struct TailPart {
    exclusions: Vec<ExclusionView>,
    decided: String,
    coverage: Vec<CoverageView>,
    results: Vec<ResultView>,
    feeds: Vec<FeedView>,
    facts: Vec<(&'static str, String)>,
    version: &'static str,
    run_arn: String,
    script: &'static str,
}

#[derive(Debug)]
struct ExclusionView {
    title: String,
    description: String,
    recommendation: String,
    scopes: String,
    rules: Vec<String>,
}

#[derive(Debug)]
struct CoverageView {
    name: &'static str,
    unit: &'static str,
    share: String,
    numbers: [String; 6],
}

#[derive(Debug)]
struct ResultView {
    outcome: &'static str,
    outcome_class: &'static str,
    rule: String,
    severity: &'static str,
    package: &'static str,
    reason: String,
}

#[derive(Debug)]
struct FeedView {
    name: String,
    records: String,
    fetched_at: String,
    age: String,
    digest: String,
}

impl TailPart {
    pub(crate) fn new(assessment: &Assessment) -> TailPart {
        let judged_at = words::judged_at(&assessment.run);
        let mut results: Vec<&RuleResult> = assessment.rule_results.iter().collect();
        results.sort_by_key(|result| std::cmp::Reverse(result.outcome));
        TailPart {
            exclusions: assessment.exclusions.iter().map(ExclusionView::new).collect(),
            decided: words::percent(assessment.coverage.decided_share()),
            coverage: assessment.coverage.packages.iter().map(CoverageView::new).collect(),
            results: results.into_iter().map(ResultView::new).collect(),
            feeds: assessment
                .feeds
                .iter()
                .map(|feed| FeedView {
                    name: shown(&feed.name),
                    records: words::thousands(feed.records),
                    fetched_at: words::utc(feed.fetched_at),
                    age: words::age(feed.fetched_at, judged_at),
                    digest: shown(&feed.digest),
                })
                .collect(),
            facts: facts(assessment),
            version: env!("CARGO_PKG_VERSION"),
            run_arn: assessment.run.arn.to_string(),
            script: SCRIPT,
        }
    }
}

impl ExclusionView {
    fn new(exclusion: &Exclusion) -> ExclusionView {
        let scopes: Vec<String> = exclusion
            .scopes
            .iter()
            .map(|scope| match scope {
                Scope::InstanceId(id) => shown(id),
                Scope::RulesPackageArn(arn) => RulesPackageKind::ALL
                    .into_iter()
                    .find(|kind| kind.arn() == *arn)
                    .map_or_else(|| arn.to_string(), |kind| kind.name().to_owned()),
            })
            .collect();
        ExclusionView {
            title: shown(&exclusion.title),
            description: shown_lines(&exclusion.description),
            recommendation: shown_lines(&exclusion.recommendation),
            scopes: scopes.join(", "),
            rules: exclusion.rules.iter().map(|rule| shown(rule)).collect(),
        }
    }
}

impl CoverageView {
    fn new(package: &PackageCoverage) -> CoverageView {
        let outcomes = &package.outcomes;
        let total = outcomes.total();
        let share = if total == 0 { 0.0 } else { f64::from(outcomes.decided()) / f64::from(total) };
        CoverageView {
            name: package.rules_package.name(),
            unit: match package.unit {
                CoverageUnit::Rules => "rules",
                CoverageUnit::Packages => "packages",
            },
            share: words::percent(share),
            numbers: [
                outcomes.pass,
                outcomes.fail,
                outcomes.notapplicable,
                outcomes.unknown,
                outcomes.error,
                outcomes.notchecked,
            ]
            .map(|number| words::thousands(u64::from(number))),
        }
    }
}

impl ResultView {
    fn new(result: &RuleResult) -> ResultView {
        ResultView {
            outcome: match result.outcome {
                Outcome::NotApplicable => "not applicable",
                Outcome::NotChecked => "not checked",
                other => other.as_str(),
            },
            outcome_class: result.outcome.as_str(),
            rule: shown(&result.rule_id),
            severity: result.severity.as_str(),
            package: result.rules_package.name(),
            reason: shown(&result.reason),
        }
    }
}

fn facts(assessment: &Assessment) -> Vec<(&'static str, String)> {
    let host = &assessment.host;
    let kernel = host.kernel.as_deref().map_or_else(|| "none running".to_owned(), shown);
    let packages = match host.installed_packages {
        Some(number) => words::thousands(u64::from(number)),
        None => "not readable".to_owned(),
    };
    let rules_packages: Vec<&str> =
        assessment.coverage.packages.iter().map(|package| package.rules_package.name()).collect();
    vec![
        ("Host", shown(&host.hostname)),
        ("Agent id", shown(&host.agent_id)),
        ("Operating system", shown(&host.operating_system)),
        ("Running kernel", kernel),
        ("Installed packages", packages),
        ("Read from", words::source(host.source).to_owned()),
        ("Target", shown(&assessment.target.name)),
        ("Template", shown(&assessment.template.name)),
        ("Run", shown(&assessment.run.name)),
        ("Start and end", words::run_time(&assessment.run)),
        ("State", assessment.run.state().to_string()),
        ("Rules packages", rules_packages.join(", ")),
        ("Evidence", format!("{}, collected {}", shown(&host.evidence_digest), words::utc(host.collected_at))),
        ("Run ARN", assessment.run.arn.to_string()),
    ]
}
