//! Cuts: the fewest and cheapest edits that close an exposure, and what traffic each would also stop.

use serde::Serialize;

use super::apply::apply;
use super::candidates::candidates;
use super::edit::{Edit, EditText};
use super::search::{Bounds, Left, search};
use super::target::{CutTarget, TargetError, Wanted};
use crate::change::{Change, Direction, difference_but};
use crate::exposure::{Exposure, Exposures, Mode, exposures, exposures_of};
use crate::network::Network;
use crate::sets::{AddressSet, Cells};
use crate::snapshot::Snapshot;

/// Some edits that close it, of which none can be left out.
#[derive(Clone, Debug, Serialize)]
pub struct Cut {
    /// The edits.
    #[serde(skip)]
    pub edits: Vec<Edit>,
    /// The edits in words.
    #[serde(rename = "edits")]
    pub texts: Vec<EditText>,
    /// What else could not be reached any more from outside of its VPC.
    pub also_closes: Vec<Change>,
}

/// How an exposure can be closed.
#[derive(Clone, Debug, Serialize)]
pub struct CutAnswer {
    /// How many exposures are meant; none: there is nothing to close.
    pub exposures: usize,
    /// The ways to close them: the fewest edits first, then those that stop the least other traffic. Each was verified.
    pub cuts: Vec<Cut>,
    /// Whether these are all, of the kinds of edits that are known.
    pub is_complete: bool,
}

/// The most edits of one cut, and the most networks that are analysed for one answer.
const EDITS: usize = 8;
const QUESTIONS: usize = 2000;

/// Finds up to `count` ways to close what is meant, and verifies each by analysing the edited network as a whole.
pub fn cut(network: &Network<'_>, mode: Mode, target: &CutTarget, count: usize) -> Result<CutAnswer, TargetError> {
    let snapshot = network.snapshot();
    let wanted = Wanted::find(network, target)?;
    let before = exposures(network, mode);
    let meant = open(&before, &wanted).count();
    if meant == 0 {
        return Ok(CutAnswer { exposures: 0, cuts: Vec::new(), is_complete: true });
    }
    let bounds = Bounds { sets: count, questions: QUESTIONS, edits: EDITS };
    let found = search(bounds, |edits| {
        let edited = apply(snapshot, edits);
        let network = Network::new(&edited);
        let left = exposures_of(&network, mode, &wanted.interfaces);
        match open(&left, &wanted).next() {
            None => Left::Closed,
            Some((exposure, packet)) => Left::Open(candidates(snapshot, &network, &wanted, &exposure, packet)),
        }
    });
    let mut cuts: Vec<Cut> =
        found.sets.into_iter().filter_map(|edits| verified(snapshot, &before, mode, &wanted, edits)).collect();
    let cost = |cut: &Cut| cut.edits.iter().map(Edit::cost).sum::<u32>();
    cuts.sort_by_key(|cut| (cut.edits.len(), cut.also_closes.len(), cost(cut)));
    Ok(CutAnswer { exposures: meant, cuts, is_complete: found.is_complete })
}

/// The exposures that are meant, with a packet of each; also those that cannot be used at this moment.
fn open<'e>(
    exposures: &'e Exposures<'_, '_>,
    wanted: &'e Wanted,
) -> impl Iterator<Item = (Exposure, (u16, u128))> + 'e {
    let snapshot = exposures.network().snapshot();
    exposures.iter().filter_map(|exposure| {
        let packet = wanted.packet(snapshot, &exposure)?;
        Some((exposure, packet))
    })
}

/// A cut, if the network as a whole says so: all that is meant is closed, and nothing is opened.
fn verified(
    snapshot: &Snapshot,
    before: &Exposures<'_, '_>,
    mode: Mode,
    wanted: &Wanted,
    edits: Vec<Edit>,
) -> Option<Cut> {
    let edited = apply(snapshot, &edits);
    let network = Network::new(&edited);
    let after = exposures(&network, mode);
    if open(&after, wanted).next().is_some() {
        return None;
    }
    let also = difference_but(before, &after, &|direction, exposure| match direction {
        Direction::Closed => wanted.cells(snapshot, exposure),
        Direction::Opened => known(before, exposure),
    });
    if also.iter().any(|change| change.change == Direction::Opened) {
        return None;
    }
    let texts = edits.iter().map(|edit| edit.text(snapshot)).collect();
    Some(Cut { edits, texts, also_closes: also })
}

/// What was open before as such an exposure, surely or not.
fn known(before: &Exposures<'_, '_>, exposure: &Exposure) -> Cells {
    let is_same = |other: &Exposure| {
        other.interface == exposure.interface
            && other.address == exposure.address
            && other.origin == exposure.origin
            && other.protocol == exposure.protocol
            && other.edge.family == exposure.edge.family
    };
    let same = before.iter().filter(is_same);
    Cells::union_of(same.map(|other| (other.from, other.to, all_of(&other))))
}

fn all_of(exposure: &Exposure) -> AddressSet {
    match &exposure.sources {
        crate::exposure::Sources::Addresses(addresses) => addresses.clone(),
        _ => AddressSet::all(exposure.edge.family),
    }
}
