//! Syncs over HTTP: the real files, conditional requests, packings, retries, redirects.

use std::fs;
use std::io::Write;

use assay_feeds::{FeedState, Fetched, Mirror, Progress, Source, SyncOptions, SyncOutcome};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::server::{Answer, Asked, Server};
use crate::specimen;
use crate::world::{
    World, failure, file_server, from_server, options, outcome, shared_feeds, small_feeds, tracker_from, tree,
};

/// The shared data, served with an entity tag for each file.
fn real_server() -> Server {
    let root = shared_feeds();
    Server::start(move |asked| {
        let Ok(content) = fs::read(root.join(&asked.path)) else { return Answer::status(404) };
        let tag = format!("\"{}-{}\"", asked.path.len(), content.len());
        if asked.header("if-none-match") == Some(&tag) {
            return Answer::status(304).with("etag", tag);
        }
        Answer::ok(content).with("etag", tag).with("last-modified", "Mon, 23 Nov 2026 06:00:00 GMT")
    })
}

#[test]
fn every_source_at_hand_is_compiled() {
    let world = World::new();
    let server = real_server();
    let options = SyncOptions { sources: Source::ALL.to_vec(), ..from_server(&server) };
    let report = world.sync(&options).unwrap();
    let there: Vec<_> = report.sources.iter().filter(|source| source.outcome != SyncOutcome::NotOnMirror).collect();
    assert!(there.iter().all(|source| source.outcome == SyncOutcome::Updated), "{there:#?}");
    let scopes: Vec<String> = report.scopes.iter().map(ToString::to_string).collect();
    for scope in [
        "almalinux-8",
        "almalinux-9",
        "debian-bookworm",
        "crates-io",
        "go",
        "npm",
        "pypi",
        "alpine-3.20",
        "ubuntu-22.04",
    ] {
        assert!(scopes.iter().any(|found| found == scope), "{scope} is not in {scopes:?}");
    }
    let mut bytes = 0;
    for scope in &report.scopes {
        let database = world.store.database(scope).unwrap();
        database.verify().unwrap();
        let header = database.header();
        assert!(header.record_count > 0 && &header.scope == scope, "{header:?}");
    }
    for (name, content) in tree(&world.store.folder().join("compiled")) {
        eprintln!("{name}: {} bytes", content.len());
        bytes += content.len();
    }
    assert!(bytes < 150_000_000, "all databases together have {bytes} bytes");
}

#[test]
fn real_feeds_come_once_and_are_the_same_from_a_folder() {
    let (over_http, from_folder) = (World::new(), World::new());
    let server = real_server();
    let report = over_http.sync(&from_server(&server)).unwrap();
    for source in &report.sources {
        assert_eq!(source.outcome, SyncOutcome::Updated, "{source:?}");
    }
    assert_eq!(report.scopes, ["debian-bookworm".parse().unwrap()]);
    assert_eq!(over_http.records(), 11_540);
    let records = |source| report.source(source).unwrap().records.unwrap();
    assert_eq!(records(Source::CisaKev), 1_674);
    assert_eq!(records(Source::Epss), 313_089);
    assert_eq!(records(Source::CveRecords), 3_731);

    server.forget();
    let before = tree(over_http.store.folder());
    let again = over_http.sync_at(&from_server(&server), &Counting::default(), "2026-11-24T13:00:00Z").unwrap();
    for source in &again.sources {
        assert_eq!((&source.outcome, source.fetched_bytes), (&SyncOutcome::Unchanged, 0), "{source:?}");
    }
    let after = tree(over_http.store.folder());
    assert_eq!(changed(&before, &after), ["status.json"]);
    let status = over_http.store.status_of(Source::DebianTracker).unwrap();
    assert_eq!(status.checked_at, Some("2026-11-24T13:00:00Z".parse().unwrap()));
    assert_eq!(status.fetched_at(), Some("2026-11-24T12:00:00Z".parse().unwrap()));
    let tracker = server.asked().into_iter().find(|asked| asked.path == "debian-tracker/json.xz").unwrap();
    assert!(tracker.header("user-agent").unwrap().starts_with("assay/"));

    from_folder.sync(&options(Mirror::Directory(shared_feeds()))).unwrap();
    let compiled = |world: &World| tree(&world.store.folder().join("compiled"));
    assert_eq!(compiled(&over_http), compiled(&from_folder));
}

fn changed<'a>(
    before: &'a std::collections::BTreeMap<String, Vec<u8>>,
    after: &'a std::collections::BTreeMap<String, Vec<u8>>,
) -> Vec<&'a str> {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names.into_iter().filter(|name| before.get(*name) != after.get(*name)).map(String::as_str).collect()
}

/// Adds up what progress says.
#[derive(Default)]
struct Counting {
    announced: std::sync::atomic::AtomicU64,
    received: std::sync::atomic::AtomicU64,
    finished: std::sync::Mutex<Vec<(String, Fetched)>>,
}

impl Progress for Counting {
    fn started(&self, _: Source, _: &str, total: Option<u64>) {
        self.announced.fetch_add(total.unwrap(), std::sync::atomic::Ordering::Relaxed);
    }

    fn advanced(&self, bytes: u64) {
        self.received.fetch_add(bytes, std::sync::atomic::Ordering::Relaxed);
    }

    fn finished(&self, _: Source, file: &str, fetched: Fetched) {
        self.finished.lock().unwrap().push((file.to_owned(), fetched));
    }
}

#[test]
fn progress_counts_every_byte() {
    let world = World::new();
    let server = file_server(small_feeds(50));
    let counting = Counting::default();
    let report = world.sync_with(&from_server(&server), &counting).unwrap();
    let total: u64 = report.sources.iter().map(|source| source.fetched_bytes).sum();
    assert_eq!(counting.announced.into_inner(), total);
    assert_eq!(counting.received.into_inner(), total);
    let finished = counting.finished.into_inner().unwrap();
    assert!(finished.contains(&("json".to_owned(), Fetched::New)), "{finished:?}");
    assert!(finished.contains(&("vulnrichment-slice.jsonl".to_owned(), Fetched::NotThere)), "{finished:?}");
}

#[test]
fn a_mirror_without_the_nvd_is_not_asked_for_every_year() {
    let world = World::new();
    let files: Vec<_> = small_feeds(10).into_iter().filter(|(name, _)| !name.starts_with("nvd")).collect();
    let server = file_server(files);
    let report = world.sync(&from_server(&server)).unwrap();
    assert_eq!(outcome(&report, Source::CveRecords), &SyncOutcome::NotOnMirror);
    assert!(!report.source(Source::CveRecords).unwrap().needs_attention());
    assert!(report.is_up_to_date());
    let years = server.paths().into_iter().filter(|path| path.contains("nvdcve-2.0-")).count();
    assert_eq!(years, 2 * 3, "two years in three packings");
    let status = world.store.status_of(Source::CveRecords).unwrap();
    assert_eq!(status.state, FeedState::Missing { reason: "it is not on this mirror".to_owned() });
}

#[test]
fn a_year_that_is_missing_among_others_is_told() {
    let world = World::new();
    let mut files = small_feeds(10);
    files.extend((2002..2025).filter(|year| *year != 2010).map(|year| {
        let name: &'static str = format!("nvd/nvdcve-2.0-{year}.json").leak();
        (name, specimen::nvd(year, 10))
    }));
    let report = world.sync(&from_server(&file_server(files))).unwrap();
    assert_eq!(failure(&report, Source::CveRecords), "the file of 2010 is not on this mirror");
    assert_eq!(report.source(Source::CveRecords).unwrap().records, Some(240));
}

#[test]
fn only_the_year_that_changed_comes_again() {
    let world = World::new();
    let server = Server::start(|asked| {
        let year = asked.path.strip_prefix("nvd/nvdcve-2.0-").and_then(|rest| rest.strip_suffix(".json.gz"));
        let Some(year) = year.and_then(|year| year.parse::<i16>().ok()) else { return Answer::status(404) };
        let is_new = asked.before > 0 && year == 2026;
        let tag = format!("\"{year} {is_new}\"");
        if asked.header("if-none-match") == Some(&tag) {
            return Answer::status(304);
        }
        Answer::ok(gzip(specimen::nvd(year, if is_new { 12 } else { 10 }).as_bytes())).with("etag", tag)
    });
    let options = SyncOptions { sources: vec![Source::CveRecords], ..from_server(&server) };
    let first = world.sync(&options).unwrap();
    assert_eq!(first.source(Source::CveRecords).unwrap().records, Some(250));
    let second = world.sync(&options).unwrap();
    let report = second.source(Source::CveRecords).unwrap();
    assert_eq!((&report.outcome, report.records), (&SyncOutcome::Updated, Some(252)));
    let one_year = gzip(specimen::nvd(2026, 12).as_bytes()).len() as u64;
    assert_eq!(report.fetched_bytes, one_year);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_a_server_packs_on_the_way_is_stored_packed() {
    let world = World::new();
    let server = Server::start(|asked| {
        if asked.path != "debian-tracker/json" {
            return Answer::status(404);
        }
        assert_eq!(asked.header("accept-encoding"), Some("gzip"));
        Answer::ok(gzip(specimen::debian("bookworm", 30).as_bytes())).with("content-encoding", "gzip")
    });
    world.sync(&tracker_from(&server)).unwrap();
    assert_eq!(world.records(), 30);
    let stored = tree(&world.store.folder().join("raw"));
    assert!(stored.keys().all(|name| name.ends_with("-json.gz")), "{:?}", stored.keys());
}

#[test]
fn failures_that_pass_are_tried_again() {
    let healthy = || Answer::ok(specimen::debian("bookworm", 20));
    check_recovers(|_| Answer::status(500), healthy);
    check_recovers(|_| Answer::status(503).with("retry-after", "0"), healthy);
    check_recovers(|_| Answer::status(429), healthy);
    check_recovers(|_| Answer::cut("{", 5_000), healthy);
    check_recovers(|_| Answer::cut("{", 5_000).with("transfer-encoding", "chunked"), healthy);
}

/// Three failures, then success.
fn check_recovers(fail: fn(&Asked) -> Answer, healthy: fn() -> Answer) {
    let world = World::new();
    let server = Server::start(move |asked| if asked.before < 3 { fail(asked) } else { healthy() });
    let report = world.sync(&tracker_from(&server)).unwrap();
    assert_eq!(outcome(&report, Source::DebianTracker), &SyncOutcome::Updated);
    assert_eq!(server.asked().len(), 4);
    assert_eq!(world.records(), 20);
}

#[test]
fn failures_that_stay_leave_the_old_feed_in_use() {
    for (answer, times, expected) in [
        (Answer::status(500), 4, "json: the server answered 500"),
        (Answer::status(403), 1, "json: the server answered 403"),
        (Answer::status(204), 1, "json: the server answered 204"),
        (Answer::status(304), 1, "json: the server answered 304"),
        (Answer::cut("{", 5_000), 4, "json: the connection failed: "),
        (Answer::ok("{}").with("content-encoding", "br"), 1, "json: it is encoded as \"br\", which was not asked for"),
        (Answer::redirect("ftp://127.0.0.1/"), 1, "json: the connection failed: "),
    ] {
        let world = World::with_small_feeds(10);
        let other = answer.clone();
        let server =
            Server::start(move |asked| if asked.path.ends_with("/json") { other.clone() } else { Answer::status(404) });
        let report = world.sync(&tracker_from(&server)).unwrap();
        let problem = failure(&report, Source::DebianTracker);
        assert!(problem.starts_with(expected), "{answer:?}: {problem}");
        let asked = server.paths().into_iter().filter(|path| path.ends_with("/json")).count();
        assert_eq!(asked, times, "{answer:?}: {problem}");
        assert!(!report.is_up_to_date());
        assert_eq!(world.records(), 10);
        let status = world.store.status_of(Source::DebianTracker).unwrap();
        assert_eq!(status.state, FeedState::Failed { reason: problem });
    }
}

#[test]
fn redirects_are_followed_a_few_times() {
    for (hops, expected) in [(1, None), (5, None), (6, Some("it redirects more than 5 times"))] {
        let world = World::new();
        let server = Server::start(move |asked| {
            let hop: u32 = asked.path.strip_prefix("hop").map_or(0, |hop| hop.parse().unwrap());
            if hop == hops {
                return Answer::ok(specimen::debian("bookworm", 20));
            }
            Answer::redirect(format!("/hop{}", hop + 1))
        });
        let report = world.sync(&tracker_from(&server)).unwrap();
        match expected {
            None => assert_eq!(outcome(&report, Source::DebianTracker), &SyncOutcome::Updated, "{hops}"),
            Some(expected) => {
                let problem = failure(&report, Source::DebianTracker);
                assert!(problem.ends_with(expected), "{problem}");
            }
        }
    }
}

#[test]
fn a_redirect_loop_ends() {
    let world = World::new();
    let server = Server::start(|asked| Answer::redirect(format!("/{}", asked.path)));
    let report = world.sync(&tracker_from(&server)).unwrap();
    assert!(failure(&report, Source::DebianTracker).ends_with("it redirects more than 5 times"));
    assert_eq!(server.asked().len(), 6, "once, and five redirects");
}

#[test]
fn a_server_that_is_not_there_is_named_once() {
    let world = World::with_small_feeds(10);
    // Bound and closed again: nothing listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let report = world.sync(&options(format!("http://127.0.0.1:{port}").parse().unwrap())).unwrap();
    let tracker = failure(&report, Source::DebianTracker);
    assert!(tracker.starts_with("json: the connection failed: "), "{tracker}");
    let kev = failure(&report, Source::CisaKev);
    assert!(kev.ends_with("127.0.0.1 could not be reached"), "{kev}");
    assert_eq!(world.records(), 10);
    let reason = world.store.status_of(Source::CveRecords).unwrap().state.reason().unwrap().to_owned();
    assert!(reason.contains("; and "), "25 years in one line: {reason}");
}

#[test]
fn a_password_in_the_address_is_sent_but_not_kept() {
    let world = World::new();
    let server = Server::start(|asked| match asked.header("authorization") {
        Some("Basic dXNlcjpzZWNyZXQ=") => Answer::ok(specimen::debian("bookworm", 20)),
        _ => Answer::status(401),
    });
    let mirror = server.url("").replace("http://", "http://user:secret@").parse().unwrap();
    let report = world.sync(&SyncOptions { mirror, ..tracker_from(&server) }).unwrap();
    assert_eq!(outcome(&report, Source::DebianTracker), &SyncOutcome::Updated);
    for (name, content) in tree(world.store.folder()) {
        assert!(!String::from_utf8_lossy(&content).contains("secret"), "{name}");
    }
}

#[test]
fn another_mirror_is_not_asked_with_the_validators_of_the_first() {
    let world = World::new();
    let serve = |count| {
        Server::start(move |asked| match asked.header("if-none-match") {
            Some(_) => Answer::status(304),
            None if asked.path.ends_with("/json") => {
                Answer::ok(specimen::debian("bookworm", count)).with("etag", "\"1\"")
            }
            None => Answer::status(404),
        })
    };
    world.sync(&tracker_from(&serve(20))).unwrap();
    let report = world.sync(&tracker_from(&serve(30))).unwrap();
    assert_eq!(outcome(&report, Source::DebianTracker), &SyncOutcome::Updated);
    assert_eq!(world.records(), 30);
}
