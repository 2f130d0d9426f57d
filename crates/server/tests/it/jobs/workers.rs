//! The workers' side: several share the work, one that fails or loses its lease loses nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use assay_model::Timestamp;
use assay_model::evidence::request::CollectionRequest;
use assay_model::rules_package::RulesPackageKind;
use assay_server::jobs::{Handler, Next, Weight, Work, Worker, WorkerOptions};
use assay_server::service::{Judge, Judgement, Limits, RulesPackageAbout, Service, Subject};
use assay_server::store::{LeasedJob, NewJob};
use tokio::sync::watch;

use crate::home::homes;

/// No job here judges anything.
struct NoJudge;

impl Judge for NoJudge {
    fn request_for(&self, _: &[RulesPackageKind]) -> CollectionRequest {
        CollectionRequest::default()
    }

    fn about(&self, _: RulesPackageKind) -> RulesPackageAbout {
        RulesPackageAbout { version: String::new(), description: String::new(), rules: None }
    }

    fn judge(&self, _: &Subject<'_>) -> Judgement {
        Err("nothing is judged here".to_owned())
    }
}

/// Counts; fails where the payload says so.
#[derive(Default)]
struct Counter {
    begun: AtomicU32,
    done: AtomicU32,
    given_up: AtomicU32,
}

struct Counting {
    kind: &'static str,
    weight: Weight,
    counter: Arc<Counter>,
}

impl Handler for Counting {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn weight(&self) -> Weight {
        self.weight
    }

    fn most_attempts(&self) -> u32 {
        1
    }

    fn run<'a>(&'a self, job: &'a LeasedJob) -> Work<'a, Next> {
        Box::pin(async move {
            self.counter.begun.fetch_add(1, Ordering::SeqCst);
            match job.payload.as_str() {
                "fail" => return Err("as it was told".into()),
                "panic" => panic!("as it was told"),
                "hang" => std::future::pending().await,
                _ => tokio::task::yield_now().await,
            }
            self.counter.done.fetch_add(1, Ordering::SeqCst);
            Ok(Next::Done)
        })
    }

    fn give_up<'a>(&'a self, _: &'a LeasedJob, _: &'a str) -> Work<'a, ()> {
        Box::pin(async {
            self.counter.given_up.fetch_add(1, Ordering::SeqCst);
            Ok(())
        })
    }
}

fn options() -> WorkerOptions {
    WorkerOptions {
        lease: Duration::from_secs(10),
        poll: Duration::from_millis(20),
        light_places: 2,
        heavy_places: 2,
        grace: Duration::from_millis(50),
    }
}

/// Waits for what will be so.
async fn until(condition: impl Fn() -> bool) {
    while !condition() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn workers_do_what_there_is_and_give_up_what_cannot_be_done() {
    for home in homes().await {
        let service =
            Arc::new(Service::new(home.store, Limits::default(), Arc::new(NoJudge), Timestamp::now).await.unwrap());
        let counter = Arc::new(Counter::default());
        let (stop, stopped) = watch::channel(false);
        let workers: Vec<_> = (0..2)
            .map(|_| {
                let handler = |kind, weight| {
                    Arc::new(Counting { kind, weight, counter: Arc::clone(&counter) }) as Arc<dyn Handler>
                };
                let handlers = vec![handler("light", Weight::Light), handler("heavy", Weight::Heavy)];
                tokio::spawn(Worker::new(Arc::clone(&service), handlers, options()).run(stopped.clone()))
            })
            .collect();
        for number in 0..20 {
            for kind in ["light", "heavy"] {
                let subject = format!("job {number}");
                let job = NewJob { kind, subject, payload: String::new(), due_at: Timestamp::now() };
                service.store.enqueue_job(&job).await.unwrap();
            }
        }
        for payload in ["fail", "panic"] {
            let due_at = Timestamp::now();
            let job = NewJob { kind: "light", subject: payload.to_owned(), payload: payload.to_owned(), due_at };
            service.store.enqueue_job(&job).await.unwrap();
        }
        let count = |number: &AtomicU32| number.load(Ordering::SeqCst);
        until(|| count(&counter.done) == 40 && count(&counter.given_up) == 2).await;
        // One that never ends is given back when its process ends.
        let due_at = Timestamp::now();
        let job = NewJob { kind: "light", subject: "hang".to_owned(), payload: "hang".to_owned(), due_at };
        service.store.enqueue_job(&job).await.unwrap();
        until(|| count(&counter.begun) == 43).await;
        stop.send(true).unwrap();
        for worker in workers {
            worker.await.unwrap();
        }
        assert_eq!(count(&counter.begun), 43, "{}", home.database);
        let mut dead = service.store.dead_jobs(10).await.unwrap();
        dead.sort_by(|a, b| a.subject.cmp(&b.subject));
        let errors: Vec<&str> = dead.iter().map(|job| job.error.as_str()).collect();
        assert_eq!(errors, ["as it was told", "it panicked; the log says where"]);
        let now = Timestamp::now();
        let left = service.store.lease_job(&["light", "heavy"], "test", now, now).await.unwrap().unwrap();
        assert_eq!((left.subject.as_str(), left.attempts), ("hang", 1));
    }
}
