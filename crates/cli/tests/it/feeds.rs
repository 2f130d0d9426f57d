//! `assay feeds` and what a missing, stale or untrusted feed does to an assessment.

use tempfile::TempDir;

use crate::support::{NOW, check, run, shared, small_host, unpack, write};

#[test]
fn a_missing_feed_is_an_exclusion_and_not_a_clean_host() {
    let root = small_host();
    let folder = TempDir::new().unwrap();
    let data = folder.path().to_str().unwrap();
    let root = root.path().to_str().unwrap();
    let output =
        run(&["--data", data, "--now", NOW, "assess", "--root", root, "--offline", "--rules", "cve", "-o", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["exclusions"][0]["title"], "Advisory feed missing");
    assert_eq!(document["coverage"]["packages"][0]["notchecked"], 1);
    assert!(String::from_utf8_lossy(&output.stderr).contains("he feed debian-tracker is missing"));
}

#[test]
fn a_missing_feed_is_fetched_from_the_mirror_that_is_named() {
    let root = small_host();
    let folder = TempDir::new().unwrap();
    let data = folder.path().to_str().unwrap();
    let mirror = folder.path().join("mirror");
    write(&mirror, "debian-tracker/json", &unpack("feeds/debian-tracker/json.xz"));
    let arguments = ["--quiet", "--data", data, "--mirror", mirror.to_str().unwrap(), "--now", NOW, "assess"];
    let table = check(&[&arguments[..], &["--root", root.path().to_str().unwrap()]].concat(), 0);
    assert!(table.contains("CVE-2023-52425"), "{table}");
    let status = check(&["--data", data, "--now", NOW, "feeds", "status"], 0);
    assert!(status.lines().any(|line| line.starts_with("debian-tracker") && line.contains(" ok ")), "{status}");
}

#[test]
fn a_folder_of_feeds_as_published_can_be_named_with_feeds() {
    let root = small_host();
    let folder = TempDir::new().unwrap();
    let data = folder.path().to_str().unwrap();
    let mirror = folder.path().join("mirror");
    write(&mirror, "debian-tracker/json", &unpack("feeds/debian-tracker/json.xz"));
    let arguments =
        ["--quiet", "--data", data, "--feeds", mirror.to_str().unwrap(), "--now", NOW, "assess", "--offline"];
    let table = check(&[&arguments[..], &["--root", root.path().to_str().unwrap()]].concat(), 0);
    assert!(table.contains("CVE-2023-52425"), "{table}");
}

#[test]
fn a_feed_that_does_not_parse_is_put_aside_and_the_old_one_stays() {
    let root = small_host();
    let root = root.path().to_str().unwrap();
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let mirror = folder.path().join("mirror");
    write(&mirror, "debian-tracker/json", &unpack("feeds/debian-tracker/json.xz"));
    let sync = ["--data", data, "--mirror", mirror.to_str().unwrap(), "--now", NOW, "feeds", "sync"];
    check(&sync, 0);
    write(&mirror, "debian-tracker/json", b"{\"expat\": [");
    let report = check(&sync, 4);
    assert!(report.contains("QUARANTINED"), "{report}");
    let output =
        run(&["--data", data, "--now", NOW, "assess", "--root", root, "--offline", "--no-store", "-o", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = document["findings"].to_string();
    assert!(text.contains("CVE-2023-52425"), "the old feed is not in use");
    assert!(document["exclusions"].to_string().contains("quarantined"), "{}", document["exclusions"]);
}

#[test]
fn a_mirror_that_is_not_there_is_told() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().to_str().unwrap();
    let output = run(&["--data", data, "--mirror", "/nonexistent", "feeds", "sync"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("/nonexistent"));
    check(&["--data", data, "feeds", "sync", "no-such-source"], 64);
    assert!(shared().join("feeds/debian-tracker/json.xz").exists(), "the shared data is not where it should be");
}

#[test]
fn a_bundle_carries_the_feeds_to_a_machine_without_network() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (here, there, key, bundle) = (path("here"), path("there"), path("key"), path("feeds.bundle"));
    let mirror = folder.path().join("mirror");
    write(&mirror, "debian-tracker/json", &unpack("feeds/debian-tracker/json.xz"));
    check(&["--data", &here, "--now", NOW, "feeds", "import", mirror.to_str().unwrap()], 0);
    let made = check(&["--data", &here, "--now", NOW, "feeds", "bundle", "create", "--key", &key, &bundle], 0);
    assert!(made.contains("keep it secret"), "{made}");

    let public = path("key.pub");
    let on_bundle = |command: &'static str| {
        ["--data", &there, "--now", NOW, "feeds", "bundle", command, "--public-key", &public, &bundle]
            .map(str::to_owned)
    };
    let verified = check(&on_bundle("verify").each_ref().map(String::as_str), 0);
    assert!(verified.contains("debian-tracker       1 file "), "{verified}");
    check(&on_bundle("import").each_ref().map(String::as_str), 0);
    let status = check(&["--data", &there, "--now", NOW, "feeds", "status"], 0);
    assert!(status.lines().any(|line| line.starts_with("debian-tracker") && line.contains(" 3/3 ")), "{status}");

    let mut bytes = std::fs::read(&bundle).unwrap();
    bytes.pop();
    std::fs::write(&bundle, bytes).unwrap();
    let refused = run(&on_bundle("import").each_ref().map(String::as_str));
    assert_eq!(refused.status.code(), Some(1));
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(text.contains("the feeds in use are unchanged: "), "{text}");
}
