//! Network interfaces (E1–E5), stored compactly: there may be millions.

use std::hash::{BuildHasher, RandomState};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Deref;

use hashbrown::HashTable;
use serde::Deserialize;

use super::cidr::Cidr;
use super::names::Name;
use super::reading::filled;
use super::record::record;
use super::scope::ScopeId;
use super::table::{Repeated, Table};
use super::word::{Word, words};

words! {
    /// What an interface belongs to.
    InterfaceKind, "type of interface":
    Interface = "interface", Efa = "efa", EfaOnly = "efa-only", Trunk = "trunk", Branch = "branch",
    NatGateway = "natGateway" | "nat_gateway", NetworkLoadBalancer = "network_load_balancer",
    LoadBalancer = "load_balancer", GatewayLoadBalancer = "gateway_load_balancer",
    GatewayLoadBalancerEndpoint = "gateway_load_balancer_endpoint", VpcEndpoint = "vpc_endpoint",
    TransitGateway = "transit_gateway", Lambda = "lambda", GlobalAccelerator = "global_accelerator_managed",
    ApiGateway = "api_gateway_managed", IotRules = "iot_rules_managed", Quicksight = "quicksight",
    CodestarConnections = "aws_codestar_connections_managed",
    InstanceConnectEndpoint = "ec2_instance_connect_endpoint",
}

words! {
    /// Whether an interface is attached to something.
    InterfaceStatus, "status of an interface":
    Available = "available", Associated = "associated", Attaching = "attaching", InUse = "in-use",
    Detaching = "detaching",
}

/// A stretch of one of the lists of [`Interfaces`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stretch {
    begin: u32,
    count: u32,
}

impl Stretch {
    fn of<T>(self, list: &[T]) -> &[T] {
        list.get(self.begin as usize..).and_then(|rest| rest.get(..self.count as usize)).unwrap_or_default()
    }

    fn append<T>(list: &mut Vec<T>, items: impl IntoIterator<Item = T>) -> Stretch {
        let begin = list.len();
        list.extend(items);
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Stretch { begin: number(begin), count: number(list.len() - begin) }
    }
}

/// A network interface. What it has several of is asked from [`Interfaces`].
#[derive(Clone, Debug)]
pub struct Interface {
    /// `eni-…`
    pub id: Name,
    /// Its account and region.
    pub scope: ScopeId,
    /// Its subnet.
    pub subnet: Option<Name>,
    /// Its VPC.
    pub vpc: Option<Name>,
    /// Its availability zone.
    pub zone: Option<Name>,
    /// The account that owns it; may be a participant in a shared subnet (X4).
    pub owner: Option<Name>,
    /// The instance that it is attached to.
    pub instance: Option<Name>,
    /// What its maker wrote; those of load balancers are `ELB app/name/id`.
    pub description: Option<Name>,
    /// What it belongs to.
    pub kind: Option<Word<InterfaceKind>>,
    /// Whether it is attached.
    pub status: Option<Word<InterfaceStatus>>,
    /// Whether it refuses packets that are not its own (E3); absent when not told.
    pub source_dest_check: Option<bool>,
    group_set: u32,
    addresses: Stretch,
    ipv6: Stretch,
    prefixes: Stretch,
}

impl Interface {
    /// Whether it belongs to a gateway, an endpoint or a load balancer: it hands on what others send, and answers for what
    /// lies behind it. One of a kind that is not told or not known does not.
    pub fn passes_on(&self) -> bool {
        use InterfaceKind::{
            GatewayLoadBalancer, GatewayLoadBalancerEndpoint, LoadBalancer, NatGateway, NetworkLoadBalancer,
            TransitGateway, VpcEndpoint,
        };
        matches!(
            self.kind,
            Some(Word::Known(
                NatGateway
                    | LoadBalancer
                    | NetworkLoadBalancer
                    | GatewayLoadBalancer
                    | GatewayLoadBalancerEndpoint
                    | TransitGateway
                    | VpcEndpoint
            ))
        )
    }
}

/// A private address of version 4 and what the internet gateway maps it to (E2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InterfaceAddress {
    /// The private address.
    pub private: Ipv4Addr,
    /// The public address.
    pub public: Option<Ipv4Addr>,
    /// Whether it is the interface's primary address.
    pub is_primary: bool,
}

/// All interfaces: a slice of them, and what they have several of.
#[derive(Clone, Debug, Default)]
pub struct Interfaces {
    table: Table<Interface>,
    addresses: Vec<InterfaceAddress>,
    ipv6: Vec<Ipv6Addr>,
    prefixes: Vec<Cidr>,
    group_sets: Vec<Box<[Name]>>,
    /// The numbers of the sets, found by the sets themselves: there may be as many as interfaces.
    set_numbers: HashTable<u32>,
    /// Random, so that sets chosen by an enemy do not collide.
    hasher: RandomState,
}

impl Deref for Interfaces {
    type Target = [Interface];

    fn deref(&self) -> &[Interface] {
        &self.table
    }
}

impl Interfaces {
    /// The interface of that id.
    pub fn get(&self, id: Name) -> Option<&Interface> {
        self.table.get(id)
    }

    /// Where the interface of that id is among all.
    pub(crate) fn position(&self, id: Name) -> Option<u32> {
        self.table.position(id).and_then(|place| u32::try_from(place).ok())
    }

    /// Its addresses of version 4; the primary one is first.
    pub fn addresses(&self, interface: &Interface) -> &[InterfaceAddress] {
        interface.addresses.of(&self.addresses)
    }

    /// Its addresses of version 6.
    pub fn ipv6(&self, interface: &Interface) -> &[Ipv6Addr] {
        interface.ipv6.of(&self.ipv6)
    }

    /// The prefixes that are delegated to it.
    pub fn prefixes(&self, interface: &Interface) -> &[Cidr] {
        interface.prefixes.of(&self.prefixes)
    }

    /// Its security groups, sorted.
    pub fn groups(&self, interface: &Interface) -> &[Name] {
        set_of(&self.group_sets, interface.group_set)
    }

    /// The number of its set of security groups in [`Interfaces::group_sets`]; equal numbers are equal sets.
    pub fn group_set(&self, interface: &Interface) -> usize {
        interface.group_set as usize
    }

    /// Each set of security groups that an interface bears, once.
    pub fn group_sets(&self) -> &[Box<[Name]>] {
        &self.group_sets
    }

    pub(crate) fn add(&mut self, record: InterfaceRecord, scope: ScopeId) -> Result<(), Repeated> {
        if let Some(known) = self.get(record.id) {
            return Err(if known.scope == scope { Repeated::InScope(record.id) } else { Repeated::Elsewhere });
        }
        let mut groups: Vec<Name> = record.groups.iter().map(|group| group.id).collect();
        groups.sort_unstable();
        groups.dedup();
        let group_set = self.number_of_set(groups.into());
        let interface = Interface {
            id: record.id,
            scope,
            subnet: record.subnet,
            vpc: record.vpc,
            zone: record.zone,
            owner: record.owner,
            instance: record.attachment.as_ref().and_then(|attachment| attachment.instance),
            description: record.description,
            kind: record.kind,
            status: record.status,
            source_dest_check: record.source_dest_check,
            group_set,
            addresses: Stretch::append(&mut self.addresses, record.addresses()),
            ipv6: Stretch::append(&mut self.ipv6, record.ipv6.iter().map(|address| address.address)),
            prefixes: Stretch::append(
                &mut self.prefixes,
                record.ipv4_prefixes.iter().chain(&record.ipv6_prefixes).map(|prefix| prefix.prefix),
            ),
        };
        self.table.add(interface)
    }

    /// Takes what an instance says of an interface that has lost its attachment in its own list.
    pub(crate) fn attach(&mut self, id: Name, instance: Name) {
        if let Some(interface) = self.table.get_mut(id) {
            interface.instance.get_or_insert(instance);
        }
    }

    /// Takes a group from an interface.
    pub(crate) fn detach(&mut self, id: Name, group: Name) {
        let Some(known) = self.get(id) else { return };
        let groups: Vec<Name> = self.groups(known).iter().copied().filter(|other| *other != group).collect();
        let group_set = self.number_of_set(groups.into());
        if let Some(interface) = self.table.get_mut(id) {
            interface.group_set = group_set;
        }
    }

    /// Maps a private address to a public one, or to none.
    pub(crate) fn set_public(&mut self, id: Name, private: Ipv4Addr, public: Option<Ipv4Addr>) {
        let Some(stretch) = self.get(id).map(|interface| interface.addresses) else { return };
        let begin = stretch.begin as usize;
        for address in self.addresses.iter_mut().skip(begin).take(stretch.count as usize) {
            if address.private == private {
                address.public = public;
            }
        }
    }

    fn number_of_set(&mut self, set: Box<[Name]>) -> u32 {
        let Interfaces { group_sets, set_numbers, hasher, .. } = self;
        let hash = hasher.hash_one(&*set);
        if let Some(number) = set_numbers.find(hash, |number| set_of(group_sets, *number) == &*set) {
            return *number;
        }
        let number = u32::try_from(group_sets.len()).unwrap_or(u32::MAX);
        group_sets.push(set);
        set_numbers.insert_unique(hash, number, |number| hasher.hash_one(set_of(group_sets, *number)));
        number
    }
}

fn set_of(sets: &[Box<[Name]>], number: u32) -> &[Name] {
    sets.get(number as usize).map(|set| &**set).unwrap_or_default()
}

impl super::record::Record for Interface {
    fn id(&self) -> Name {
        self.id
    }

    fn scope(&self) -> ScopeId {
        self.scope
    }

    fn set_scope(&mut self, scope: ScopeId) {
        self.scope = scope;
    }
}

impl<'de> Deserialize<'de> for Interface {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Interface, D::Error> {
        Err(serde::de::Error::custom("an interface is read as its record"))
    }
}

/// An interface as the command line prints it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct InterfaceRecord {
    #[serde(rename = "NetworkInterfaceId")]
    pub(crate) id: Name,
    #[serde(default, rename = "SubnetId", deserialize_with = "filled")]
    subnet: Option<Name>,
    #[serde(default, rename = "VpcId", deserialize_with = "filled")]
    vpc: Option<Name>,
    #[serde(default, rename = "AvailabilityZone", deserialize_with = "filled")]
    zone: Option<Name>,
    #[serde(default, rename = "OwnerId", deserialize_with = "filled")]
    owner: Option<Name>,
    #[serde(default, deserialize_with = "filled")]
    description: Option<Name>,
    #[serde(rename = "InterfaceType")]
    kind: Option<Word<InterfaceKind>>,
    status: Option<Word<InterfaceStatus>>,
    source_dest_check: Option<bool>,
    attachment: Option<Attachment>,
    association: Option<Association>,
    #[serde(default)]
    groups: Vec<GroupId>,
    private_ip_address: Option<Ipv4Addr>,
    #[serde(default)]
    private_ip_addresses: Vec<PrivateAddress>,
    #[serde(default, rename = "Ipv6Addresses")]
    ipv6: Vec<Ipv6>,
    #[serde(default)]
    ipv4_prefixes: Vec<Ipv4Prefix>,
    #[serde(default)]
    ipv6_prefixes: Vec<Ipv4Prefix>,
}

impl InterfaceRecord {
    /// The addresses, the primary one first; old output names it and its public address beside the list only.
    fn addresses(&self) -> Vec<InterfaceAddress> {
        let public = |association: &Option<Association>| association.as_ref().and_then(|a| a.public);
        let mut all: Vec<InterfaceAddress> = self
            .private_ip_addresses
            .iter()
            .map(|address| InterfaceAddress {
                private: address.private_ip_address,
                public: public(&address.association),
                is_primary: address.primary.unwrap_or(self.private_ip_address == Some(address.private_ip_address)),
            })
            .collect();
        let is_listed = |private: Ipv4Addr| all.iter().any(|address| address.private == private);
        if let Some(private) = self.private_ip_address.filter(|private| !is_listed(*private)) {
            all.push(InterfaceAddress { private, public: public(&self.association), is_primary: true });
        }
        all.sort_by_key(|address| !address.is_primary);
        if all.iter().all(|address| address.public.is_none())
            && let Some(primary) = all.first_mut()
        {
            primary.public = public(&self.association);
        }
        all
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attachment {
    #[serde(default, rename = "InstanceId", deserialize_with = "filled")]
    instance: Option<Name>,
}

#[derive(Clone, Debug, Deserialize)]
struct Association {
    #[serde(rename = "PublicIp")]
    public: Option<Ipv4Addr>,
}

/// A reference to a security group in a list of them.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct GroupId {
    #[serde(rename = "GroupId")]
    pub(crate) id: Name,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PrivateAddress {
    primary: Option<bool>,
    private_ip_address: Ipv4Addr,
    association: Option<Association>,
}

#[derive(Clone, Debug, Deserialize)]
struct Ipv6 {
    #[serde(rename = "Ipv6Address")]
    address: Ipv6Addr,
}

#[derive(Clone, Debug, Deserialize)]
struct Ipv4Prefix {
    #[serde(rename = "Ipv4Prefix", alias = "Ipv6Prefix")]
    prefix: Cidr,
}

/// An elastic address (E6); what it is bound to is also told by the interface.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ElasticAddress {
    /// The public address, which an account has once.
    #[serde(rename = "PublicIp")]
    pub id: Name,
    /// `eipalloc-…`
    #[serde(default, rename = "AllocationId", deserialize_with = "filled")]
    pub allocation: Option<Name>,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// The interface that it is bound to.
    #[serde(default, rename = "NetworkInterfaceId", deserialize_with = "filled")]
    pub interface: Option<Name>,
    /// The private address that it is mapped to.
    #[serde(default, rename = "PrivateIpAddress", deserialize_with = "super::reading::lenient")]
    pub private: Option<Ipv4Addr>,
}

record!(ElasticAddress);
