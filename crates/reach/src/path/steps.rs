//! Steps: every gate of a flow is asked, also after one has failed.

use std::net::IpAddr;

use super::query::Leg;
use super::remedies;
use crate::exposure::{Question, acl_gates, group_gates, target_text};
use crate::network::{Direction, Network, Peers, Protocol, View};
use crate::remedy::Edit;
use crate::sets::{AddressSet, Cells, Family};
use crate::snapshot::{Interface, Name, RouteTarget};

/// A gate that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) leg: Leg,
    pub(super) kind: &'static str,
    pub(super) id: String,
    /// The rule that lets it pass, or why none does.
    pub(super) text: String,
    /// Why it does not pass.
    pub(super) code: Option<&'static str>,
    /// What would let it pass, where that is known.
    pub(super) remedy: Option<Edit>,
}

/// A flow on its way.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    pub(super) protocol: Protocol,
    /// The port of the destination; of ICMP, type × 256.
    pub(super) port: u16,
    pub(super) source_port: u16,
    pub(super) view: View,
    pub(super) source: Option<IpAddr>,
    pub(super) destination: Option<IpAddr>,
    pub(super) steps: Vec<Step>,
}

impl Walk {
    pub(super) fn new(protocol: Protocol, port: u16, source_port: u16, view: View) -> Walk {
        let port = if protocol.is_icmp() { port << 8 } else { port };
        Walk { protocol, port, source_port, view, source: None, destination: None, steps: Vec::new() }
    }

    /// The port of the answer's destination; `None`: a message that has no answer.
    pub(super) fn answer_port(&self) -> Option<u16> {
        if self.protocol.is_icmp() { self.protocol.reply_of(self.port) } else { Some(self.source_port) }
    }

    pub(super) fn pass(&mut self, leg: Leg, kind: &'static str, id: impl Into<String>, text: impl Into<String>) {
        self.steps.push(Step { leg, kind, id: id.into(), text: text.into(), code: None, remedy: None });
    }

    pub(super) fn block(
        &mut self,
        leg: Leg,
        code: &'static str,
        (kind, id): (&'static str, &str),
        text: impl Into<String>,
    ) {
        self.steps.push(Step { leg, kind, id: id.to_owned(), text: text.into(), code: Some(code), remedy: None });
    }

    /// What would let the flow pass the step that stopped it last.
    pub(super) fn remedy(&mut self, edit: Option<Edit>) {
        if let Some(step) = self.steps.last_mut() {
            step.remedy = edit;
        }
    }

    fn at<'a>(&self, network: &Network<'_>, family: Family, cells: &'a [Cells]) -> Option<&'a Cells> {
        let protocols = network.protocols(family);
        let place = protocols.iter().position(|known| *known == self.protocol);
        cells.get(place.or_else(|| protocols.iter().position(|known| *known == Protocol::Other))?)
    }

    /// The groups of an interface, asked for a new flow to or from an address; answers need no rule (S2).
    pub(super) fn groups(
        &mut self,
        network: &Network<'_>,
        interface: &Interface,
        direction: Direction,
        (far, peers): (IpAddr, Peers<'_>),
    ) {
        let snapshot = network.snapshot;
        let groups = snapshot.interfaces.groups(interface);
        self.group_set(network, (groups, snapshot.text(interface.id)), direction, (far, peers));
    }

    /// A set of groups of an object.
    pub(super) fn group_set(
        &mut self,
        network: &Network<'_>,
        (groups, of): (&[Name], &str),
        direction: Direction,
        (far, peers): (IpAddr, Peers<'_>),
    ) {
        let family = Family::of(far);
        let admitted = network.groups(groups, direction, family, peers, self.view);
        let passes = self.at(network, family, &admitted).is_some_and(|cells| cells.at(self.port).contains(far));
        let way = if direction == Direction::Ingress { "in from" } else { "out to" };
        if passes {
            let own = AddressSet::one(far);
            let question = Question { family, protocol: self.protocol, ports: (self.port, self.port), far: &own };
            match group_gates(network, groups, direction, peers, &question).into_iter().next() {
                Some(gate) => self.pass(Leg::Request, "security-group", gate.id, gate.rule),
                None => self.pass(Leg::Request, "security-group", of, "its rules are not known"),
            }
            return;
        }
        let rules =
            |group: &Name| network.rules_of(*group).is_some_and(|rules| !rules.in_direction(direction).is_empty());
        let has_rules = groups.iter().any(rules);
        let code = if has_rules { "ENI_SG_RULES_MISMATCH" } else { "SG_HAS_NO_RULES" };
        let names: Vec<&str> = groups.iter().map(|group| network.snapshot.text(*group)).collect();
        let detail = format!("no rule of {} lets {} {way} {far}", list(&names), self.flow());
        self.block(Leg::Request, code, ("security-group", of), detail);
        self.remedy(remedies::rule(self, groups, direction, far));
    }

    /// The ACL of a subnet, asked for a packet to a port with an address at the far end.
    pub(super) fn acl(
        &mut self,
        network: &Network<'_>,
        subnet: Option<Name>,
        (leg, direction): (Leg, Direction),
        far: IpAddr,
    ) {
        let port = match leg {
            Leg::Request => self.port,
            Leg::Answer => match self.answer_port() {
                Some(port) => port,
                None => return,
            },
        };
        let family = Family::of(far);
        let place = network.place(network.place_of(subnet));
        let cells = network.acl(place.acl, direction, family, self.view);
        let passes = self.at(network, family, cells).is_some_and(|cells| cells.at(port).contains(far));
        let acl =
            place.acl.and_then(|acl| network.snapshot.network_acls.at(acl)).map(|acl| network.snapshot.text(acl.id));
        let id = acl.unwrap_or("an ACL that is not known");
        if passes {
            let own = AddressSet::one(far);
            let question = Question { family, protocol: self.protocol, ports: (port, port), far: &own };
            let gate = acl_gates(network, subnet, direction, &question).into_iter().next();
            self.pass(
                leg,
                "network-acl",
                id,
                gate.map_or_else(|| "assumed to let it pass".to_owned(), |gate| gate.rule),
            );
            return;
        }
        let (way, toward) = if direction == Direction::Ingress { ("in", "from") } else { ("out", "to") };
        let detail = format!("{} {port} is not let {way} {toward} {far}", self.protocol);
        self.block(leg, "SUBNET_ACL_RESTRICTION", ("network-acl", id), detail);
        self.remedy(remedies::entry(self, network, place.acl, direction, (port, far)));
    }

    /// The route of a subnet to an address: whether it leads to the target that is wanted.
    pub(super) fn route(
        &mut self,
        network: &Network<'_>,
        subnet: Option<Name>,
        leg: Leg,
        (far, wanted): (IpAddr, RouteTarget),
    ) -> bool {
        let snapshot = network.snapshot;
        let place = network.place(network.place_of(subnet));
        let table = place.table.and_then(|table| snapshot.route_tables.at(table));
        let plan = place.table.and_then(|table| network.plans.get(table));
        let (Some(table), Some(plan)) = (table, plan) else {
            let id = subnet.map(|subnet| snapshot.text(subnet)).unwrap_or_default();
            if self.view == View::Possible {
                self.pass(leg, "route", id, "its route table is not known");
            } else {
                self.block(leg, "UNKNOWN_RESOURCE", ("route", id), "its route table is not known");
            }
            return self.view == View::Possible;
        };
        let id = snapshot.text(table.id);
        let family = Family::of(far);
        let number = Family::number(far);
        if plan.toward(family, wanted, self.view).contains_number(number) {
            let line = plan.lines(family).iter().find(|line| line.addresses.contains_number(number));
            let block = line.map(|line| line.block.to_string()).unwrap_or_default();
            self.pass(leg, "route", id, format!("{block} to {}", target_text(snapshot, wanted)));
            return true;
        }
        let line = plan.lines(family).iter().find(|line| line.addresses.contains_number(number));
        let remedy = remedies::route(table.id, far, wanted);
        let wanted = target_text(snapshot, wanted);
        match line.map(|line| (line.block, line.target)) {
            None => {
                let detail = format!("it has no route to {far}; one to {wanted} is needed");
                self.block(leg, "NO_ROUTE_TO_DESTINATION", ("route", id), detail);
            }
            Some((block, None)) => {
                let detail = format!("its route for {block} leads nowhere");
                self.block(leg, "BAD_STATE_ROUTE", ("route", id), detail);
            }
            Some((block, Some(other))) => {
                let other = target_text(snapshot, other);
                let lines = plan
                    .lines(family)
                    .iter()
                    .filter(|line| target_text(snapshot, line.target.unwrap_or(RouteTarget::Gone)) == wanted);
                let is_shorter = lines.into_iter().any(|line| line.block.net().contains(&far));
                let code = if is_shorter { "MORE_SPECIFIC_ROUTE" } else { "CANNOT_ROUTE" };
                self.block(leg, code, ("route", id), format!("{far} goes by {block} to {other}, not to {wanted}"));
            }
        }
        self.remedy(remedy);
        false
    }

    /// E4: whether what is behind an interface runs.
    pub(super) fn state(&mut self, network: &Network<'_>, interface: &Interface) {
        let snapshot = network.snapshot;
        if crate::exposure::is_running(network, interface) {
            return;
        }
        let id = interface.instance.map(|id| snapshot.text(id)).unwrap_or_default();
        self.block(Leg::Request, "BAD_STATE", ("instance", id), "it is not running");
        self.remedy(interface.instance.map(|instance| Edit::Start { instance }));
    }

    pub(super) fn flow(&self) -> String {
        match self.protocol.is_icmp() {
            true => format!("{} {}", self.protocol, self.port >> 8),
            false => format!("{} {}", self.protocol, self.port),
        }
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "no security group at all".to_owned() } else { names.join(", ") }
}
