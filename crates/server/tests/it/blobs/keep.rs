//! What is put is what comes back, or an error that names the digest.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use assay_model::evidence::Evidence;
use assay_server::blobs::Blobs;
use assay_server::store::{Store, StoreError};
use camino::Utf8Path;

use super::{Kept, file, kept};
use crate::home::{Home, homes};
use crate::runs::scene::number;
use crate::sample::{EVIDENCE, assessment};

const IN_ROWS: &str = "SELECT CAST(COALESCE(SUM(LENGTH(content)), 0) AS BIGINT) FROM evidence";

#[tokio::test]
async fn evidence_is_a_private_file_and_an_empty_row() {
    for Kept { store, database, evidence, folder: _folder } in kept().await {
        let digest = Evidence::digest(EVIDENCE);
        for run in 1..3 {
            store.save(&assessment("web", run, 3), EVIDENCE).await.unwrap();
        }
        assert_eq!(number(&store, IN_ROWS).await, 0, "{database}");
        assert_eq!(store.evidence(&digest).await.unwrap(), EVIDENCE);
        let path = file(&evidence, &digest);
        let mode = |path: &Utf8Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        for above in path.ancestors().skip(1).take(3) {
            assert_eq!(mode(above), 0o700, "{above}");
        }
        // Nothing is left of the writing.
        assert_eq!(path.parent().unwrap().read_dir_utf8().unwrap().count(), 1);
        // Without the place, the store says what is missing to it.
        let store = store.with_blobs(None);
        let error = store.evidence(&digest).await.unwrap_err();
        assert!(matches!(error, StoreError::EvidenceElsewhere { .. }), "{error}");
        assert!(error.to_string().contains(&digest) && error.to_string().contains("--evidence-store"), "{error}");
        // Who stores it again gives the row what it lacks, and takes nothing from it.
        store.save(&assessment("web", 3, 3), EVIDENCE).await.unwrap();
        assert_eq!(store.evidence(&digest).await.unwrap(), EVIDENCE, "{database}");
        let held = number(&store, IN_ROWS).await;
        let store = store.with_blobs(Some(Blobs::in_folder(evidence.clone())));
        store.save(&assessment("web", 4, 3), EVIDENCE).await.unwrap();
        assert_eq!(number(&store, IN_ROWS).await, held, "{database}");
    }
}

#[tokio::test]
async fn what_a_row_holds_is_read_from_there() {
    for Kept { store, evidence, folder: _folder, .. } in kept().await {
        let store = store.with_blobs(None);
        store.save(&assessment("web", 1, 3), EVIDENCE).await.unwrap();
        assert!(number(&store, IN_ROWS).await > 0);
        let store = store.with_blobs(Some(Blobs::in_folder(evidence.clone())));
        assert_eq!(store.evidence(&Evidence::digest(EVIDENCE)).await.unwrap(), EVIDENCE);
        assert!(!evidence.exists());
    }
}

#[tokio::test]
async fn only_a_store_in_a_folder_has_a_folder_of_evidence() {
    let places = |home: &Home| home.store.blobs().map(|blobs| blobs.place().to_string());
    for home in homes().await {
        let expected = (home.database == "SQLite").then(|| format!("{}/evidence", home.folder.path().display()));
        assert_eq!(places(&home), expected, "{}", home.database);
    }
}

#[tokio::test]
async fn damage_and_loss_name_the_digest_until_it_is_put_again() {
    type Damage = (&'static str, fn(&Utf8Path));
    let damages: [Damage; 6] = [
        ("empty", |path| fs::write(path, b"").unwrap()),
        ("truncated", |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("another byte", |path| {
            let mut bytes = fs::read(path).unwrap();
            bytes[5] ^= 1;
            fs::write(path, bytes).unwrap();
        }),
        ("something else", |path| fs::write(path, b"PermitRootLogin yes").unwrap()),
        ("endless", |path| fs::File::options().write(true).open(path).unwrap().set_len(1 << 40).unwrap()),
        ("gone", |path| fs::remove_file(path).unwrap()),
    ];
    for Kept { store, evidence, folder: _folder, .. } in kept().await {
        let digest = Evidence::digest(EVIDENCE);
        let saved = assessment("web", 1, 3);
        for (what, damage) in damages {
            store.save(&saved, EVIDENCE).await.unwrap();
            assert_eq!(store.evidence(&digest).await.unwrap(), EVIDENCE, "{what}");
            damage(&file(&evidence, &digest));
            let error = store.evidence(&digest).await.unwrap_err();
            let is_right = match error {
                StoreError::MissingEvidence { .. } => what == "gone",
                StoreError::DamagedEvidence { .. } => what != "gone",
                _ => false,
            };
            assert!(is_right && error.to_string().contains(&digest), "{what}: {error}");
            assert!(error.to_string().contains(evidence.as_str()), "{what}: {error}");
            // The run itself is there.
            assert_eq!(store.assessment(&saved.run.arn).await.unwrap().as_ref(), Some(&saved), "{what}");
        }
    }
}

#[tokio::test]
async fn a_place_that_cannot_be_written_stores_nothing() {
    for Kept { store, evidence, folder: _folder, .. } in kept().await {
        // A file is where the folder should be.
        fs::create_dir_all(evidence.parent().unwrap()).unwrap();
        fs::write(&evidence, b"").unwrap();
        let error = store.save(&assessment("web", 1, 3), EVIDENCE).await.unwrap_err();
        assert!(matches!(error, StoreError::Blob(_)) && error.to_string().contains(evidence.as_str()), "{error}");
        assert!(no_run(&store).await);
    }
}

async fn no_run(store: &Store) -> bool {
    store.latest_run(None).await.unwrap().is_none()
        && number(store, "SELECT CAST(count(*) AS BIGINT) FROM evidence").await == 0
}
