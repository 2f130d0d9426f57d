//! Lists of runs and of their hosts, filtered and paged.

use assay_model::rules_package::RulesPackageKind;
use assay_model::run::RunState;
use assay_server::store::{AfterStop, Page, Range, RunAgentFilter, RunListFilter};

use super::scene::{Scene, bare, execute, member, realm, silent};
use crate::home::homes;

#[tokio::test]
async fn runs_are_listed_by_every_filter_and_page_by_page() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve, RulesPackageKind::BestPractices], 600).await;
        let store = scene.store();
        let mut arns = Vec::new();
        for name in ["web one", "web two", "Web three", "db%", "db_"] {
            let assay_server::store::Started::Run(run) = scene.try_start(Some(name), &[]).await else { panic!() };
            arns.push(String::from(run.arn.clone()));
        }
        let cancelled: assay_model::arn::RunArn = arns[1].parse().unwrap();
        store.stop_run(&cancelled, AfterStop::Cancel, scene.service.now()).await.unwrap();
        // Times that tell them apart; the fourth and the fifth were made in the same millisecond.
        for (index, arn) in arns.iter().enumerate() {
            let created = 1000 + index.min(3);
            let sql = format!(
                "UPDATE run SET created_at = {created}, started_at = {index}, state_changed_at = {} WHERE arn = '{arn}'",
                index * 10
            );
            execute(store, sql).await;
        }
        execute(store, format!("UPDATE run SET completed_at = 77 WHERE arn = '{cancelled}'")).await;
        let mut order = [0, 1, 2, 3, 4];
        if arns[3] > arns[4] {
            order.swap(3, 4);
        }
        let range = |from, to| Range { from, to };
        let none = RunListFilter::default;
        let named = |pattern: &str| RunListFilter { name_pattern: Some(pattern.to_owned()), ..none() };
        let kinds = |list: &[RulesPackageKind]| RunListFilter {
            rules_packages: list.iter().map(|kind| kind.arn_in(&realm().region)).collect(),
            ..none()
        };
        let other_template = format!("{}/template/0-00000000", scene.target.arn).parse().unwrap();
        let cases: Vec<(RunListFilter, &[usize])> = vec![
            (none(), &[0, 1, 2, 3, 4]),
            (RunListFilter { templates: vec![scene.template.arn.clone()], ..none() }, &[0, 1, 2, 3, 4]),
            (RunListFilter { templates: vec![other_template], ..none() }, &[]),
            (named("web*"), &[0, 1]),
            (named("*t*e*"), &[2]),
            (named("web"), &[]),
            (named("db%"), &[3]),
            (named("db_*"), &[4]),
            (named("*"), &[0, 1, 2, 3, 4]),
            (RunListFilter { states: vec![RunState::Canceled, RunState::Error], ..none() }, &[1]),
            (RunListFilter { states: vec![RunState::Created], ..none() }, &[0, 2, 3, 4]),
            (RunListFilter { duration: range(Some(600), Some(600)), ..none() }, &[0, 1, 2, 3, 4]),
            (RunListFilter { duration: range(Some(601), None), ..none() }, &[]),
            (kinds(&[RulesPackageKind::Cve]), &[0, 1, 2, 3, 4]),
            (kinds(&[RulesPackageKind::Network, RulesPackageKind::Cve]), &[0, 1, 2, 3, 4]),
            (kinds(&[RulesPackageKind::Network]), &[]),
            (RunListFilter { started: range(Some(1), Some(3)), ..none() }, &[1, 2, 3]),
            (RunListFilter { completed: range(None, Some(77)), ..none() }, &[1]),
            (RunListFilter { completed: range(Some(78), None), ..none() }, &[]),
            (RunListFilter { state_changed: range(Some(40), None), ..none() }, &[4]),
            (RunListFilter { started: range(Some(3), None), ..named("db%") }, &[3]),
        ];
        for (filter, expected) in cases {
            let expected: Vec<&String> =
                order.iter().filter(|index| expected.contains(index)).map(|index| &arns[*index]).collect();
            for limit in [1, 2, 100] {
                let (mut page, mut listed) = (Page::first(limit), Vec::new());
                loop {
                    let listing = store.run_arns(&realm(), &filter, &page).await.unwrap();
                    listed.extend(listing.items);
                    let Some(next) = listing.next else { break };
                    page = Page::after(next, limit);
                }
                assert_eq!(listed.iter().collect::<Vec<_>>(), expected, "{} {filter:?}", home.database);
            }
        }
        let elsewhere = assay_model::arn::Realm { region: "us-east-1".into(), ..realm() };
        assert_eq!(store.run_arns(&elsewhere, &none(), &Page::all()).await.unwrap().items, Vec::<String>::new());
    }
}

#[tokio::test]
async fn hosts_of_a_run_are_listed_with_what_they_sent() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 600).await;
        let run = scene.start(&[member("a"), bare("b"), silent("c"), member("d")]).await;
        let telemetry = r#"[{"message_type":"packages","count":2,"data_size":300}]"#;
        execute(scene.store(), format!("UPDATE run_agent SET telemetry = '{telemetry}' WHERE agent_id = 'i-a'")).await;
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        for (healths, codes, expected) in [
            (&[][..], &[][..], &["i-a", "i-b", "i-c", "i-d"][..]),
            (&["HEALTHY"], &[], &["i-a", "i-d"]),
            (&["UNKNOWN", "UNHEALTHY"], &[], &["i-b", "i-c"]),
            (&[], &["IDLE"], &["i-a", "i-d"]),
            (&["UNHEALTHY"], &["UNKNOWN"], &["i-c"]),
            (&["UNHEALTHY"], &["IDLE"], &[]),
        ] {
            let filter = RunAgentFilter { healths: words(healths), health_codes: words(codes) };
            for limit in [1, 3, 500] {
                let (mut page, mut listed) = (Page::first(limit), Vec::new());
                loop {
                    let listing = scene.store().run_agents(&run.arn, &filter, &page).await.unwrap();
                    listed.extend(listing.items.into_iter().map(|agent| (agent.agent_id, agent.telemetry.len())));
                    let Some(next) = listing.next else { break };
                    page = Page::after(next, limit);
                }
                let expected: Vec<(String, usize)> =
                    expected.iter().map(|id| ((*id).to_owned(), usize::from(*id == "i-a"))).collect();
                assert_eq!(listed, expected, "{} {filter:?}", home.database);
            }
        }
        let sent = scene.store().run_telemetry(&run.arn).await.unwrap();
        assert_eq!(sent.iter().flatten().map(|row| row.data_size).sum::<u64>(), 300);
    }
}
