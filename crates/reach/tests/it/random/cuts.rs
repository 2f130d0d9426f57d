//! Laws of cuts on random networks: each closes what it should, no part of it does, and what it also closes was open.

use std::collections::BTreeSet;

use assay_reach::exposure::{Exposure, Exposures, Mode, exposures};
use assay_reach::network::Network;
use assay_reach::remedy::{CutTarget, Edit, apply, cut};
use assay_reach::snapshot::Snapshot;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::plain::Plain;

fn is_open(snapshot: &Snapshot, edits: &[Edit], row: &Exposure) -> bool {
    let edited = apply(snapshot, edits);
    let network = Network::new(&edited);
    exposures(&network, Mode::Edge).iter().any(|other| {
        other.interface == row.interface
            && other.address == row.address
            && other.protocol == row.protocol
            && other.from <= row.to
            && row.from <= other.to
    })
}

fn rows(exposures: &Exposures<'_, '_>) -> BTreeSet<(String, String, String)> {
    let snapshot = exposures.network().snapshot();
    let of = |row: Exposure| (row.address.to_string(), row.origin.text(snapshot), row.protocol.to_string());
    exposures.iter().map(of).collect()
}

fn law(choices: &[u16], pick: usize) -> Result<usize, TestCaseError> {
    let snapshot = Plain::of(choices).snapshot();
    let network = Network::new(&snapshot);
    let before = exposures(&network, Mode::Edge);
    let Some(row) = before.iter().nth(pick % before.len().max(1)) else { return Ok(0) };
    let row = &row;
    let target = CutTarget {
        to: row.address.to_string(),
        from: None,
        protocol: row.protocol,
        ports: (row.from, row.to),
        sources: Vec::new(),
    };
    let answer = cut(&network, Mode::Edge, &target, 3).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert!(answer.exposures > 0);
    for cut in &answer.cuts {
        prop_assert!(!is_open(&snapshot, &cut.edits, row), "{:?} {:?}", target, cut.texts);
        for left_out in 0..cut.edits.len() {
            let mut fewer = cut.edits.clone();
            fewer.remove(left_out);
            prop_assert!(is_open(&snapshot, &fewer, row), "{:?} {:?} needs no {}", target, cut.texts, left_out);
        }
        let known = rows(&before);
        for change in &cut.also_closes {
            let told = (change.address.clone(), change.origin.clone(), change.protocol.clone());
            prop_assert!(known.contains(&told), "{:?}", change);
        }
        let edited = apply(&snapshot, &cut.edits);
        let network = Network::new(&edited);
        let after = rows(&exposures(&network, Mode::Edge));
        prop_assert!(after.is_subset(&known), "{:?} opens something: {:?}", target, cut.texts);
    }
    Ok(answer.cuts.len())
}

#[test]
fn cuts_close_and_no_part_of_them_does() {
    let config = Config { cases: 600, failure_persistence: None, max_shrink_iters: 500, ..Config::default() };
    let choices = proptest::collection::vec(any::<u16>(), 60..260);
    let made = std::cell::Cell::new(0);
    let result = TestRunner::new(config).run(&(choices, any::<u16>()), |(choices, pick)| {
        made.set(made.get() + law(&choices, usize::from(pick))?);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(made.get() > 50, "{} cuts", made.get());
}
