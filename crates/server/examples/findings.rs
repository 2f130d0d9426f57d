//! Measures lists and descriptions of findings at a million of them, through HTTP and signatures; asserts no time.
//!
//! `findings generate STORE [RUNS]` fills a store (a folder, or `postgres://…`) with runs of 500 findings each, 2000 unless
//! told (at least 100); `findings measure STORE [CALLS]` calls it and prints a table. Used by `bench/run findings`.

// The settings of clippy.toml for tests do not reach examples.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::time::{Duration, Instant};

use assay_model::Timestamp;
use assay_model::arn::Realm;
use assay_model::assessment::Assessment;
use assay_model::attribute::Attribute;
use assay_model::rules_package::RulesPackageKind;
use assay_model::severity::{Band, Severity};
use assay_server::service::Role;
use assay_server::store::Store;
use camino::Utf8Path;
use serde_json::{Value, json};

#[allow(dead_code)]
#[path = "../tests/it/api.rs"]
mod api;
#[allow(dead_code)]
#[path = "../tests/it/sample.rs"]
mod sample;

const HOSTS: usize = 100;
const FINDINGS_OF_A_RUN: usize = 500;
const CVES: usize = 4000;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |default: usize| arguments.get(2).map_or(default, |text| text.parse().unwrap());
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["generate", store, ..] => generate(open(store).await, number(2000)).await,
        ["measure", store, ..] => measure(open(store).await, number(200)).await,
        _ => panic!("usage: findings generate|measure STORE [NUMBER]"),
    }
}

async fn open(store: &str) -> Store {
    if store.contains("://") {
        Store::connect(store).await.unwrap()
    } else {
        Store::open(Utf8Path::new(store)).await.unwrap()
    }
}

async fn generate(store: Store, runs: usize) {
    let started = Instant::now();
    for number in 0..runs {
        store.save(&run(number), sample::EVIDENCE).await.unwrap();
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{} findings in {seconds:.1} s", runs * FINDINGS_OF_A_RUN);
    store.close().await;
}

/// A host fails the same rules in each of its runs; hosts differ in most.
fn run(number: usize) -> Assessment {
    let host = number % HOSTS;
    let mut saved = sample::assessment(&format!("host{host}"), number as i64, FINDINGS_OF_A_RUN);
    let agent_id = saved.host.agent_id.clone();
    for (index, finding) in saved.findings.iter_mut().enumerate() {
        let seed = (host * 7919 + index * 104_729) % 1_000_003;
        finding.key = format!("{host:08x}{index:08x}");
        finding.rules_package = match index % 20 {
            0 | 1 => RulesPackageKind::Cis,
            2 => RulesPackageKind::Network,
            3 => RulesPackageKind::BestPractices,
            _ => RulesPackageKind::Cve,
        };
        finding.severity = match (finding.rules_package, seed % 10) {
            (RulesPackageKind::Cis, 9) | (RulesPackageKind::Network, 0..5) => Severity::Informational,
            (RulesPackageKind::Cis, _) | (RulesPackageKind::Cve, 0..3) => Severity::High,
            (RulesPackageKind::Cve, 8..) => Severity::Low,
            _ => Severity::Medium,
        };
        finding.band = Band::from(finding.severity);
        finding.created_at = sample::time(number as i64 * 60);
        let (rule, mut attributes) = match finding.rules_package {
            RulesPackageKind::Cve => (format!("CVE-2024-{}", 1000 + seed % CVES), cve_attributes(seed % CVES)),
            RulesPackageKind::Network => (
                "Recognized port with listener reachable from internet".to_owned(),
                vec![
                    Attribute::new("PORT", (20 + index % 60).to_string()),
                    Attribute::new("ENI", format!("eni-{host}")),
                ],
            ),
            RulesPackageKind::Cis => (format!("1.{}.{} Ensure it is so", index / 20, index % 20), Vec::new()),
            _ => (format!("Rule {}", index / 20), Vec::new()),
        };
        attributes.insert(0, Attribute::new("INSTANCE_ID", &agent_id));
        (finding.rule_id, finding.attributes) = (rule, attributes);
        finding.user_attributes = vec![Attribute::new("team", ["core", "web"][host % 2])];
    }
    saved
}

fn cve_attributes(number: usize) -> Vec<Attribute> {
    vec![
        Attribute::new("CVE_ID", format!("CVE-2024-{}", 1000 + number)),
        Attribute::new("CVSS3_SCORE", format!("{:.1}", (number % 100) as f64 / 10.0)),
        Attribute::new("CVSS3_VECTOR", format!("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:{}", number % 200)),
        Attribute::new("package_name", format!("libpkg{}-0:2.3-{}", number % 300, number % 3)),
    ]
}

/// What is asked for: first pages by filters of every kind.
fn filters() -> Vec<(&'static str, Value)> {
    let late = sample::time(1990 * 60).as_second();
    let run = |number: usize| run(number).run.arn.to_string();
    vec![
        ("no filter", json!({})),
        ("one run", json!({"assessmentRunArns": [run(50)]})),
        ("50 runs", json!({"assessmentRunArns": (0..50).map(run).collect::<Vec<_>>()})),
        ("severity High", json!({"filter": {"severities": ["High"]}})),
        ("severity Undefined (none)", json!({"filter": {"severities": ["Undefined"]}})),
        ("one agent", json!({"filter": {"agentIds": ["i-host99"]}})),
        ("99 agents", json!({"filter": {"agentIds": (1..100).map(|it| format!("i-host{it}")).collect::<Vec<_>>()}})),
        ("one CVE", json!({"filter": {"ruleNames": ["CVE-2024-1999"]}})),
        (
            "50 CVEs",
            json!({"filter": {"ruleNames": (2000..2050).map(|it| format!("CVE-2024-{it}")).collect::<Vec<_>>()}}),
        ),
        ("a rule of each host", json!({"filter": {"ruleNames": ["Rule 3"]}})),
        ("no such rule", json!({"filter": {"ruleNames": ["nothing"]}})),
        (
            "package and severity (none)",
            json!({"filter": {"severities": ["Low"],
            "rulesPackageArns": ["arn:aws:inspector:us-east-1:316112463485:rulespackage/0-PmNV0Tcd"]}}),
        ),
        ("time range, the end", json!({"filter": {"creationTimeRange": {"beginDate": late}}})),
        ("attribute, rare", json!({"filter": {"attributes": [{"key": "ENI", "value": "eni-99"}]}})),
        ("attribute, frequent", json!({"filter": {"attributes": [{"key": "CVSS3_SCORE", "value": "9.8"}]}})),
        ("INSTANCE_ID", json!({"filter": {"attributes": [{"key": "INSTANCE_ID", "value": "i-host99"}]}})),
        ("user attribute of half", json!({"filter": {"userAttributes": [{"key": "team", "value": "web"}]}})),
        ("user attribute, none", json!({"filter": {"userAttributes": [{"key": "team", "value": "x"}]}})),
        (
            "attributes that exclude each other",
            json!({"filter": {"attributes":
            [{"key": "CVSS3_SCORE", "value": "9.8"}, {"key": "CVE_ID", "value": "CVE-2024-1000"}]}}),
        ),
        (
            "ports that exclude each other",
            json!({"filter": {"attributes":
            [{"key": "PORT", "value": "22"}, {"key": "PORT", "value": "42"}]}}),
        ),
        (
            "everything at once",
            json!({"filter": {"agentIds": ["i-host7"], "severities": ["High"],
            "ruleNames": ["CVE-2024-1007"], "userAttributes": [{"key": "team", "value": "web"}]}}),
        ),
    ]
}

async fn measure(store: Store, calls: usize) {
    let api = api::serve(store, Timestamp::now).await;
    let client = api.client(&Realm::local(), Role::ReadOnly).await;
    println!("{:46} {:>6} {:>9} {:>9} {:>9}", "ListFindings, first page", "found", "p50 ms", "p99 ms", "max ms");
    let mut times = Vec::new();
    for _ in 0..calls {
        let started = Instant::now();
        client.ask("ListRulesPackages", json!({})).await;
        times.push(started.elapsed());
    }
    row("for comparison: ListRulesPackages", 5, times);
    for (name, request) in filters() {
        for size in [10, 100] {
            let mut request = request.clone();
            request["maxResults"] = json!(size);
            let mut found = 0;
            let mut times = Vec::new();
            for _ in 0..calls {
                let started = Instant::now();
                let answer = client.ask("ListFindings", request.clone()).await;
                times.push(started.elapsed());
                found = answer["findingArns"].as_array().unwrap().len();
            }
            row(&format!("{name}, pages of {size}"), found, times);
        }
    }
    let mut times = Vec::new();
    let mut request = json!({"maxResults": 100});
    let mut arns = Vec::new();
    for _ in 0..calls {
        let started = Instant::now();
        let answer = client.ask("ListFindings", request.clone()).await;
        times.push(started.elapsed());
        arns.push(answer["findingArns"].clone());
        request["nextToken"] = answer["nextToken"].clone();
    }
    row("no filter, the following pages of 100", 100, times);
    let mut times = Vec::new();
    for arns in arns {
        let started = Instant::now();
        let answer = client.ask("DescribeFindings", json!({"findingArns": arns})).await;
        times.push(started.elapsed());
        assert_eq!(answer["findings"].as_array().unwrap().len(), 100);
    }
    row("DescribeFindings of 100", 100, times);
}

fn row(name: &str, found: usize, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0;
    println!("{name:46} {found:6} {:9.2} {:9.2} {:9.2}", at(50), at(99), at(100));
}
