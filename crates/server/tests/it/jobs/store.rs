//! The store's side: one holder at a time, nothing lost, nothing done under a lease that is over.

use assay_model::Timestamp;
use assay_server::store::{Held, LeasedJob, NewJob, Store};

use crate::home::homes;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn job(subject: &str, due_at: i64) -> NewJob {
    NewJob { kind: "test", subject: subject.to_owned(), payload: format!("about {subject}"), due_at: at(due_at) }
}

/// Takes a job at a time, for ten seconds.
async fn lease(store: &Store, second: i64) -> Option<LeasedJob> {
    store.lease_job(&["test"], "me", at(second), at(second + 10)).await.unwrap()
}

#[tokio::test]
async fn jobs_are_taken_when_due_and_the_oldest_first() {
    for home in homes().await {
        let store = &home.store;
        for new in [job("later", 30), job("second", 20), job("first", 10)] {
            store.enqueue_job(&new).await.unwrap();
        }
        assert_eq!(lease(store, 5).await, None, "{}", home.database);
        let taken = lease(store, 25).await.unwrap();
        assert_eq!((taken.subject.as_str(), taken.payload.as_str(), taken.attempts), ("first", "about first", 1));
        assert_eq!(lease(store, 25).await.unwrap().subject, "second");
        assert_eq!(lease(store, 25).await, None);
        assert_eq!(store.lease_job(&["other"], "me", at(99), at(100)).await.unwrap(), None);
        assert_eq!(store.lease_job(&[], "me", at(99), at(100)).await.unwrap(), None);
    }
}

#[tokio::test]
async fn who_has_lost_a_lease_changes_nothing() {
    for home in homes().await {
        let store = &home.store;
        store.enqueue_job(&job("a", 0)).await.unwrap();
        let lost = lease(store, 0).await.unwrap();
        assert_eq!(store.prolong_job(&lost, at(20)).await.unwrap(), Held::Yes, "{}", home.database);
        assert_eq!(lease(store, 15).await, None, "it was prolonged");
        let held = lease(store, 20).await.unwrap();
        assert_eq!(held.attempts, 2);
        assert_eq!(store.prolong_job(&lost, at(99)).await.unwrap(), Held::Lost);
        assert_eq!(store.finish_job(&lost, at(21)).await.unwrap(), Held::Lost);
        assert_eq!(store.postpone_job(&lost, at(99), at(21)).await.unwrap(), Held::Lost);
        assert_eq!(store.retry_job(&lost, "no", at(99)).await.unwrap(), Held::Lost);
        assert_eq!(store.bury_job(&lost, "no", at(21)).await.unwrap(), Held::Lost);
        assert_eq!(store.release_job(&lost).await.unwrap(), Held::Lost);
        assert_eq!(store.finish_job(&held, at(21)).await.unwrap(), Held::Yes);
        assert_eq!(lease(store, 99).await, None);
        assert_eq!(store.finish_job(&held, at(22)).await.unwrap(), Held::Lost);
    }
}

#[tokio::test]
async fn a_new_job_of_the_same_subject_is_none_of_the_old_holder() {
    for home in homes().await {
        let store = &home.store;
        store.enqueue_job(&job("a", 0)).await.unwrap();
        let old = lease(store, 0).await.unwrap();
        assert_eq!(store.finish_job(&old, at(1)).await.unwrap(), Held::Yes);
        store.enqueue_job(&job("a", 0)).await.unwrap();
        lease(store, 2).await.unwrap();
        assert_eq!(store.finish_job(&old, at(3)).await.unwrap(), Held::Lost, "{}", home.database);
    }
}

#[tokio::test]
async fn what_is_asked_for_while_it_is_done_is_done_again() {
    for home in homes().await {
        let store = &home.store;
        store.enqueue_job(&job("finished", 0)).await.unwrap();
        store.enqueue_job(&job("postponed", 1)).await.unwrap();
        let (finished, postponed) = (lease(store, 1).await.unwrap(), lease(store, 1).await.unwrap());
        store.enqueue_job(&job("finished", 500)).await.unwrap();
        store.enqueue_job(&job("postponed", 500)).await.unwrap();
        assert_eq!(lease(store, 2).await, None, "{}: both are held", home.database);
        assert_eq!(store.finish_job(&finished, at(2)).await.unwrap(), Held::Yes);
        assert_eq!(store.postpone_job(&postponed, at(1000), at(3)).await.unwrap(), Held::Yes);
        let again = lease(store, 4).await.unwrap();
        assert_eq!((again.subject.as_str(), again.attempts), ("finished", 1));
        assert_eq!(lease(store, 4).await.unwrap().subject, "postponed");
    }
}

#[tokio::test]
async fn a_job_that_keeps_failing_is_given_up_and_seen() {
    for home in homes().await {
        let store = &home.store;
        store.enqueue_job(&job("a", 0)).await.unwrap();
        let first = lease(store, 0).await.unwrap();
        assert_eq!(store.retry_job(&first, "the disk is full", at(50)).await.unwrap(), Held::Yes);
        assert_eq!(lease(store, 49).await, None, "{}", home.database);
        let second = lease(store, 50).await.unwrap();
        assert_eq!((second.attempts, second.error.as_deref()), (2, Some("the disk is full")));
        assert_eq!(store.bury_job(&second, &"long ".repeat(1000), at(51)).await.unwrap(), Held::Yes);
        assert_eq!(lease(store, 999).await, None);
        let dead = store.dead_jobs(10).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert_eq!((dead[0].subject.as_str(), dead[0].error.len(), dead[0].dead_at), ("a", 2000, at(51)));
        // Somebody wants it again.
        store.enqueue_job(&job("a", 60)).await.unwrap();
        assert_eq!(lease(store, 60).await.unwrap().attempts, 1);
        assert_eq!(store.dead_jobs(10).await.unwrap(), []);
    }
}

#[tokio::test]
async fn many_takers_get_each_job_once() {
    const JOBS: usize = 60;
    for home in homes().await {
        let store = std::sync::Arc::new(home.store);
        for number in 0..JOBS {
            store.enqueue_job(&job(&format!("{number}"), 0)).await.unwrap();
        }
        let takers = (0..6).map(|_| {
            let store = std::sync::Arc::clone(&store);
            tokio::spawn(async move {
                let mut taken = Vec::new();
                while let Some(job) = lease(&store, 1).await {
                    taken.push(job.subject);
                }
                taken
            })
        });
        let mut taken = Vec::new();
        for taker in takers.collect::<Vec<_>>() {
            taken.extend(taker.await.unwrap());
        }
        taken.sort();
        taken.dedup();
        assert_eq!(taken.len(), JOBS, "{}", home.database);
        assert_eq!(lease(&store, 1).await, None);
    }
}

#[tokio::test]
async fn what_was_given_up_begins_anew_when_asked() {
    for home in homes().await {
        let store = &home.store;
        for subject in ["a", "b", "c"] {
            store.enqueue_job(&job(subject, 0)).await.unwrap();
            let held = lease(store, 0).await.unwrap();
            assert_eq!(store.bury_job(&held, "it broke", at(1)).await.unwrap(), Held::Yes, "{}", home.database);
        }
        assert_eq!(store.dead_jobs(9).await.unwrap().len(), 3);
        assert_eq!(lease(store, 50).await, None);
        assert_eq!(store.revive_jobs(Some(("test", "z")), at(60)).await.unwrap(), 0);
        assert_eq!(store.revive_jobs(Some(("test", "b")), at(60)).await.unwrap(), 1);
        assert_eq!(lease(store, 59).await, None);
        let held = lease(store, 60).await.unwrap();
        assert_eq!((held.subject.as_str(), held.attempts, held.error.as_deref()), ("b", 1, Some("it broke")));
        let dead = store.dead_jobs(9).await.unwrap();
        assert_eq!(dead.iter().map(|job| job.subject.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!(store.revive_jobs(None, at(60)).await.unwrap(), 2);
        assert_eq!(store.dead_jobs(9).await.unwrap(), []);
    }
}
