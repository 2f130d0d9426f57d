//! A metadata service as EC2 has it, and hosts that have another or none.

use std::sync::Arc;
use std::sync::Mutex;

use assay_agent::MetadataService;
use assay_link::CloudIdentity;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::host::Host;
use crate::service::{Service, key, wait_for};

const INSTANCE: &str = "i-0123456789abcdef0";

/// What a service answers to method and path: a status and a body.
type AnswerTo = fn(&str) -> (u16, String);

/// Starts a service that answers each path in its way; the requests that it gets.
async fn start(answer: AnswerTo) -> (MetadataService, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                if stream.read(&mut byte).await.unwrap_or(0) == 0 {
                    break;
                }
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).unwrap();
            let line = head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
            let (status, body) = answer(&line);
            seen.lock().unwrap().push(head);
            let length = body.len();
            let text = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            let _ = stream.write_all(text.as_bytes()).await;
        }
    });
    (MetadataService::At(base), requests)
}

fn ec2(line: &str) -> (u16, String) {
    match line {
        "PUT /latest/api/token" => (200, "a-token".into()),
        "GET /latest/dynamic/instance-identity/document" => (
            200,
            format!(
                r#"{{"accountId":"123456789012","instanceId":"{INSTANCE}","region":"eu-central-1","imageId":"ami-1"}}"#
            ),
        ),
        "GET /latest/meta-data/tags/instance/" => (200, "Name\nenv\n../../user-data\n.hidden\n".into()),
        "GET /latest/meta-data/tags/instance/Name" => (200, "from-the-cloud".into()),
        "GET /latest/meta-data/tags/instance/env" => (200, "prod".into()),
        _ => (404, String::new()),
    }
}

#[tokio::test]
async fn an_instance_goes_by_its_clouds_name_and_tags() {
    let service = Service::start(&["token"]).await;
    let (metadata, requests) = start(ec2).await;
    let mut host = Host::new();
    host.metadata = metadata;
    let enrolled = host.enroll(&service, "token", Some(service.pin())).await.unwrap();
    assert_eq!(enrolled.agent.as_str(), INSTANCE);
    let running = host.run().await;
    let poll =
        wait_for("a heartbeat", || service.desk.change(|state| state.agents[&key(&enrolled.agent)].clone())).await;
    running.stop().await.unwrap();
    let expected = CloudIdentity {
        instance: enrolled.agent,
        region: "eu-central-1".into(),
        account: "123456789012".into(),
        image: Some("ami-1".into()),
    };
    assert_eq!(poll.facts.cloud, Some(expected));
    // What the operator said counts.
    let tags: Vec<(&str, &str)> = poll.facts.tags.iter().map(|(key, value)| (&**key, &**value)).collect();
    assert_eq!(tags, [("Name", "web"), ("env", "prod")]);
    for head in requests.lock().unwrap().iter().filter(|head| head.starts_with("GET")) {
        assert!(head.contains("x-aws-ec2-metadata-token: a-token\r\n") && !head.contains("user-data"), "{head}");
    }
    // The service may be late at the next boot: the agent is who it was.
    host.metadata = MetadataService::Off;
    host.run().await.stop().await.unwrap();
}

#[tokio::test]
async fn what_is_no_cloud_is_none() {
    let service = Service::start(&["token"]).await;
    let mut host = Host::new();
    let own = host.enroll(&service, "token", Some(service.pin())).await.unwrap().agent;
    let answers: [AnswerTo; 4] = [
        |_| (404, String::new()),
        |_| (200, "<html>Please log in</html>".into()),
        |line| if line.starts_with("PUT") { (200, "a\u{1}b".into()) } else { ec2(line) },
        |line| if line.ends_with("document") { (200, "x".repeat(100_000)) } else { ec2(line) },
    ];
    for answer in answers {
        host.metadata = start(answer).await.0;
        assert_eq!(host.enroll(&service, "token", Some(service.pin())).await.unwrap().agent, own);
    }
    // Nobody listens there.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    host.metadata = MetadataService::At(format!("http://{free}"));
    assert_eq!(host.enroll(&service, "token", Some(service.pin())).await.unwrap().agent, own);
}
