//! What is missing: kinds and details that no file tells of. It is named, so that nothing is concluded from it.

use std::collections::BTreeSet;

use assay_model::evidence::ProblemKind;

use super::kind::Kind;
use super::names::Name;
use super::problems::Problems;
use super::route_table::Destination;
use super::scope::ScopeId;
use super::security_group::Peer;
use super::whole::Snapshot;

impl Snapshot {
    /// Takes the account and region of files that lie in no folder for them from what they list.
    pub(crate) fn guess_scopes(&mut self) {
        for (index, position) in (0..self.scopes.len()).zip(0_u16..) {
            let scope = ScopeId(position);
            let zones = self.subnets.iter().filter(|subnet| subnet.scope == scope).filter_map(|subnet| subnet.zone);
            let regions: BTreeSet<String> = zones.map(|zone| region_of(self.text(zone)).to_owned()).collect();
            let owners: BTreeSet<Name> =
                self.vpcs.iter().filter(|vpc| vpc.scope == scope).filter_map(|vpc| vpc.owner).collect();
            let only_region = regions.first().filter(|_| regions.len() == 1);
            let region = only_region.and_then(|region| self.names.intern(region));
            let account = owners.first().copied().filter(|_| owners.len() == 1);
            if let Some(scope) = self.scopes.get_mut(index) {
                scope.region = scope.region.or(region);
                scope.account = scope.account.or(account);
            }
        }
    }

    pub(crate) fn check_missing(&self, problems: &mut Problems) {
        for (scope, kind) in self.missing() {
            let detail = format!("no file tells of {}", kind.call());
            problems.add(self.scope_text(scope), ProblemKind::NotFound, detail);
        }
        let mut say = |id: Name, what: &str, kind: Kind| {
            let detail = format!("no file tells of its {what} ({})", kind.call());
            problems.add(self.text(id), ProblemKind::NotFound, detail);
        };
        let used = self.used_prefix_lists();
        for list in self.prefix_lists.iter().filter(|list| list.entries.is_none() && used.contains(&list.id)) {
            say(list.id, "entries", Kind::PrefixListEntries);
        }
        for table in self.transit_route_tables.iter() {
            if table.routes.is_none() {
                say(table.id, "routes", Kind::TransitRoutes);
            }
            if table.propagations.is_none() {
                say(table.id, "propagations", Kind::TransitPropagations);
            }
        }
        for balancer in self.load_balancers.iter() {
            if balancer.listeners.is_none() {
                say(balancer.id, "listeners", Kind::Listeners);
            }
            if balancer.attributes.is_none() {
                say(balancer.id, "attributes", Kind::BalancerAttributes);
            }
            let without_rules = |listener: &&super::balancer::Listener| listener.rules.is_none();
            let is_application = balancer.kind.is(super::balancer::BalancerKind::Application);
            for listener in balancer.listeners.iter().flatten().filter(|_| is_application).filter(without_rules) {
                say(listener.id, "rules", Kind::ListenerRules);
            }
        }
        for group in self.target_groups.iter() {
            if group.targets.is_none() {
                say(group.id, "targets", Kind::TargetHealth);
            }
            if group.attributes.is_none() {
                say(group.id, "attributes", Kind::TargetGroupAttributes);
            }
        }
        for balancer in self.classic_balancers.iter().filter(|balancer| balancer.cross_zone.is_none()) {
            say(balancer.id, "attributes", Kind::ClassicAttributes);
        }
    }

    /// Most lists of a region are Amazon's, and nobody uses them.
    fn used_prefix_lists(&self) -> BTreeSet<Name> {
        let rules = self.security_groups.iter().flat_map(|group| group.ingress.iter().chain(&group.egress));
        let by_rules = rules.filter_map(|rule| match rule.peer {
            Peer::PrefixList(list) => Some(list),
            _ => None,
        });
        let routes = self.route_tables.iter().flat_map(|table| table.routes.iter());
        let by_routes = routes.filter_map(|route| match route.destination {
            Destination::PrefixList(list) => Some(list),
            _ => None,
        });
        by_rules.chain(by_routes).collect()
    }
}

/// `us-east-2a` is in `us-east-2`.
fn region_of(zone: &str) -> &str {
    zone.trim_end_matches(|letter: char| letter.is_ascii_lowercase())
}
