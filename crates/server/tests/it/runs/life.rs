//! A run from its start to its end.

use assay_model::exclusion::Exclusion;
use assay_model::finding::Finding;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::{AssessmentRun, RunState};
use assay_model::severity::Severity;
use assay_server::store::{AfterStop, Deletion, Event, Stopped, Subscription};
use sqlx::Row;

use super::judge::FINDINGS;
use super::scene::{Scene, bare, member, number, rows, silent};
use crate::home::homes;

const HOST_PACKAGES: [RulesPackageKind; 4] =
    [RulesPackageKind::Cve, RulesPackageKind::BestPractices, RulesPackageKind::Runtime, RulesPackageKind::Cis];

/// The exclusions of a run as title and host, sorted.
async fn exclusions(scene: &Scene, run: &AssessmentRun) -> Vec<(String, String)> {
    let bodies = rows(scene.store(), &format!("SELECT body FROM exclusion WHERE run_arn = '{}'", run.arn)).await;
    let mut arns = std::collections::BTreeSet::new();
    let mut told: Vec<(String, String)> = bodies
        .iter()
        .map(|row| {
            let exclusion: Exclusion = serde_json::from_str(row.get(0)).unwrap();
            assert!(!exclusion.scopes.is_empty() && arns.insert(exclusion.arn.clone()), "{exclusion:?}");
            let host = exclusion.attributes.iter().find(|attribute| attribute.key == "INSTANCE_ID");
            (exclusion.title, host.map(|attribute| attribute.value.clone()).unwrap_or_default())
        })
        .collect();
    told.sort();
    told
}

async fn findings(scene: &Scene, run: &AssessmentRun) -> Vec<Finding> {
    let select = format!("SELECT body, id, scaling_group FROM finding WHERE run_arn = '{}' ORDER BY ordinal", run.arn);
    let rows = rows(scene.store(), &select).await;
    rows.iter()
        .map(|row| {
            let finding: Finding = serde_json::from_str(row.get(0)).unwrap();
            assert_eq!((finding.arn.id(), "workers"), (row.get(1), row.get(2)));
            finding
        })
        .collect()
}

/// Somebody wants to know everything.
async fn subscribe(scene: &Scene) {
    for event in Event::ALL {
        let topic = "arn:aws:sns:eu-west-1:111122223333:all".to_owned();
        let template = scene.template.arn.clone();
        let subscription = Subscription { template, topic, event, created_at: scene.service.now() };
        scene.store().subscribe(&subscription, 10).await.unwrap();
    }
}

/// Each change of the state, each finding, the start and the end were told once.
async fn check_announced(scene: &Scene, run: &AssessmentRun, findings: &[Finding]) {
    let told = rows(scene.store(), "SELECT event, body FROM outbox ORDER BY id").await;
    let of = |event: &str| {
        let bodies = told.iter().filter(|row| row.get::<String, _>(0) == event);
        bodies.map(|row| serde_json::from_str(row.get(1)).unwrap()).collect::<Vec<serde_json::Value>>()
    };
    assert_eq!(of("ASSESSMENT_RUN_STARTED").len(), 1);
    assert_eq!(of("FINDING_REPORTED").len(), findings.len());
    let states: Vec<String> =
        of("ASSESSMENT_RUN_STATE_CHANGED").iter().map(|body| body["newstate"].as_str().unwrap().to_owned()).collect();
    let entered: Vec<String> = run.state_changes.iter().skip(1).map(|change| change.state.to_string()).collect();
    assert_eq!(states, entered);
    let ended = of("ASSESSMENT_RUN_COMPLETED");
    assert_eq!(ended.len(), 1);
    let counts = ended[0]["findingsCount"].as_str().unwrap();
    let cve = findings.iter().filter(|finding| finding.rules_package == RulesPackageKind::Cve).count();
    assert!(counts.contains(&format!("{}={cve}", scene.template.rules_package_arns[0])), "{counts}");
}

/// States only go forward, and the run is nowhere active any more.
async fn check_ended(scene: &Scene, run: &AssessmentRun) {
    let states: Vec<RunState> = run.state_changes.iter().map(|change| change.state).collect();
    assert!(states.is_sorted(), "{states:?}");
    assert!(run.state_changes.windows(2).all(|pair| pair[0].at <= pair[1].at));
    assert_eq!((states[0], run.completed_at), (RunState::Created, Some(run.state_changed_at())));
    assert!(run.started_at.is_some_and(|started| started >= run.created_at));
    assert_eq!(number(scene.store(), "SELECT CAST(count(*) AS BIGINT) FROM busy_agent").await, 0);
    // The job of a run that ended by itself ends with it; another one finds out.
    loop {
        if number(scene.store(), "SELECT CAST(count(*) AS BIGINT) FROM job").await == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_run_judges_who_delivers_and_says_who_did_not() {
    for home in homes().await {
        let scene = Scene::new(home.store, &HOST_PACKAGES, 86_400).await;
        let hosts = [
            member("a"),
            member("b"),
            member("panics"),
            member("errs"),
            member("fails"),
            bare("bare"),
            silent("silent"),
        ];
        subscribe(&scene).await;
        let workers = scene.workers();
        let run = scene.start(&hosts).await;
        assert_eq!((run.name.as_str(), run.state()), ("Run 1 for nightly", RunState::Created), "{}", home.database);
        scene.until(&run.arn, RunState::StartDataCollectionPending).await;
        for host in ["a", "b", "panics", "errs"] {
            scene.deliver(&run.arn, host).await;
        }
        scene.lose(&run.arn, "fails", "no space left").await;
        let ended = scene.ended(&run.arn).await;
        assert_eq!(ended.state(), RunState::CompletedWithErrors);
        assert!(ended.data_collected);
        check_ended(&scene, &ended).await;
        let told = exclusions(&scene, &ended).await;
        let told: Vec<(&str, &str)> = told.iter().map(|(title, host)| (title.as_str(), host.as_str())).collect();
        let expected = [
            ("Agent is unhealthy", "i-fails"),
            ("Agent is unhealthy", "i-silent"),
            ("Agent not found", "i-bare"),
            ("Deprecated rules package", ""),
            ("Not permitted to read a file", ""),
            ("Not permitted to read a file", ""),
            ("Rules evaluation error for single instance", "i-errs"),
            ("Rules evaluation error for single instance", "i-panics"),
            ("Rules package not supported by OS", "i-a"),
            ("Rules package not supported by OS", "i-b"),
        ];
        assert_eq!(told, expected);
        let findings = findings(&scene, &ended).await;
        assert_eq!(findings.len(), 2 * FINDINGS);
        let mut ids: Vec<&str> = findings.iter().map(|finding| finding.arn.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 2 * FINDINGS, "no two findings have one id");
        for host in ["i-a", "i-b"] {
            assert_eq!(findings.iter().filter(|finding| finding.asset.agent_id == host).count(), FINDINGS);
        }
        assert!(findings.iter().all(|finding| finding.user_attributes == scene.template.user_attributes_for_findings));
        let counted: u32 = ended.finding_counts.values().sum();
        assert_eq!((ended.finding_counts.len(), counted as usize), (Severity::ALL.len(), findings.len()));
        check_announced(&scene, &ended, &findings).await;
        // Deleting takes everything along.
        assert_eq!(scene.store().delete_ended_run(&run.arn).await.unwrap(), Deletion::Done);
        for table in ["run", "run_agent", "finding", "exclusion", "evidence"] {
            let select = format!("SELECT CAST(count(*) AS BIGINT) FROM {table}");
            assert_eq!(number(scene.store(), &select).await, 0, "{table}");
        }
        assert_eq!(scene.store().delete_ended_run(&run.arn).await.unwrap(), Deletion::NotThere);
        workers.end().await;
    }
}

#[tokio::test]
async fn a_run_of_nobody_and_one_without_agents_end_at_once() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Network], 86_400).await;
        let workers = scene.workers();
        let empty = scene.start(&[]).await;
        let ended = scene.ended(&empty.arn).await;
        assert_eq!(ended.state(), RunState::Completed, "{}", home.database);
        assert_eq!(ended.finding_counts.values().sum::<u32>(), 0);
        assert_eq!(exclusions(&scene, &ended).await, [("No instances in target".to_owned(), String::new())]);
        let agentless = scene.start(&[bare("a")]).await;
        let ended = scene.ended(&agentless.arn).await;
        assert_eq!((ended.state(), ended.name.as_str()), (RunState::Completed, "Run 2 for nightly"));
        let unknown = "Network Reachability error – internet".to_owned();
        assert_eq!(exclusions(&scene, &ended).await, [(unknown, String::new())]);
        check_ended(&scene, &ended).await;
        workers.end().await;
    }
}

#[tokio::test]
async fn an_agent_that_was_told_and_never_answers_is_not_waited_for_longer() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 1).await;
        let workers = scene.workers();
        let run = scene.start(&[member("mute"), member("a"), member("absent")]).await;
        scene.until(&run.arn, RunState::StartDataCollectionPending).await;
        scene.tell(&run.arn, "mute").await;
        scene.deliver(&run.arn, "a").await;
        let ended = scene.ended(&run.arn).await;
        assert_eq!(ended.state(), RunState::Completed, "{}", home.database);
        let lost = exclusions(&scene, &ended).await;
        let lost: Vec<&str> = lost.iter().map(|(title, _)| title.as_str()).collect();
        assert_eq!(lost, ["Agent is unhealthy", "Agent is unhealthy", "Not permitted to read a file"]);
        assert_eq!(findings(&scene, &ended).await.len(), FINDINGS);
        // What comes too late changes nothing.
        scene.deliver(&run.arn, "mute").await;
        check_ended(&scene, &ended).await;
        workers.end().await;
    }
}

#[tokio::test]
async fn a_stop_evaluates_or_cancels() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 86_400).await;
        let workers = scene.workers();
        for (then, state, count) in
            [(AfterStop::Evaluate, RunState::Completed, FINDINGS), (AfterStop::Cancel, RunState::Canceled, 0)]
        {
            let run = scene.start(&[member("a"), member("b")]).await;
            scene.until(&run.arn, RunState::StartDataCollectionPending).await;
            scene.deliver(&run.arn, "a").await;
            scene.until(&run.arn, RunState::CollectingData).await;
            let store = scene.store();
            let deletion = store.delete_ended_run(&run.arn).await.unwrap();
            assert_eq!(deletion, Deletion::RunsInProgress(vec![run.arn.clone()]), "{}", home.database);
            let now = scene.service.now();
            assert_eq!(store.stop_run(&run.arn, then, now).await.unwrap(), Stopped::Yes);
            let ended = scene.ended(&run.arn).await;
            assert_eq!(ended.state(), state);
            assert_eq!(findings(&scene, &ended).await.len(), count);
            check_ended(&scene, &ended).await;
            for then in [AfterStop::Evaluate, AfterStop::Cancel] {
                assert_eq!(store.stop_run(&run.arn, then, now).await.unwrap(), Stopped::Ended);
            }
        }
        workers.end().await;
    }
}
