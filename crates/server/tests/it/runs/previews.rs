//! Previews of exclusions: one at a time for a template, computed by a worker, read page by page.

use assay_model::rules_package::RulesPackageKind;
use assay_server::store::{Instance, InstanceState, Inventory, Page, Preview, PreviewBegun, PreviewPosition};

use super::scene::{Scene, member, number, realm};
use crate::home::homes;

fn instance(id: &str) -> Instance {
    Instance {
        id: id.to_owned(),
        state: InstanceState::Running,
        image: None,
        vpc: None,
        subnet: None,
        private_address: None,
        public_address: None,
        private_dns: None,
        public_dns: None,
        interfaces: Vec::new(),
        tags: std::collections::BTreeMap::new(),
    }
}

/// The titles of a preview, once it is there, and its first page.
async fn titles(scene: &Scene, token: &str, limit: u32) -> Vec<String> {
    let (mut page, mut titles) = (Page::<PreviewPosition>::first(limit), Vec::new());
    loop {
        match scene.store().preview(&scene.template.arn, token, &page).await.unwrap().unwrap() {
            Preview::InProgress => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
            Preview::Page(listing) => {
                assert!(listing.items.len() <= limit as usize);
                titles.extend(listing.items.into_iter().map(|text| text.title));
                let Some(next) = listing.next else { return titles };
                page = Page::after(next, limit);
            }
        }
    }
}

#[tokio::test]
async fn a_preview_says_what_a_run_would_leave_out() {
    for home in homes().await {
        let packages = [RulesPackageKind::Cve, RulesPackageKind::Runtime, RulesPackageKind::Cis];
        let scene = Scene::new(home.store, &packages, 600).await;
        let store = scene.store();
        let begin =
            async |token: &str| store.begin_preview(&scene.template.arn, token, scene.service.now()).await.unwrap();
        assert_eq!(begin("first").await, PreviewBegun::Yes, "{}", home.database);
        assert_eq!(begin("second").await, PreviewBegun::InProgress);
        let first = store.preview(&scene.template.arn, "first", &Page::first(5)).await.unwrap();
        assert_eq!(first, Some(Preview::InProgress));
        assert_eq!(store.preview(&scene.template.arn, "second", &Page::first(5)).await.unwrap(), None);
        let absent = format!("{}/template/0-00000000", scene.target.arn).parse().unwrap();
        assert_eq!(store.begin_preview(&absent, "x", scene.service.now()).await.unwrap(), PreviewBegun::NoTemplate);
        assert_eq!(store.preview(&absent, "first", &Page::first(5)).await.unwrap(), None);
        let workers = scene.workers();
        assert_eq!(titles(&scene, "first", 5).await, ["No instances in target", "Deprecated rules package"]);
        store.replace_instances(&realm(), &[instance("i-a"), instance("i-b")], Inventory::Whole).await.unwrap();
        let run = scene.start(&[member("b")]).await;
        assert_eq!(begin("third").await, PreviewBegun::Yes);
        for limit in [1, 2, 100] {
            assert_eq!(
                titles(&scene, "third", limit).await,
                [
                    "Deprecated rules package",
                    "Agent not found",
                    "Rules package not supported by OS",
                    "Agent is already running",
                    "Agent not found",
                    "Rules package not supported by OS",
                ]
            );
        }
        scene
            .service
            .store
            .stop_run(&run.arn, assay_server::store::AfterStop::Cancel, scene.service.now())
            .await
            .unwrap();
        workers.end().await;
        store.delete_template(&scene.template.arn).await.unwrap();
        assert_eq!(number(store, "SELECT CAST(count(*) AS BIGINT) FROM previewed_exclusion").await, 0);
    }
}
