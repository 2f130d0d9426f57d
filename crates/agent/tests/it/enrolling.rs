//! Enrolling: by whom the server is known, what is kept, and what is refused.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use assay_agent::{AgentError, Pin, Status};

use crate::host::Host;
use crate::service::{Service, key};

fn in_full(error: &AgentError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[tokio::test]
async fn a_server_is_known_by_fingerprint_by_file_or_by_its_first_use() {
    let service = Service::start(&["one", "two", "three"]).await;
    let pins = [service.pin(), Pin::authority(service.authority.as_bytes()).unwrap(), Pin::FirstUse];
    for (token, pin) in ["one", "two", "three"].into_iter().zip(pins) {
        let host = Host::new();
        let enrolled = host.enroll(&service, token, Some(pin)).await.unwrap();
        assert_eq!(enrolled.authority.concat(), service.fingerprint);
        assert!(service.desk.change(|state| state.agents.contains_key(&key(&enrolled.agent))));
        let mode = fs::metadata(host.file("enrolment.json")).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        let mode = fs::metadata(host.folder().path()).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o700);
        assert!(matches!(host.status(), Status::Stopped(None)));
    }
}

#[tokio::test]
async fn a_server_that_is_another_gets_no_token() {
    let service = Service::start(&["token"]).await;
    let other = Service::start(&["token"]).await;
    let host = Host::new();
    let error = host.enroll(&service, "token", None).await.unwrap_err();
    assert!(in_full(&error).contains("authority is not known"), "{}", in_full(&error));
    let by_file = Pin::authority(other.authority.as_bytes()).unwrap();
    for (pin, reason) in [(other.pin(), other.fingerprint.as_str()), (by_file, "invalid peer certificate")] {
        let error = host.enroll(&service, "token", Some(pin)).await.unwrap_err();
        assert!(in_full(&error).contains(reason), "{}", in_full(&error));
    }
    assert!(service.desk.change(|state| state.agents.is_empty() && state.tokens["token"].is_none()));
    assert_eq!(host.status(), Status::NotEnrolled);
    // Once enrolled, the authority is known by what was kept.
    host.enroll(&service, "token", Some(service.pin())).await.unwrap();
    host.enroll(&service, "token", None).await.unwrap();
}

#[tokio::test]
async fn enrolling_again_is_the_same() {
    let service = Service::start(&["token"]).await;
    let host = Host::new();
    let secret = |host: &Host| {
        let text = fs::read_to_string(host.file("enrolment.json")).unwrap();
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        (file["key"].clone(), file["request"].clone())
    };
    let first = host.enroll(&service, "token", Some(service.pin())).await.unwrap();
    let secret_of_first = secret(&host);
    let second = host.enroll(&service, "token", Some(service.pin())).await.unwrap();
    assert_eq!((first.agent, first.authority), (second.agent, second.authority));
    assert_eq!(secret(&host), secret_of_first);
    // Another host cannot use the token, and is told so.
    let error = Host::new().enroll(&service, "token", Some(service.pin())).await.unwrap_err();
    assert!(error.is_not_permitted(), "{error}");
    let error = Host::new().enroll(&service, "wrong", Some(service.pin())).await.unwrap_err();
    assert!(error.to_string().starts_with("the server refused: "), "{error}");
}

#[tokio::test]
async fn one_daemon_has_the_folder() {
    let service = Service::start(&["token"]).await;
    let (host, _) = Host::enrolled(&service, "token").await;
    let running = host.run().await;
    assert!(matches!(host.open().await.unwrap_err(), AgentError::Running { .. }));
    let error = host.enroll(&service, "token", None).await.unwrap_err();
    assert!(matches!(error, AgentError::Running { .. }), "{error}");
    running.stop().await.unwrap();
    assert!(host.open().await.is_ok());
}

#[tokio::test]
async fn a_copy_of_a_host_does_not_speak_for_it() {
    let service = Service::start(&["token"]).await;
    let (host, agent) = Host::enrolled(&service, "token").await;
    let text = fs::read_to_string(host.file("enrolment.json")).unwrap();
    fs::write(host.file("enrolment.json"), text.replace(agent.as_str(), "i-00000000000000000")).unwrap();
    let error = host.open().await.unwrap_err();
    assert!(matches!(&error, AgentError::Copied { .. }) && error.is_not_permitted(), "{error}");
    fs::write(host.file("enrolment.json"), "{").unwrap();
    assert!(matches!(host.open().await.unwrap_err(), AgentError::Damaged { .. }));
}
