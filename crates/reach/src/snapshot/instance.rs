//! Instances: what a target's tags select, and what interfaces belong to.

use std::net::Ipv4Addr;

use assay_model::Timestamp;
use serde::Deserialize;

use super::interface::{GroupId, InterfaceRecord};
use super::names::Name;
use super::reading::{filled, lenient};
use super::record::record;
use super::scope::ScopeId;
use super::tag::Tag;
use super::word::{Word, words};

words! {
    /// The state of an instance (E4).
    InstanceState, "state of an instance":
    Pending = "pending", Running = "running", ShuttingDown = "shutting-down", Terminated = "terminated",
    Stopping = "stopping", Stopped = "stopped",
}

/// The key of the tag by which an auto scaling group marks its instances.
pub(crate) const AUTO_SCALING_TAG: &str = "aws:autoscaling:groupName";

/// An instance.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "InstanceRecord")]
pub struct Instance {
    /// `i-…`
    pub id: Name,
    /// Its account and region.
    pub scope: ScopeId,
    /// The account that its reservation names.
    pub owner: Option<Name>,
    /// Its state; absent when not told.
    pub state: Option<Word<InstanceState>>,
    /// `ami-…`
    pub image: Option<Name>,
    /// For example `t3.micro`.
    pub instance_type: Option<Name>,
    /// `windows`, or absent.
    pub platform: Option<Name>,
    /// When it was started last.
    pub launched_at: Option<Timestamp>,
    /// Its availability zone.
    pub zone: Option<Name>,
    /// Its VPC; a terminated one has none.
    pub vpc: Option<Name>,
    /// The subnet of its primary interface.
    pub subnet: Option<Name>,
    /// The name of its private address.
    pub private_dns: Option<Name>,
    /// The name of its public address.
    pub public_dns: Option<Name>,
    /// The private address of its primary interface.
    pub private_address: Option<Ipv4Addr>,
    /// The public address of its primary interface.
    pub public_address: Option<Ipv4Addr>,
    /// The security groups of its primary interface.
    pub groups: Box<[Name]>,
    /// Its interfaces.
    pub interfaces: Box<[Name]>,
    /// Its tags.
    pub tags: Box<[Tag]>,
    /// What it says of its interfaces, until the snapshot has taken it.
    pub(crate) details: Vec<InterfaceRecord>,
}

record!(Instance);

impl From<InstanceRecord> for Instance {
    fn from(record: InstanceRecord) -> Instance {
        Instance {
            id: record.id,
            scope: ScopeId::default(),
            owner: None,
            state: record.state.map(|state| state.name),
            image: record.image,
            instance_type: record.instance_type,
            platform: record.platform,
            launched_at: record.launch_time,
            zone: record.placement.and_then(|placement| placement.zone),
            vpc: record.vpc,
            subnet: record.subnet,
            private_dns: record.private_dns,
            public_dns: record.public_dns,
            private_address: record.private_address,
            public_address: record.public_address,
            groups: record.security_groups.into_iter().map(|group| group.id).collect(),
            interfaces: record.network_interfaces.iter().map(|interface| interface.id).collect(),
            tags: record.tags.into(),
            details: record.network_interfaces,
        }
    }
}

/// Instances that were started together; the account is said here only.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Reservation {
    #[serde(default, rename = "OwnerId", deserialize_with = "filled")]
    pub(crate) owner: Option<Name>,
    #[serde(default)]
    pub(crate) instances: Vec<Instance>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InstanceRecord {
    #[serde(rename = "InstanceId")]
    id: Name,
    state: Option<StateRecord>,
    #[serde(default, rename = "ImageId", deserialize_with = "filled")]
    image: Option<Name>,
    #[serde(default, deserialize_with = "filled")]
    instance_type: Option<Name>,
    #[serde(default, deserialize_with = "filled")]
    platform: Option<Name>,
    #[serde(default, deserialize_with = "lenient")]
    launch_time: Option<Timestamp>,
    placement: Option<Placement>,
    #[serde(default, rename = "VpcId", deserialize_with = "filled")]
    vpc: Option<Name>,
    #[serde(default, rename = "SubnetId", deserialize_with = "filled")]
    subnet: Option<Name>,
    #[serde(default, rename = "PrivateDnsName", deserialize_with = "filled")]
    private_dns: Option<Name>,
    #[serde(default, rename = "PublicDnsName", deserialize_with = "filled")]
    public_dns: Option<Name>,
    #[serde(default, rename = "PrivateIpAddress", deserialize_with = "lenient")]
    private_address: Option<Ipv4Addr>,
    #[serde(default, rename = "PublicIpAddress", deserialize_with = "lenient")]
    public_address: Option<Ipv4Addr>,
    #[serde(default)]
    security_groups: Vec<GroupId>,
    #[serde(default)]
    network_interfaces: Vec<InterfaceRecord>,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Clone, Debug, Deserialize)]
struct StateRecord {
    #[serde(rename = "Name")]
    name: Word<InstanceState>,
}

#[derive(Clone, Debug, Deserialize)]
struct Placement {
    #[serde(default, rename = "AvailabilityZone", deserialize_with = "filled")]
    zone: Option<Name>,
}
