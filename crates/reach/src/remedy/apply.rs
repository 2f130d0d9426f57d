//! Applies edits to a snapshot.

use super::edit::Edit;
use crate::network::Direction;
use crate::snapshot::{
    BlockMode, BlockPublicAccess, ExclusionMode, InstanceState, Name, PublicAccessExclusion, Rule, SecurityGroup,
    Snapshot, Word,
};

/// A copy of the snapshot with the edits made, in order. What an edit names and the snapshot does not have is left as it is.
pub fn apply(snapshot: &Snapshot, edits: &[Edit]) -> Snapshot {
    let mut edited = snapshot.clone();
    for edit in edits {
        edited.make(edit);
    }
    edited
}

fn rules_of(group: &mut SecurityGroup, direction: Direction) -> &mut Box<[Rule]> {
    match direction {
        Direction::Ingress => &mut group.ingress,
        Direction::Egress => &mut group.egress,
    }
}

impl Snapshot {
    fn make(&mut self, edit: &Edit) {
        match edit {
            Edit::ReplaceRule { group, direction, rule, by } => {
                let Some(group) = self.security_groups.get_mut(*group) else { return };
                let rules = rules_of(group, *direction);
                let others = rules.iter().filter(|other| *other != rule);
                *rules = others.chain(by).copied().collect();
            }
            Edit::AddRule { group, direction, rule } => {
                let Some(group) = self.security_groups.get_mut(*group) else { return };
                let rules = rules_of(group, *direction);
                *rules = rules.iter().chain([rule]).copied().collect();
            }
            Edit::DetachGroup { interface, group } => self.interfaces.detach(*interface, *group),
            Edit::ReleaseAddress { interface, private } => {
                self.interfaces.set_public(*interface, *private, None);
                self.forget_address(*interface, *private);
            }
            Edit::AssociateAddress { interface, private } => {
                // An address of the block for documentation stands for the one that EC2 will give.
                self.interfaces.set_public(*interface, *private, Some(std::net::Ipv4Addr::new(203, 0, 113, 1)));
            }
            Edit::RemoveListener { balancer, port } => self.remove_listener(*balancer, *port),
            Edit::AddEntries { acl, entries } => {
                let Some(acl) = self.network_acls.get_mut(*acl) else { return };
                acl.entries = acl.entries.iter().chain(entries).copied().collect();
            }
            Edit::RemoveRoute { table, route } => {
                let Some(table) = self.route_tables.get_mut(*table) else { return };
                table.routes = table.routes.iter().filter(|other| *other != route).copied().collect();
            }
            Edit::AddRoute { table, route } => {
                let Some(table) = self.route_tables.get_mut(*table) else { return };
                let others = table.routes.iter().filter(|other| other.destination != route.destination);
                table.routes = others.chain([route]).copied().collect();
            }
            Edit::BlockPublicAccess { vpc } => self.block_public_access(*vpc),
            Edit::Exclude { subnet } => self.exclude(*subnet),
            Edit::Start { instance } => {
                if let Some(instance) = self.instances.get_mut(*instance) {
                    instance.state = Some(Word::Known(InstanceState::Running));
                }
            }
        }
    }

    fn forget_address(&mut self, interface: Name, private: std::net::Ipv4Addr) {
        let ids: Vec<Name> = self.addresses.iter().map(|address| address.id).collect();
        for id in ids {
            let Some(address) = self.addresses.get_mut(id) else { continue };
            if address.interface == Some(interface) && address.private == Some(private) {
                address.interface = None;
                address.private = None;
            }
        }
    }

    fn remove_listener(&mut self, balancer: Name, port: u16) {
        if let Some(balancer) = self.load_balancers.get_mut(balancer) {
            for listeners in balancer.listeners.iter_mut() {
                listeners.retain(|listener| listener.port != Some(port));
            }
        }
        if let Some(balancer) = self.classic_balancers.get_mut(balancer) {
            balancer.listeners = balancer.listeners.iter().filter(|listener| listener.port != port).copied().collect();
        }
    }

    fn block_public_access(&mut self, vpc: Name) {
        let Some(scope_id) = self.vpcs.get(vpc).map(|vpc| vpc.scope) else { return };
        let scope = self.scope(scope_id);
        let mode = Word::Known(BlockMode::Ingress);
        let is_same = |options: &BlockPublicAccess| {
            let is_named = options.account.is_some() && options.region.is_some();
            options.scope == scope_id
                || (is_named && options.account == scope.account && options.region == scope.region)
        };
        match self.public_access.iter_mut().find(|options| is_same(options)) {
            Some(options) => options.mode = mode,
            None => self.public_access.push(BlockPublicAccess {
                scope: scope_id,
                account: scope.account,
                region: scope.region,
                mode,
            }),
        }
    }

    fn exclude(&mut self, subnet: Name) {
        let Some(scope) = self.subnets.get(subnet).map(|subnet| subnet.scope) else { return };
        let resource = format!("subnet/{}", self.text(subnet));
        let names =
            [resource, "exclusion".to_owned(), "create-complete".to_owned()].map(|text| self.names.intern(&text));
        let [Some(resource), Some(id), Some(state)] = names else { return };
        let mode = Word::Known(ExclusionMode::Bidirectional);
        let _is_new =
            self.public_access_exclusions.add(PublicAccessExclusion { id, scope, resource, mode, state: Some(state) });
    }
}
