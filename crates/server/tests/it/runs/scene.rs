//! A service with a target and a template, hosts that are what the test says, and workers.
//!
//! What agents do is done to the store's tables, as another process would see it.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use assay_link::{AgentFacts, AgentHealth, AgentHealthCode};
use assay_model::Timestamp;
use assay_model::arn::{Id, Realm, RunArn, TargetArn, TemplateArn};
use assay_model::attribute::Attribute;
use assay_model::evidence::{Evidence, HostIdentity, SourceKind};
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::{AssessmentRun, RunState};
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;
use assay_server::jobs::{Worker, WorkerOptions};
use assay_server::runs::{self, RunTiming};
use assay_server::service::{Judge, Limits, Service};
use assay_server::store::{Account, Creation, Member, NewRun, NewRunAgent, Stage, Started, Store};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::judge::TestJudge;

/// Agents that were told deliver at once or never: what is waited for is only the ends of these.
pub(crate) const TIMING: RunTiming = RunTiming {
    telling: Duration::from_millis(50),
    grace: Duration::from_millis(400),
    look: Duration::from_millis(100),
};

pub(crate) const WORKER: WorkerOptions = WorkerOptions {
    lease: Duration::from_millis(1500),
    poll: Duration::from_millis(30),
    light_places: 2,
    heavy_places: 2,
    grace: Duration::from_secs(5),
};

pub(crate) struct Scene {
    pub(crate) service: Arc<Service>,
    pub(crate) target: AssessmentTarget,
    pub(crate) template: AssessmentTemplate,
}

/// Workers of one process; they end when told.
pub(crate) struct Workers {
    stop: watch::Sender<bool>,
    worker: JoinHandle<()>,
}

impl Workers {
    pub(crate) async fn end(self) {
        self.stop.send(true).unwrap();
        self.worker.await.unwrap();
    }
}

pub(crate) fn realm() -> Realm {
    Realm { partition: "aws".into(), region: "eu-west-1".into(), account: "111122223333".into() }
}

pub(crate) async fn service(store: Store) -> Arc<Service> {
    service_with(store, Arc::new(TestJudge)).await
}

async fn service_with(store: Store, judge: Arc<dyn Judge>) -> Arc<Service> {
    Arc::new(Service::new(store, Limits::default(), judge, Timestamp::now).await.unwrap())
}

impl Scene {
    /// A new account with a target of all hosts, and a template of these packages.
    pub(crate) async fn new(store: Store, packages: &[RulesPackageKind], duration_seconds: u32) -> Scene {
        Scene::with_judge(store, packages, duration_seconds, Arc::new(TestJudge)).await
    }

    /// The same, with a judge of one's own.
    pub(crate) async fn with_judge(
        store: Store,
        packages: &[RulesPackageKind],
        duration_seconds: u32,
        judge: Arc<dyn Judge>,
    ) -> Scene {
        let service = service_with(store, judge).await;
        let now = Timestamp::now();
        let account = Account { id: realm().account, name: "test".into(), created_at: now };
        service.store.create_account(&account).await.unwrap();
        let target = AssessmentTarget {
            arn: TargetArn::new(&realm(), &Id::derive(b"target")),
            name: "all".into(),
            resource_group_arn: None,
            created_at: now,
            updated_at: now,
        };
        assert_eq!(service.store.create_target(&target, 10).await.unwrap(), Creation::Done);
        let template = AssessmentTemplate {
            arn: TemplateArn::new(&target.arn, &Id::derive(b"template")),
            name: "nightly".into(),
            target_arn: target.arn.clone(),
            duration_seconds,
            rules_package_arns: packages.iter().map(|kind| kind.arn_in(&realm().region)).collect(),
            user_attributes_for_findings: vec![Attribute::new("team", "platform")],
            created_at: now,
        };
        assert_eq!(service.store.create_template(&template, 10).await.unwrap(), Creation::Done);
        Scene { service, target, template }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.service.store
    }

    pub(crate) fn workers(&self) -> Workers {
        let (stop, stopped) = watch::channel(false);
        let handlers = runs::handlers(&self.service, TIMING);
        let worker = tokio::spawn(Worker::new(Arc::clone(&self.service), handlers, WORKER).run(stopped));
        Workers { stop, worker }
    }

    /// Starts a run of these hosts.
    pub(crate) async fn start(&self, hosts: &[Member]) -> AssessmentRun {
        match self.try_start(None, hosts).await {
            Started::Run(run) => *run,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn try_start(&self, name: Option<&str>, hosts: &[Member]) -> Started {
        let new = NewRun {
            template: self.template.arn.clone(),
            id: assay_server::service::random_id().unwrap(),
            name: name.map(str::to_owned),
            agents: new_agents(hosts),
            now: Timestamp::now(),
        };
        self.store().start_run(&new, &self.service.limits).await.unwrap()
    }

    /// The run once it is in one of these states, or has ended.
    pub(crate) async fn until(&self, run: &RunArn, state: RunState) -> AssessmentRun {
        loop {
            let run = self.store().run_body(run).await.unwrap().unwrap();
            if run.state() >= state || run.state().is_terminal() {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub(crate) async fn ended(&self, run: &RunArn) -> AssessmentRun {
        self.until(run, RunState::Failed).await
    }

    /// What an agent does: it is told, and its evidence arrives.
    pub(crate) async fn deliver(&self, run: &RunArn, host: &str) {
        self.tell(run, host).await;
        deliver(self.store(), run, host).await;
    }

    pub(crate) async fn lose(&self, run: &RunArn, host: &str, why: &str) {
        let sql = format!(
            "UPDATE run_agent SET stage = 'lost', loss = '{why}' WHERE run_arn = '{run}' AND agent_id = 'i-{host}'"
        );
        execute(self.store(), sql).await;
    }

    pub(crate) async fn tell(&self, run: &RunArn, host: &str) {
        let sql = format!(
            "UPDATE run_agent SET stage = 'collecting' WHERE run_arn = '{run}' AND agent_id = 'i-{host}' AND stage = 'waiting'"
        );
        execute(self.store(), sql).await;
    }
}

/// The rows that a statement selects.
pub(crate) async fn rows(store: &Store, sql: &str) -> Vec<AnyRow> {
    let mut connection = connection(store).await;
    let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows
}

/// The evidence of a host arrives, unless its run takes none any more.
pub(crate) async fn deliver(store: &Store, run: &RunArn, host: &str) {
    // The evidence names another host: the certificate counts.
    let identity = HostIdentity { agent_id: "i-liar".into(), hostname: host.into(), ipv4_addresses: Vec::new() };
    let evidence = Evidence::empty(SourceKind::LiveHost, identity, "test", Timestamp::UNIX_EPOCH);
    deliver_bytes(store, run, host, &evidence.to_bytes().unwrap()).await;
}

/// This evidence of a host arrives, unless its run takes none any more.
pub(crate) async fn deliver_bytes(store: &Store, run: &RunArn, host: &str, bytes: &[u8]) {
    let digest = Evidence::digest(bytes);
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    deflate.write_all(bytes).unwrap();
    let mut connection = connection(store).await;
    sqlx::query("INSERT INTO evidence (digest, size, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(digest.clone())
        .bind(bytes.len() as i64)
        .bind(deflate.finish().unwrap())
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::query(
        "UPDATE run_agent SET stage = 'collected', evidence_digest = $1 \
         WHERE run_arn = $2 AND agent_id = $3 AND stage = 'collecting'",
    )
    .bind(digest)
    .bind(run.as_str().to_owned())
    .bind(format!("i-{host}"))
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
}

pub(crate) async fn execute(store: &Store, sql: String) {
    let mut connection = connection(store).await;
    sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// The number that a statement selects.
pub(crate) async fn number(store: &Store, sql: &str) -> i64 {
    rows(store, sql).await[0].get(0)
}

async fn connection(store: &Store) -> AnyConnection {
    let path = store.path().as_str();
    let url = if path.starts_with("postgres:") { path.to_owned() } else { format!("sqlite://{path}") };
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    if url.starts_with("sqlite:") {
        sqlx::query("PRAGMA busy_timeout = 10000").execute(&mut connection).await.unwrap();
    }
    connection
}

/// A host with an agent that is well.
pub(crate) fn member(host: &str) -> Member {
    let agent_id = format!("i-{host}");
    Member {
        hostname: format!("{host}.example.org"),
        facts: Some(AgentFacts {
            agent: agent_id.parse().unwrap(),
            version: "0.1.0.0".into(),
            operating_system: "Debian GNU/Linux 12 (bookworm)".into(),
            kernel: "6.1.0".into(),
            hostname: host.into(),
            ipv4: None,
            tags: BTreeMap::new(),
            cloud: None,
        }),
        instance: None,
        health: AgentHealth::Healthy,
        code: AgentHealthCode::Idle,
        details: None,
        last_seen_at: Some(Timestamp::UNIX_EPOCH),
        auto_scaling_group: Some("workers".into()),
        tags: BTreeMap::new(),
        agent_id,
    }
}

/// A host without an agent.
pub(crate) fn bare(host: &str) -> Member {
    let (health, code) = (AgentHealth::Unknown, AgentHealthCode::Unknown);
    Member { facts: None, last_seen_at: None, health, code, ..member(host) }
}

/// A host whose agent is silent.
pub(crate) fn silent(host: &str) -> Member {
    let details = Some("No heartbeat since yesterday".to_owned());
    Member { health: AgentHealth::Unhealthy, code: AgentHealthCode::Unknown, details, ..member(host) }
}

pub(crate) fn new_agents(hosts: &[Member]) -> Vec<NewRunAgent> {
    hosts.iter().map(new_agent).collect()
}

fn new_agent(member: &Member) -> NewRunAgent {
    NewRunAgent {
        agent_id: member.agent_id.clone(),
        hostname: member.hostname.clone(),
        stage: if member.facts.is_some() { Stage::Waiting } else { Stage::Lost },
        health: member.health.as_str().to_owned(),
        health_code: member.code.as_str().to_owned(),
        member: serde_json::to_string(member).unwrap(),
    }
}
