//! Opinions: what single records say about a package, and which of them counts.
//!
//! Several records can speak of one vulnerability in one package: a notice and the vulnerability's own definition, two
//! channels, two databases of the same ecosystem. The order in which they came decides nothing. What counts, in turn:
//!
//! 1. Records of a channel that the host has, where one of them knows a fix: its builds take the place of the others.
//! 2. A fix that is newer than what is installed; of several the newest.
//! 3. A fix that is installed. A definition that still says "no fix" was written before the notice.
//! 4. The publisher's word that the package is not affected.
//! 5. A fix in a channel that the host does not have.
//! 6. Affected without a fix, suspected, unknown.

use std::cmp::Ordering;

use assay_model::finding::{Confidence, FixState};

use super::channel::Reach;
use super::verdict::{Compared, Status};
use crate::database::Advisory;
use crate::version::VersionOrder;

/// What one record says about one package.
#[derive(Clone, Debug)]
pub(crate) struct Opinion<'a> {
    pub(crate) advisory: Advisory<'a>,
    pub(crate) reach: Reach,
    pub(crate) status: Status,
    pub(crate) compared: Compared<'a>,
    pub(crate) confidence: Confidence,
    /// Whether the fix is installed, though something else than it runs.
    pub(crate) is_installed: bool,
}

impl Opinion<'_> {
    fn is_about_a_fix(&self) -> bool {
        matches!(self.status, Status::Fixed | Status::Affected(FixState::FixedIn))
    }

    fn rank(&self) -> u8 {
        match self.status {
            Status::Affected(FixState::FixedIn | FixState::RestartNeeded) => 0,
            Status::Fixed => 1,
            Status::NotAffected => 2,
            Status::Affected(FixState::OtherChannel) => 3,
            Status::Affected(_) => 4,
            Status::Suspected(_) => 5,
            Status::Unknown(_) => 6,
            Status::NoKernelCode => 7,
        }
    }
}

/// The opinion that counts, less sure where another contradicts it; absent when there is none.
pub(crate) fn settle<'a>(mut opinions: Vec<Opinion<'a>>, order: VersionOrder) -> Option<(Opinion<'a>, bool)> {
    if opinions.len() > 1 && opinions.iter().any(|opinion| opinion.reach == Reach::Own && opinion.is_about_a_fix()) {
        opinions.retain(|opinion| opinion.reach == Reach::Own);
    }
    let mut rest = opinions.into_iter();
    let mut best = rest.next()?;
    let mut contradicted = false;
    for opinion in rest {
        let (is_better, loser) = match opinion.rank().cmp(&best.rank()) {
            Ordering::Less => (true, &best),
            Ordering::Equal => (fixed_later(&opinion, &best, order), &best),
            Ordering::Greater => (false, &opinion),
        };
        // Between "fixed in a newer version" and "it has the fix", or "never affected", one of the two is wrong.
        let winner = if is_better { &opinion } else { &best };
        contradicted |= winner.rank() == 0 && matches!(loser.status, Status::Fixed | Status::NotAffected);
        if is_better {
            best = opinion;
        }
    }
    if contradicted {
        best.confidence = best.confidence.min(Confidence::Likely);
    }
    Some((best, contradicted))
}

/// Whether the left one's fix is the newer one; for the same fix, the notice that is later in the order of names.
fn fixed_later(left: &Opinion<'_>, right: &Opinion<'_>, order: VersionOrder) -> bool {
    match (left.compared.fixed, right.compared.fixed) {
        (Some(left), Some(right)) => order.compare(left, right).is_ok_and(|order| order == Ordering::Greater),
        (Some(_), None) => true,
        _ => false,
    }
}
