//! Joining: the details in files of their own → the objects that they belong to.

use std::collections::HashMap;

use assay_model::evidence::ProblemKind;

use super::kind::Kind;
use super::loader::{AllDetails, Details};
use super::names::{Name, Names};
use super::problems::Problems;
use super::record::Record;
use super::scope::ScopeId;
use super::table::Table;
use super::whole::Snapshot;

impl AllDetails {
    /// A file of details began: if it lists none, there are none, which is not the same as that nobody told.
    pub(crate) fn begin(&mut self, kind: Kind, scope: ScopeId, of: &str) {
        let of = of.to_owned();
        match kind {
            Kind::PrefixListEntries => self.entries.push((scope, of, None)),
            Kind::TransitRoutes => self.routes.push((scope, of, None)),
            Kind::TransitAssociations => self.associations.push((scope, of, None)),
            Kind::TransitPropagations => self.propagations.push((scope, of, None)),
            Kind::EndpointPermissions => self.principals.push((scope, of, None)),
            Kind::Listeners => self.listeners.push((scope, of, None)),
            Kind::ListenerRules => self.listener_rules.push((scope, of, None)),
            Kind::BalancerAttributes => self.balancer_attributes.push((scope, of, None)),
            Kind::TargetGroupAttributes => self.group_attributes.push((scope, of, None)),
            Kind::TargetHealth => self.health.push((scope, of, None)),
            _ => {}
        }
    }

    pub(crate) fn join(self, snapshot: &mut Snapshot, names: &Names, problems: &mut Problems) {
        for rule in self.rules {
            let is_known = snapshot.security_groups.get_mut(rule.group).is_some_and(|group| rule.name_rule_of(group));
            if !is_known {
                let detail = "ec2 describe-security-group-rules has a rule that ec2 describe-security-groups has not";
                problems.add(names.text(rule.group), ProblemKind::NotFound, detail);
            }
        }
        let mut aliases = Aliases::new(names, problems);
        aliases.add(&snapshot.prefix_lists, |list| list.name);
        aliases.give(&mut snapshot.prefix_lists, self.entries, |list, entry| {
            let entries = list.entries.get_or_insert_default();
            entries.extend(entry.map(|entry| entry.cidr));
        });
        aliases.restart();
        aliases.add(&snapshot.transit_route_tables, |_| None);
        let tables = &mut snapshot.transit_route_tables;
        aliases.give(tables, self.routes, |table, route| table.routes.get_or_insert_default().extend(route));
        aliases.give(tables, self.associations, |table, link| table.associations.get_or_insert_default().extend(link));
        aliases.give(tables, self.propagations, |table, link| table.propagations.get_or_insert_default().extend(link));
        aliases.restart();
        aliases.add(&snapshot.endpoint_services, |service| service.name);
        aliases.give(&mut snapshot.endpoint_services, self.principals, |service, principal| {
            service.principals.get_or_insert_default().extend(principal);
        });
        aliases.restart();
        aliases.add(&snapshot.classic_balancers, |_| None);
        aliases.give(&mut snapshot.classic_balancers, self.classic, |balancer, attributes| {
            balancer.cross_zone = attributes.and_then(|attributes| attributes.cross_zone());
        });
        aliases.restart();
        aliases.add(&snapshot.target_groups, |group| group.name);
        let groups = &mut snapshot.target_groups;
        aliases.give(groups, self.group_attributes, |group, attribute| {
            group.attributes.get_or_insert_default().extend(attribute);
        });
        aliases.give(groups, self.health, |group, health| group.targets.get_or_insert_default().extend(health));
        aliases.restart();
        aliases.add(&snapshot.load_balancers, |balancer| balancer.name);
        let balancers = &mut snapshot.load_balancers;
        aliases.give(balancers, self.balancer_attributes, |balancer, attribute| {
            balancer.attributes.get_or_insert_default().extend(attribute);
        });
        aliases.give(balancers, own_balancer(self.listeners, names), |balancer, listener| {
            balancer.listeners.get_or_insert_default().extend(listener);
        });
        give_listener_rules(balancers, self.listener_rules, names, problems);
    }
}

/// A listener says itself whose it is; the name of its file is for lists of none.
fn own_balancer(
    listeners: Details<Option<super::balancer::Listener>>,
    names: &Names,
) -> Details<Option<super::balancer::Listener>> {
    let own = |(scope, of, listener): (ScopeId, String, Option<super::balancer::Listener>)| {
        let of = listener.as_ref().map_or(of, |listener| names.text(listener.balancer).to_owned());
        (scope, of, listener)
    };
    // All listeners of an account may be in one file, whose name then says nothing.
    listeners.into_iter().map(own).filter(|(_, of, listener)| listener.is_some() || !of.is_empty()).collect()
}

fn give_listener_rules(
    balancers: &mut Table<super::balancer::LoadBalancer>,
    rules: Details<Option<super::balancer::ListenerRule>>,
    names: &Names,
    problems: &mut Problems,
) {
    let mut places: HashMap<String, Vec<(Name, usize)>> = HashMap::new();
    for balancer in balancers.iter() {
        for (place, listener) in balancer.listeners.iter().flatten().enumerate() {
            let arn = names.text(listener.id);
            for alias in [arn, arn.rsplit('/').next().unwrap_or_default()] {
                places.entry(alias.to_owned()).or_default().push((balancer.id, place));
            }
        }
    }
    for (_, of, rule) in rules {
        let found = places.get(&of).map(Vec::as_slice).unwrap_or_default();
        let listener = match found {
            [(balancer, place), rest @ ..] if rest.iter().all(|other| other == &(*balancer, *place)) => {
                balancers.get_mut(*balancer).and_then(|balancer| balancer.listeners.as_mut()?.get_mut(*place))
            }
            _ => None,
        };
        match listener {
            Some(listener) => listener.rules.get_or_insert_default().extend(rule),
            None => problems.add(of, ProblemKind::NotFound, "there are rules of this listener, but not the listener"),
        }
    }
}

/// What the name of a file may call an object: its id, its name, or the end of its ARN.
struct Aliases<'a> {
    names: &'a Names,
    problems: &'a mut Problems,
    /// `None` where two objects are called the same.
    found: HashMap<(ScopeId, String), Option<Name>>,
}

impl<'a> Aliases<'a> {
    fn new(names: &'a Names, problems: &'a mut Problems) -> Aliases<'a> {
        Aliases { names, problems, found: HashMap::new() }
    }

    fn restart(&mut self) {
        self.found.clear();
    }

    fn add<T: Record>(&mut self, table: &Table<T>, name: fn(&T) -> Option<Name>) {
        for row in table.iter() {
            let id = self.names.text(row.id());
            let end = id.rsplit('/').next().unwrap_or_default();
            let name = name(row).map(|name| self.names.text(name));
            for alias in [Some(id), Some(end), name].into_iter().flatten() {
                let known = self.found.entry((row.scope(), alias.to_owned())).or_insert(Some(row.id()));
                if *known != Some(row.id()) {
                    *known = None;
                }
            }
        }
    }

    fn give<T: Record, D>(&mut self, table: &mut Table<T>, details: Details<D>, take: impl Fn(&mut T, D)) {
        for (scope, of, detail) in details {
            let id = self.found.get(&(scope, of.clone())).copied().flatten().or_else(|| self.names.find(&of));
            match id.and_then(|id| table.get_mut(id)) {
                Some(row) => take(row, detail),
                None => {
                    let detail = "there are details of this object, but not the object, or two that are called so";
                    self.problems.add(of, ProblemKind::NotFound, detail);
                }
            }
        }
    }
}
