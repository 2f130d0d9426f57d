//! Delivery to an SNS-compatible endpoint, which verifies the signature as AWS describes it and reads the form.

use std::collections::BTreeMap;

use assay_model::Timestamp;
use assay_model::run::RunState;
use assay_server::store::{Announcement, Event, MessageState, RunEvent};
use aws_lc_rs::hmac;
use sha2::{Digest as _, Sha256};

use super::delivery::{OPTIONS, deliver, settled};
use super::receiver::{Behaviour, Received, Receiver};
use super::subscriptions::{stored_run, subscribe, topic};
use crate::home::homes;
use crate::runs::scene::service;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Computes the signature of a request anew, from what was received alone.
fn verify(received: &Received) {
    let authorization = received.header("authorization");
    let parts = authorization.strip_prefix("AWS4-HMAC-SHA256 ").unwrap().split(", ");
    let parts: BTreeMap<&str, &str> = parts.map(|part| part.split_once('=').unwrap()).collect();
    let (key, scope) = parts["Credential"].split_once('/').unwrap();
    assert_eq!(key, "AKIDEXAMPLE");
    let names = parts["SignedHeaders"];
    assert!(names.split(';').any(|name| name == "host"), "{names}");
    let headers: String = names.split(';').map(|name| format!("{name}:{}\n", received.header(name))).collect();
    let body = hex(&Sha256::digest(&received.body));
    let canonical = format!("POST\n{}\n\n{headers}\n{names}\n{body}", received.path);
    let time = received.header("x-amz-date");
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(&canonical)));
    let mut secret = format!("AWS4{SECRET}").into_bytes();
    for part in scope.split('/').chain([to_sign.as_str()]) {
        secret = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), part.as_bytes()).as_ref().to_vec();
    }
    assert_eq!(hex(&secret), parts["Signature"]);
    assert_eq!(scope, format!("{}/us-east-1/sns/aws4_request", &time[..8]));
}

fn form(body: &str) -> BTreeMap<String, String> {
    let decode = |text: &str| {
        let mut bytes = text.bytes();
        let mut decoded = Vec::new();
        while let Some(byte) = bytes.next() {
            match byte {
                b'%' => {
                    let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                    decoded.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
                }
                b'+' => decoded.push(b' '),
                byte => decoded.push(byte),
            }
        }
        String::from_utf8(decoded).unwrap()
    };
    body.split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

#[tokio::test]
async fn messages_are_published_with_a_signature_and_refusals_are_dead() {
    for home in homes().await {
        let (receiver, address) = Receiver::start(&[Behaviour::Answer(500), Behaviour::Answer(403)]).await;
        let folder = tempfile::tempdir().unwrap();
        let credentials = folder.path().join("credentials");
        let text = format!("[sns]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = {SECRET}\n");
        std::fs::write(&credentials, text).unwrap();
        let service = service(home.store).await;
        let run = stored_run(&service.store, "web").await;
        subscribe(&service.store, &run.template(), "a", Event::RunStateChanged, 0).await;
        let what = RunEvent::StateChanged(RunState::CollectingData);
        service.store.announce(&Announcement { run: &run, at: Timestamp::now(), what }).await.unwrap();
        let rule = format!("*=sns+{address}#credentials-file={}", credentials.display());
        let running = deliver(&service, &[rule], OPTIONS);
        let messages = settled(&service.store).await;
        running.end().await;
        let states: Vec<MessageState> = messages.iter().map(|message| message.state).collect();
        // The first was tried twice, and then refused.
        assert_eq!(states, [MessageState::Dead, MessageState::Delivered], "{}", home.database);
        let received = receiver.received();
        assert_eq!(received.len(), 3);
        for (received, message) in received.iter().zip([&messages[0], &messages[0], &messages[1]]) {
            verify(received);
            assert_eq!(received.header("content-type"), "application/x-www-form-urlencoded; charset=utf-8");
            let expected = [
                ("Action", "Publish"),
                ("Version", "2010-03-31"),
                ("TopicArn", &topic("a")),
                ("Message", &message.body),
            ];
            let expected = expected.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
            assert_eq!(form(&received.body), expected.collect());
        }
    }
}
