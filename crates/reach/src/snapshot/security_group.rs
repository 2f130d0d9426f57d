//! Security groups and their rules (S1–S13).

use serde::Deserialize;
use serde::de::Deserializer;

use super::cidr::Cidr;
use super::names::Name;
use super::reading::{filled, intern, note};
use super::record::record;
use super::scope::ScopeId;
use super::tag::Tag;

/// A protocol of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// `-1`: every protocol, whatever the ports say.
    All,
    /// The number of the Internet Protocol: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6.
    Number(u8),
    /// A word that is not known; also a problem of the snapshot.
    Unknown(Name),
}

impl Protocol {
    fn find(text: &str) -> Option<Protocol> {
        Some(match text {
            "-1" | "all" => Protocol::All,
            "icmp" => Protocol::Number(1),
            "tcp" => Protocol::Number(6),
            "udp" => Protocol::Number(17),
            "icmpv6" => Protocol::Number(58),
            _ => Protocol::Number(text.parse().ok()?),
        })
    }
}

impl<'de> Deserialize<'de> for Protocol {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Protocol, D::Error> {
        let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
        if let Some(protocol) = Protocol::find(&text) {
            return Ok(protocol);
        }
        note("protocol", &text);
        let name = intern(&text).ok_or_else(|| serde::de::Error::custom("the names are over the limit"))?;
        Ok(Protocol::Unknown(name))
    }
}

/// What a rule admits traffic from or to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Peer {
    /// A block of addresses.
    Cidr(Cidr),
    /// The entries of a prefix list (S10).
    PrefixList(Name),
    /// The private addresses of the interfaces that bear a group (S4).
    Group {
        /// The group.
        id: Name,
        /// Its VPC, where that is another one (S5).
        vpc: Option<Name>,
        /// The account that owns it.
        owner: Option<Name>,
        /// The peering connection in between.
        peering: Option<Name>,
    },
}

/// One rule: one peer of one permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// `sgr-…`, when `describe-security-group-rules` was given.
    pub id: Option<Name>,
    /// The protocol.
    pub protocol: Protocol,
    /// The first port, or the ICMP type; absent or -1 is any (S8, S9).
    pub from: Option<i32>,
    /// The last port, or the ICMP code.
    pub to: Option<i32>,
    /// The other end.
    pub peer: Peer,
}

/// A security group.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SecurityGroup {
    /// `sg-…`
    #[serde(rename = "GroupId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Its name.
    #[serde(default, rename = "GroupName", deserialize_with = "filled")]
    pub name: Option<Name>,
    /// Its VPC.
    #[serde(default, rename = "VpcId", deserialize_with = "filled")]
    pub vpc: Option<Name>,
    /// The account that owns it.
    #[serde(default, rename = "OwnerId", deserialize_with = "filled")]
    pub owner: Option<Name>,
    /// What may come in.
    #[serde(default, rename = "IpPermissions", deserialize_with = "rules")]
    pub ingress: Box<[Rule]>,
    /// What may go out.
    #[serde(default, rename = "IpPermissionsEgress", deserialize_with = "rules")]
    pub egress: Box<[Rule]>,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

record!(SecurityGroup);

fn rules<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<[Rule]>, D::Error> {
    let permissions = Vec::<Permission>::deserialize(deserializer)?;
    Ok(permissions.iter().flat_map(Permission::rules).collect())
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Permission {
    ip_protocol: Protocol,
    from_port: Option<i32>,
    to_port: Option<i32>,
    #[serde(default)]
    ip_ranges: Vec<Range>,
    #[serde(default)]
    ipv6_ranges: Vec<Range>,
    #[serde(default)]
    prefix_list_ids: Vec<ListId>,
    #[serde(default)]
    user_id_group_pairs: Vec<Pair>,
}

impl Permission {
    fn rules(&self) -> Vec<Rule> {
        let ranges = self.ip_ranges.iter().chain(&self.ipv6_ranges).map(|range| Peer::Cidr(range.cidr));
        let lists = self.prefix_list_ids.iter().map(|list| Peer::PrefixList(list.id));
        let groups = self.user_id_group_pairs.iter().filter_map(Pair::peer);
        let peers = ranges.chain(lists).chain(groups);
        peers
            .map(|peer| Rule { id: None, protocol: self.ip_protocol, from: self.from_port, to: self.to_port, peer })
            .collect()
    }
}

#[derive(Clone, Debug, Deserialize)]
struct Range {
    #[serde(rename = "CidrIp", alias = "CidrIpv6")]
    cidr: Cidr,
}

#[derive(Clone, Debug, Deserialize)]
struct ListId {
    #[serde(rename = "PrefixListId")]
    id: Name,
}

#[derive(Clone, Debug, Deserialize)]
struct Pair {
    #[serde(default, rename = "GroupId", deserialize_with = "filled")]
    id: Option<Name>,
    #[serde(default, rename = "GroupName", deserialize_with = "filled")]
    name: Option<Name>,
    #[serde(default, rename = "VpcId", deserialize_with = "filled")]
    vpc: Option<Name>,
    #[serde(default, rename = "UserId", deserialize_with = "filled")]
    owner: Option<Name>,
    #[serde(default, rename = "VpcPeeringConnectionId", deserialize_with = "filled")]
    peering: Option<Name>,
}

impl Pair {
    fn peer(&self) -> Option<Peer> {
        if self.id.is_none() {
            note("reference to a security group", "a pair without an id");
        }
        // A reference by name is of EC2-Classic; as an id it leads nowhere, and that is reported.
        let id = self.id.or(self.name)?;
        Some(Peer::Group { id, vpc: self.vpc, owner: self.owner, peering: self.peering })
    }
}

/// A rule with its id (`describe-security-group-rules`).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RuleRecord {
    #[serde(rename = "SecurityGroupRuleId")]
    id: Name,
    #[serde(rename = "GroupId")]
    pub(crate) group: Name,
    is_egress: bool,
    ip_protocol: Protocol,
    from_port: Option<i32>,
    to_port: Option<i32>,
    cidr_ipv4: Option<Cidr>,
    cidr_ipv6: Option<Cidr>,
    #[serde(default, rename = "PrefixListId", deserialize_with = "filled")]
    prefix_list: Option<Name>,
    #[serde(rename = "ReferencedGroupInfo")]
    referenced: Option<GroupInfo>,
}

#[derive(Clone, Debug, Deserialize)]
struct GroupInfo {
    #[serde(rename = "GroupId")]
    id: Name,
}

impl RuleRecord {
    /// Gives its id to the rule of the group that it is; false when the group has no such rule.
    pub(crate) fn name_rule_of(&self, group: &mut SecurityGroup) -> bool {
        let ports = |from: Option<i32>, to: Option<i32>| (from.filter(|port| *port >= 0), to.filter(|port| *port >= 0));
        let is_same_peer = |peer: Peer| match peer {
            Peer::Cidr(cidr) => self.cidr_ipv4 == Some(cidr) || self.cidr_ipv6 == Some(cidr),
            Peer::PrefixList(id) => self.prefix_list == Some(id),
            Peer::Group { id, .. } => self.referenced.as_ref().is_some_and(|info| info.id == id),
        };
        let rules = if self.is_egress { &mut group.egress } else { &mut group.ingress };
        let rule = rules.iter_mut().find(|rule| {
            let same_ports = ports(rule.from, rule.to) == ports(self.from_port, self.to_port);
            rule.id.is_none() && rule.protocol == self.ip_protocol && same_ports && is_same_peer(rule.peer)
        });
        rule.map(|rule| rule.id = Some(self.id)).is_some()
    }
}
