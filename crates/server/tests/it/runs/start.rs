//! Starting: names, limits, and one run at a time for each host.

use std::sync::Arc;

use assay_model::rules_package::RulesPackageKind;
use assay_server::service::Limits;
use assay_server::store::{NewRun, Started};

use super::scene::{Scene, member, number};
use crate::home::homes;

#[tokio::test]
async fn names_are_unique_in_a_template() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 180).await;
        let name = |started: Started| match started {
            Started::Run(run) => run.name.clone(),
            other => format!("{other:?}"),
        };
        for (wanted, expected) in [
            (None, "Run 1 for nightly"),
            (Some("Run 2 for nightly"), "Run 2 for nightly"),
            (Some("mine"), "mine"),
            (Some("mine"), "NameTaken"),
            (None, "Run 4 for nightly"),
            (Some("Mine"), "Mine"),
            (Some("Run 6 for nightly"), "Run 6 for nightly"),
            (None, "Run 7 for nightly"),
        ] {
            assert_eq!(name(scene.try_start(wanted, &[]).await), expected, "{} {wanted:?}", home.database);
        }
    }
}

#[tokio::test]
async fn limits_and_absent_templates_start_nothing() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 180).await;
        scene.start(&[member("a")]).await;
        let new = NewRun {
            template: scene.template.arn.clone(),
            id: assay_server::service::random_id().unwrap(),
            name: None,
            agents: Vec::new(),
            now: scene.service.now(),
        };
        let start = async |new: &NewRun, limits: Limits| scene.store().start_run(new, &limits).await.unwrap();
        let few_runs = Limits { runs: 1, ..Limits::default() };
        assert_eq!(start(&new, few_runs).await, Started::TooManyRuns, "{}", home.database);
        let mut full = scene.service.limits;
        full.instances_in_active_runs = 2;
        let two = NewRun { agents: super::scene::new_agents(&[member("b"), member("c")]), ..new.clone() };
        assert_eq!(start(&two, full).await, Started::TooManyInstances);
        full.instances_in_active_runs = 3;
        let absent =
            NewRun { template: format!("{}/template/0-absent00", scene.target.arn).parse().unwrap(), ..two.clone() };
        assert_eq!(start(&absent, full).await, Started::NoTemplate);
        assert_eq!(number(scene.store(), "SELECT CAST(count(*) AS BIGINT) FROM run").await, 1);
        assert!(matches!(start(&two, full).await, Started::Run(_)));
    }
}

#[tokio::test]
async fn a_host_is_in_one_run_at_a_time() {
    for home in homes().await {
        let scene = Arc::new(Scene::new(home.store, &[RulesPackageKind::Cve], 180).await);
        let first = scene.start(&[member("a"), member("b")]).await;
        let Started::Busy(busy) = scene.try_start(None, &[member("b"), member("c")]).await else {
            panic!("{}: it has begun", home.database)
        };
        assert_eq!(busy.len(), 1);
        assert_eq!((busy[0].agent_id.as_str(), busy[0].run.as_str()), ("i-b", first.arn.as_str()));
        scene.start(&[member("c")]).await;
        // Of many that want the same host, one gets it, whatever else they want.
        let starts = (0..8).map(|index| {
            let scene = Arc::clone(&scene);
            tokio::spawn(async move {
                let own = member(&format!("own{index}"));
                let (x, y) = if index % 2 == 0 { ("x", "y") } else { ("y", "x") };
                matches!(scene.try_start(None, &[member(x), own, member(y)]).await, Started::Run(_))
            })
        });
        let mut begun = 0;
        for start in starts.collect::<Vec<_>>() {
            begun += u32::from(start.await.unwrap());
        }
        assert_eq!(begun, 1, "{}", home.database);
        assert_eq!(number(scene.store(), "SELECT CAST(count(*) AS BIGINT) FROM busy_agent").await, 6);
    }
}
