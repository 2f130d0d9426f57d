//! Two agents from enrolment to accepted evidence.

use std::io::Write as _;

use assay_link::{
    Answer, ChunkHead, ChunkReceipt, Collect, Complete, Completion, Instruction, Issued, Message as _, Renew, route,
};
use assay_model::Timestamp;
use assay_model::arn::RunArn;
use assay_model::evidence::Evidence;
use assay_server::agents::AgentKey;
use rcgen::{CertificateParams, KeyPair};

use super::desk::ACCOUNT;
use super::service::{Service, poll};

const ONE: &str = "i-11111111111111111";
const TWO: &str = "i-22222222222222222";
pub(crate) const RUN: &str =
    "arn:aws:inspector:us-east-1:123456789012:target/0-aaaaaaaa/template/0-bbbbbbbb/run/0-cccccccc";

fn key(agent: &str) -> AgentKey {
    AgentKey { account: ACCOUNT.into(), agent: agent.parse().unwrap() }
}

#[tokio::test]
async fn two_agents_enrol_poll_and_send_their_evidence() {
    let service = Service::start(&["first", "second"]).await;
    let (issued, identity) = service.enrol("first", ONE).await.unwrap();
    assert_eq!((issued.agent.as_str(), issued.renew_after_seconds), (ONE, 12 * 3600));
    assert_eq!(issued.authority, service.authority);
    let one = service.client(Some(&identity));
    let (_, identity) = service.enrol("second", TWO).await.unwrap();
    let two = service.client(Some(&identity));

    let run: RunArn = RUN.parse().unwrap();
    let collect = Instruction::Collect(Collect {
        run: run.clone(),
        request: Default::default(),
        until: Timestamp::now(),
        sample_interval_seconds: 1,
        rules_packages: Vec::new(),
    });
    // The first is waiting while it is given something to do.
    let message = poll(ONE, 50);
    let waiting = one.send::<_, Answer>(route::POLL, &message);
    let giving = async {
        while !service.desk.change(|state| state.agents.values().any(Option::is_some)) {
            tokio::task::yield_now().await;
        }
        service.desk.change(|state| state.instructions.insert(key(ONE), collect.clone()));
    };
    assert_eq!(tokio::join!(waiting, giving).0.unwrap().instruction, collect);
    let answer: Answer = two.send(route::POLL, &poll(TWO, 0)).await.unwrap();
    assert_eq!(answer.instruction, Instruction::Idle);

    let document = b"{\"evidence\":\"of one\"}".repeat(100);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    gzip.write_all(&document).unwrap();
    let compressed = gzip.finish().unwrap();
    let chunks: Vec<&[u8]> = compressed.chunks(1000).collect();
    let complete = Complete {
        run: run.clone(),
        chunks: chunks.len() as u32,
        digest: Evidence::digest(&document).parse().unwrap(),
        size: document.len() as u64,
        telemetry: Vec::new(),
    };
    // The second chunk is lost, the first is sent twice.
    for number in [0, 2, 0] {
        assert_eq!(send_chunk(&one, &run, number, chunks[number as usize]).await, number);
    }
    let completion: Completion = one.send(route::COMPLETE, &complete).await.unwrap();
    assert_eq!(completion, Completion::Missing { numbers: vec![1] });
    assert_eq!(send_chunk(&one, &run, 1, chunks[1]).await, 1);
    for _ in 0..2 {
        let completion: Completion = one.send(route::COMPLETE, &complete).await.unwrap();
        assert_eq!(completion, Completion::Accepted);
    }
    service.desk.change(|state| {
        assert_eq!(state.repeated, 1);
        assert_eq!(state.evidence[&(key(ONE), run.clone())], document);
        assert_eq!(state.evidence.len(), 1);
    });
    service.stop().await;
}

pub(crate) async fn send_chunk(client: &super::service::Client, run: &RunArn, number: u32, bytes: &[u8]) -> u32 {
    let head = ChunkHead { run: run.clone(), number, digest: Evidence::digest(bytes).parse().unwrap() };
    let (status, body) = client.post(route::CHUNK, Some(&head.encode().unwrap()), bytes.to_vec()).await.unwrap();
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    ChunkReceipt::decode(&body).unwrap().number
}

#[tokio::test]
async fn a_certificate_is_renewed_with_the_old_one() {
    let service = Service::start(&["first"]).await;
    let (_, identity) = service.enrol("first", ONE).await.unwrap();
    let key = KeyPair::generate().unwrap();
    let request = CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
    let renewed: Issued = service.client(Some(&identity)).send(route::RENEW, &Renew { request }).await.unwrap();
    assert_eq!(renewed.agent.as_str(), ONE);
    let identity = format!("{}{}", key.serialize_pem(), renewed.chain);
    let answer: Answer = service.client(Some(&identity)).send(route::POLL, &poll(ONE, 0)).await.unwrap();
    assert_eq!(answer.instruction, Instruction::Idle);
    service.stop().await;
}
