//! Certificates in time: renewed, ended, revoked; and a server that is another than before.

use std::time::Duration;

use assay_agent::{AgentError, Status};
use assay_server::agents::CERTIFICATE_LIFETIME;

use crate::host::Host;
use crate::service::{Service, key, wait_for};
use crate::story::{RUN, collect};

/// Waits for a heartbeat after this one is forgotten.
async fn wait_for_heartbeat(service: &Service, agent: &assay_link::AgentId) {
    service.desk.change(|state| state.agents.insert(key(agent), None));
    wait_for("a heartbeat", || service.desk.change(|state| state.agents[&key(agent)].clone())).await;
}

#[tokio::test]
async fn a_certificate_is_renewed_by_itself() {
    // The first certificate is to be renewed after two seconds, all others half a day later.
    let service = Service::with(&["token"], Duration::from_secs(4)).await;
    let (host, agent) = Host::enrolled(&service, "token").await;
    let before = std::fs::read_to_string(host.file("enrolment.json")).unwrap();
    let service = service.restart(CERTIFICATE_LIFETIME).await;
    let running = host.run().await;
    wait_for("a second certificate", || service.desk.change(|state| (state.certificates.len() > 1).then_some(())))
        .await;
    wait_for("the new certificate to be kept", || {
        (std::fs::read_to_string(host.file("enrolment.json")).unwrap() != before).then_some(())
    })
    .await;
    wait_for_heartbeat(&service, &agent).await;
    running.stop().await.unwrap();
    // The new one is what the next daemon works with, although the first has ended by now.
    let running = host.run().await;
    wait_for_heartbeat(&service, &agent).await;
    running.stop().await.unwrap();
}

#[tokio::test]
async fn an_agent_that_slept_too_long_comes_back_with_its_token() {
    let service = Service::with(&["token"], Duration::from_secs(1)).await;
    let (host, agent) = Host::enrolled(&service, "token").await;
    let service = service.restart(CERTIFICATE_LIFETIME).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let running = host.run().await;
    wait_for_heartbeat(&service, &agent).await;
    running.stop().await.unwrap();
}

#[tokio::test]
async fn an_agent_whose_token_has_ended_too_says_so() {
    let service = Service::with(&["token"], Duration::from_secs(1)).await;
    let (host, _) = Host::enrolled(&service, "token").await;
    service.desk.change(|state| state.tokens.clear());
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let error = host.run().await.end().await.unwrap_err();
    assert!(matches!(&error, AgentError::Ended { .. }) && error.is_not_permitted(), "{error}");
    assert!(host.file("enrolment.json").exists());
}

#[tokio::test]
async fn a_revoked_agent_discards_everything_and_ends() {
    let service = Service::start(&["token", "other"]).await;
    let (host, agent) = Host::enrolled(&service, "token").await;
    let running = host.run().await;
    let instruction = collect(RUN, &[assay_model::evidence::Section::Sockets], 3600);
    service.desk.change(|state| state.instructions.insert(key(&agent), instruction));
    wait_for("the first look", || host.file("spool/evidence.json.gz").exists().then_some(())).await;
    // It is waiting for an answer now, and will be told; the certificate is of no use to it any more.
    service.desk.change(|state| state.revoked.insert(key(&agent)));
    let error = running.end().await.unwrap_err();
    assert!(matches!(&error, AgentError::Revoked) && error.is_not_permitted(), "{error}");
    for name in ["enrolment.json", "spool"] {
        assert!(!host.file(name).exists(), "{name}");
    }
    let status = host.status();
    assert!(matches!(status, Status::Revoked(_)) && !status.is_good(), "{status}");
    assert!(matches!(host.open().await.unwrap_err(), AgentError::NotEnrolled));
    // With a new token it is another agent, with another key.
    service.desk.change(|state| state.revoked.clear());
    host.enroll(&service, "other", Some(service.pin())).await.unwrap();
    assert!(matches!(host.status(), Status::Stopped(None)));
}

#[tokio::test]
async fn a_server_with_another_authority_is_told_nothing() {
    let service = Service::start(&["token"]).await;
    let (host, agent) = Host::enrolled(&service, "token").await;
    let running = host.run().await;
    wait_for_heartbeat(&service, &agent).await;
    let service = service.replace().await;
    let problem = wait_for("a problem", || match host.status() {
        Status::Running(state) | Status::Unheard(Some(state)) => {
            state.problem.filter(|problem| problem.contains("certificate"))
        }
        _ => None,
    })
    .await;
    assert!(problem.contains("invalid peer certificate"), "{problem}");
    assert!(service.desk.change(|state| state.agents.is_empty()));
    running.stop().await.unwrap();
}
