//! Retention: evidence goes when its last run is old enough, findings stay.

use assay_model::evidence::Evidence;
use assay_server::store::StoreError;

use crate::home::{Home, homes};
use crate::sample::{EVIDENCE, assessment, time};

#[tokio::test]
async fn evidence_goes_with_its_last_young_run() {
    for Home { store, database, folder: _folder } in homes().await {
        println!("{database}");
        let digest = Evidence::digest(EVIDENCE);
        let (first, second) = (assessment("web", 1, 3), assessment("web", 500, 3));
        for saved in [&first, &second] {
            store.save(saved, EVIDENCE).await.unwrap();
        }
        for (before, is_kept, removed) in [(0, true, 0), (400, true, 0), (600, false, 1), (600, false, 0)] {
            assert_eq!(store.remove_old_evidence(time(before)).await.unwrap().evidence, removed, "{before}");
            match store.evidence(&digest).await {
                Ok(bytes) => assert!(is_kept && bytes == EVIDENCE, "{before}"),
                Err(StoreError::NoEvidence { .. }) => assert!(!is_kept, "{before}"),
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(store.assessment(&first.run.arn).await.unwrap().as_ref(), Some(&first));
    }
}

#[tokio::test]
async fn evidence_of_active_runs_is_kept() {
    for Home { store, database, folder: _folder } in homes().await {
        println!("{database}");
        let mut active = assessment("web", 1, 0);
        active.run.state_changes.truncate(2);
        active.run.completed_at = None;
        store.save(&active, EVIDENCE).await.unwrap();
        assert_eq!(store.remove_old_evidence(time(1000)).await.unwrap().evidence, 0);
        assert_eq!(store.evidence(&Evidence::digest(EVIDENCE)).await.unwrap(), EVIDENCE);
    }
}
