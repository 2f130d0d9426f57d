//! What the sweep removes, and what it leaves.

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use assay_model::Timestamp;
use assay_model::evidence::Evidence;
use assay_server::blobs::{Blobs, Removal, sweep_handler};
use assay_server::jobs::Worker;
use assay_server::store::Store;
use camino::Utf8Path;
use tokio::sync::watch;

use super::{Kept, file, kept, name};
use crate::home::homes;
use crate::runs::scene::{self, number};
use crate::sample::{EVIDENCE, assessment, time};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Makes a file two days old.
fn age(path: &Utf8Path) {
    let at = Duration::from_secs((Timestamp::now() - 2 * DAY).as_second().try_into().unwrap());
    File::options().write(true).open(path).unwrap().set_modified(SystemTime::UNIX_EPOCH + at).unwrap();
}

fn yesterday() -> Timestamp {
    Timestamp::now() - DAY
}

/// Puts an object as a process does that dies before it stores the row.
async fn orphan(store: &Store, number: usize) -> String {
    let digest = Evidence::digest(format!("orphan {number}").as_bytes());
    store.blobs().unwrap().put(&name(&digest), b"bytes".to_vec().into()).await.unwrap();
    digest
}

fn removed(removed: usize) -> Removal {
    Removal { removed, ..Removal::default() }
}

#[tokio::test]
async fn what_a_process_left_behind_goes_when_it_is_old() {
    for Kept { store, evidence, folder: _folder, .. } in kept().await {
        // Nothing is there yet, not even the folder.
        assert_eq!(store.sweep_evidence(yesterday(), 10).await.unwrap(), removed(0));
        let saved = assessment("web", 1, 3);
        store.save(&saved, EVIDENCE).await.unwrap();
        let kept = file(&evidence, &Evidence::digest(EVIDENCE));
        let young = file(&evidence, &orphan(&store, 0).await);
        let old = file(&evidence, &orphan(&store, 1).await);
        let rest = old.with_file_name(format!(".{}", uuid_like(1)));
        let young_rest = old.with_file_name(format!(".{}", uuid_like(2)));
        let foreign = old.with_file_name("README");
        for path in [&rest, &young_rest, &foreign] {
            std::fs::write(path, b"half").unwrap();
        }
        let unreadable = old.parent().unwrap().as_std_path().join(OsStr::from_bytes(b"\xff"));
        std::fs::write(unreadable, b"no name of ours").unwrap();
        for path in [&kept, &old, &rest, &foreign] {
            age(path);
        }
        assert_eq!(store.sweep_evidence(yesterday(), 10).await.unwrap(), removed(1));
        for (path, is_there) in
            [(&kept, true), (&young, true), (&old, false), (&rest, false), (&young_rest, true), (&foreign, true)]
        {
            assert_eq!(path.exists(), is_there, "{path}");
        }
        assert_eq!(store.sweep_evidence(yesterday(), 10).await.unwrap(), removed(0));

        // The row goes first; what it named goes when it is old, or counts as new when it comes again.
        assert_eq!(store.remove_old_evidence(time(600)).await.unwrap().evidence, 1);
        assert!(kept.exists());
        store.save(&assessment("web", 500, 3), EVIDENCE).await.unwrap();
        assert_eq!(store.remove_old_evidence(time(600)).await.unwrap().evidence, 1);
        assert_eq!(store.sweep_evidence(yesterday(), 10).await.unwrap(), removed(0));
        age(&kept);
        assert_eq!(store.sweep_evidence(yesterday(), 10).await.unwrap(), removed(1));
        assert!(!kept.exists());
    }
}

/// 32 hexadecimal digits, as the files have that are being written.
fn uuid_like(number: u32) -> String {
    format!("{number:032x}")
}

#[tokio::test]
async fn a_sweep_is_bounded() {
    for Kept { store, evidence, folder: _folder, .. } in kept().await {
        for number in 0..5 {
            age(&file(&evidence, &orphan(&store, number).await));
        }
        for (count, has_more) in [(2, true), (2, true), (1, false), (0, false)] {
            let expected = Removal { removed: count, has_more, is_foreign: false };
            assert_eq!(store.sweep_evidence(yesterday(), 2).await.unwrap(), expected);
        }
    }
}

#[tokio::test]
async fn nothing_is_removed_from_the_place_of_another_store() {
    let mut stores = kept().await;
    let second = stores.pop().unwrap();
    let first = stores.pop().unwrap();
    let second = second.store.with_blobs(Some(Blobs::in_folder(first.evidence.clone())));
    first.store.save(&assessment("web", 1, 3), EVIDENCE).await.unwrap();
    let path = file(&first.evidence, &Evidence::digest(EVIDENCE));
    age(&path);
    assert_eq!(first.store.sweep_evidence(yesterday(), 10).await.unwrap(), removed(0));
    let expected = Removal { is_foreign: true, ..Removal::default() };
    assert_eq!(second.sweep_evidence(yesterday(), 10).await.unwrap(), expected);
    assert!(path.exists());
}

#[tokio::test]
async fn a_store_without_a_place_sweeps_nothing() {
    for home in homes().await {
        let store = home.store.with_blobs(None);
        assert_eq!(store.sweep_evidence(yesterday(), 10).await.unwrap(), removed(0));
        let service = scene::service(store).await;
        assert!(sweep_handler(&service).await.unwrap().is_none());
        assert_eq!(number(&service.store, "SELECT CAST(count(*) AS BIGINT) FROM job").await, 0);
    }
}

/// Evidence that comes again at the moment at which its object, old and without a row, is removed.
#[tokio::test]
async fn what_is_stored_meanwhile_is_never_lost() {
    for Kept { store, database, evidence, folder: _folder } in kept().await {
        let digest = Evidence::digest(EVIDENCE);
        let saved = assessment("web", 1, 0);
        for round in 0..30 {
            store.blobs().unwrap().put(&name(&digest), b"old".to_vec().into()).await.unwrap();
            age(&file(&evidence, &digest));
            let (swept, stored) = tokio::join!(store.sweep_evidence(yesterday(), 10), async {
                // From far before to far after the sweep.
                for _ in 0..round * 16 {
                    tokio::task::yield_now().await;
                }
                store.save(&saved, EVIDENCE).await
            });
            swept.unwrap();
            stored.unwrap();
            assert_eq!(store.evidence(&digest).await.unwrap(), EVIDENCE, "{database}, round {round}");
            assert!(store.delete_run(&saved.run.arn).await.unwrap());
        }
    }
}

#[tokio::test]
async fn the_sweep_is_a_job_that_comes_again() {
    for Kept { store, evidence, folder: _folder, .. } in kept().await {
        let old = file(&evidence, &orphan(&store, 1).await);
        age(&old);
        let service = scene::service(store).await;
        let (stop, stopped) = watch::channel(false);
        let mut workers = Vec::new();
        // As two processes do.
        for _ in 0..2 {
            let handler = sweep_handler(&service).await.unwrap().unwrap();
            let worker = Worker::new(Arc::clone(&service), vec![handler], scene::WORKER);
            workers.push(tokio::spawn(worker.run(stopped.clone())));
        }
        let now = Timestamp::now().as_millisecond();
        let waits =
            format!("SELECT CAST(count(*) AS BIGINT) FROM job WHERE kind = 'sweep' AND due_at > {now} + 3000000");
        while number(&service.store, &waits).await == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        stop.send(true).unwrap();
        for worker in workers {
            worker.await.unwrap();
        }
        assert!(!old.exists());
        assert_eq!(number(&service.store, "SELECT CAST(count(*) AS BIGINT) FROM job").await, 1);
    }
}
