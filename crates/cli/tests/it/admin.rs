//! `assay admin`: what was given up is seen and begun anew; `assay serve` refuses limits that are none.

use assay_model::Timestamp;
use assay_server::store::{Held, NewJob, Store};
use camino::Utf8Path;

use crate::support::{check, run};

#[test]
fn dead_jobs_are_listed_and_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(Utf8Path::new(data)).await.unwrap();
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        for subject in ["one", "two"] {
            let job = NewJob { kind: "test", subject: subject.to_owned(), payload: String::new(), due_at: at };
            store.enqueue_job(&job).await.unwrap();
            let held = store.lease_job(&["test"], "me", at, at).await.unwrap().unwrap();
            assert_eq!(store.bury_job(&held, "line\none", at).await.unwrap(), Held::Yes);
        }
        store.close().await;
    });
    let listed = check(&["--data", data, "admin", "jobs", "list"], 0);
    let mut lines: Vec<&str> = listed.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["2027-01-15T08:00:00Z  test  one  line\\none", "2027-01-15T08:00:00Z  test  two  line\\none"]);
    check(&["--data", data, "admin", "jobs", "retry", "test", "three"], 1);
    check(&["--data", data, "admin", "jobs", "retry", "test"], 64);
    let told = check(&["--data", data, "admin", "jobs", "retry", "test", "two"], 0);
    assert_eq!(told, "1 jobs will be tried again\n");
    assert_eq!(check(&["--data", data, "admin", "jobs", "list", "--limit", "9"], 0).lines().count(), 1);
    assert_eq!(check(&["--data", data, "admin", "jobs", "retry"], 0), "1 jobs will be tried again\n");
    assert_eq!(check(&["--data", data, "admin", "jobs", "list"], 0), "");
}

#[test]
fn limits_are_checked_before_anything_begins() {
    for (limit, reason) in [
        ("targets", "a limit is NAME=NUMBER"),
        ("targets=many", "\"many\" is no number"),
        ("targets=0", "targets is 0, and may be 1 to 1000000000"),
        ("goals=1", "there is no limit \"goals\""),
    ] {
        let output = run(&["serve", "--limit", limit]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(64), "{limit}: {stderr}");
        assert!(stderr.contains(reason), "{limit}: {stderr}");
    }
}
