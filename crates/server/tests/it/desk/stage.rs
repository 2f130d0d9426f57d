//! A service with a store, a listener for agents, and runs that are written as another process would.

use std::sync::Arc;

use assay_link::{Complete, Completion, Poll};
use assay_model::Timestamp;
use assay_model::arn::{Id, Realm, RunArn, TargetArn, TemplateArn};
use assay_model::evidence::request::CollectionRequest;
use assay_model::evidence::{Evidence, HostIdentity, Section, SourceKind};
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::{AssessmentRun, RunState};
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;
use assay_server::desk::{StoreDesk, token_digest};
use assay_server::service::{self, Judge, Judgement, Limits, RulesPackageAbout, Subject};
use assay_server::store::{Creation, Store};
use sqlx::{AnyConnection, Connection as _, Row as _};
use tokio::sync::watch;

use crate::agents::service::{Client, Service, poll};
use crate::members::{realm, token};

pub(crate) const ACCOUNT: &str = "123456789012";
pub(crate) const ONE: &str = "i-11111111111111111";
pub(crate) const TWO: &str = "i-22222222222222222";

/// Asks for one section, so that it is seen where it comes from.
pub(crate) struct NoJudge;

impl Judge for NoJudge {
    fn request_for(&self, packages: &[RulesPackageKind]) -> CollectionRequest {
        let sections = packages.iter().map(|_| Section::Packages).collect();
        CollectionRequest { sections, ..CollectionRequest::default() }
    }

    fn about(&self, _: RulesPackageKind) -> RulesPackageAbout {
        RulesPackageAbout { version: String::new(), description: String::new(), rules: None }
    }

    fn judge(&self, _: &Subject<'_>) -> Judgement {
        Err("nothing is judged here".to_owned())
    }
}

/// A service and its listener.
pub(crate) struct Stage {
    pub(crate) listener: Service<StoreDesk>,
    pub(crate) service: Arc<service::Service>,
    database: AnyConnection,
}

impl Stage {
    /// With a token `token` for many agents of an account.
    pub(crate) async fn open(store: Store) -> Stage {
        Stage::open_within(store, Limits::default()).await
    }

    /// The same within limits.
    pub(crate) async fn open_within(store: Store, limits: Limits) -> Stage {
        let path = store.path().to_string();
        let url = if path.contains("://") { path } else { format!("sqlite://{path}") };
        token(&store, ACCOUNT, "us-east-1", &token_digest("token")).await;
        let judge = Arc::new(NoJudge);
        let service = service::Service::new(store, limits, judge, Timestamp::now).await.unwrap();
        let service = Arc::new(service);
        let (over, is_over) = watch::channel(false);
        let desk = Arc::new(StoreDesk::new(Arc::clone(&service), is_over));
        let listener = Service::with(desk, over).await;
        Stage { listener, service, database: AnyConnection::connect(&url).await.unwrap() }
    }

    /// A client that is enrolled under an id.
    pub(crate) async fn agent(&self, id: &str) -> Client {
        let (_, identity) = self.listener.enrol("token", id).await.unwrap();
        self.listener.client(Some(&identity))
    }

    /// Writes a run with some agents, all waiting, in a state.
    pub(crate) async fn run(&mut self, name: &str, agents: &[&str], state: RunState) -> RunArn {
        let now = Timestamp::now();
        let realm: Realm = realm("us-east-1");
        let target = TargetArn::new(&realm, &Id::derive(b"target"));
        let template = TemplateArn::new(&target, &Id::derive(name.as_bytes()));
        let body = AssessmentTarget {
            arn: target.clone(),
            name: "all".into(),
            resource_group_arn: None,
            created_at: now,
            updated_at: now,
        };
        if self.service.store.target(&body.arn).await.unwrap().is_none() {
            assert_eq!(self.service.store.create_target(&body, 10).await.unwrap(), Creation::Done);
        }
        let packages = vec![RulesPackageKind::Cve.arn_in("us-east-1")];
        let body = AssessmentTemplate {
            arn: template.clone(),
            name: name.into(),
            target_arn: target,
            duration_seconds: 3600,
            rules_package_arns: packages.clone(),
            user_attributes_for_findings: Vec::new(),
            created_at: now,
        };
        assert_eq!(self.service.store.create_template(&body, 10).await.unwrap(), Creation::Done);
        let mut run = AssessmentRun {
            arn: RunArn::new(&template, &Id::derive(name.as_bytes())),
            name: name.into(),
            template_arn: template.clone(),
            duration_seconds: 3600,
            rules_package_arns: packages,
            user_attributes_for_findings: Vec::new(),
            created_at: now,
            started_at: Some(now),
            completed_at: None,
            state_changes: Vec::new(),
            data_collected: false,
            finding_counts: Default::default(),
        };
        run.enter(state, now);
        let insert = "INSERT INTO run (arn, template_arn, realm, id, name, state, active, duration, rules_packages, \
                      created_at, state_changed_at, body) VALUES ($1, $2, 'us-east-1/123456789012', $3, $4, $5, 1, 3600, \
                      '', 0, 0, $6)";
        let query = sqlx::query(insert).bind(run.arn.as_str()).bind(template.as_str()).bind(run.arn.id()).bind(name);
        let query = query.bind(state.as_str()).bind(serde_json::to_string(&run).unwrap());
        query.execute(&mut self.database).await.unwrap();
        for agent in agents {
            let insert = "INSERT INTO run_agent (run_arn, agent_id, hostname, stage, member) VALUES ($1, $2, '', 'waiting', '{}')";
            let query = sqlx::query(insert).bind(run.arn.as_str()).bind(*agent);
            query.execute(&mut self.database).await.unwrap();
        }
        run.arn
    }

    /// Changes the state of a run.
    pub(crate) async fn enter(&mut self, run: &RunArn, state: RunState) {
        let row = sqlx::query("SELECT body FROM run WHERE arn = $1").bind(run.as_str());
        let body: String = row.fetch_one(&mut self.database).await.unwrap().get(0);
        let mut changed: AssessmentRun = serde_json::from_str(&body).unwrap();
        changed.enter(state, Timestamp::now());
        let update = sqlx::query("UPDATE run SET state = $1, active = $2, body = $3 WHERE arn = $4");
        let update = update.bind(state.as_str()).bind(i64::from(!state.is_terminal()));
        let update = update.bind(serde_json::to_string(&changed).unwrap()).bind(run.as_str());
        update.execute(&mut self.database).await.unwrap();
    }

    /// Stage, evidence, telemetry and loss of an agent in a run.
    pub(crate) async fn progress(
        &mut self,
        run: &RunArn,
        agent: &str,
    ) -> (String, Option<String>, String, Option<String>) {
        let select =
            "SELECT stage, evidence_digest, telemetry, loss FROM run_agent WHERE run_arn = $1 AND agent_id = $2";
        let row = sqlx::query(select).bind(run.as_str()).bind(agent).fetch_one(&mut self.database).await.unwrap();
        (row.get(0), row.get(1), row.get(2), row.get(3))
    }

    /// How many chunks are stored.
    pub(crate) async fn chunks(&mut self) -> i64 {
        let select = sqlx::query("SELECT CAST(count(*) AS BIGINT) FROM chunk");
        select.fetch_one(&mut self.database).await.unwrap().get(0)
    }

    /// Ends the listener.
    pub(crate) async fn close(self) {
        self.database.close().await.unwrap();
        self.listener.stop().await;
    }
}

/// Sends `complete`.
pub(crate) async fn complete(agent: &Client, complete: &Complete) -> Completion {
    agent.send(assay_link::route::COMPLETE, complete).await.unwrap()
}

/// A heartbeat of an agent that works on a run, ready to wait.
pub(crate) fn working(agent: &str, run: &RunArn, wait_seconds: u32) -> Poll {
    Poll { running: Some(run.clone()), ..poll(agent, wait_seconds) }
}

/// An evidence document of a host, with what makes it larger than a chunk of 500 bytes.
pub(crate) fn document(agent_id: &str) -> Vec<u8> {
    let host = HostIdentity { agent_id: agent_id.into(), hostname: "web".into(), ipv4_addresses: Vec::new() };
    Evidence::empty(SourceKind::LiveHost, host, "test", Timestamp::UNIX_EPOCH).to_bytes().unwrap()
}

/// The document as one gzip stream that is not smaller, and its announcement.
pub(crate) fn packed(run: &RunArn, document: &[u8], chunk_bytes: usize) -> (Vec<Vec<u8>>, Complete) {
    use std::io::Write as _;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    gzip.write_all(document).unwrap();
    let compressed = gzip.finish().unwrap();
    let chunks: Vec<Vec<u8>> = compressed.chunks(chunk_bytes).map(<[u8]>::to_vec).collect();
    let complete = Complete {
        run: run.clone(),
        chunks: chunks.len() as u32,
        digest: Evidence::digest(document).parse().unwrap(),
        size: document.len() as u64,
        telemetry: Vec::new(),
    };
    (chunks, complete)
}
