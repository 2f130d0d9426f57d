//! A run from the instruction to the evidence, with what happens only for a moment in between.

use assay_agent::{Activity, Status};
use assay_link::{AgentHealthCode, Collect, Instruction};
use assay_model::Timestamp;
use assay_model::arn::RunArn;
use assay_model::evidence::request::CollectionRequest;
use assay_model::evidence::{Evidence, Section};

use crate::host::Host;
use crate::service::{Service, key, wait_for};

pub(crate) const RUN: &str =
    "arn:aws:inspector:us-east-1:123456789012:target/0-aaaaaaaa/template/0-bbbbbbbb/run/0-cccccccc";

/// A run of some sections that ends so many seconds from now.
pub(crate) fn collect(run: &str, sections: &[Section], seconds: i64) -> Instruction {
    let now = Timestamp::now();
    Instruction::Collect(Collect {
        run: run.parse().unwrap(),
        request: CollectionRequest { sections: sections.iter().copied().collect(), ..CollectionRequest::default() },
        until: Timestamp::from_second(now.as_second() + seconds).unwrap(),
        sample_interval_seconds: 1,
        rules_packages: Vec::new(),
    })
}

#[tokio::test]
async fn what_was_there_for_a_moment_is_in_the_evidence() {
    let service = Service::start(&["token"]).await;
    let (host, agent) = Host::enrolled(&service, "token").await;
    let running = host.run().await;
    let run: RunArn = RUN.parse().unwrap();
    let said = |code| {
        service.desk.change(|state| {
            let poll = state.agents[&key(&agent)].as_ref()?;
            (poll.code == code).then(|| (poll.running.clone(), poll.facts.tags.clone()))
        })
    };
    let (nothing, tags) = wait_for("a heartbeat", || said(AgentHealthCode::Idle)).await;
    assert_eq!((nothing, tags["Name"].as_str()), (None, "web"));
    wait_for("a good status", || host.status().is_good().then_some(())).await;

    let sections = [Section::Os, Section::Accounts, Section::Processes, Section::Sockets];
    let instruction = collect(RUN, &sections, 3600);
    service.desk.change(|state| state.instructions.insert(key(&agent), instruction));
    wait_for("the first look to be over", || match host.status() {
        Status::Running(state) => (state.activity == Some(Activity::Watching)).then_some(()),
        _ => None,
    })
    .await;
    let (in_progress, _) = wait_for("a heartbeat of a run", || said(AgentHealthCode::Running)).await;
    assert_eq!(in_progress, Some(run.clone()));

    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    wait_for("a look that sees the socket", || {
        let window = std::fs::read_to_string(host.file("spool/window.json")).ok()?;
        window.contains(&format!("\"port\":{port},")).then_some(())
    })
    .await;
    drop(socket);
    service.desk.change(|state| state.instructions.insert(key(&agent), Instruction::Stop { run: run.clone() }));
    let (document, complete) = wait_for("the evidence", || {
        service.desk.change(|state| {
            let place = (key(&agent), run.clone());
            Some((state.evidence.get(&place)?.clone(), state.completed[&place].clone()))
        })
    })
    .await;

    let evidence: Evidence = serde_json::from_slice(&document).unwrap();
    assert_eq!(evidence.host.agent_id, agent.as_str());
    assert_eq!(evidence.request.sections, sections.into());
    let sockets = &evidence.sockets.facts.as_ref().unwrap().listening;
    let seen = sockets.iter().find(|socket| socket.port == port).unwrap();
    assert!(seen.listeners.iter().any(|listener| listener.pid == std::process::id()), "{seen:?}");
    let count = |message_type: &str| {
        complete.telemetry.iter().find(|row| row.message_type == message_type).map(|row| row.count as usize)
    };
    assert_eq!(count("InspectorUser"), Some(evidence.accounts.facts.as_ref().unwrap().users.len()));
    assert_eq!(count("InspectorCreateProcess"), Some(evidence.processes.facts.as_ref().unwrap().processes.len()));
    let tcp = sockets.iter().filter(|socket| socket.address.is_ipv4()).count();
    assert_eq!(count("InspectorTcpV4ListeningPort").unwrap() + count("InspectorUdpV4ListeningPort").unwrap(), tcp);
    assert_eq!(count("InspectorPackageInfo"), None);

    wait_for("the spool to be empty", || (!host.file("spool").exists()).then_some(())).await;
    running.stop().await.unwrap();
    assert!(said(AgentHealthCode::Shutdown).is_some());
    assert!(matches!(host.status(), Status::Stopped(Some(_))), "{}", host.status());
}

#[tokio::test]
async fn without_anything_to_watch_the_evidence_is_sent_at_once() {
    let service = Service::start(&["token"]).await;
    let (host, agent) = Host::enrolled(&service, "token").await;
    let running = host.run().await;
    let runs = [RUN.to_owned(), RUN.replace("cccccccc", "dddddddd")];
    for run in &runs {
        let instruction = collect(run, &[Section::Os], 3600);
        service.desk.change(|state| state.instructions.insert(key(&agent), instruction));
        let place = (key(&agent), run.parse().unwrap());
        let document =
            wait_for("the evidence", || service.desk.change(|state| state.evidence.get(&place).cloned())).await;
        let evidence: Evidence = serde_json::from_slice(&document).unwrap();
        assert!(evidence.os.facts.is_some() && evidence.processes.facts.is_none());
    }
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_collection_that_needs_too_much_is_told_of_and_harms_nobody() {
    let service = Service::start(&["token"]).await;
    let (mut host, agent) = Host::enrolled(&service, "token").await;
    host.limits.memory = 1 << 20;
    let running = host.run().await;
    let instruction = collect(RUN, &[Section::Os, Section::Packages], 0);
    service.desk.change(|state| state.instructions.insert(key(&agent), instruction));
    let failure = wait_for("the failure", || service.desk.change(|state| state.failures.first().cloned())).await;
    assert_eq!((failure.0, failure.1.run.to_string().as_str()), (key(&agent), RUN));
    assert!(!failure.1.reason.is_empty());
    wait_for("the spool to be empty", || (!host.file("spool").exists()).then_some(())).await;
    assert!(host.status().is_good(), "{}", host.status());
    running.stop().await.unwrap();
}
