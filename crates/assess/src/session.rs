//! Session: the target, template and run that an assessment without a server belongs to.
//!
//! The same host always gets the same target and, for the same rules packages, the same template, so that runs of
//! one host stand side by side in the store.

use assay_model::Timestamp;
use assay_model::arn::{Id, Realm, RunArn, TargetArn, TemplateArn};
use assay_model::evidence::HostIdentity;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::{AssessmentRun, FindingCounts};
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;

/// Longest name that Inspector accepts, in characters.
const MAX_NAME_CHARS: usize = 140;

/// The objects that one assessment belongs to.
#[derive(Clone, Debug)]
pub struct Session {
    /// Target: this one host.
    pub target: AssessmentTarget,
    /// Template: these rules packages.
    pub template: AssessmentTemplate,
    /// Run: this execution.
    pub run: AssessmentRun,
}

impl Session {
    /// Makes the objects for a host; `attempt` tells runs apart that were started in the same millisecond.
    pub fn new(
        realm: &Realm,
        host: &HostIdentity,
        packages: &[RulesPackageKind],
        name: Option<&str>,
        now: Timestamp,
        attempt: u32,
    ) -> Session {
        let slugs = packages.iter().map(|package| package.slug()).collect::<Vec<_>>().join(",");
        let arns = || packages.iter().map(|package| package.arn()).collect::<Vec<_>>();
        let target = AssessmentTarget {
            arn: TargetArn::new(realm, &Id::derive(format!("target {}", host.agent_id).as_bytes())),
            name: cut(&format!("{} ({})", host.hostname, host.agent_id)),
            resource_group_arn: None,
            created_at: now,
            updated_at: now,
        };
        let template = AssessmentTemplate {
            arn: TemplateArn::new(&target.arn, &Id::derive(format!("template {} {slugs}", target.arn).as_bytes())),
            name: slugs,
            target_arn: target.arn.clone(),
            duration_seconds: 0,
            rules_package_arns: arns(),
            user_attributes_for_findings: Vec::new(),
            created_at: now,
        };
        let seed = format!("run {} {} {attempt}", template.arn, now.as_millisecond());
        let name = name.map_or_else(|| default_name(now, attempt), str::to_owned);
        let run = AssessmentRun {
            arn: RunArn::new(&template.arn, &Id::derive(seed.as_bytes())),
            name: cut(&name),
            template_arn: template.arn.clone(),
            duration_seconds: 0,
            rules_package_arns: arns(),
            user_attributes_for_findings: Vec::new(),
            created_at: now,
            started_at: None,
            completed_at: None,
            state_changes: Vec::new(),
            data_collected: false,
            finding_counts: FindingCounts::new(),
        };
        Session { target, template, run }
    }
}

fn default_name(now: Timestamp, attempt: u32) -> String {
    let seconds = Timestamp::from_second(now.as_second()).unwrap_or(now);
    match attempt {
        0 => seconds.to_string(),
        _ => format!("{seconds} ({})", attempt + 1),
    }
}

fn cut(name: &str) -> String {
    name.chars().take(MAX_NAME_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_keeps_its_target_and_a_run_is_its_own() {
        let host = HostIdentity { agent_id: "i-0".into(), hostname: "web1".into(), ipv4_addresses: Vec::new() };
        let session = |second: i64, attempt: u32| {
            let now = Timestamp::from_second(second).unwrap();
            Session::new(&Realm::local(), &host, &[RulesPackageKind::Cve], None, now, attempt)
        };
        assert_eq!(session(1, 0).template.arn, session(2, 0).template.arn);
        assert_eq!(session(1, 0).run, session(1, 0).run);
        assert_ne!(session(1, 0).run.arn, session(2, 0).run.arn);
        assert_ne!(session(1, 0).run.arn, session(1, 1).run.arn);
        assert_eq!(session(1, 0).run.name, "1970-01-01T00:00:01Z");
    }
}
