//! Two at a time: leases that are lost in the middle, stops that meet ends, two processes.

use std::sync::Arc;

use assay_model::Timestamp;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::RunState;
use assay_server::store::{AfterStop, Evaluated, HostOfRun, LeasedJob, Moved, RunEnd, Stopped};

use super::judge::FINDINGS;
use super::scene::{Scene, member, number};
use crate::home::homes;

/// Takes a job for so many seconds, at a time that is so many seconds from now.
async fn lease(scene: &Scene, kind: &str, now: i64, seconds: i64) -> Option<LeasedJob> {
    let at = |second: i64| Timestamp::from_second(Timestamp::now().as_second() + second).unwrap();
    scene.store().lease_job(&[kind], "test", at(now), at(now + seconds)).await.unwrap()
}

#[tokio::test]
async fn who_has_lost_the_lease_moves_nothing() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 180).await;
        let run = scene.start(&[member("a")]).await;
        let store = scene.store();
        let lost = lease(&scene, "run", 1, 5).await.unwrap();
        assert_eq!(lease(&scene, "run", 2, 5).await, None, "{}", home.database);
        let held = lease(&scene, "run", 100, 5).await.unwrap();
        let now = scene.service.now();
        let pending = [RunState::StartDataCollectionPending];
        let moved = |job, from, through| store.move_run(job, &run.arn, from, through, now);
        assert_eq!(moved(&lost, RunState::Created, &pending).await.unwrap(), Moved::LeaseLost);
        assert_eq!(store.run_body(&run.arn).await.unwrap().as_ref(), Some(&run));
        assert_eq!(moved(&held, RunState::Created, &pending).await.unwrap(), Moved::Yes);
        // Who decided in another state is told so, and no state goes back.
        assert_eq!(moved(&held, RunState::Created, &pending).await.unwrap(), Moved::Overtaken);
        assert_eq!(store.complete_run(&held, &run.arn, RunEnd::default(), now).await.unwrap(), Moved::Overtaken);
        let to_evaluation = [RunState::CollectingData, RunState::DataCollected, RunState::EvaluatingRules];
        assert_eq!(moved(&held, pending[0], &to_evaluation).await.unwrap(), Moved::Yes);
        assert_eq!(store.complete_run(&lost, &run.arn, RunEnd::default(), now).await.unwrap(), Moved::LeaseLost);
        assert_eq!(store.complete_run(&held, &run.arn, RunEnd::default(), now).await.unwrap(), Moved::Yes);
        assert_eq!(store.complete_run(&held, &run.arn, RunEnd::default(), now).await.unwrap(), Moved::Overtaken);
    }
}

#[tokio::test]
async fn a_host_is_stored_once_whoever_judged_it() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 180).await;
        let run = scene.start(&[member("a")]).await;
        let store = scene.store();
        scene.deliver(&run.arn, "a").await;
        let driver = lease(&scene, "run", 1, 5).await.unwrap();
        let now = scene.service.now();
        let through = [RunState::DataCollected, RunState::EvaluatingRules];
        let moved = store.move_run(&driver, &run.arn, RunState::Created, &through, now).await.unwrap();
        assert_eq!(moved, Moved::Yes);
        let lost = lease(&scene, "evaluation", 1, 5).await.unwrap();
        let held = lease(&scene, "evaluation", 100, 5).await.unwrap();
        assert!(store.evaluation(&lost).await.unwrap().is_some());
        let host = HostOfRun { run: &run.arn, agent_id: "i-a", scaling_group: "" };
        let mut judged = crate::sample::assessment("a", 1, 5);
        judged.run.arn = run.arn.clone();
        let judged = || Evaluated::Judged(Box::new(judged.clone()), 0);
        let save = async |job| store.save_evaluation(job, &host, judged(), now).await.unwrap();
        assert_eq!(save(&lost).await, Moved::LeaseLost, "{}", home.database);
        assert_eq!(number(store, "SELECT CAST(count(*) AS BIGINT) FROM finding").await, 0);
        assert_eq!(save(&held).await, Moved::Yes);
        assert_eq!(save(&lost).await, Moved::Overtaken);
        assert_eq!(save(&held).await, Moved::Overtaken);
        assert_eq!(number(store, "SELECT CAST(count(*) AS BIGINT) FROM finding").await, 5);
        assert_eq!(store.evaluation(&held).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_cancelled_run_has_no_findings_however_far_it_was() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 86_400).await;
        let workers = [scene.workers(), scene.workers()];
        for round in 0..6 {
            let hosts: Vec<_> = (0..4).map(|index| member(&format!("{round}x{index}"))).collect();
            let run = scene.start(&hosts).await;
            scene.until(&run.arn, RunState::StartDataCollectionPending).await;
            for host in &hosts {
                scene.deliver(&run.arn, host.agent_id.trim_start_matches("i-")).await;
            }
            if round % 2 == 0 {
                scene.until(&run.arn, RunState::EvaluatingRules).await;
            }
            let stopped = scene.store().stop_run(&run.arn, AfterStop::Cancel, scene.service.now()).await.unwrap();
            let ended = scene.ended(&run.arn).await;
            let (state, findings) = match stopped {
                Stopped::Yes => (RunState::Canceled, 0),
                _ => (RunState::Completed, 4 * FINDINGS),
            };
            assert_eq!(ended.state(), state, "{} {round}", home.database);
            let select = format!("SELECT CAST(count(*) AS BIGINT) FROM finding WHERE run_arn = '{}'", run.arn);
            assert_eq!(number(scene.store(), &select).await, findings as i64);
            assert_eq!(ended.finding_counts.values().sum::<u32>() as usize, findings);
        }
        for worker in workers {
            worker.end().await;
        }
    }
}

#[tokio::test]
async fn several_workers_share_many_runs() {
    const RUNS: usize = 6;
    for home in homes().await {
        let scene = Arc::new(Scene::new(home.store, &[RulesPackageKind::Cve], 86_400).await);
        let workers = [scene.workers(), scene.workers(), scene.workers()];
        let mut runs = Vec::new();
        for number in 0..RUNS {
            runs.push(scene.start(&[member(&format!("{number}a")), member(&format!("{number}b"))]).await);
        }
        for (number, run) in runs.iter().enumerate() {
            scene.until(&run.arn, RunState::StartDataCollectionPending).await;
            scene.deliver(&run.arn, &format!("{number}a")).await;
            scene.deliver(&run.arn, &format!("{number}b")).await;
        }
        for run in &runs {
            let ended = scene.ended(&run.arn).await;
            assert_eq!(ended.state(), RunState::Completed, "{}", home.database);
            assert_eq!(ended.finding_counts.values().sum::<u32>() as usize, 2 * FINDINGS);
        }
        let all = number(scene.store(), "SELECT CAST(count(*) AS BIGINT) FROM finding").await;
        assert_eq!(all as usize, RUNS * 2 * FINDINGS);
        for worker in workers {
            worker.end().await;
        }
    }
}

#[tokio::test]
async fn a_run_that_cannot_go_on_ends_with_the_reason() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 180).await;
        let through = [RunState::DataCollected, RunState::EvaluatingRules];
        for (through, state) in [(&through[..0], RunState::Error), (&through[..], RunState::Failed)] {
            let run = scene.start(&[member("a")]).await;
            let (store, now) = (scene.store(), scene.service.now());
            let job = lease(&scene, "run", 1, 500).await.unwrap();
            if !through.is_empty() {
                let moved = store.move_run(&job, &run.arn, RunState::Created, through, now).await.unwrap();
                assert_eq!(moved, Moved::Yes, "{}", home.database);
            }
            let exclusion = crate::sample::exclusion(&run.arn, "a");
            assert_eq!(store.fail_run(&job, &run.arn, &exclusion, now).await.unwrap(), Moved::Yes);
            assert_eq!(store.fail_run(&job, &run.arn, &exclusion, now).await.unwrap(), Moved::Overtaken);
            let ended = store.run_body(&run.arn).await.unwrap().unwrap();
            assert_eq!((ended.state(), ended.finding_counts.len()), (state, 5));
            let select = format!("SELECT CAST(count(*) AS BIGINT) FROM exclusion WHERE run_arn = '{}'", run.arn);
            assert_eq!(number(store, &select).await, 1);
            assert_eq!(number(store, "SELECT CAST(count(*) AS BIGINT) FROM busy_agent").await, 0);
        }
    }
}
