//! Block Public Access: whether the internet gateway of a VPC takes requests from outside (B1).

use super::notes::{Notes, View};
use crate::snapshot::{BlockMode, ExclusionMode, Name, Snapshot, Vpc, Word};

/// Whether requests from the internet are blocked for a subnet, as sure as can be told.
pub(crate) fn blocks_ingress(snapshot: &Snapshot, vpc: &Vpc, subnet: Option<Name>, view: View, notes: &Notes) -> bool {
    let scope = snapshot.scope(vpc.scope);
    let here = snapshot.public_access.iter().find(|options| {
        let is_named = options.account.is_some() && options.region.is_some();
        let is_same = options.account == scope.account && options.region == scope.region;
        options.scope == vpc.scope || (is_named && is_same)
    });
    let Some(options) = here else { return false };
    match options.mode {
        Word::Known(BlockMode::Off) => return false,
        Word::Known(BlockMode::Bidirectional | BlockMode::Ingress) => {}
        Word::Unknown(mode) => {
            let detail = format!("the mode {:?} of Block Public Access is not understood", snapshot.text(mode));
            notes.say(&snapshot.scope_text(vpc.scope), detail);
            return view == View::Certain;
        }
    }
    let is_ours = |resource: &str| {
        let ends = |kind: &str, id: Name| resource.rsplit(':').next() == Some(&format!("{kind}/{}", snapshot.text(id)));
        ends("vpc", vpc.id) || subnet.is_some_and(|subnet| ends("subnet", subnet))
    };
    let opens = snapshot.public_access_exclusions.iter().any(|exclusion| {
        let is_open = match exclusion.mode {
            Word::Known(mode) => mode == ExclusionMode::Bidirectional,
            Word::Unknown(_) => view == View::Possible,
        };
        // A state of tomorrow is no reason to trust an exclusion.
        let is_there = exclusion.state.map_or(view == View::Possible, |state| {
            matches!(snapshot.text(state), "create-complete" | "update-complete" | "update-in-progress")
        });
        is_open && is_there && is_ours(snapshot.text(exclusion.resource))
    });
    !opens
}
