//! A process that is killed while it saves: what it had reported as saved is there, and nothing is there by half.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use assay_server::store::{Page, RunFilter, Store};
use camino::{Utf8Path, Utf8PathBuf};

use crate::child::{FOLDER, test_command};
use crate::sample::{EVIDENCE, assessment};

/// Enough that a save takes much longer than the parent takes to kill.
const FINDINGS: usize = 2000;

/// The child: saves run after run and tells of each, until it is killed.
#[tokio::test]
async fn saves_and_tells() {
    let own_folder = tempfile::tempdir().unwrap();
    let (folder, rounds) = match std::env::var(FOLDER) {
        Ok(folder) => (Utf8PathBuf::from(folder), 1000),
        Err(_) => (Utf8PathBuf::from_path_buf(own_folder.path().to_owned()).unwrap(), 1),
    };
    let store = Store::open(&folder).await.unwrap();
    for number in 0..rounds {
        let saved = assessment("web", number, FINDINGS);
        println!("\nsaving {number}");
        store.save(&saved, EVIDENCE).await.unwrap();
        println!("\nsaved {number}");
    }
    assert!(store.latest_run(None).await.unwrap().is_some());
}

#[tokio::test]
async fn a_killed_writer_leaves_whole_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap();
    // Each round's child starts on what the killed one left, and gets one run further.
    for last in 0..4 {
        let saved = save_until_killed(path, last);
        let store = Store::open(path).await.unwrap();
        let runs = store.runs(&RunFilter::default(), &Page::all()).await.unwrap().items;
        for number in &saved {
            let expected = assessment("web", *number, FINDINGS);
            assert_eq!(store.assessment(&expected.run.arn).await.unwrap().as_ref(), Some(&expected), "run {number}");
        }
        for run in runs {
            let stored = store.assessment(&run.run.arn).await.unwrap().unwrap();
            assert_eq!(stored.findings.len(), FINDINGS, "{}", run.run.name);
        }
    }
}

/// Lets a child save until it is about to save run `last`, kills it there, and gives the runs that it told of.
fn save_until_killed(folder: &Utf8Path, last: i64) -> Vec<i64> {
    let mut child = test_command("kill::saves_and_tells", folder.as_str()).stdout(Stdio::piped()).spawn().unwrap();
    let mut saved = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if let Some(number) = line.strip_prefix("saved ") {
            saved.push(number.parse().unwrap());
        }
        if line == format!("saving {last}") {
            child.kill().unwrap();
            break;
        }
    }
    let status = child.wait().unwrap();
    assert!(!status.success(), "the child ended by itself");
    saved
}
