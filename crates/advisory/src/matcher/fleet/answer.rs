//! What a fleet says about one vulnerability.

use crate::matcher::explain::WhyNot;

/// The one reason of each host. Hosts with the same package in the same circumstances share it.
#[derive(Clone, Debug)]
pub struct FleetAnswer<'a> {
    /// The first is that of the hosts that have nothing of what the advisories name.
    reasons: Vec<WhyNot<'a>>,
    hosts: Vec<HostReason>,
}

/// Which reason counts for a host.
#[derive(Clone, Copy, Debug)]
struct HostReason {
    reason: usize,
    rank: u8,
    position: Option<usize>,
}

impl<'a> FleetAnswer<'a> {
    /// An answer in which all hosts have the same reason.
    pub(super) fn of_all(reason: WhyNot<'a>, hosts: usize) -> FleetAnswer<'a> {
        let of_host = HostReason { reason: 0, rank: reason.rank(), position: None };
        FleetAnswer { reasons: vec![reason], hosts: vec![of_host; hosts] }
    }

    /// Adds a reason, for [`offer`](FleetAnswer::offer).
    pub(super) fn add(&mut self, reason: WhyNot<'a>) -> usize {
        self.reasons.push(reason);
        self.reasons.len() - 1
    }

    /// Makes a reason the host's, where it is more telling than the one it has, or as telling and of an earlier package.
    pub(super) fn offer(&mut self, host: usize, reason: usize, position: usize) {
        let (Some(of_host), Some(offered)) = (self.hosts.get_mut(host), self.reasons.get(reason)) else {
            return;
        };
        let rank = offered.rank();
        let is_first = of_host.position.is_none_or(|first| position < first);
        if rank < of_host.rank || (rank == of_host.rank && is_first) {
            *of_host = HostReason { reason, rank, position: Some(position) };
        }
    }

    /// The reason of a host, by the number that [`Fleet::add`](super::Fleet::add) gave it.
    pub fn reason(&self, host: usize) -> Option<&WhyNot<'a>> {
        self.reasons.get(self.hosts.get(host)?.reason)
    }

    /// Where the package that the reason is about stands in the host's list of packages; absent where it is about none.
    pub fn position(&self, host: usize) -> Option<usize> {
        self.hosts.get(host)?.position
    }

    /// The reasons of all hosts, in the order of their numbers.
    pub fn reasons(&self) -> impl Iterator<Item = &WhyNot<'a>> {
        self.hosts.iter().filter_map(|of_host| self.reasons.get(of_host.reason))
    }
}
