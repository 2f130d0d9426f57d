//! What is saved comes back equal; saving again replaces; deleting takes all with it.

use assay_model::evidence::Evidence;
use assay_server::store::{FindingFilter, Page, RunFilter, StoreError};

use crate::home::{Home, homes};
use crate::sample::{EVIDENCE, assessment, time};

#[tokio::test]
async fn an_assessment_comes_back_equal() {
    for Home { store, database, .. } in homes().await {
        println!("{database}");
        for finding_count in [0, 1, 64, 65, 200] {
            let saved = assessment("web", finding_count as i64, finding_count);
            store.save(&saved, EVIDENCE).await.unwrap();
            let read = store.assessment(&saved.run.arn).await.unwrap().unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), serde_json::to_string(&saved).unwrap());
            assert_eq!(read, saved);
        }
    }
}

#[tokio::test]
async fn evidence_is_stored_once_and_verified() {
    for Home { store, database, .. } in homes().await {
        println!("{database}");
        let digest = Evidence::digest(EVIDENCE);
        assert!(matches!(store.evidence(&digest).await, Err(StoreError::NoEvidence { .. })));
        let (first, second) = (assessment("web", 1, 3), assessment("web", 2, 3));
        store.save(&first, EVIDENCE).await.unwrap();
        store.save(&second, EVIDENCE).await.unwrap();
        assert_eq!(store.evidence(&digest).await.unwrap(), EVIDENCE);

        assert!(store.delete_run(&first.run.arn).await.unwrap());
        assert_eq!(store.evidence(&digest).await.unwrap(), EVIDENCE);
        assert!(store.delete_run(&second.run.arn).await.unwrap());
        assert!(matches!(store.evidence(&digest).await, Err(StoreError::NoEvidence { .. })));
    }
}

#[tokio::test]
async fn evidence_of_another_assessment_is_refused() {
    for Home { store, database, .. } in homes().await {
        println!("{database}");
        let error = store.save(&assessment("web", 1, 3), b"{}").await.unwrap_err();
        assert!(matches!(error, StoreError::WrongEvidence { .. }), "{error}");
        assert!(store.latest_run(None).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn saving_a_run_again_replaces_it() {
    for Home { store, database, .. } in homes().await {
        println!("{database}");
        store.save(&assessment("web", 1, 30), EVIDENCE).await.unwrap();
        let replacement = assessment("web", 1, 10);
        store.save(&replacement, EVIDENCE).await.unwrap();
        assert_eq!(store.assessment(&replacement.run.arn).await.unwrap().unwrap(), replacement);
        assert_eq!(store.runs(&RunFilter::default(), &Page::all()).await.unwrap().items.len(), 1);
    }
}

#[tokio::test]
async fn deleting_a_run_leaves_the_others() {
    for Home { store, database, .. } in homes().await {
        println!("{database}");
        let (first, second) = (assessment("web", 1, 30), assessment("web", 2, 20));
        store.save(&first, EVIDENCE).await.unwrap();
        store.save(&second, EVIDENCE).await.unwrap();
        assert!(store.delete_run(&first.run.arn).await.unwrap());
        assert!(!store.delete_run(&first.run.arn).await.unwrap());
        assert_eq!(store.assessment(&first.run.arn).await.unwrap(), None);
        assert_eq!(store.assessment(&second.run.arn).await.unwrap().unwrap(), second);
        let left = store.findings(&FindingFilter::default(), &Page::all()).await.unwrap();
        assert_eq!(left.items, second.findings);
    }
}

#[tokio::test]
async fn target_and_template_are_found_by_name() {
    for Home { store, database, .. } in homes().await {
        println!("{database}");
        let mut saved = assessment("web", 1, 1);
        store.save(&saved, EVIDENCE).await.unwrap();
        assert_eq!(store.target_named("web").await.unwrap().as_ref(), Some(&saved.target));
        assert_eq!(store.target_named("WEB").await.unwrap(), None);
        let template = store.template_named(&saved.target.arn, "default").await.unwrap();
        assert_eq!(template.as_ref(), Some(&saved.template));
        assert_eq!(store.template_named(&assessment("db", 1, 1).target.arn, "default").await.unwrap(), None);

        saved.target.updated_at = time(50);
        saved.target.name = "renamed".into();
        store.save(&saved, EVIDENCE).await.unwrap();
        assert_eq!(store.target_named("renamed").await.unwrap().as_ref(), Some(&saved.target));
        assert_eq!(store.target_named("web").await.unwrap(), None);
    }
}
