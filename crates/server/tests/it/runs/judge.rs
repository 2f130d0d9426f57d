//! A judge that finds as much as it is told, and fails for hosts that are named so.

use assay_model::assessment::Assessment;
use assay_model::evidence::request::CollectionRequest;
use assay_model::rules_package::RulesPackageKind;
use assay_server::service::{Judge, Judgement, RulesPackageAbout, Subject};

use crate::sample::{coverage, exclusion, finding, host_summary};

/// Findings of every host.
pub(crate) const FINDINGS: usize = 20;

pub(crate) struct TestJudge;

impl Judge for TestJudge {
    fn request_for(&self, _: &[RulesPackageKind]) -> CollectionRequest {
        CollectionRequest::default()
    }

    fn about(&self, package: RulesPackageKind) -> RulesPackageAbout {
        let rules = (package == RulesPackageKind::BestPractices).then_some(9);
        RulesPackageAbout { version: "1".to_owned(), description: package.name().to_owned(), rules }
    }

    fn judge(&self, subject: &Subject<'_>) -> Judgement {
        let agent_id = subject.evidence.host.agent_id.as_str();
        let host = agent_id.trim_start_matches("i-");
        match host {
            "panics" => panic!("as it was told"),
            "errs" => return Err("as it was told".to_owned()),
            _ => {}
        }
        let run = &subject.run.arn;
        let mut coverage = coverage();
        for package in &mut coverage.packages {
            package.outcomes.error = u32::from(host == "half");
        }
        Ok(Assessment {
            target: subject.target.clone(),
            template: subject.template.clone(),
            run: subject.run.clone(),
            host: host_summary(host, 1),
            feeds: Vec::new(),
            // The same ids for every host: the store has to tell them apart.
            findings: (0..FINDINGS).map(|index| finding(run, host, index)).collect(),
            exclusions: vec![exclusion(run, host)],
            coverage,
            rule_results: Vec::new(),
        })
    }
}
