//! Openings: everything that stops a flow, and the edits that would let it pass.

use serde::Serialize;

use super::apply::apply;
use super::edit::{Edit, EditText};
use crate::change::{Change, Direction, difference};
use crate::exposure::{Mode, exposures};
use crate::network::Network;
use crate::path::{Answer, Blocker, EndError, PathQuery, Verdict, path};

/// How a flow can be opened.
#[derive(Clone, Debug, Serialize)]
pub struct OpenAnswer {
    /// Whether it works now.
    pub verdict: Verdict,
    /// Everything that stops it.
    pub blockers: Vec<Blocker>,
    /// The edits that let it pass, each needed.
    #[serde(skip)]
    pub edits: Vec<Edit>,
    /// The edits in words.
    #[serde(rename = "edits")]
    pub texts: Vec<EditText>,
    /// Whether the flow works with these edits, by the analysis of the edited network.
    pub opens: bool,
    /// What stops it after the edits; none, if they open it.
    pub remaining: Vec<Blocker>,
    /// What would become reachable from outside of its VPC.
    pub exposes: Vec<Change>,
}

/// Edits can bring other settings into play; after this many rounds it is left.
const ROUNDS: usize = 6;

/// Finds what stops a flow and the edits that open it. It is an error if an end is not known.
pub fn open(network: &Network<'_>, query: &PathQuery) -> Result<OpenAnswer, EndError> {
    let snapshot = network.snapshot();
    let first = path(network, query)?;
    let mut edits: Vec<Edit> = Vec::new();
    let mut last: Answer = first.clone();
    for _ in 0..ROUNDS {
        let fresh: Vec<Edit> = last.remedies.iter().filter(|edit| !edits.contains(edit)).cloned().collect();
        if last.verdict == Verdict::Reachable || fresh.is_empty() {
            break;
        }
        for edit in fresh {
            if !edits.contains(&edit) {
                edits.push(edit);
            }
        }
        let edited = apply(snapshot, &edits);
        last = path(&Network::new(&edited), query)?;
    }
    let opens = last.verdict == Verdict::Reachable;
    let mut needed = edits.clone();
    // Of those, only what is needed.
    for edit in edits.iter().filter(|_| opens) {
        let fewer: Vec<Edit> = needed.iter().filter(|other| *other != edit).cloned().collect();
        let edited = apply(snapshot, &fewer);
        if path(&Network::new(&edited), query)?.verdict == Verdict::Reachable {
            needed = fewer;
        }
    }
    let edited = apply(snapshot, &needed);
    let after = Network::new(&edited);
    let changes = difference(&exposures(network, Mode::EndToEnd), &exposures(&after, Mode::EndToEnd));
    Ok(OpenAnswer {
        verdict: first.verdict,
        blockers: first.blockers,
        texts: needed.iter().map(|edit| edit.text(snapshot)).collect(),
        edits: needed,
        opens,
        remaining: last.blockers,
        exposes: changes.into_iter().filter(|change| change.change == Direction::Opened).collect(),
    })
}
