//! Classes share what is open: the analysis of each interface by itself has to find the same as that of all together.

use std::collections::BTreeSet;

use assay_reach::exposure::{Exposure, Exposures, Mode, exposures, exposures_of};
use assay_reach::network::Network;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::plain::Plain;

fn rows(exposures: &Exposures<'_, '_>, is_asked: impl Fn(&Exposure) -> bool) -> Vec<String> {
    exposures.iter().filter(|row| is_asked(row)).map(|row| format!("{row:?}")).collect()
}

fn law(choices: &[u16]) -> Result<usize, TestCaseError> {
    let snapshot = Plain::of(choices).snapshot();
    let mut count = 0;
    for mode in [Mode::Edge, Mode::EndToEnd] {
        let network = Network::new(&snapshot);
        let all = exposures(&network, mode);
        prop_assert_eq!(all.len(), all.iter().count());
        count += all.len();
        for interface in snapshot.interfaces.iter() {
            let alone = exposures_of(&network, mode, &BTreeSet::from([interface.id]));
            let (alone, together) = (rows(&alone, |_| true), rows(&all, |row| row.interface == interface.id));
            prop_assert_eq!(alone, together, "{:?} {}", mode, snapshot.text(interface.id));
        }
    }
    Ok(count)
}

#[test]
fn interfaces_that_share_an_answer_have_it_alone_too() {
    let config = Config { cases: 4000, failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
    let choices = proptest::collection::vec(any::<u16>(), 60..260);
    let found = std::cell::Cell::new(0);
    let result = TestRunner::new(config).run(&choices, |choices| {
        found.set(found.get() + law(&choices)?);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(found.get() > 1000, "{} exposures", found.get());
}
