//! Examples of an order, checked in both directions: what the tests of every order share.

use std::cmp::Ordering;

use super::order::VersionOrder;

/// Whether two versions compare so, and the other way about the reverse.
#[track_caller]
pub(super) fn check(order: VersionOrder, left: &str, right: &str, expected: Ordering) {
    assert_eq!(order.compare(left, right), Ok(expected), "{left:?} and {right:?} by {order}");
    assert_eq!(order.compare(right, left), Ok(expected.reverse()), "{right:?} and {left:?} by {order}");
}

/// Whether each pair is of a lower and a higher version.
#[track_caller]
pub(super) fn check_less(order: VersionOrder, pairs: &[(&str, &str)]) {
    for (low, high) in pairs {
        check(order, low, high, Ordering::Less);
    }
}

/// Whether each pair is of two spellings of a version.
#[track_caller]
pub(super) fn check_equal(order: VersionOrder, pairs: &[(&str, &str)]) {
    for (left, right) in pairs {
        check(order, left, right, Ordering::Equal);
    }
}

/// Whether every version is lower than all behind it.
#[track_caller]
pub(super) fn check_ascending(order: VersionOrder, versions: &[&str]) {
    for (index, low) in versions.iter().enumerate() {
        for high in versions.iter().skip(index + 1) {
            check(order, low, high, Ordering::Less);
        }
    }
}

/// Whether none of the texts is a version.
#[track_caller]
pub(super) fn check_refused(order: VersionOrder, texts: &[&str]) {
    for text in texts {
        assert!(order.parse(text).is_err(), "{text:?} by {order}");
    }
}
