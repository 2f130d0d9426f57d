//! 1,500 findings of 25 runs, different in everything that a filter asks for; and what a filter takes, found the simple way.

use assay_model::Timestamp;
use assay_model::arn::{FindingArn, Realm};
use assay_model::assessment::Assessment;
use assay_model::attribute::Attribute;
use assay_model::rules_package::RulesPackageKind;
use assay_model::severity::{Band, Severity};
use assay_server::store::{AttributeFilter, ListedFindingFilter, Store};
use sqlx::{AnyConnection, Connection};

use crate::home::Home;
use crate::sample::{EVIDENCE, assessment, time};

pub(crate) const RUNS: i64 = 25;
pub(crate) const FINDINGS_OF_A_RUN: usize = 60;

/// The runs of five hosts; those of `host3` and `host4` are in the auto scaling group `workers`.
pub(crate) fn runs() -> Vec<Assessment> {
    (0..RUNS).map(|number| run(&format!("host{}", number % 5), number)).collect()
}

fn run(host: &str, number: i64) -> Assessment {
    let mut saved = assessment(host, number, FINDINGS_OF_A_RUN);
    for (index, finding) in saved.findings.iter_mut().enumerate() {
        let seed = index * 7 + number as usize * 3;
        finding.severity = [Severity::High, Severity::Medium, Severity::Low, Severity::Informational][seed % 4];
        finding.band = Band::from(finding.severity);
        finding.rules_package = [RulesPackageKind::Cve, RulesPackageKind::Network, RulesPackageKind::Cis][index % 3];
        finding.rule_id = match finding.rules_package {
            RulesPackageKind::Cve => format!("CVE-2024-{}", 1000 + seed % 40),
            RulesPackageKind::Network => "Recognized port reachable from internet".to_owned(),
            _ => format!("1.7.1.{} Ensure \"100%\" is_configured", seed % 9),
        };
        finding.attributes = vec![
            Attribute::new("PORT", (20 + seed % 5).to_string()),
            Attribute::new("PROTOCOL", if seed.is_multiple_of(2) { "TCP" } else { "UDP" }),
            Attribute::new("a=b", "c"),
        ];
        finding.user_attributes = vec![Attribute::new("team", ["core", "Core", "web"][seed % 3])];
        if index == 17 {
            finding.user_attributes.push(Attribute::new("ticket", format!("T-{number}\nlate")));
        }
        // What is made later in a run is not always further back in it.
        let seconds = number * 10 + [2, 0, 1][index % 3];
        finding.created_at = Timestamp::from_millisecond(time(seconds).as_millisecond()).unwrap();
    }
    saved
}

/// The name of the auto scaling group of a host.
fn group_of(agent_id: &str) -> &'static str {
    if matches!(agent_id, "i-host3" | "i-host4") { "workers" } else { "" }
}

/// Saves the runs.
pub(crate) async fn fill(home: &Home, runs: &[Assessment]) {
    for run in runs {
        home.store.save(run, EVIDENCE).await.unwrap();
    }
    // Hosts without a service are in no group.
    let mut connection = connect(home).await;
    for table in ["finding_cell", "finding"] {
        let sql = format!("UPDATE {table} SET scaling_group = 'workers' WHERE agent_id IN ('i-host3', 'i-host4')");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

/// A connection of its own to the database of a store.
pub(crate) async fn connect(home: &Home) -> AnyConnection {
    let path = home.store.path();
    let url = if home.database == "SQLite" { format!("sqlite://{path}") } else { path.to_string() };
    AnyConnection::connect(&url).await.unwrap()
}

/// The findings that a filter takes, in the order in which they were made.
pub(crate) fn expected(runs: &[Assessment], filter: &ListedFindingFilter) -> Vec<FindingArn> {
    let mut taken: Vec<(i64, &str, usize, &FindingArn)> = Vec::new();
    for assessment in runs {
        let run = &assessment.run.arn;
        let any = |list: &[String], text: &str| list.is_empty() || list.iter().any(|it| it == text);
        for (ordinal, finding) in assessment.findings.iter().enumerate() {
            let agent_id = finding.asset.agent_id.as_str();
            let at = finding.created_at.as_millisecond();
            let system: Vec<Attribute> =
                finding.attributes.iter().cloned().chain([Attribute::new("INSTANCE_ID", agent_id)]).collect();
            let is_taken = (filter.runs.is_empty() || filter.runs.contains(run))
                && any(&filter.agent_ids, agent_id)
                && any(&filter.scaling_groups, group_of(agent_id))
                && any(&filter.rule_ids, &finding.rule_id)
                && (filter.severities.is_empty() || filter.severities.contains(&finding.severity))
                && filter.rules_packages.as_ref().is_none_or(|kinds| kinds.contains(&finding.rules_package))
                && filter.attributes.iter().all(|pair| has(&system, pair))
                && filter.user_attributes.iter().all(|pair| has(&finding.user_attributes, pair))
                && filter.from.is_none_or(|from| at >= from)
                && filter.until.is_none_or(|until| at <= until);
            if is_taken {
                taken.push((at, run.as_str(), ordinal, &finding.arn));
            }
        }
    }
    taken.sort_unstable();
    taken.into_iter().map(|(.., arn)| arn.clone()).collect()
}

fn has(pairs: &[Attribute], AttributeFilter { key, value }: &AttributeFilter) -> bool {
    pairs.iter().any(|pair| pair.key == *key && value.as_ref().is_none_or(|value| *value == pair.value))
}

/// All findings that a store lists for a filter, in pages of a size.
pub(crate) async fn listed(store: &Store, filter: &ListedFindingFilter, size: u32) -> Vec<FindingArn> {
    let mut all = Vec::new();
    let mut page = assay_server::store::Page::first(size);
    loop {
        let listing = store.list_findings(&Realm::local(), filter, &page).await.unwrap();
        assert!(listing.items.len() <= size as usize);
        all.extend(listing.items);
        match listing.next {
            // As a token has it.
            Some(place) => page.after = serde_json::from_str(&serde_json::to_string(&place).unwrap()).unwrap(),
            None => return all,
        }
    }
}
