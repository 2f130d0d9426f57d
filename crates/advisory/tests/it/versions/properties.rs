//! What holds of every order: it is total, and no text breaks it.

use std::cmp::Ordering;

use assay_advisory::version::VersionOrder;
use proptest::prelude::*;
use proptest::sample::select;

use super::pieces::three_versions;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 20_000,
        max_global_rejects: 200_000,
        max_local_rejects: 2_000_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn orders_are_total((order, versions) in three_versions()) {
        let parsed = versions.each_ref().map(|version| order.parse(version).unwrap());
        let compare = |left: usize, right: usize| parsed[left].compare(&parsed[right]).unwrap();
        prop_assert_eq!(compare(0, 0), Ordering::Equal);
        for (left, right) in [(0, 1), (1, 2), (0, 2)] {
            prop_assert_eq!(compare(left, right), compare(right, left).reverse(), "{} {:?}", order, versions);
        }
        // Whichever of the three comes first, second and third.
        let mut places = [0, 1, 2];
        places.sort_by(|&left, &right| compare(left, right));
        let [low, middle, high] = places;
        prop_assert!(compare(low, middle).is_le() && compare(middle, high).is_le(), "{} {:?}", order, versions);
        prop_assert!(compare(low, high).is_le(), "{} {:?}", order, versions);
        let is_one_equal = compare(low, middle).is_eq() && compare(middle, high).is_eq();
        prop_assert_eq!(is_one_equal, compare(low, high).is_eq(), "{} {:?}", order, versions);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_an_order(order in select(VersionOrder::ALL.to_vec()), left in "\\PC{0,24}", right in ".{0,24}") {
        let parsed = [order.parse(&left), order.parse(&right)];
        let expected = if parsed.iter().all(Result::is_ok) { order.compare(&right, &left).ok() } else { None };
        prop_assert_eq!(order.compare(&left, &right).ok(), expected.map(Ordering::reverse));
    }
}
