//! Snapshots of cloud networks.

use assay_reach::policy::Policy;
use assay_reach::snapshot::{Kind, Limits, Loader, ScopeId, TagSelector};

/// Files of a snapshot: each line that begins with `#` names one, and what follows is its content.
pub fn network_snapshot(data: &[u8]) {
    let limits =
        Limits { object_bytes: 1 << 16, objects: 1 << 12, name_bytes: 1 << 18, problems: 200, ..Limits::default() };
    let mut loader = Loader::new(limits);
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        match (line.strip_prefix(b"#"), files.last_mut()) {
            (Some(name), _) => files.push((String::from_utf8_lossy(name).trim().to_owned(), Vec::new())),
            (None, Some((_, content))) => content.extend_from_slice(line),
            (None, None) => files.push(("describe-instances.json".to_owned(), line.to_vec())),
        }
    }
    for (name, content) in &files {
        loader.read_file(name, content.as_slice());
    }
    let snapshot = loader.finish();
    assert!(snapshot.problems.len() <= 201, "problems are bounded");
    let selector = TagSelector { key: "Name".to_owned(), value: None };
    assert!(snapshot.instances(Some(&[selector])).count() <= snapshot.instances(None).count());
    for interface in snapshot.interfaces.iter() {
        let groups = snapshot.interfaces.groups(interface);
        assert!(groups.is_sorted(), "groups are sorted");
        assert!(snapshot.interfaces.addresses(interface).iter().skip(1).all(|address| {
            !address.is_primary
                || snapshot.interfaces.addresses(interface).first().is_some_and(|first| first.is_primary)
        }));
    }
    for kind in Kind::all() {
        snapshot.presence(ScopeId(0), kind);
    }
}

/// A policy of reachability.
pub fn network_policy(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match text.parse::<Policy>() {
        Ok(policy) => {
            let clauses = policy.forbid.iter().chain(policy.allow.iter().flatten());
            for clause in clauses {
                assert!(clause.protocol.is_some() || clause.ports.contains(0), "ports need a protocol");
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
