//! A comparison with another scanner as JSON lines: one pair a line, then one line with the counts.

use serde::Serialize;

use crate::json::write_line;
use crate::others::{Comparison, Pair};

#[derive(Debug, Serialize)]
struct PairLine<'a> {
    verdict: &'static str,
    #[serde(flatten)]
    pair: &'a Pair,
}

/// The last line: a file without it was cut short.
#[derive(Debug, Serialize)]
struct CountLine<'a> {
    scanner: &'static str,
    agreed: usize,
    only_ours: usize,
    only_theirs: usize,
    problems: &'a [String],
}

/// The pairs, each with a member `verdict` that is `agreed`, `only-ours` or `only-theirs`, and the counts.
pub fn comparison_jsonl(comparison: &Comparison) -> String {
    let mut bytes = Vec::new();
    let Comparison { scanner, agreed, only_ours, only_theirs, problems } = comparison;
    for (verdict, pairs) in [("agreed", agreed), ("only-ours", only_ours), ("only-theirs", only_theirs)] {
        for pair in pairs {
            // Serializing views with text keys into memory has no way to fail.
            let _ = write_line(&mut bytes, &PairLine { verdict, pair });
        }
    }
    let counts = CountLine {
        scanner: scanner.as_str(),
        agreed: agreed.len(),
        only_ours: only_ours.len(),
        only_theirs: only_theirs.len(),
        problems,
    };
    let _ = write_line(&mut bytes, &counts);
    String::from_utf8_lossy(&bytes).into_owned()
}
