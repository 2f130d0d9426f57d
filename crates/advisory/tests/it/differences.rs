//! The list of known differences, `known-differences.toml`: each is explained, and each must still be true.

use std::collections::BTreeSet;
use std::path::Path;

use assay_advisory::matcher::{Judgement, Status};
use serde::Deserialize;

use crate::support::{Pair, affected_pairs};

/// Who reports what the other does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    OnlyTheirs,
    OnlyOurs,
}

/// What Assay says of a pair on which the two differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Instead {
    /// The package holds no code of the kernel.
    NoKernelCode,
    /// The package comes from where the feed does not reach.
    NotCovered,
}

/// One explained difference.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Difference {
    /// The comparison it belongs to.
    comparison: String,
    side: Side,
    /// What Assay says instead; it must say so of each pair.
    verdict: Instead,
    /// Binary packages; absent where the host is whatever the tests run on.
    packages: Option<Vec<String>>,
    /// Number of pairs; absent where the host is whatever the tests run on.
    pairs: Option<usize>,
    /// Why the two differ.
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    difference: Vec<Difference>,
}

/// Fails unless ours and theirs differ by exactly what the list says of this comparison.
pub(crate) fn check_differences(comparison: &str, judgement: &Judgement<'_>, theirs: &BTreeSet<Pair>) {
    let ours = &affected_pairs(judgement);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/known-differences.toml");
    let list: List = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let known: Vec<&Difference> = list.difference.iter().filter(|entry| entry.comparison == comparison).collect();
    for (side, pairs) in [
        (Side::OnlyTheirs, theirs.difference(ours).collect::<Vec<_>>()),
        (Side::OnlyOurs, ours.difference(theirs).collect()),
    ] {
        let entries: Vec<&&Difference> = known.iter().filter(|entry| entry.side == side).collect();
        let unexplained: Vec<_> =
            pairs.iter().filter(|pair| !entries.iter().any(|entry| entry.covers(pair, judgement))).collect();
        let shown = &unexplained[..unexplained.len().min(20)];
        assert!(unexplained.is_empty(), "{comparison}: {side:?}, {} unexplained: {shown:?}", unexplained.len());
        for entry in entries {
            assert!(entry.reason.len() > 20, "{comparison}: a difference without a reason");
            let found = pairs.iter().filter(|pair| entry.covers(pair, judgement)).count();
            if let Some(expected) = entry.pairs {
                assert!(expected > 0, "{comparison}: a difference of no pair is none");
                assert_eq!(found, expected, "{comparison}: no longer true: {}", entry.reason);
            }
        }
    }
}

impl Difference {
    fn covers(&self, pair: &Pair, judgement: &Judgement<'_>) -> bool {
        let is_named = self.packages.as_ref().is_none_or(|packages| packages.contains(&pair.0));
        is_named
            && match self.verdict {
                Instead::NoKernelCode => judgement.verdicts.iter().any(|verdict| {
                    let is_pair = verdict.installed.name() == pair.0 && verdict.advisory.id == pair.1;
                    is_pair && verdict.status == Status::NoKernelCode
                }),
                Instead::NotCovered => judgement.not_covered.iter().any(|not| not.package.name == pair.0),
            }
    }
}
