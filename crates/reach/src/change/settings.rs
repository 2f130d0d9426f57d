//! Settings: every rule of a network that opens or closes something, as gates.

use std::collections::BTreeSet;

use crate::exposure::{Gate, rule_text, target_text};
use crate::network::{Direction, Network};
use crate::sets::Family;
use crate::snapshot::{Instance, InstanceState, RuleAction, Word};

/// All of them. Texts are those of [`crate::exposure::Gate`], so that the two can be compared.
pub(super) fn settings(network: &Network<'_>) -> BTreeSet<Gate> {
    let snapshot = network.snapshot;
    let text = |name| snapshot.text(name);
    let mut all = BTreeSet::new();
    for group in snapshot.security_groups.iter() {
        let Some(rules) = network.rules_of(group.id) else { continue };
        for direction in [Direction::Ingress, Direction::Egress] {
            for (rule, source) in rules.in_direction(direction) {
                for protocol in network.all_protocols() {
                    if let crate::network::Fit::Ports(from, to) =
                        crate::network::fit(rule.protocol, protocol, rule.from, rule.to)
                    {
                        let said = rule_text(snapshot, rule, source, direction, (protocol, from, to));
                        all.insert(Gate::new("security-group", text(group.id), said));
                    }
                }
            }
        }
    }
    for acl in snapshot.network_acls.iter() {
        for entry in &acl.entries {
            let way = if entry.is_egress { "egress" } else { "ingress" };
            let action = if entry.action == Word::Known(RuleAction::Allow) { "allow" } else { "deny" };
            let rule = format!("{way} {} {action}", entry.number);
            all.insert(Gate::new("network-acl", text(acl.id), rule));
        }
    }
    for (table, plan) in snapshot.route_tables.iter().zip(&network.plans) {
        for line in Family::BOTH.iter().flat_map(|family| plan.lines(*family)) {
            let target = line.target.map_or_else(|| "nowhere".to_owned(), |target| target_text(snapshot, target));
            all.insert(Gate::new("route", text(table.id), format!("{} to {target}", line.block)));
        }
    }
    for interface in snapshot.interfaces.iter() {
        for address in snapshot.interfaces.addresses(interface) {
            if let Some(public) = address.public {
                let rule = format!("{public} is {}", address.private);
                all.insert(Gate::new("public-address", text(interface.id), rule));
            }
        }
        for group in snapshot.interfaces.groups(interface) {
            all.insert(Gate::new("interface", text(interface.id), format!("bears {}", text(*group))));
        }
    }
    for (subnet, place) in
        snapshot.subnets.iter().map(|subnet| (subnet, network.place(network.place_of(Some(subnet.id)))))
    {
        let table = place.table.and_then(|table| snapshot.route_tables.at(table)).map(|table| text(table.id));
        let acl = place.acl.and_then(|acl| snapshot.network_acls.at(acl)).map(|acl| text(acl.id));
        let said = format!("uses {} and {}", table.unwrap_or("an unknown table"), acl.unwrap_or("an unknown ACL"));
        all.insert(Gate::new("subnet", text(subnet.id), said));
    }
    let runs = |instance: &&Instance| instance.state == Some(Word::Known(InstanceState::Running));
    for instance in snapshot.instances.iter().filter(runs) {
        all.insert(Gate::new("instance", text(instance.id), "runs"));
    }
    all
}
