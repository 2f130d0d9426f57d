//! Several processes on one database: what one commits wakes the others at once, and each task of all is done once.

use std::sync::Arc;
use std::time::Duration;

use assay_model::Timestamp;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::RunState;
use assay_server::jobs::{Handler, Next, Work, Worker, WorkerOptions};
use assay_server::service::{EvidenceRetention, Service, Waiter, retention_handler};
use assay_server::store::{Announcement, LeasedJob, NewJob, RunEvent, Store};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::home::{homes, new_database};
use crate::runs::scene::{self, Scene, execute, member, number};
use crate::sample::{EVIDENCE, assessment};

/// Says what it does.
struct Telling(mpsc::UnboundedSender<String>);

impl Handler for Telling {
    fn kind(&self) -> &'static str {
        "telling"
    }

    fn run<'a>(&'a self, job: &'a LeasedJob) -> Work<'a, Next> {
        Box::pin(async move {
            self.0.send(job.subject.clone())?;
            Ok(Next::Done)
        })
    }

    fn give_up<'a>(&'a self, _: &'a LeasedJob, _: &'a str) -> Work<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}

/// Looks for jobs by itself only after the test is over.
const PATIENT: WorkerOptions = WorkerOptions {
    lease: Duration::from_secs(60),
    poll: Duration::from_secs(3600),
    light_places: 2,
    heavy_places: 1,
    grace: Duration::from_secs(1),
};

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), what).await.expect("it was told")
}

fn hear(service: &Arc<Service>, stopped: &watch::Receiver<bool>) -> JoinHandle<()> {
    let (service, stopped) = (Arc::clone(service), stopped.clone());
    tokio::spawn(async move { service.store.hear_others(stopped).await })
}

#[tokio::test]
async fn what_one_process_commits_wakes_another() {
    let url = new_database().await;
    let scene = Scene::new(Store::connect(&url).await.unwrap(), &[RulesPackageKind::BestPractices], 3600).await;
    let one = &scene.service.store;
    let other = scene::service(Store::connect(&url).await.unwrap()).await;
    let (stop, stopped) = watch::channel(false);
    let store = &other.store;
    let waiters: [fn(&Store) -> Waiter; 3] = [Store::jobs_waiter, Store::runs_waiter, Store::messages_waiter];
    let [mut jobs, mut runs, mut messages] = waiters.map(|waiter| waiter(store));
    let (sender, mut done) = mpsc::unbounded_channel();
    let worker =
        tokio::spawn(Worker::new(Arc::clone(&other), vec![Arc::new(Telling(sender))], PATIENT).run(stopped.clone()));
    let hearing = hear(&other, &stopped);
    for round in 0..2 {
        // It hears, and wakes everybody because it has not until now.
        for waiter in [&mut jobs, &mut runs, &mut messages] {
            soon(waiter.wait()).await;
        }
        let now = Timestamp::now();
        let subject = format!("round {round}");
        let job = NewJob { kind: "telling", subject: subject.clone(), payload: String::new(), due_at: now };
        one.enqueue_job(&job).await.unwrap();
        assert_eq!(soon(done.recv()).await, Some(subject));
        soon(jobs.wait()).await;
        let run = scene.start(&[member(&format!("web{round}"))]).await;
        soon(runs.wait()).await;
        soon(messages.wait()).await;
        let what = RunEvent::StateChanged(RunState::CollectingData);
        one.announce(&Announcement { run: &run.arn, at: now, what }).await.unwrap();
        soon(messages.wait()).await;
        // The start of the run was a job, too.
        for waiter in [&mut jobs, &mut runs, &mut messages] {
            waiter.forget();
        }
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND query ILIKE 'LISTEN%'";
        execute(one, cut.to_owned()).await;
    }
    stop.send(true).unwrap();
    hearing.await.unwrap();
    worker.await.unwrap();
}

#[tokio::test]
async fn old_evidence_is_one_job_for_all() {
    for home in homes().await {
        let path = home.store.path().to_owned();
        let one = scene::service(home.store).await;
        one.store.save(&assessment("web", 1, 3), EVIDENCE).await.unwrap();
        execute(&one.store, "UPDATE run SET completed_at = 1, state_changed_at = 1".to_owned()).await;
        let other = match path.as_str().starts_with("postgres") {
            true => Store::connect(path.as_str()).await.unwrap(),
            false => Store::open(path.parent().unwrap()).await.unwrap(),
        };
        let other = scene::service(other).await;
        let (stop, stopped) = watch::channel(false);
        let retention = EvidenceRetention { days: Some(1) };
        let mut workers = Vec::new();
        for service in [&one, &other] {
            let handler = retention_handler(service, retention).await.unwrap();
            let worker = Worker::new(Arc::clone(service), vec![handler], scene::WORKER);
            workers.push(tokio::spawn(worker.run(stopped.clone())));
        }
        let now = Timestamp::now().as_millisecond();
        let waits =
            format!("SELECT CAST(count(*) AS BIGINT) FROM job WHERE kind = 'retention' AND due_at > {now} + 3000000");
        while number(&one.store, &waits).await == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        stop.send(true).unwrap();
        for worker in workers {
            worker.await.unwrap();
        }
        for (sql, expected) in
            [("SELECT CAST(count(*) AS BIGINT) FROM evidence", 0), ("SELECT CAST(count(*) AS BIGINT) FROM job", 1)]
        {
            assert_eq!(number(&one.store, sql).await, expected, "{} {sql}", home.database);
        }
    }
}
