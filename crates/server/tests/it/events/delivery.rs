//! Delivery to real local servers, on each database.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use assay_model::Timestamp;
use assay_model::arn::{FindingArn, Id, RunArn};
use assay_model::run::RunState;
use assay_server::delivery::{Deliverer, DeliveryOptions, SinkRule, Sinks};
use assay_server::service::Service;
use assay_server::store::{Announcement, Event, MessageState, OutboxMessage, RunEvent, Store};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::receiver::{Behaviour, Receiver};
use super::subscriptions::{stored_run, subscribe, topic};
use crate::home::homes;
use crate::runs::scene::service;

pub(super) const OPTIONS: DeliveryOptions = DeliveryOptions {
    timeout: Duration::from_millis(700),
    lease: Duration::from_secs(4),
    pause: Duration::from_millis(20),
    first_rest: Duration::from_millis(20),
    longest_rest: Duration::from_millis(100),
    give_up_after: Duration::from_secs(1 << 33),
    keep_settled: Duration::from_secs(3600),
    keep_dead: Duration::from_secs(3600),
};

pub(super) struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

pub(super) fn deliver(service: &Arc<Service>, rules: &[String], options: DeliveryOptions) -> Running {
    let rules: Vec<SinkRule> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    let sinks = Sinks::open(&rules, options.timeout).unwrap();
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(Deliverer::new(Arc::clone(service), sinks, options).run(stopped));
    Running { stop, task }
}

impl Running {
    pub(super) async fn end(self) {
        self.stop.send(true).unwrap();
        self.task.await.unwrap();
    }
}

/// A run whose template tells a topic of everything.
async fn subscribed_run(store: &Store, host: &str, name: &str) -> RunArn {
    let run = stored_run(store, host).await;
    for event in [Event::RunStarted, Event::RunStateChanged, Event::FindingReported] {
        subscribe(store, &run.template(), name, event, 0).await;
    }
    run
}

async fn announce(store: &Store, run: &RunArn, what: RunEvent<'_>) {
    store.announce(&Announcement { run, at: Timestamp::now(), what }).await.unwrap();
}

/// All messages, oldest first, once none is pending.
pub(super) async fn settled(store: &Store) -> Vec<OutboxMessage> {
    loop {
        let mut messages = store.messages(None, 1000).await.unwrap();
        if messages.iter().all(|message| message.state != MessageState::Pending) {
            messages.reverse();
            return messages;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn messages_arrive_signed_in_order_although_the_receiver_fails_hangs_and_fails_again() {
    for home in homes().await {
        let script = [Behaviour::Answer(503), Behaviour::Hang, Behaviour::Answer(429)];
        let (receiver, address) = Receiver::start(&script).await;
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret");
        std::fs::write(&secret, "0123456789abcdef0123456789abcdef\n").unwrap();
        let service = service(home.store).await;
        let run = subscribed_run(&service.store, "web", "a").await;
        announce(&service.store, &run, RunEvent::Started).await;
        announce(&service.store, &run, RunEvent::StateChanged(RunState::CollectingData)).await;
        let running = deliver(&service, &[format!("*:a={address}#secret-file={}", secret.display())], OPTIONS);
        let messages = settled(&service.store).await;
        running.end().await;
        assert!(messages.iter().all(|message| message.state == MessageState::Delivered), "{messages:?}");
        let received = receiver.received();
        let ids: Vec<&str> = received.iter().map(|received| received.header("webhook-id")).collect();
        // The first was refused three times, always under the same id.
        let expected: Vec<&str> =
            [0, 0, 0, 0, 1, 2, 3, 4].into_iter().map(|index| messages[index].id.as_str()).collect();
        assert_eq!(ids, expected, "{}", home.database);
        let events: Vec<&str> = messages.iter().map(|message| message.event.as_str()).collect();
        let enable = "ENABLE_ASSESSMENT_NOTIFICATIONS";
        assert_eq!(events, [enable, enable, enable, "ASSESSMENT_RUN_STARTED", "ASSESSMENT_RUN_STATE_CHANGED"]);
        for received in &received {
            let content =
                format!("{}.{}.{}", received.header("webhook-id"), received.header("webhook-timestamp"), received.body);
            let key = hmac::Key::new(hmac::HMAC_SHA256, b"0123456789abcdef0123456789abcdef");
            let signature = received.header("webhook-signature").strip_prefix("v1,").unwrap();
            hmac::verify(&key, content.as_bytes(), &STANDARD.decode(signature).unwrap()).unwrap();
            assert_eq!(received.header("x-assay-topic-arn"), topic("a"));
        }
        let notifications = service.store.notifications(&run).await.unwrap();
        let statuses: Vec<&str> = notifications.iter().map(|notification| notification.status.as_str()).collect();
        assert_eq!(statuses, ["SUCCESS", "SUCCESS"]);
    }
}

#[tokio::test]
async fn redirects_and_refusals_are_dead_letters_until_they_are_asked_for() {
    for home in homes().await {
        let script = [Behaviour::Redirect, Behaviour::Answer(403), Behaviour::Answer(404)];
        let (receiver, address) = Receiver::start(&script).await;
        let service = service(home.store).await;
        let run = subscribed_run(&service.store, "web", "a").await;
        announce(&service.store, &run, RunEvent::Started).await;
        let running = deliver(&service, &[format!("*={address}")], OPTIONS);
        let messages = settled(&service.store).await;
        let states: Vec<MessageState> = messages.iter().map(|message| message.state).collect();
        let dead = MessageState::Dead;
        assert_eq!(states, [dead, dead, dead, MessageState::Delivered], "{}", home.database);
        assert!(messages[0].last_error.as_deref().unwrap().contains("redirects are not followed"));
        assert!(receiver.received().iter().all(|received| received.path == "/hook"));
        assert_eq!(service.store.retry_messages(Some(&messages[0].id), service.now()).await.unwrap(), 1);
        assert_eq!(service.store.retry_messages(Some(&messages[3].id), service.now()).await.unwrap(), 0);
        assert_eq!(service.store.retry_messages(None, service.now()).await.unwrap(), 2);
        let messages = settled(&service.store).await;
        running.end().await;
        assert!(messages.iter().all(|message| message.state == MessageState::Delivered), "{messages:?}");
    }
}

#[tokio::test]
async fn a_topic_without_a_sink_is_told_nobody_and_the_run_says_so() {
    for home in homes().await {
        let (receiver, address) = Receiver::start(&[]).await;
        let service = service(home.store).await;
        let run = subscribed_run(&service.store, "web", "a").await;
        announce(&service.store, &run, RunEvent::Started).await;
        let findings: Vec<FindingArn> =
            (0..40_u8).map(|number| FindingArn::new(&run, &Id::derive(&[number]))).collect();
        announce(&service.store, &run, RunEvent::FindingsReported(&findings)).await;
        let running = deliver(&service, &[format!("*:other={address}")], OPTIONS);
        let messages = settled(&service.store).await;
        running.end().await;
        assert!(messages.iter().all(|message| message.state == MessageState::Nowhere), "{}", home.database);
        assert_eq!(receiver.received().len(), 0);
        let notifications = service.store.notifications(&run).await.unwrap();
        // Findings take no more than half of the fifty.
        assert_eq!(notifications.len(), 25);
        for notification in notifications {
            assert!(notification.is_error());
            assert_eq!(notification.status, "TOPIC_DOES_NOT_EXIST");
            assert_eq!(notification.message.as_deref(), Some("no sink is configured for this topic"));
        }
    }
}

#[tokio::test]
async fn who_dies_in_between_loses_nothing() {
    for home in homes().await {
        // The first deliverer is dropped while it waits for the receiver: its lease has to end.
        let (receiver, address) = Receiver::start(&[Behaviour::Hang]).await;
        let service = service(home.store).await;
        let run = subscribed_run(&service.store, "web", "a").await;
        let findings: Vec<FindingArn> =
            (0..150_u8).map(|number| FindingArn::new(&run, &Id::derive(&[number]))).collect();
        announce(&service.store, &run, RunEvent::FindingsReported(&findings)).await;
        let rules = [format!("*={address}")];
        let slow = DeliveryOptions { timeout: Duration::from_secs(3600), ..OPTIONS };
        let first = deliver(&service, &rules, slow);
        while receiver.received().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        first.task.abort();
        // Two share what is left.
        let others = [deliver(&service, &rules, OPTIONS), deliver(&service, &rules, OPTIONS)];
        let messages = settled(&service.store).await;
        for other in others {
            other.end().await;
        }
        assert!(messages.iter().all(|message| message.state == MessageState::Delivered), "{}", home.database);
        let received = receiver.received();
        let ids: BTreeSet<&str> = received.iter().map(|received| received.header("webhook-id")).collect();
        assert_eq!(ids.len(), 153);
        assert_eq!(messages.len(), 153);
    }
}

#[tokio::test]
async fn files_and_envelopes_hold_the_message() {
    for home in homes().await {
        let (receiver, address) = Receiver::start(&[]).await;
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("events.jsonl");
        let service = service(home.store).await;
        let run = subscribed_run(&service.store, "web", "a").await;
        subscribe(&service.store, &run.template(), "b", Event::RunStarted, 0).await;
        announce(&service.store, &run, RunEvent::Started).await;
        let rules = [format!("*:a=file:{}", log.display()), format!("*:b=envelope+{address}")];
        let running = deliver(&service, &rules, OPTIONS);
        let messages = settled(&service.store).await;
        running.end().await;
        let lines = std::fs::read_to_string(&log).unwrap();
        let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 4, "{}", home.database);
        let of_topic = |name: &str| messages.iter().filter(|message| message.topic == topic(name)).collect::<Vec<_>>();
        for (line, message) in lines.iter().zip(of_topic("a")) {
            assert_eq!(line["id"], message.id);
            assert_eq!(line["message"], serde_json::from_str::<serde_json::Value>(&message.body).unwrap());
        }
        for (received, message) in receiver.received().iter().zip(of_topic("b")) {
            let envelope: serde_json::Value = serde_json::from_str(&received.body).unwrap();
            assert_eq!(envelope["Type"], "Notification");
            assert_eq!(envelope["Message"], message.body);
            assert_eq!(received.header("x-amz-sns-message-type"), "Notification");
        }
        assert_eq!(receiver.received().len(), 2);
    }
}
