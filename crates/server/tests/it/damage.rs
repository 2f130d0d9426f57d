//! Files that something else wrote into: a clear error that names the file, and no panic.

use assay_server::store::{FILE_NAME, FindingFilter, Page, Store, StoreError};
use camino::Utf8Path;
use sqlx::{AnyConnection, Connection, Executor};

use crate::sample::{EVIDENCE, assessment};

/// What was done to the file, and how.
type Damage<'a> = (&'a str, &'a dyn Fn(&mut Vec<u8>));

/// Damages the file of a store with three runs, then opens it and reads all; gives the first error.
async fn error_after(damage: impl Fn(&mut Vec<u8>)) -> Option<StoreError> {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap();
    let store = Store::open(path).await.unwrap();
    for number in 0..3 {
        store.save(&assessment("web", number, 100), EVIDENCE).await.unwrap();
    }
    store.close().await;
    let file = path.join(FILE_NAME);
    let mut bytes = std::fs::read(&file).unwrap();
    damage(&mut bytes);
    std::fs::write(&file, bytes).unwrap();

    let store = match Store::open(path).await {
        Ok(store) => store,
        Err(error) => return Some(error),
    };
    for number in 0..3 {
        if let Err(error) = store.assessment(&assessment("web", number, 0).run.arn).await {
            return Some(error);
        }
    }
    store.findings(&FindingFilter::default(), &Page::all()).await.err()
}

#[tokio::test]
async fn damage_is_named() {
    let overwritten_header = |bytes: &mut Vec<u8>| bytes[..100].fill(0x5a);
    let truncated_in_the_middle = |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2);
    let truncated_in_the_header = |bytes: &mut Vec<u8>| bytes.truncate(50);
    let overwritten_pages = |bytes: &mut Vec<u8>| {
        let half = bytes.len() / 2;
        bytes[4096 * 2..half].fill(0xff);
    };
    let damages: [Damage; 4] = [
        ("overwritten header", &overwritten_header),
        ("truncated in the middle", &truncated_in_the_middle),
        ("truncated in the header", &truncated_in_the_header),
        ("overwritten pages", &overwritten_pages),
    ];
    for (name, damage) in damages {
        let error = error_after(damage).await.unwrap_or_else(|| panic!("{name}: no error"));
        assert!(matches!(error, StoreError::Damaged { .. }), "{name}: {error:?}");
        assert!(error.to_string().contains(FILE_NAME) && error.to_string().contains("backup"), "{name}: {error}");
    }
    assert!(error_after(|_| {}).await.is_none());
}

#[tokio::test]
async fn damaged_evidence_is_not_handed_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap();
    let store = Store::open(path).await.unwrap();
    let saved = assessment("web", 1, 1);
    store.save(&saved, EVIDENCE).await.unwrap();
    let mut connection = AnyConnection::connect(&format!("sqlite://{}", store.path())).await.unwrap();
    for content in ["x'00'", "x'ff'", "CAST('text' AS BLOB)"] {
        let damage = format!("UPDATE evidence SET content = {content}");
        connection.execute(sqlx::AssertSqlSafe(damage)).await.unwrap();
        let error = store.evidence(&saved.host.evidence_digest).await.unwrap_err();
        assert!(matches!(error, StoreError::DamagedEvidence { .. }), "{content}: {error}");
    }
}
