//! Findings that live on: first seen, seen again, resolved, reopened, kept open by what was not checked.

use assay_model::Timestamp;
use assay_model::arn::Realm;
use assay_model::assessment::Assessment;
use assay_model::coverage::OutcomeCounts;
use assay_model::exclusion::Scope;
use assay_model::rules_package::RulesPackageKind;
use assay_server::service::Role;
use assay_server::store::{LiveFinding, LiveFindingFilter, LiveStatus, Page, Store};
use serde_json::{Value, json};

use crate::api::serve;
use crate::home::{Home, homes};
use crate::sample::{EVIDENCE, assessment, time};

/// The `number`th run of a host that sees only these of its findings, and checks all else.
fn run(host: &str, number: i64, seen: &[usize]) -> Assessment {
    let mut saved = assessment(host, number, 10);
    let mut index = 0..;
    saved.findings.retain(|_| seen.contains(&index.next().unwrap()));
    for finding in &mut saved.findings {
        finding.created_at = time(number * 100);
    }
    saved.exclusions.clear();
    saved
}

async fn all(store: &Store) -> Vec<LiveFinding> {
    store.live_findings(&Realm::local(), &LiveFindingFilter::default(), &Page::all()).await.unwrap().items
}

/// Each finding as its index, its status and how often it was seen.
async fn states(store: &Store) -> Vec<(usize, LiveStatus, u64)> {
    let keys: Vec<String> = assessment("web", 0, 10).findings.into_iter().map(|finding| finding.key).collect();
    let index = |key: &str| keys.iter().position(|known| known == key).unwrap();
    let mut states: Vec<_> = all(store).await.iter().map(|it| (index(&it.key), it.status, it.times)).collect();
    states.sort_by_key(|(index, ..)| *index);
    states
}

use LiveStatus::{Open, Reopened, Resolved};

#[tokio::test]
async fn findings_are_resolved_and_reopened() {
    for Home { store, database, folder: _folder } in homes().await {
        println!("{database}");
        store.save(&run("web", 1, &[0, 1, 9]), EVIDENCE).await.unwrap();
        assert_eq!(states(&store).await, [(0, Open, 1), (1, Open, 1), (9, Open, 1)]);
        // Saved again, nothing changes.
        store.save(&run("web", 1, &[0, 1, 9]), EVIDENCE).await.unwrap();
        assert_eq!(states(&store).await, [(0, Open, 1), (1, Open, 1), (9, Open, 1)]);

        let second = run("web", 2, &[1, 2]);
        store.save(&second, EVIDENCE).await.unwrap();
        assert_eq!(states(&store).await, [(0, Resolved, 1), (1, Open, 2), (2, Open, 1), (9, Resolved, 1)]);
        let resolved = all(&store).await.into_iter().find(|it| it.status == Resolved).unwrap();
        let millisecond = |at: Timestamp| at.as_millisecond();
        let (at, by) = resolved.resolved.unwrap();
        assert_eq!((millisecond(at), by), (millisecond(time(2)), second.run.arn.clone()));
        assert_eq!(millisecond(resolved.first_seen_at), millisecond(time(100)));

        store.save(&run("web", 3, &[0, 1]), EVIDENCE).await.unwrap();
        assert_eq!(states(&store).await, [(0, Reopened, 2), (1, Open, 3), (2, Resolved, 1), (9, Resolved, 1)]);
        let reopened = all(&store).await.into_iter().find(|it| it.status == Reopened).unwrap();
        assert_eq!(reopened.reopened_at.map(millisecond), Some(millisecond(time(300))));
        assert_eq!((reopened.resolved, millisecond(reopened.first_seen_at)), (None, millisecond(time(100))));

        // Runs go, findings live on.
        for number in 1..=3 {
            assert!(store.delete_run(&run("web", number, &[]).run.arn).await.unwrap());
        }
        assert_eq!(states(&store).await, [(0, Reopened, 2), (1, Open, 3), (2, Resolved, 1), (9, Resolved, 1)]);
    }
}

#[tokio::test]
async fn what_was_not_checked_stays_open() {
    let cve = |saved: &mut Assessment, title: &str, rules: &[&str]| {
        let mut exclusion = assessment("web", 0, 0).exclusions.remove(0);
        exclusion.title = title.to_owned();
        exclusion.scopes =
            vec![Scope::InstanceId("i-web".to_owned()), Scope::RulesPackageArn(RulesPackageKind::Cve.arn())];
        exclusion.rules = rules.iter().map(|rule| (*rule).to_owned()).collect();
        saved.exclusions = vec![exclusion];
    };
    // What happens in the second run, which sees nothing; and which of the two findings it resolves.
    type Change = Box<dyn Fn(&mut Assessment)>;
    let cases: Vec<(&str, Change, [LiveStatus; 2])> = vec![
        ("nothing", Box::new(|_| {}), [Resolved, Resolved]),
        ("a feed is missing", Box::new(move |saved| cve(saved, "No advisory feed", &[])), [Open, Resolved]),
        ("one is set aside", Box::new(move |saved| cve(saved, "Set aside", &["CVE-2024-1000"])), [Open, Resolved]),
        ("another is set aside", Box::new(move |saved| cve(saved, "Set aside", &["CVE-1"])), [Resolved, Resolved]),
        (
            "a package was not evaluated",
            Box::new(|saved| {
                saved.coverage.packages[1].outcomes = OutcomeCounts { notchecked: 9, ..Default::default() }
            }),
            [Resolved, Open],
        ),
        ("a package has no coverage", Box::new(|saved| saved.coverage.packages.truncate(1)), [Resolved, Open]),
        (
            "a package was not asked for",
            Box::new(|saved| saved.run.rules_package_arns = vec![RulesPackageKind::BestPractices.arn()]),
            [Open, Resolved],
        ),
        ("another host", Box::new(|saved| saved.host.agent_id = "i-db".to_owned()), [Open, Open]),
    ];
    for (what, change, expected) in cases {
        for Home { store, folder: _folder, .. } in homes().await {
            store.save(&run("web", 1, &[0, 9]), EVIDENCE).await.unwrap();
            let mut second = run("web", 2, &[]);
            change(&mut second);
            store.save(&second, EVIDENCE).await.unwrap();
            let statuses: Vec<LiveStatus> = states(&store).await.into_iter().map(|(_, status, _)| status).collect();
            assert_eq!(statuses, expected, "{what}");
        }
    }
}

#[tokio::test]
async fn they_are_served_by_own_operations() {
    for Home { store, database, folder: _folder } in homes().await {
        println!("{database}");
        let (first, second) = (run("web", 1, &[0, 1, 2, 9]), run("web", 2, &[0, 2]));
        store.save(&first, EVIDENCE).await.unwrap();
        store.save(&second, EVIDENCE).await.unwrap();
        let api = serve(store, Timestamp::now).await;
        let client = api.client(&Realm::local(), Role::ReadOnly).await;
        let list = async |request: Value| {
            let answer = client.send("Assay.ListLiveFindings", &request).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            answer.body
        };
        let mut keys: Vec<String> = Vec::new();
        let mut request = json!({"maxResults": 3});
        loop {
            let page = list(request.clone()).await;
            keys.extend(
                page["liveFindings"].as_array().unwrap().iter().map(|it| it["key"].as_str().unwrap().to_owned()),
            );
            let Some(token) = page.get("nextToken") else { break };
            request["nextToken"] = token.clone();
        }
        assert_eq!(keys, [0, 1, 2, 3].map(|index| first.findings[index].key.clone()));
        for (filter, count) in [
            (json!({"statuses": ["RESOLVED"]}), 2),
            (json!({"statuses": ["OPEN", "REOPENED"], "rulesPackages": ["cve"]}), 2),
            (json!({"rulesPackages": ["best-practices"], "severities": ["High", "Medium"]}), 1),
            (json!({"agentIds": ["i-db"]}), 0),
            (json!({"ruleNames": ["CVE-2024-1001"]}), 1),
        ] {
            assert_eq!(
                list(json!({"filter": filter})).await["liveFindings"].as_array().unwrap().len(),
                count,
                "{filter}"
            );
        }
        let request = json!({"keys": [keys[1], "0000000000000000", keys[1]]});
        let answer = client.send("Assay.DescribeLiveFindings", &request).await.body;
        assert_eq!(answer["missingKeys"], json!(["0000000000000000"]));
        let (finding, run_arns) = (&first.findings[1], [first.run.arn.as_str(), second.run.arn.as_str()]);
        let at = |seconds: i64| Timestamp::from_millisecond(time(seconds).as_millisecond()).unwrap().to_string();
        assert_eq!(
            answer["liveFindings"],
            json!([{"key": finding.key, "status": "RESOLVED", "agentId": "i-web", "rulesPackage": "cve",
                "ruleName": "CVE-2024-1001", "severity": finding.severity.as_str(), "title": finding.title,
                "firstSeenAt": at(100), "firstRunArn": run_arns[0], "lastSeenAt": at(100), "lastRunArn": run_arns[0],
                "lastFindingArn": finding.arn, "timesSeen": 1, "resolvedAt": at(2), "resolvedByRunArn": run_arns[1]}])
        );
        let other = api.client(&Realm { region: "eu-west-1".to_owned(), ..Realm::local() }, Role::Operator).await;
        assert_eq!(other.send("Assay.ListLiveFindings", &json!({})).await.body, json!({"liveFindings": []}));
        for (target, request, name) in [
            ("Assay.ListLiveFindings", json!({"maxResults": 501}), "ValidationException"),
            ("Assay.ListLiveFindings", json!({"nextToken": "x"}), "ValidationException"),
            ("Assay.ListLiveFindings", json!({"filter": {"severity": "High"}}), "SerializationException"),
            ("Assay.DescribeLiveFindings", json!({"keys": []}), "ValidationException"),
            ("Assay.DescribeLiveFindings", json!([]), "SerializationException"),
            ("Assay.Nothing", json!({}), "UnknownOperationException"),
        ] {
            let answer = client.send(target, &request).await;
            assert_eq!((answer.status, answer.body["__type"].as_str()), (400, Some(name)), "{target} {request}");
        }
    }
}
