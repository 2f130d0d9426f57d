//! Answers of a cloud.

use assay_cloud::{CALLS, SECRETS, Service, read_failure, read_json, read_xml};

/// An answer, after the name of the call that it is read as: `describe-vpcs`, on a line of its own.
pub fn cloud_answer(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (name, body) = data.split_at(end);
    let failure = read_failure(400, body);
    assert!(failure.message.chars().count() <= 500, "messages are bounded");
    for call in CALLS.iter().filter(|call| call.name.as_bytes() == name) {
        let answer = match call.service {
            Service::DirectConnect => read_json(body),
            service => read_xml(service, &call.action(), body),
        };
        let Ok(answer) = answer else { continue };
        let text = serde_json::Value::Object(answer).to_string();
        for secret in SECRETS {
            assert!(!text.contains(&format!("\"{secret}\":")) || body_says(body, secret), "{secret} is kept");
        }
    }
}

/// Keys of a map are the answer's own words.
fn body_says(body: &[u8], word: &str) -> bool {
    String::from_utf8_lossy(body).contains(&format!("<key>{word}"))
}
