//! Who may not: wrong tokens, no certificate, revoked and foreign certificates, garbage.

use assay_link::{Answer, ChunkHead, Message as _, RefusalCode, route};
use assay_model::evidence::Evidence;
use assay_server::agents::AgentKey;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::desk::ACCOUNT;
use super::service::{Service, poll};
use super::story::{RUN, send_chunk};

const ONE: &str = "i-11111111111111111";
const TWO: &str = "i-22222222222222222";

#[tokio::test]
async fn a_token_is_good_for_one_host() {
    let service = Service::start(&["good"]).await;
    for token in ["", "bad", "good ", "GOOD"] {
        assert_eq!(service.enrol(token, ONE).await.unwrap_err().code, RefusalCode::Token);
    }
    service.enrol("good", ONE).await.unwrap();
    assert_eq!(service.enrol("good", TWO).await.unwrap_err().code, RefusalCode::Token);
    assert_eq!(service.desk.change(|state| state.agents.len()), 1);
    service.stop().await;
}

#[tokio::test]
async fn without_a_certificate_there_is_only_enrolment() {
    let service = Service::start(&[]).await;
    for route in [route::RENEW, route::POLL, route::CHUNK, route::COMPLETE, route::FAILURE] {
        let body = poll(ONE, 0).encode().unwrap();
        assert_eq!(service.anonymous().refusal(route, None, body).await, (401, RefusalCode::NoCertificate));
    }
    assert_eq!(service.anonymous().post("/v1/run-command", None, Vec::new()).await.unwrap().0, 404);
    service.stop().await;
}

#[tokio::test]
async fn a_stolen_certificate_is_of_no_use_after_revocation() {
    let service = Service::start(&["first", "second"]).await;
    let (_, identity) = service.enrol("first", ONE).await.unwrap();
    let (_, other) = service.enrol("second", TWO).await.unwrap();
    let thief = service.client(Some(&identity));
    thief.send::<_, Answer>(route::POLL, &poll(ONE, 0)).await.unwrap();
    let key = AgentKey { account: ACCOUNT.into(), agent: ONE.parse().unwrap() };
    service.desk.change(|state| state.revoked.insert(key));
    // On the connection that is open, and on a new one.
    for client in [thief, service.client(Some(&identity))] {
        for route in [route::RENEW, route::POLL, route::CHUNK, route::COMPLETE, route::FAILURE] {
            let body = poll(ONE, 0).encode().unwrap();
            assert_eq!(client.refusal(route, None, body).await, (403, RefusalCode::Revoked));
        }
    }
    let other = service.client(Some(&other));
    other.send::<_, Answer>(route::POLL, &poll(TWO, 0)).await.unwrap();
    service.stop().await;
}

#[tokio::test]
async fn a_certificate_of_another_authority_ends_the_handshake() {
    let service = Service::start(&[]).await;
    let other = Service::start(&["token"]).await;
    let (_, foreign) = other.enrol("token", ONE).await.unwrap();
    let body = poll(ONE, 0).encode().unwrap();
    assert!(service.client(Some(&foreign)).post(route::POLL, None, body).await.is_err());
    assert!(service.desk.change(|state| state.agents.is_empty()));
    other.stop().await;
    service.stop().await;
}

#[tokio::test]
async fn garbage_is_refused_and_harms_nobody() {
    let service = Service::start(&["first"]).await;
    let (_, identity) = service.enrol("first", ONE).await.unwrap();
    let agent = service.client(Some(&identity));
    // No TLS at all, and a connection that says nothing: neither holds up the others.
    let mut plain = tokio::net::TcpStream::connect(service.address).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let _ = plain.read_to_end(&mut Vec::new()).await;
    let _silent = tokio::net::TcpStream::connect(service.address).await.unwrap();

    let deep = "[".repeat(50_000).into_bytes();
    for (body, status) in [
        (Vec::new(), 400),
        (b"\xff\x00".to_vec(), 400),
        (b"{\"version\":2,\"message\":{}}".to_vec(), 400),
        (deep, 400),
        (vec![b' '; 50 << 20], 413),
    ] {
        for route in [route::ENROL, route::POLL] {
            // A body over the limit is not read to its end, so the client may see a broken pipe instead of the answer.
            if let Ok((seen, _)) = agent.post(route, None, body.clone()).await {
                assert_eq!(seen, status, "{route}");
            } else {
                assert_eq!(status, 413, "{route}");
            }
        }
    }
    let run = RUN.parse().unwrap();
    let head = |number, of: &[u8]| {
        let digest = Evidence::digest(of).parse().unwrap();
        ChunkHead { run: RUN.parse().unwrap(), number, digest }.encode().unwrap()
    };
    let malformed = (400, RefusalCode::Malformed);
    assert_eq!(agent.refusal(route::CHUNK, None, b"a".to_vec()).await, malformed);
    assert_eq!(agent.refusal(route::CHUNK, Some(b"{}"), b"a".to_vec()).await, malformed);
    assert_eq!(agent.refusal(route::CHUNK, Some(&head(0, b"b")), b"a".to_vec()).await, malformed);
    assert_eq!(send_chunk(&agent, &run, 0, b"a").await, 0);
    let conflict = agent.refusal(route::CHUNK, Some(&head(0, b"b")), b"b".to_vec()).await;
    assert_eq!(conflict, (409, RefusalCode::Conflict));
    assert_eq!(service.desk.change(|state| state.chunks.len()), 1);
    agent.send::<_, Answer>(route::POLL, &poll(ONE, 0)).await.unwrap();
    service.stop().await;
}
