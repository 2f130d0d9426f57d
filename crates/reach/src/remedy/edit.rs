//! Edits: single changes of configuration that an operator can make.

use std::net::{IpAddr, Ipv4Addr};

use serde::Serialize;

use crate::exposure::{ports_text, target_text};
use crate::network::Direction;
use crate::snapshot::{AclEntry, Cidr, Name, Peer, Protocol, Route, Rule, Snapshot};

/// A change of one setting. Names are those of the snapshot that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Replaces a rule of a security group by narrower ones, or by none.
    ReplaceRule {
        /// The group.
        group: Name,
        /// Which of its lists the rule is in.
        direction: Direction,
        /// The rule.
        rule: Rule,
        /// What is left of it.
        by: Vec<Rule>,
    },
    /// Takes a security group from an interface.
    DetachGroup {
        /// The interface.
        interface: Name,
        /// The group.
        group: Name,
    },
    /// Takes the public address from a private one.
    ReleaseAddress {
        /// The interface.
        interface: Name,
        /// Its private address.
        private: Ipv4Addr,
    },
    /// Removes a listener of a load balancer.
    RemoveListener {
        /// The load balancer.
        balancer: Name,
        /// The port that it listens on.
        port: u16,
    },
    /// Puts entries into a network ACL before all others of their direction.
    AddEntries {
        /// The ACL.
        acl: Name,
        /// The entries, with their numbers.
        entries: Vec<AclEntry>,
    },
    /// Removes a route.
    RemoveRoute {
        /// The route table.
        table: Name,
        /// The route.
        route: Route,
    },
    /// Turns Block Public Access on for the account and region of a VPC.
    BlockPublicAccess {
        /// The VPC.
        vpc: Name,
    },
    /// Adds a rule to a security group.
    AddRule {
        /// The group.
        group: Name,
        /// For which direction.
        direction: Direction,
        /// The rule.
        rule: Rule,
    },
    /// Adds a route.
    AddRoute {
        /// The route table.
        table: Name,
        /// The route.
        route: Route,
    },
    /// Gives a private address a public one; which is for EC2 to say.
    AssociateAddress {
        /// The interface.
        interface: Name,
        /// Its private address.
        private: Ipv4Addr,
    },
    /// Excludes a subnet from Block Public Access.
    Exclude {
        /// The subnet.
        subnet: Name,
    },
    /// Starts an instance.
    Start {
        /// The instance.
        instance: Name,
    },
}

/// An edit in words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EditText {
    /// What is changed: `security-group`, `network-acl`, `route` …
    pub kind: &'static str,
    /// The object.
    pub id: String,
    /// The change.
    pub change: String,
}

impl Edit {
    /// How much an operator would rather not do it: the lower, the sooner.
    pub(super) fn cost(&self) -> u32 {
        match self {
            Edit::ReplaceRule { by, .. } if !by.is_empty() => 1,
            Edit::ReplaceRule { .. } | Edit::AddRule { .. } => 2,
            Edit::DetachGroup { .. } => 3,
            Edit::RemoveListener { .. } | Edit::Start { .. } => 4,
            Edit::ReleaseAddress { .. } | Edit::AssociateAddress { .. } => 5,
            Edit::AddEntries { .. } => 6,
            Edit::RemoveRoute { .. } | Edit::AddRoute { .. } => 7,
            Edit::BlockPublicAccess { .. } | Edit::Exclude { .. } => 8,
        }
    }

    /// The edit in words.
    pub fn text(&self, snapshot: &Snapshot) -> EditText {
        let name = |name: Name| snapshot.text(name).to_owned();
        let (kind, id, change) = match self {
            Edit::ReplaceRule { group, direction, rule, by } => {
                let old = rule_words(snapshot, *direction, rule);
                let change = match by.is_empty() {
                    true => format!("remove {old}"),
                    false => {
                        let left: Vec<String> = by.iter().map(|rule| rule_words(snapshot, *direction, rule)).collect();
                        format!("replace {old} by {}", left.join(", "))
                    }
                };
                ("security-group", name(*group), change)
            }
            Edit::AddRule { group, direction, rule } => {
                ("security-group", name(*group), format!("add {}", rule_words(snapshot, *direction, rule)))
            }
            Edit::DetachGroup { interface, group } => {
                ("interface", name(*interface), format!("detach {}", snapshot.text(*group)))
            }
            Edit::ReleaseAddress { interface, private } => {
                ("public-address", name(*interface), format!("take the public address from {private}"))
            }
            Edit::AssociateAddress { interface, private } => {
                ("public-address", name(*interface), format!("give {private} a public address"))
            }
            Edit::RemoveListener { balancer, port } => {
                ("load-balancer", name(*balancer), format!("remove the listener on port {port}"))
            }
            Edit::AddEntries { acl, entries } => {
                let entries: Vec<String> = entries.iter().map(|entry| entry_words(snapshot, entry)).collect();
                ("network-acl", name(*acl), format!("add {}", entries.join(", ")))
            }
            Edit::RemoveRoute { table, route } => {
                ("route", name(*table), format!("remove {}", route_words(snapshot, route)))
            }
            Edit::AddRoute { table, route } => ("route", name(*table), format!("add {}", route_words(snapshot, route))),
            Edit::BlockPublicAccess { vpc } => {
                ("block-public-access", name(*vpc), "block ingress in its account and region".to_owned())
            }
            Edit::Exclude { subnet } => {
                ("block-public-access", name(*subnet), "exclude it, allowing both directions".to_owned())
            }
            Edit::Start { instance } => ("instance", name(*instance), "start it".to_owned()),
        };
        EditText { kind, id, change }
    }
}

fn protocol_words(snapshot: &Snapshot, protocol: Protocol) -> String {
    match protocol {
        Protocol::All => "all".to_owned(),
        Protocol::Number(number) => crate::network::Protocol::of_number(number).to_string(),
        Protocol::Unknown(name) => snapshot.text(name).to_owned(),
    }
}

fn rule_words(snapshot: &Snapshot, direction: Direction, rule: &Rule) -> String {
    let (way, toward) = match direction {
        Direction::Ingress => ("ingress", "from"),
        Direction::Egress => ("egress", "to"),
    };
    let peer = match rule.peer {
        Peer::Cidr(cidr) => cidr.to_string(),
        Peer::PrefixList(list) => snapshot.text(list).to_owned(),
        Peer::Group { id, .. } => snapshot.text(id).to_owned(),
    };
    let ports = match (rule.protocol, rule.from, rule.to) {
        (Protocol::All, ..) => String::new(),
        (_, Some(from), Some(to)) if from >= 0 => format!(" {from}-{to}"),
        _ => " all".to_owned(),
    };
    let id = rule.id.map(|id| format!(" ({})", snapshot.text(id))).unwrap_or_default();
    format!("{way} {}{ports} {toward} {peer}{id}", protocol_words(snapshot, rule.protocol))
}

fn entry_words(snapshot: &Snapshot, entry: &AclEntry) -> String {
    let (way, toward) = if entry.is_egress { ("egress", "to") } else { ("ingress", "from") };
    let action = match entry.action {
        crate::snapshot::Word::Known(crate::snapshot::RuleAction::Allow) => "allow",
        _ => "deny",
    };
    let block = entry.ipv4.or(entry.ipv6).map(|block: Cidr| block.to_string()).unwrap_or_default();
    let protocol = protocol_words(snapshot, entry.protocol);
    let number = |port: Option<i32>| port.and_then(|port| u16::try_from(port).ok());
    let ports = entry.ports.and_then(|ports| Some((number(ports.from)?, number(ports.to)?)));
    let ports = match ports {
        Some((from, to)) => format!(" {}", ports_text(crate::network::Protocol::Tcp, from, to)),
        None => String::new(),
    };
    format!("{way} {} {action} {protocol}{ports} {toward} {block}", entry.number)
}

fn route_words(snapshot: &Snapshot, route: &Route) -> String {
    let destination = match route.destination {
        crate::snapshot::Destination::Cidr(block) => block.to_string(),
        crate::snapshot::Destination::PrefixList(list) => snapshot.text(list).to_owned(),
        crate::snapshot::Destination::Unknown => "an unknown destination".to_owned(),
    };
    format!("{destination} to {}", target_text(snapshot, route.target))
}

/// The block of one address.
pub(crate) fn host_block(address: IpAddr) -> Cidr {
    Cidr::from(ipnet::IpNet::from(address))
}
