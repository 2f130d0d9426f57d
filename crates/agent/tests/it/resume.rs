//! An agent that is killed while it sends: the next one goes on, and nothing is sent twice but what was on its way.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use assay_link::{
    AgentFacts, AgentHealthCode, ChunkHead, Complete, Completion, Failure, Instruction, MAX_CHUNK_BYTES, Poll,
};
use assay_model::arn::RunArn;
use assay_model::evidence::{Evidence, Section};
use assay_server::agents::{AgentKey, Certificate, Desk, Directive, Reply, Stored};
use sha2::{Digest as _, Sha256};

use crate::child;
use crate::desk::MemoryDesk;
use crate::host::Host;
use crate::service::{Service, key, wait_for};
use crate::story::{RUN, collect};

/// A desk that keeps one chunk to itself until it is told to go on.
struct SlowDesk {
    desk: Arc<MemoryDesk>,
    holds: u32,
    is_holding: AtomicBool,
    has_seen: AtomicBool,
    /// Asks for a pause of a second.
    is_busy: AtomicBool,
}

impl SlowDesk {
    fn new(desk: &Arc<MemoryDesk>) -> Arc<SlowDesk> {
        Arc::new(SlowDesk {
            desk: Arc::clone(desk),
            holds: 2,
            is_holding: false.into(),
            has_seen: false.into(),
            is_busy: false.into(),
        })
    }
}

impl Desk for SlowDesk {
    fn spend_token<'a>(&'a self, token: &'a str, key_digest: &'a str, facts: &'a AgentFacts) -> Reply<'a, String> {
        self.desk.spend_token(token, key_digest, facts)
    }

    fn record_certificate<'a>(&'a self, agent: &'a AgentKey, certificate: &'a Certificate) -> Reply<'a, ()> {
        self.desk.record_certificate(agent, certificate)
    }

    fn is_revoked<'a>(&'a self, agent: &'a AgentKey, serial: &'a str) -> Reply<'a, bool> {
        self.desk.is_revoked(agent, serial)
    }

    fn heartbeat<'a>(&'a self, agent: &'a AgentKey, poll: &'a Poll) -> Reply<'a, ()> {
        self.desk.heartbeat(agent, poll)
    }

    fn next_instruction<'a>(
        &'a self,
        agent: &'a AgentKey,
        running: Option<&'a RunArn>,
        wait: Duration,
    ) -> Reply<'a, Directive> {
        if self.is_busy.load(Ordering::SeqCst) {
            let directive = Directive { instruction: Instruction::Idle, slow_down_seconds: Some(1) };
            return Box::pin(std::future::ready(Ok(directive)));
        }
        self.desk.next_instruction(agent, running, wait)
    }

    fn put_chunk<'a>(&'a self, agent: &'a AgentKey, head: &'a ChunkHead, bytes: Vec<u8>) -> Reply<'a, Stored> {
        if head.number == self.holds && self.is_holding.load(Ordering::SeqCst) {
            self.has_seen.store(true, Ordering::SeqCst);
            return Box::pin(std::future::pending());
        }
        self.desk.put_chunk(agent, head, bytes)
    }

    fn complete<'a>(&'a self, agent: &'a AgentKey, complete: &'a Complete) -> Reply<'a, Completion> {
        self.desk.complete(agent, complete)
    }

    fn fail<'a>(&'a self, agent: &'a AgentKey, failure: &'a Failure) -> Reply<'a, ()> {
        self.desk.fail(agent, failure)
    }
}

/// Bytes that do not get smaller, and their digest.
fn document(length: usize) -> (Vec<u8>, String) {
    let mut bytes = Vec::with_capacity(length + 32);
    let mut block = Sha256::digest(b"seed");
    while bytes.len() < length {
        bytes.extend_from_slice(&block);
        block = Sha256::digest(block);
    }
    let digest = Evidence::digest(&bytes);
    (bytes, digest)
}

/// Puts a run into the spool of a host as if its evidence lay ready to be sent.
fn pack(host: &Host, agent: &str, document: &[u8], digest: &str) -> u32 {
    let spool = host.file("spool");
    std::fs::create_dir(&spool).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(document).unwrap();
    let compressed = gzip.finish().unwrap();
    let chunks: Vec<&[u8]> = compressed.chunks(MAX_CHUNK_BYTES).collect();
    let mut digests = Vec::new();
    for (number, chunk) in chunks.iter().enumerate() {
        std::fs::write(spool.join(format!("chunk.{number:03}")), chunk).unwrap();
        digests.push(Evidence::digest(chunk));
    }
    let Instruction::Collect(collect) = collect(RUN, &[], 0) else { unreachable!() };
    let complete = serde_json::json!({
        "run": RUN, "chunks": chunks.len(), "digest": digest, "size": document.len(), "telemetry": []
    });
    let job = serde_json::json!({ "agent": agent, "collect": collect, "ends_at": "2026-01-01T00:00:00Z" });
    let parcel = serde_json::json!({ "complete": complete, "digests": digests });
    std::fs::write(spool.join("parcel.json"), parcel.to_string()).unwrap();
    std::fs::write(spool.join("job.json"), job.to_string()).unwrap();
    chunks.len() as u32
}

#[tokio::test]
async fn an_upload_goes_on_after_the_agent_was_killed() {
    let desk = Arc::new(MemoryDesk::with_tokens(&["token"]));
    let slow = SlowDesk::new(&desk);
    slow.is_holding.store(true, Ordering::SeqCst);
    let service = Service::behind(slow.clone(), desk).await;
    let (host, agent) = Host::enrolled(&service, "token").await;
    let (document, digest) = document(4 * MAX_CHUNK_BYTES + 1000);
    assert_eq!(pack(&host, agent.as_str(), &document, &digest), 5);

    let mut killed = child::daemon(&host);
    wait_for("the third chunk to be on its way", || slow.has_seen.load(Ordering::SeqCst).then_some(())).await;
    killed.kill().unwrap();
    killed.wait().unwrap();
    let stored = service.desk.change(|state| state.chunks.keys().map(|(_, _, number)| *number).collect::<Vec<_>>());
    assert_eq!(stored, [0, 1]);

    slow.is_holding.store(false, Ordering::SeqCst);
    let running = host.run().await;
    let place = (key(&agent), RUN.parse().unwrap());
    let received = wait_for("the evidence", || service.desk.change(|state| state.evidence.get(&place).cloned())).await;
    assert!(received == document);
    assert!(service.desk.change(|state| state.repeated) <= 1);
    wait_for("the spool to be empty", || (!host.file("spool").exists()).then_some(())).await;
    running.stop().await.unwrap();
}

#[tokio::test]
async fn chunks_that_the_server_lost_or_mixed_up_are_sent_again() {
    let service = Service::start(&["token"]).await;
    let (host, agent) = Host::enrolled(&service, "token").await;
    let (document, digest) = document(2 * MAX_CHUNK_BYTES);
    pack(&host, agent.as_str(), &document, &digest);
    let run: RunArn = RUN.parse().unwrap();
    // The second is another's: a conflict, and then the whole is corrupt.
    service.desk.change(|state| state.chunks.insert((key(&agent), run.clone(), 1), b"of another time".to_vec()));
    // The first counts as sent, and the server has lost it.
    std::fs::write(host.file("spool/sent.json"), "1").unwrap();
    let running = host.run().await;
    let place = (key(&agent), run);
    let received = wait_for("the evidence", || service.desk.change(|state| state.evidence.get(&place).cloned())).await;
    assert!(received == document);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_spool_that_is_damaged_ends_the_run_and_not_the_agent() {
    let service = Service::start(&["token"]).await;
    let (host, agent) = Host::enrolled(&service, "token").await;
    let (document, digest) = document(1000);
    pack(&host, agent.as_str(), &document, &digest);
    std::fs::write(host.file("spool/chunk.000"), "damaged").unwrap();
    std::fs::write(host.file("spool/evidence.json.gz"), "damaged").unwrap();
    let running = host.run().await;
    let failure = wait_for("the failure", || service.desk.change(|state| state.failures.first().cloned())).await;
    assert!(failure.1.reason.contains("failed to read the evidence"), "{}", failure.1.reason);
    wait_for("the spool to be empty", || (!host.file("spool").exists()).then_some(())).await;
    running.stop().await.unwrap();
    // A job that is damaged is forgotten.
    std::fs::create_dir(host.file("spool")).unwrap();
    std::fs::write(host.file("spool/job.json"), "{").unwrap();
    let running = host.run().await;
    assert!(!host.file("spool").exists());
    running.stop().await.unwrap();
}

#[tokio::test]
async fn what_was_seen_before_a_kill_is_in_the_evidence() {
    let service = Service::start(&["token"]).await;
    let (host, agent) = Host::enrolled(&service, "token").await;
    let instruction = collect(RUN, &[Section::Sockets], 3600);
    service.desk.change(|state| state.instructions.insert(key(&agent), instruction));
    let mut killed = child::daemon(&host);
    wait_for("the first look", || host.file("spool/evidence.json.gz").exists().then_some(())).await;
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    wait_for("a look that sees the socket", || {
        let window = std::fs::read_to_string(host.file("spool/window.json")).ok()?;
        window.contains(&format!("\"port\":{port},")).then_some(())
    })
    .await;
    killed.kill().unwrap();
    killed.wait().unwrap();
    drop(socket);

    let running = host.run().await;
    let run: RunArn = RUN.parse().unwrap();
    service.desk.change(|state| state.instructions.insert(key(&agent), Instruction::Stop { run: run.clone() }));
    let place = (key(&agent), run);
    let document = wait_for("the evidence", || service.desk.change(|state| state.evidence.get(&place).cloned())).await;
    let evidence: Evidence = serde_json::from_slice(&document).unwrap();
    assert!(evidence.sockets.facts.unwrap().listening.iter().any(|socket| socket.port == port));
    running.stop().await.unwrap();
}

#[tokio::test]
async fn an_agent_slows_down_when_it_is_told_and_says_so() {
    let desk = Arc::new(MemoryDesk::with_tokens(&["token"]));
    let slow = SlowDesk::new(&desk);
    slow.is_busy.store(true, Ordering::SeqCst);
    let service = Service::behind(slow.clone(), desk).await;
    let (host, agent) = Host::enrolled(&service, "token").await;
    let running = host.run().await;
    let said = |code| {
        service.desk.change(|state| state.agents[&key(&agent)].as_ref().filter(|poll| poll.code == code).map(|_| ()))
    };
    wait_for("a heartbeat that is throttled", || said(AgentHealthCode::Throttled)).await;
    assert!(host.status().is_good(), "{}", host.status());
    slow.is_busy.store(false, Ordering::SeqCst);
    wait_for("one that is not", || said(AgentHealthCode::Idle)).await;
    running.stop().await.unwrap();
}
