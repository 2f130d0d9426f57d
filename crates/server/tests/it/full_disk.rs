//! A disk that fills up while an assessment is saved.
//!
//! A child works on a file system of 8 MiB in a mount namespace of its own, so nothing is left behind.

use std::fs::File;
use std::io::Write;
use std::process::Command;

use assay_model::assessment::Assessment;
use assay_server::store::{Page, RunFilter, Store, StoreError};
use camino::Utf8PathBuf;

use crate::child::{FOLDER, test_arguments};
use crate::sample::{EVIDENCE, assessment};

#[test]
fn a_full_disk_keeps_earlier_runs() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    // As a normal user, a user namespace gives the right to mount.
    let namespaces = if rustix::process::geteuid().is_root() { "-m" } else { "-rm" };
    let script = r#"mount -t tmpfs -o size=8m tmpfs "$1" && shift && exec "$@""#;
    let output = Command::new("unshare")
        .args([namespaces, "sh", "-c", script, "sh", folder])
        .args(test_arguments("full_disk::fills_the_disk"))
        .env(FOLDER, folder)
        .output()
        .expect("`unshare` runs (Debian package util-linux)");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}{stderr}");
    assert!(stdout.contains("the disk was full"), "{stdout}{stderr}");
}

/// The child. Without the small file system, it does the part that needs none.
#[tokio::test]
async fn fills_the_disk() {
    let own_folder = tempfile::tempdir().unwrap();
    let small = std::env::var(FOLDER).ok();
    let folder = small.clone().unwrap_or_else(|| own_folder.path().to_str().unwrap().to_owned());
    let folder = Utf8PathBuf::from(folder).join("data");
    let store = Store::open(&folder).await.unwrap();
    let first = assessment("web", 0, 10);
    store.save(&first, EVIDENCE).await.unwrap();
    assert_eq!(store.assessment(&first.run.arn).await.unwrap().as_ref(), Some(&first));
    if small.is_none() {
        return;
    }

    let large = assessment("web", 1, 4000);
    store.close().await;
    assert!(!folder.join("assay.db-wal").exists());

    // Not one byte is left, not even for SQLite's shared memory: what was stored can be read all the same.
    let filler = folder.join("filler");
    let mut file = File::create(&filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    let store = Store::open(&folder).await.unwrap();
    check_only(&store, &first).await;
    check_full(&store, &large).await;
    check_only(&store, &first).await;
    store.close().await;
    drop(file);
    std::fs::remove_file(&filler).unwrap();

    // The assessment itself fills the disk.
    let store = Store::open(&folder).await.unwrap();
    check_full(&store, &large).await;
    check_only(&store, &first).await;
    let other = Store::open(&folder).await.unwrap();
    check_only(&other, &first).await;
    other.close().await;

    // What did not fit leaves room for what does, on the same connection and on the next.
    for number in [2, 3] {
        let next = assessment("web", number, 10);
        store.save(&next, EVIDENCE).await.unwrap();
        assert_eq!(store.assessment(&next.run.arn).await.unwrap().as_ref(), Some(&next));
    }
    store.close().await;
    let store = Store::open(&folder).await.unwrap();
    assert_eq!(store.runs(&RunFilter::default(), &Page::all()).await.unwrap().items.len(), 3);
    store.save(&assessment("web", 4, 10), EVIDENCE).await.unwrap();

    println!("the disk was full");
}

async fn check_full(store: &Store, large: &Assessment) {
    let error = store.save(large, EVIDENCE).await.unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
    assert!(error.to_string().contains(store.path().as_str()), "{error}");
}

async fn check_only(store: &Store, expected: &Assessment) {
    let runs = store.runs(&RunFilter::default(), &Page::all()).await.unwrap().items;
    assert_eq!(runs.len(), 1);
    assert_eq!(store.assessment(&expected.run.arn).await.unwrap().as_ref(), Some(expected));
}
