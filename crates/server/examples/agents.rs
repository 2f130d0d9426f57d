//! Measures a service with many agents: enrolment, polls, a run that all take part in, evidence; asserts no time.
//!
//! `agents STORE AUTHORITY.pem ADDRESS TOKEN EVIDENCE.json [AGENTS]` plays 2000 agents, each with a key and certificate of its own and
//! a connection that is kept, against a service at ADDRESS whose store is the folder STORE or `postgres://…`. They send the
//! evidence with their own names in it. Only loopback addresses are taken. Used by `bench/run agents`.

// The settings of clippy.toml for tests do not reach examples.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use assay_link::{
    AgentFacts, AgentHealth, AgentHealthCode, Answer, ChunkHead, ChunkReceipt, Complete, Completion, Enrol,
    Instruction, Issued, MAX_CHUNK_BYTES, Message, Poll, Refusal, route,
};
use assay_model::Timestamp;
use assay_model::arn::{Id, Realm, RunArn, TargetArn, TemplateArn};
use assay_model::evidence::Evidence;
use assay_model::evidence::request::CollectionRequest;
use assay_model::rules_package::RulesPackageKind;
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;
use assay_server::runs;
use assay_server::service::{Judge, Judgement, Limits, RulesPackageAbout, Service, Subject};
use assay_server::store::{AfterStop, Started, Store};
use camino::Utf8Path;
use rcgen::{CertificateParams, KeyPair};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const AGENTS: usize = 2000;
/// Polls of each agent when polls are measured.
const POLLS: usize = 5;
/// Enrolments and uploads at a time: a fleet does not come in one moment, and the machine that plays it is one.
const AT_A_TIME: usize = 64;
/// How long the run may take after its agents have delivered.
const PATIENCE: Duration = Duration::from_secs(3600);

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [store, authority, address, token, evidence, rest @ ..] = arguments.as_slice() else {
        panic!("usage: agents STORE AUTHORITY.pem ADDRESS TOKEN EVIDENCE.json [AGENTS]");
    };
    let address: SocketAddr = address.parse().unwrap();
    assert!(address.ip().is_loopback(), "{address} is not of this machine");
    let count = rest.first().map_or(AGENTS, |text| text.parse().unwrap());
    let authority = std::fs::read(authority).unwrap();
    let evidence: Evidence = serde_json::from_slice(&std::fs::read(evidence).unwrap()).unwrap();
    let store =
        if store.contains("://") { Store::connect(store).await } else { Store::open(Utf8Path::new(store)).await };
    let service = Service::new(store.unwrap(), Limits::default(), Arc::new(NoJudge), Timestamp::now).await.unwrap();

    let fleet: Vec<Arc<Host>> = (1..=count).map(|number| Arc::new(Host::new(number, address, &authority))).collect();
    let started = Instant::now();
    let token: Arc<str> = token.as_str().into();
    let fleet = each(fleet, AT_A_TIME, move |host| {
        let token = Arc::clone(&token);
        async move { Arc::new(host.enrol(&token).await) }
    })
    .await;
    row("enrolments, key and certificate each", count, started);

    let started = Instant::now();
    each(fleet.clone(), count, |agent| async move {
        for _ in 0..POLLS {
            assert_eq!(agent.poll(0, None).await, Instruction::Idle);
        }
    })
    .await;
    row("polls that are answered at once, all agents at a time", count * POLLS, started);

    let evidence = Arc::new(evidence);
    let fleet = each(fleet, 2, move |agent| {
        let evidence = Arc::clone(&evidence);
        async move {
            let packed = agent.pack(&evidence);
            (agent, Arc::new(packed))
        }
    })
    .await;
    let template = template(&service).await;
    let waiting = tokio::spawn(each(fleet.clone(), count, |(agent, packed)| async move {
        let collect = loop {
            match agent.poll(50, None).await {
                Instruction::Collect(collect) => break collect,
                Instruction::Idle => {}
                other => panic!("{other:?}"),
            }
        };
        (agent, packed, collect.run)
    }));
    // All are in a long poll by then.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let begun = Instant::now();
    let run = match runs::start(&service, &template, None, Timestamp::now()).await.unwrap() {
        Started::Run(run) => run.arn,
        other => panic!("{other:?}"),
    };
    let told = waiting.await.unwrap();
    assert_eq!(told.len(), count);
    row("a run begins: waiting agents that are told", count, begun);

    let bytes: usize = told.iter().map(|(_, packed, _)| packed.compressed.len()).sum();
    let started = Instant::now();
    each(told, AT_A_TIME, |(agent, packed, run)| async move { agent.deliver(&packed, &run).await }).await;
    row("evidence taken", count, started);
    let megabytes = bytes as f64 / 1e6;
    println!("{:58} {megabytes:9.1} MB {:11.1} MB/s", "  compressed", megabytes / started.elapsed().as_secs_f64());

    let started = Instant::now();
    service.store.stop_run(&run, AfterStop::Evaluate, Timestamp::now()).await.unwrap();
    let ended = loop {
        let body = service.store.run_body(&run).await.unwrap().unwrap();
        if body.state().is_terminal() {
            break body;
        }
        assert!(started.elapsed() < PATIENCE, "the run does not end: {}", body.state());
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    row("hosts judged", count, started);
    row(&format!("the run from its start to {}", ended.state()), count, begun);
    println!("{:58} {:9}", "  findings", ended.finding_counts.values().sum::<u32>());
}

fn row(name: &str, count: usize, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    println!("{name:58} {count:9}    {seconds:9.2} s {:10.0}/s", count as f64 / seconds);
}

/// Does something with each of many, so many at a time, and gives the results in any order.
async fn each<T: Send + 'static, R: Send + 'static, F: Future<Output = R> + Send + 'static>(
    all: Vec<T>,
    at_a_time: usize,
    what: impl Fn(T) -> F,
) -> Vec<R> {
    let places = Arc::new(Semaphore::new(at_a_time));
    let mut tasks = JoinSet::new();
    for one in all {
        let (places, doing) = (Arc::clone(&places), what(one));
        tasks.spawn(async move {
            let _place = places.acquire_owned().await.unwrap();
            doing.await
        });
    }
    tasks.join_all().await
}

/// What judges is in the other process.
struct NoJudge;

impl Judge for NoJudge {
    fn request_for(&self, _: &[RulesPackageKind]) -> CollectionRequest {
        CollectionRequest::default()
    }

    fn about(&self, _: RulesPackageKind) -> RulesPackageAbout {
        RulesPackageAbout { version: String::new(), description: String::new(), rules: Some(1) }
    }

    fn judge(&self, _: &Subject<'_>) -> Judgement {
        Err("nothing is judged here".to_owned())
    }
}

/// A template of all hosts, new for each time that this is run.
async fn template(service: &Service) -> TemplateArn {
    let now = Timestamp::now();
    let realm = Realm::local();
    let target = AssessmentTarget {
        arn: TargetArn::new(&realm, &Id::derive(now.to_string().as_bytes())),
        name: format!("bench {now}"),
        resource_group_arn: None,
        created_at: now,
        updated_at: now,
    };
    service.store.create_target(&target, u64::MAX >> 1).await.unwrap();
    let template = AssessmentTemplate {
        arn: TemplateArn::new(&target.arn, &Id::derive(b"bench")),
        name: "bench".to_owned(),
        target_arn: target.arn.clone(),
        duration_seconds: 86_400,
        rules_package_arns: vec![RulesPackageKind::BestPractices.arn_in(&realm.region)],
        user_attributes_for_findings: Vec::new(),
        created_at: now,
    };
    service.store.create_template(&template, u64::MAX >> 1).await.unwrap();
    template.arn
}

/// A host that is not enrolled.
struct Host {
    id: String,
    base: String,
    authority: reqwest::Certificate,
}

struct Agent {
    host: Arc<Host>,
    http: reqwest::Client,
}

struct Packed {
    compressed: Vec<u8>,
    digest: String,
    size: u64,
}

impl Host {
    fn new(number: usize, address: SocketAddr, authority: &[u8]) -> Host {
        let authority = reqwest::Certificate::from_pem(authority).unwrap();
        Host { id: format!("i-{number:017x}"), base: format!("https://{address}"), authority }
    }

    fn facts(&self) -> AgentFacts {
        AgentFacts {
            agent: self.id.parse().unwrap(),
            version: "0.1.0.0".into(),
            operating_system: "Debian GNU/Linux 12 (bookworm)".into(),
            kernel: "6.1.0".into(),
            hostname: self.id.clone(),
            ipv4: None,
            tags: [].into(),
            cloud: None,
        }
    }

    fn client(&self) -> reqwest::ClientBuilder {
        reqwest::Client::builder().no_proxy().tls_certs_only([self.authority.clone()])
    }

    async fn enrol(self: Arc<Host>, token: &str) -> Agent {
        let key = KeyPair::generate().unwrap();
        let request = CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
        let enrol = Enrol { token: token.to_owned(), request, facts: self.facts() };
        let anonymous = self.client().pool_max_idle_per_host(0).build().unwrap();
        let issued: Issued =
            send(anonymous.post(format!("{}{}", self.base, route::ENROL)), enrol.encode().unwrap()).await;
        let identity = format!("{}{}", key.serialize_pem(), issued.chain);
        let identity = reqwest::Identity::from_pem(identity.as_bytes()).unwrap();
        let http = self.client().identity(identity).pool_max_idle_per_host(1).build().unwrap();
        Agent { host: self, http }
    }
}

impl Agent {
    fn post(&self, route: &str) -> reqwest::RequestBuilder {
        self.http.post(format!("{}{route}", self.host.base))
    }

    async fn poll(&self, wait_seconds: u32, running: Option<RunArn>) -> Instruction {
        let (health, code) = (AgentHealth::Healthy, AgentHealthCode::Idle);
        let poll = Poll { facts: self.host.facts(), health, code, detail: None, running, wait_seconds };
        let answer: Answer = send(self.post(route::POLL), poll.encode().unwrap()).await;
        assert_eq!(answer.slow_down_seconds, None);
        answer.instruction
    }

    /// The evidence as that of this host.
    fn pack(&self, evidence: &Evidence) -> Packed {
        use std::io::Write as _;
        let mut evidence = evidence.clone();
        (evidence.host.agent_id, evidence.host.hostname) = (self.host.id.clone(), self.host.id.clone());
        let document = evidence.to_bytes().unwrap();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&document).unwrap();
        let (digest, size) = (Evidence::digest(&document), document.len() as u64);
        Packed { compressed: gzip.finish().unwrap(), digest, size }
    }

    async fn deliver(&self, packed: &Packed, run: &RunArn) {
        let chunks: Vec<&[u8]> = packed.compressed.chunks(MAX_CHUNK_BYTES).collect();
        for (number, chunk) in (0..).zip(&chunks) {
            let head = ChunkHead { run: run.clone(), number, digest: Evidence::digest(chunk).parse().unwrap() };
            let request = self.post(route::CHUNK).header(route::CHUNK_HEADER, head.encode().unwrap());
            let receipt: ChunkReceipt = send(request, chunk.to_vec()).await;
            assert_eq!(receipt.number, number);
        }
        let complete = Complete {
            run: run.clone(),
            chunks: u32::try_from(chunks.len()).unwrap(),
            digest: packed.digest.parse().unwrap(),
            size: packed.size,
            telemetry: Vec::new(),
        };
        let completion: Completion = send(self.post(route::COMPLETE), complete.encode().unwrap()).await;
        assert_eq!(completion, Completion::Accepted);
    }
}

async fn send<A: Message>(request: reqwest::RequestBuilder, body: Vec<u8>) -> A {
    let response = request.body(body).send().await.unwrap();
    let bytes = response.bytes().await.unwrap();
    A::decode(&bytes).unwrap_or_else(|error| panic!("{error}: {:?}", Refusal::decode(&bytes)))
}
