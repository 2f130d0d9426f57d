//! Versions that differ little, so that every rule of an order decides now and then.

use assay_advisory::version::VersionOrder;
use proptest::prelude::*;
use proptest::sample::select;

/// What versions of every order are made of.
const COMMON: [&str; 14] =
    ["0", "1", "2", "9", "10", "01", "00", "007", "99999999999999999999", "a", "b", "rc", "-", "."];

/// What versions of one order are made of besides.
fn own_pieces(order: VersionOrder) -> &'static [&'static str] {
    match order {
        VersionOrder::Dpkg => &["~", "~~", "+", "+b1", ":", "Z", "dfsg", "-1", "~bpo12"],
        VersionOrder::Rpm => &["~", "^", "_", "+", ":", "Z", "git", "-1", ".el9", "\u{3b1}"],
        VersionOrder::Apk => {
            &["_alpha", "_beta", "_pre", "_rc", "_git", "_p", "_p1", "~ab", "-r1", "-r0", ".1", ".0", ".01"]
        }
        VersionOrder::Pep440 => {
            &["!", "a1", "b2", "rc1", ".dev1", ".post1", "dev", "post", "+", "_", "r", "-1", "c", ".0", "v"]
        }
        VersionOrder::Npm | VersionOrder::Go | VersionOrder::Semver => {
            &[".0", ".1", ".2", "1.2.3", "1.2.3", "1.2.3-", "alpha", "beta", "+", "v", "Z", "x", "incompatible", "go"]
        }
        VersionOrder::Maven => {
            &["alpha", "beta", "m", "snapshot", "ga", "final", "sp", "Release", "jre", "_", ".0", "-0", "X"]
        }
        VersionOrder::RubyGems => &["pre", "beta", ".a", ".0", ".1", "Z", ".pre.", ".b.2"],
        VersionOrder::Composer => &[
            "alpha", "beta", "RC", "pl", "p", "patch", "stable", "dev", "-dev", "dev-", "x", ".x", "v", "_", "+",
            "20100102", ".0", "foo",
        ],
        VersionOrder::NuGet => &["1.0", "1.0.0", "-beta", "-BETA", "+a", ".0", ".1", "Z", "-rc.1"],
    }
}

/// Texts that look like versions of an order; not all are.
pub(super) fn texts(order: VersionOrder) -> impl Strategy<Value = String> {
    let piece = prop_oneof![select(COMMON.to_vec()), select(own_pieces(order).to_vec())];
    // Most orders want a number first.
    let start = select(vec!["", "1", "1.0", "1", "1.0.0"]);
    (start, prop::collection::vec(piece, 0..6)).prop_map(|(start, pieces)| format!("{start}{}", pieces.concat()))
}

/// Versions of an order.
pub(super) fn versions(order: VersionOrder) -> impl Strategy<Value = String> {
    texts(order).prop_filter("it is no version", move |text| order.parse(text).is_ok())
}

/// An order and three of its versions.
pub(super) fn three_versions() -> impl Strategy<Value = (VersionOrder, [String; 3])> {
    select(VersionOrder::ALL.to_vec())
        .prop_flat_map(|order| (Just(order), [versions(order), versions(order), versions(order)]))
}
