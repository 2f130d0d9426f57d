//! What is asked for, and how two answers are compared.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::forms::text;
use crate::support::{NOW, check};

/// What is asked for besides what the rules ask for: names with their permissions, and parameters.
const PATHS: &[&str] = &["/usr/bin/*", "/usr/local/**/", "/usr/local/bin/*", "/tmp", "/var/tmp", "/etc/cron.d/*"];
const PARAMETERS: &[&str] = &["kernel.randomize_va_space", "net.ipv4.conf.all.rp_filter", "net/ipv4/ip_forward"];

/// Writes a request for every section, and more paths and parameters than the rules need.
pub(super) fn request(folder: &Path) -> PathBuf {
    let nothing = folder.join("nothing");
    fs::create_dir(&nothing).unwrap();
    let of_rules = check(&["--now", NOW, "collect", "--root", text(&nothing)], 0);
    let mut request = serde_json::from_str::<Value>(&of_rules).unwrap()["request"].take();
    assert!(request["sections"].as_array().unwrap().contains(&"libraries".into()), "all sections: {request}");
    for (name, more) in [("paths", PATHS), ("sysctl", PARAMETERS)] {
        let all = request[name].as_array_mut().unwrap();
        all.extend(more.iter().map(|value| Value::from(*value)));
    }
    let file = folder.join("request");
    fs::write(&file, request.to_string()).unwrap();
    file
}

/// Where two texts begin to differ, with what stands around it.
pub(super) fn difference(left: &str, right: &str) -> Option<String> {
    let at = left.bytes().zip(right.bytes()).position(|(left, right)| left != right);
    let at = at.or((left.len() != right.len()).then_some(left.len().min(right.len())))?;
    let around = |text: &str| {
        let bytes = &text.as_bytes()[at.saturating_sub(200).min(text.len())..(at + 200).min(text.len())];
        String::from_utf8_lossy(bytes).into_owned()
    };
    Some(format!("from byte {at} on:\n{}\nbut\n{}", around(left), around(right)))
}

#[test]
fn differences_are_found_wherever_they_are() {
    for (left, right) in [("abc", "abd"), ("abc", "ab"), ("ab", "abc"), ("", "a"), ("xbc", "abc")] {
        assert!(difference(left, right).is_some(), "{left} {right}");
    }
    assert_eq!(difference("abc", "abc"), None);
}
