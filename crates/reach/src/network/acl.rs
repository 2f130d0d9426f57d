//! Network ACLs, resolved: what passes a subnet's border inwards and outwards (A1–A8).

use super::notes::{Notes, View};
use super::protocol::{Fit, Protocol, fit};
use crate::sets::{AddressSet, Cells, Family, Verdict};
use crate::snapshot::{AclEntry, NetworkAcl, RuleAction, Snapshot, Word};

/// A direction, seen from what is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// In.
    Ingress,
    /// Out.
    Egress,
}

/// More entries a direction are not evaluated; EC2 allows 40.
const LIMIT: usize = 1000;

/// What an ACL lets through in a direction: ports with the addresses of the far end.
pub(crate) fn admitted(
    snapshot: &Snapshot,
    acl: &NetworkAcl,
    (direction, family, protocol): (Direction, Family, Protocol),
    view: View,
    notes: &Notes,
) -> Cells {
    let entries = in_order(acl, direction);
    if entries.len() > LIMIT {
        notes.say(snapshot.text(acl.id), format!("it has more than {LIMIT} entries, and was not evaluated"));
        return if view == View::Certain { Cells::default() } else { Cells::all(family) };
    }
    let lines: Vec<_> = entries
        .into_iter()
        .filter_map(|entry| {
            let line = line(entry, family, protocol, view)?;
            if line.1 {
                let detail = format!("its entry {} is not understood", entry.number);
                notes.say(snapshot.text(acl.id), detail);
            }
            Some(line.0)
        })
        .collect();
    Cells::first_match(family, &lines)
}

/// The entries of a direction in the order of evaluation (A1).
pub(crate) fn in_order(acl: &NetworkAcl, direction: Direction) -> Vec<&AclEntry> {
    let is_egress = direction == Direction::Egress;
    let mut entries: Vec<&AclEntry> = acl.entries.iter().filter(|entry| entry.is_egress == is_egress).collect();
    entries.sort_by_key(|entry| entry.number);
    entries
}

type Line = (Verdict, u16, u16, AddressSet);

/// An entry as a line, and whether some of it is not understood. `None`: it cannot match, or may not be relied upon.
pub(crate) fn line(entry: &AclEntry, family: Family, protocol: Protocol, view: View) -> Option<(Line, bool)> {
    let block = match family {
        Family::V4 => entry.ipv4,
        Family::V6 => entry.ipv6,
    };
    // A4: a line of one family never matches the other.
    let has_none = entry.ipv4.is_none() && entry.ipv6.is_none();
    if block.is_none() && !has_none {
        return None;
    }
    let (from, to) = match entry.icmp.filter(|_| protocol.is_icmp()) {
        Some(icmp) => (icmp.kind, icmp.code),
        None => (entry.ports.and_then(|ports| ports.from), entry.ports.and_then(|ports| ports.to)),
    };
    let fitting = fit(entry.protocol, protocol, from, to);
    let action = match entry.action {
        Word::Known(RuleAction::Allow) => Some(Verdict::Allow),
        Word::Known(RuleAction::Deny) => Some(Verdict::Deny),
        Word::Unknown(_) => None,
    };
    let (from, to) = match fitting {
        Fit::No => return None,
        Fit::Ports(from, to) => (from, to),
        Fit::Unknown => (0, u16::MAX),
    };
    let addresses = block.map_or_else(|| AddressSet::all(family), AddressSet::block);
    if fitting != Fit::Unknown
        && !has_none
        && let Some(action) = action
    {
        return Some(((action, from, to, addresses), false));
    }
    // What is not understood closes under the one view and opens under the other.
    let assumed = if view == View::Certain { Verdict::Deny } else { Verdict::Allow };
    let is_against = action.is_some_and(|action| action != assumed);
    (!is_against).then_some(((assumed, from, to, addresses), true))
}
