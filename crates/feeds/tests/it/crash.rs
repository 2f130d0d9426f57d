//! The process ends at every step of a sync, and the disk is full at every size: the old feed stays in use, and the next
//! sync goes through.

use std::sync::Mutex;

use assay_feeds::{Progress, Step};

use crate::child::{Task, run};
use crate::world::{Folder, World, folder_mirror, from_folder, records, small_feeds, tree};

/// Writes down the steps.
#[derive(Default)]
struct Recorder {
    steps: Mutex<Vec<Step>>,
}

impl Progress for Recorder {
    fn step(&self, step: Step) {
        self.steps.lock().unwrap().push(step);
    }
}

#[test]
fn a_crash_before_any_step_leaves_a_usable_store() {
    let mirror = folder_mirror(&small_feeds(20));
    let recorder = Recorder::default();
    World::with_small_feeds(10).sync_with(&from_folder(&mirror), &recorder).unwrap();
    let steps = recorder.steps.into_inner().unwrap();
    assert!(steps.iter().filter(|step| **step == Step::Place).count() >= 7, "{steps:?}");
    assert_eq!(steps.iter().filter(|step| **step == Step::Commit).count(), 2, "{steps:?}");
    let first_commit = steps.iter().position(|step| *step == Step::Commit).unwrap();

    for (before, step) in steps.iter().enumerate() {
        let world = World::with_small_feeds(10);
        let task = Task::Abort { store: world.store.folder(), mirror: &mirror.path, before };
        let output = run(&task, &[]);
        assert!(!output.status.success(), "step {before} was not reached");
        let expected = if before <= first_commit { 10 } else { 20 };
        assert_eq!(world.records(), expected, "before step {before}, {step:?}");
        world.store.enrichment().unwrap().unwrap().verify().unwrap();
        let statuses = world.store.status().unwrap();
        for status in statuses.iter().filter(|status| status.attempted_at.is_some()) {
            assert!(status.is_in_use(), "before step {before}: {status:?}");
        }
        let report = world.sync(&from_folder(&mirror)).unwrap();
        assert!(report.is_up_to_date() && report.repairs.is_empty(), "{report:#?}");
        assert_eq!(world.records(), 20);
    }
}

/// A store on a disk of this many kibibytes; what a sync there came to.
fn squeeze(world: &World, mirror: &Folder, kibibytes: usize) -> String {
    let disk = Folder::new();
    // The file system exists only for the child, and goes with it.
    let script = format!(
        r#"mount -t tmpfs -o size={kibibytes}k tmpfs {disk} && cp -R {store}/. {disk} && exec "$@""#,
        disk = disk.path,
        store = world.store.folder(),
    );
    let task = Task::Squeeze { store: &disk.path, mirror: &mirror.path };
    let output = run(&task, &["unshare", "-rm", "sh", "-ec", &script, "sh"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{kibibytes} KiB: {text}{}", String::from_utf8_lossy(&output.stderr));
    // The harness may have begun the line.
    let result = ["full with 10", "full with 300", "fits"].into_iter().find(|result| text.contains(result));
    result.unwrap_or_else(|| panic!("{text}")).to_owned()
}

#[test]
fn a_full_disk_leaves_the_old_feed_in_use() {
    let (world, mirror) = (World::with_small_feeds(10), folder_mirror(&small_feeds(300)));
    // In whole pages, and one to spare.
    let pages = |folder| tree(folder).values().map(|content| content.len().div_ceil(4096)).sum::<usize>() + 1;
    let (old, new) = (pages(world.store.folder()), pages(&mirror.path));
    let sizes = (old..old + 3 * new).step_by(6);
    let mut results: Vec<String> = sizes.map(|pages| squeeze(&world, &mirror, pages * 4)).collect();
    results.dedup();
    assert_eq!(results, ["full with 10", "full with 300", "fits"], "each size lets the sync come a bit further");
}

#[test]
fn a_limit_on_file_sizes_counts_as_a_full_disk() {
    let (world, mirror) = (World::with_small_feeds(10), folder_mirror(&small_feeds(20)));
    let task = Task::Squeeze { store: world.store.folder(), mirror: &mirror.path };
    // One block of 512 bytes; the signal is ignored so that the write fails.
    let output = run(&task, &["sh", "-c", r#"trap "" XFSZ; ulimit -f 1; exec "$@""#, "sh"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(records(&world.store), 10);
}
