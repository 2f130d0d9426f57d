//! Settling: what a run that ends means for findings that live on.
//!
//! What was found is open, again where it was resolved before. What an evaluated host no longer has is resolved, if its rules
//! package was evaluated there and no exclusion says that just this was left out: unknown is never ok.

use std::collections::BTreeSet;

use assay_model::assessment::RuleResult;
use assay_model::coverage::Coverage;
use assay_model::exclusion::{Exclusion, Scope};
use assay_model::outcome::Outcome;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::AssessmentRun;
use serde::de::DeserializeOwned;
use sqlx::{AnyConnection, Row};

use super::rows::realm_text;
use super::statement::{Statement, Value};

/// Exclusions of a whole rules package that leave out a part of it which they name in words only. What is named there (a
/// vulnerability by its id) is not resolved; the rest is.
const PARTIAL: [&str; 8] = [
    "Libraries not covered by any feed",
    "Old code still running",
    "Packages not covered by any feed",
    "Release without security support",
    "Severity not known",
    "VEX statements that could not be used",
    "Vulnerabilities that are suspected",
    "Vulnerabilities that could not be decided",
];

/// Findings that are resolved by one statement.
const BATCH: usize = 100;

/// A finding that lives on and that this run did not see.
struct Unseen {
    key: String,
    agent_id: String,
    package: RulesPackageKind,
    rule_id: String,
    coverage: Option<String>,
}

/// Brings the findings that live on up to date with a run, in the transaction that ends it, after its findings and exclusions.
/// Once more changes nothing.
pub(super) async fn settle(connection: &mut AnyConnection, run: &AssessmentRun) -> Result<(), sqlx::Error> {
    let mut seen = Statement::new(
        "INSERT INTO live_finding (realm, finding_key, agent_id, rules_package, rule_id, severity, first_seen_at, first_run, \
         last_seen_at, last_run, finding_id, times) \
         SELECT realm, finding_key, MIN(agent_id), MIN(rules_package), MIN(rule_id), MIN(severity), MIN(created_at), run_arn, \
         MAX(created_at), run_arn, MIN(id), 1 FROM finding",
    );
    seen.condition("run_arn = ").bind(run.arn.as_str());
    seen.push(
        " GROUP BY realm, run_arn, finding_key ON CONFLICT (realm, finding_key) DO UPDATE SET \
         rule_id = excluded.rule_id, severity = excluded.severity, last_seen_at = excluded.last_seen_at, \
         times = live_finding.times + CASE WHEN live_finding.last_run = excluded.last_run THEN 0 ELSE 1 END, \
         last_run = excluded.last_run, finding_id = excluded.finding_id, \
         reopened_at = CASE WHEN live_finding.resolved_at IS NULL THEN live_finding.reopened_at \
         ELSE excluded.last_seen_at END, resolved_at = NULL, resolved_run = NULL",
    );
    seen.execute(connection).await?;
    let unseen = unseen(connection, run).await?;
    if unseen.is_empty() {
        return Ok(());
    }
    let undecided = undecided(connection, run, &unseen).await?;
    let mut statement = Statement::new("SELECT body FROM exclusion");
    statement.condition("run_arn = ").bind(run.arn.as_str());
    let mut exclusions: Vec<Exclusion> = Vec::new();
    for row in statement.fetch(connection).await? {
        exclusions.push(decode(row.try_get(0)?)?);
    }
    let mut resolved = Vec::new();
    for finding in unseen {
        let coverage: Option<Coverage> = finding.coverage.as_deref().map(decode).transpose()?;
        if coverage.is_some_and(|coverage| was_evaluated(&coverage, finding.package))
            && !exclusions.iter().any(|exclusion| leaves_out(exclusion, &finding))
            && !undecided.contains(&(finding.agent_id.clone(), finding.rule_id.clone()))
        {
            resolved.push(finding.key);
        }
    }
    let at = run.completed_at.unwrap_or_else(|| run.state_changed_at()).as_millisecond();
    for keys in resolved.chunks(BATCH) {
        let mut statement = Statement::new("UPDATE live_finding SET resolved_at = ");
        statement.bind(at).push(", resolved_run = ").bind(run.arn.as_str());
        statement.condition("realm = ").bind(realm_text(&run.arn.realm()));
        statement.condition("finding_key IN ").bind_list(keys.iter().map(|key| Value::from(key.as_str())));
        statement.execute(connection).await?;
    }
    Ok(())
}

/// The open findings of hosts that this run evaluated, by its rules packages, that it did not see.
async fn unseen(connection: &mut AnyConnection, run: &AssessmentRun) -> Result<Vec<Unseen>, sqlx::Error> {
    let mut statement = Statement::new(
        "SELECT live.finding_key, live.agent_id, live.rules_package, live.rule_id, agent.coverage FROM run_agent agent \
         JOIN live_finding live ON live.agent_id = agent.agent_id",
    );
    statement.condition("agent.run_arn = ").bind(run.arn.as_str()).condition("agent.coverage IS NOT NULL");
    statement.condition("live.realm = ").bind(realm_text(&run.arn.realm()));
    statement.condition("live.resolved_at IS NULL").condition("live.last_run <> ").bind(run.arn.as_str());
    let asked: BTreeSet<RulesPackageKind> = run.rules_package_arns.iter().filter_map(|arn| arn.resolve()).collect();
    let mut unseen = Vec::new();
    for row in statement.fetch(connection).await? {
        let package: String = row.try_get(2)?;
        let Some(package) = asked.iter().find(|kind| kind.slug() == package) else { continue };
        unseen.push(Unseen {
            key: row.try_get(0)?,
            agent_id: row.try_get(1)?,
            package: *package,
            rule_id: row.try_get(3)?,
            coverage: row.try_get(4)?,
        });
    }
    Ok(unseen)
}

/// The rules without a decision, each with its host, of the hosts of findings that have outcomes of rules.
async fn undecided(
    connection: &mut AnyConnection,
    run: &AssessmentRun,
    unseen: &[Unseen],
) -> Result<BTreeSet<(String, String)>, sqlx::Error> {
    let with_rules = unseen.iter().filter(|finding| finding.package != RulesPackageKind::Cve);
    let hosts: Vec<&str> =
        with_rules.map(|finding| finding.agent_id.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    let mut undecided = BTreeSet::new();
    for hosts in hosts.chunks(BATCH) {
        let mut statement = Statement::new("SELECT agent_id, body FROM rule_result");
        statement.condition("run_arn = ").bind(run.arn.as_str());
        statement.condition("agent_id IN ").bind_list(hosts.iter().map(|host| Value::from(*host)));
        for row in statement.fetch(connection).await? {
            let result: RuleResult = decode(row.try_get(1)?)?;
            if matches!(result.outcome, Outcome::Unknown | Outcome::Error | Outcome::NotChecked) {
                undecided.insert((row.try_get(0)?, result.rule_id));
            }
        }
    }
    Ok(undecided)
}

/// Whether anything of a rules package was decided on a host.
fn was_evaluated(coverage: &Coverage, package: RulesPackageKind) -> bool {
    let decided = |outcomes: &assay_model::coverage::OutcomeCounts| {
        outcomes.pass > 0 || outcomes.fail > 0 || outcomes.notapplicable > 0
    };
    coverage.packages.iter().any(|it| it.rules_package == package && decided(&it.outcomes))
}

/// Whether an exclusion says that a finding was not looked for.
fn leaves_out(exclusion: &Exclusion, finding: &Unseen) -> bool {
    let (mut names_host, mut is_host, mut names_package, mut is_package) = (false, false, false, false);
    for scope in &exclusion.scopes {
        match scope {
            Scope::InstanceId(id) => {
                names_host = true;
                is_host |= *id == finding.agent_id;
            }
            Scope::RulesPackageArn(arn) => {
                names_package = true;
                is_package |= arn.resolve() == Some(finding.package);
            }
        }
    }
    if (names_host && !is_host) || (names_package && !is_package) {
        return false;
    }
    if !exclusion.rules.is_empty() {
        return exclusion.rules.contains(&finding.rule_id);
    }
    if names_package && !PARTIAL.contains(&exclusion.title.as_str()) {
        return true;
    }
    // About a part of the host, or of the package; the host itself was evaluated.
    exclusion.description.contains(&finding.rule_id)
}

fn decode<T: DeserializeOwned>(body: &str) -> Result<T, sqlx::Error> {
    serde_json::from_str(body).map_err(|cause| sqlx::Error::Decode(Box::new(cause)))
}

#[cfg(test)]
mod tests {
    use assay_model::arn::{ExclusionArn, Id, Realm, RunArn, TargetArn, TemplateArn};

    use super::*;

    fn exclusion(title: &str, scopes: Vec<Scope>, description: &str, rules: &[&str]) -> Exclusion {
        let id = Id::derive(b"x");
        let run = RunArn::new(&TemplateArn::new(&TargetArn::new(&Realm::local(), &id), &id), &id);
        Exclusion {
            arn: ExclusionArn::new(&run, &id),
            title: title.to_owned(),
            description: description.to_owned(),
            recommendation: String::new(),
            scopes,
            attributes: Vec::new(),
            rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
        }
    }

    #[test]
    fn exclusions_keep_findings_open() {
        let finding = Unseen {
            key: String::new(),
            agent_id: "i-1".to_owned(),
            package: RulesPackageKind::Cve,
            rule_id: "CVE-2024-1".to_owned(),
            coverage: None,
        };
        let host = |id: &str| Scope::InstanceId(id.to_owned());
        let package = |kind: RulesPackageKind| Scope::RulesPackageArn(kind.arn_in("eu-west-1"));
        let cve = || vec![host("i-1"), package(RulesPackageKind::Cve)];
        for (title, scopes, description, rules, expected) in [
            ("Advisory feed is missing", cve(), "", &[][..], true),
            ("Advisory feed is missing", vec![package(RulesPackageKind::Cve)], "", &[], true),
            ("Advisory feed is missing", vec![host("i-2"), package(RulesPackageKind::Cve)], "", &[], false),
            ("Advisory feed is missing", vec![host("i-1"), package(RulesPackageKind::Cis)], "", &[], false),
            ("Packages not covered by any feed", cve(), "nginx: no feed", &[], false),
            ("Vulnerabilities that could not be decided", cve(), "CVE-2024-1 in nginx: no range", &[], true),
            ("Evidence could not be read", vec![host("i-1")], "section sudoers is missing", &[], false),
            ("Set aside", cve(), "", &["CVE-2024-1", "CVE-2024-2"], true),
            ("Set aside", cve(), "", &["CVE-2024-2"], false),
            ("Rules evaluation error", vec![package(RulesPackageKind::Cve)], "", &[], true),
        ] {
            let exclusion = exclusion(title, scopes, description, rules);
            assert_eq!(leaves_out(&exclusion, &finding), expected, "{exclusion:?}");
        }
    }
}
