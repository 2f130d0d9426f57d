//! Workers that are killed at any moment: nothing acknowledged is lost, no finding is doubled, the run ends.

use std::process::{Child, Stdio};
use std::time::Duration;

use assay_model::arn::RunArn;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::{AssessmentRun, RunState};
use assay_server::jobs::Worker;
use assay_server::runs;
use assay_server::store::Store;
use camino::Utf8Path;
use tokio::sync::watch;

use super::judge::FINDINGS;
use super::scene::{Scene, TIMING, WORKER, member, number, service};
use crate::child::{FOLDER, test_command};
use crate::home::homes;

const HOSTS: usize = 12;
const KILLS: u64 = 12;

/// The child: does the jobs of a store until it is killed.
#[tokio::test]
async fn works_until_killed() {
    let Ok(place) = std::env::var(FOLDER) else { return };
    let store = if place.starts_with("postgres:") {
        Store::connect(&place).await.unwrap()
    } else {
        Store::open(Utf8Path::new(&place)).await.unwrap()
    };
    let service = service(store).await;
    let (_stop, stopped) = watch::channel(false);
    Worker::new(service.clone(), runs::handlers(&service, TIMING), WORKER).run(stopped).await;
}

fn start_child(store: &Store) -> Child {
    let path = store.path();
    let place = if path.as_str().starts_with("postgres:") { path } else { path.parent().unwrap() };
    let mut command = test_command("runs::kill::works_until_killed", place.as_str());
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn is_forward(before: &AssessmentRun, after: &AssessmentRun) -> bool {
    after.state_changes.starts_with(&before.state_changes)
}

#[tokio::test]
async fn killed_workers_lose_and_double_nothing() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 86_400).await;
        let hosts: Vec<_> = (0..HOSTS).map(|index| member(&index.to_string())).collect();
        let run = scene.start(&hosts).await;
        let mut seen = run.clone();
        let mut delivered = 0;
        for kill in 0..KILLS {
            let mut child = start_child(scene.store());
            // From before the child has begun to well into its work.
            tokio::time::sleep(Duration::from_millis(20 + kill * 37 % 400)).await;
            if seen.state() >= RunState::StartDataCollectionPending && delivered < HOSTS {
                for _ in 0..4 {
                    scene.deliver(&run.arn, &delivered.to_string()).await;
                    delivered += 1;
                }
                tokio::time::sleep(Duration::from_millis(kill * 53 % 300)).await;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            let now = scene.store().run_body(&run.arn).await.unwrap().unwrap();
            assert!(is_forward(&seen, &now), "{}: {:?} after {:?}", home.database, now, seen);
            seen = now;
        }
        let ended = finish(&scene, &run.arn, delivered).await;
        assert!(is_forward(&seen, &ended));
        assert_eq!(ended.state(), RunState::Completed, "{}", home.database);
        let evaluated =
            number(scene.store(), "SELECT CAST(count(*) AS BIGINT) FROM run_agent WHERE stage = 'evaluated'").await;
        assert_eq!(evaluated as usize, HOSTS, "{}", home.database);
        for select in
            ["SELECT CAST(count(*) AS BIGINT) FROM finding", "SELECT CAST(count(DISTINCT id) AS BIGINT) FROM finding"]
        {
            assert_eq!(number(scene.store(), select).await as usize, HOSTS * FINDINGS, "{}", home.database);
        }
        assert_eq!(ended.finding_counts.values().sum::<u32>() as usize, HOSTS * FINDINGS);
    }
}

/// Lets a last child do the rest.
async fn finish(scene: &Scene, run: &RunArn, delivered: usize) -> AssessmentRun {
    let mut child = start_child(scene.store());
    scene.until(run, RunState::StartDataCollectionPending).await;
    for host in delivered..HOSTS {
        scene.deliver(run, &host.to_string()).await;
    }
    let ended = scene.ended(run).await;
    child.kill().unwrap();
    child.wait().unwrap();
    ended
}
