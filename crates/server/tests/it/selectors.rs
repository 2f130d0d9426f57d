//! What a person may call a run or a finding.

use assay_server::store::StoreError;

use crate::home::{Home, homes};
use crate::sample::{EVIDENCE, assessment};

#[tokio::test]
async fn runs_are_found_by_what_people_call_them() {
    for Home { store, database, .. } in homes().await {
        println!("{database}");
        assert!(matches!(store.find_run("latest").await, Err(StoreError::NoMatch { .. })));
        let runs: Vec<_> = (1..=3).map(|number| assessment("web", number, 1)).collect();
        for run in &runs {
            store.save(run, EVIDENCE).await.unwrap();
        }
        let arn = &runs[1].run.arn;
        for selector in [arn.as_str(), arn.id(), &arn.id()[..9], &arn.id()[2..], &arn.id()[2..8], "web number 2"] {
            assert_eq!(store.find_run(selector).await.unwrap().run, runs[1].run, "{selector}");
        }
        assert_eq!(store.find_run("latest").await.unwrap().run, runs[2].run);

        let absent = assessment("db", 1, 1).run.arn;
        for selector in ["", "web", "WEB NUMBER 2", "%", absent.as_str(), &arn.id()[2..].to_uppercase()] {
            let error = store.find_run(selector).await.unwrap_err();
            assert!(matches!(error, StoreError::NoMatch { .. }), "{selector}: {error}");
        }
        let error = store.find_run("0-").await.unwrap_err();
        let StoreError::Ambiguous { candidates, .. } = &error else { panic!("{error}") };
        assert_eq!(candidates.len(), 3);
        assert!(error.to_string().contains(arn.id()));
    }
}

#[tokio::test]
async fn findings_are_found_in_the_latest_run_first() {
    for Home { store, database, .. } in homes().await {
        println!("{database}");
        assert!(matches!(store.find_finding("CVE-2024-1000").await, Err(StoreError::NoMatch { .. })));
        let (old, new) = (assessment("web", 1, 20), assessment("web", 2, 15));
        store.save(&old, EVIDENCE).await.unwrap();
        store.save(&new, EVIDENCE).await.unwrap();

        let third = &new.findings[3];
        let prefix = &third.key[..9];
        for selector in [third.arn.as_str(), third.arn.id(), &third.arn.id()[2..], &third.key, prefix, "CVE-2024-1003"]
        {
            assert_eq!(&store.find_finding(selector).await.unwrap(), third, "{selector}");
        }
        let only_in_old = &old.findings[17];
        for selector in [only_in_old.arn.as_str(), only_in_old.arn.id(), &only_in_old.key, "CVE-2024-1017"] {
            assert_eq!(&store.find_finding(selector).await.unwrap(), only_in_old, "{selector}");
        }
        assert_eq!(store.find_finding(old.findings[3].arn.as_str()).await.unwrap(), old.findings[3]);

        for selector in ["", "00ff"] {
            let error = store.find_finding(selector).await.unwrap_err();
            assert!(matches!(error, StoreError::Ambiguous { .. } | StoreError::NoMatch { .. }), "{selector}: {error}");
        }
        for selector in ["CVE-1999-0001", "00FF", "zzzz"] {
            let error = store.find_finding(selector).await.unwrap_err();
            assert!(matches!(error, StoreError::NoMatch { .. }), "{selector}: {error}");
        }
    }
}
