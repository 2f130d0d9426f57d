//! Servers that send too much, too slowly, or nothing at all.

use std::time::Duration;

use assay_feeds::{Patience, Source, SyncOptions};

use crate::server::{Answer, Server};
use crate::world::{World, failure, hasty, tracker_from};

/// The tracker's file is answered like this; the old feed must stay in use.
fn check_given_up(answer: Answer, patience: Patience, expected: &str) {
    let world = World::with_small_feeds(10);
    let server = Server::start(move |asked| match asked.path.as_str() {
        "debian-tracker/json" => answer.clone(),
        _ => Answer::status(404),
    });
    let report = world.sync(&SyncOptions { patience, ..tracker_from(&server) }).unwrap();
    assert_eq!(failure(&report, Source::DebianTracker), expected);
    assert_eq!(world.records(), 10);
    assert!(!world.store.folder().join("incoming").exists(), "half a file is left");
}

#[test]
fn silence_ends() {
    let patience =
        Patience { connect: Duration::from_millis(50), idle: Duration::from_millis(50), retries: 1, ..hasty() };
    check_given_up(Answer::stall("{"), patience, "json: nothing came for 50 milliseconds");
}

#[test]
fn a_body_without_end_meets_the_limit() {
    let world = World::with_small_feeds(10);
    let server = Server::start(|_| Answer::endless());
    // The source with the smallest limit, so that the test does not take long.
    let options = SyncOptions { sources: vec![Source::CisaKev], ..tracker_from(&server) };
    let report = world.sync(&options).unwrap();
    let limit = Source::CisaKev.max_file_bytes();
    assert!(failure(&report, Source::CisaKev).ends_with(&format!(": it has more than {limit} bytes")));
    assert_eq!(server.asked().len(), 1, "it is not tried again");
    assert!(!world.store.folder().join("incoming").exists(), "what came is left");
}

#[test]
fn what_announces_too_much_is_not_even_begun() {
    let limit = Source::DebianTracker.max_file_bytes();
    let announced = usize::try_from(limit).unwrap() + 1;
    check_given_up(Answer::cut("", announced), hasty(), &format!("json: it has more than {limit} bytes"));
}

#[test]
fn a_drip_meets_the_limit_in_time() {
    let patience = Patience { total: Duration::from_millis(300), retries: 0, ..hasty() };
    check_given_up(Answer::drip(), patience, "json: it took longer than 300 milliseconds");
}
