//! Load balancers of the first generation (L9).

use serde::Deserialize;

use super::balancer::BalancerScheme;
use super::names::Name;
use super::reading::filled;
use super::record::record;
use super::scope::ScopeId;
use super::word::Word;

/// A classic load balancer.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ClassicBalancer {
    /// Its name, which is unique in an account and region.
    #[serde(rename = "LoadBalancerName")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Its DNS name.
    #[serde(default, rename = "DNSName", deserialize_with = "filled")]
    pub dns_name: Option<Name>,
    /// Whether it has public addresses.
    pub scheme: Option<Word<BalancerScheme>>,
    /// Its VPC.
    #[serde(default, rename = "VPCId", deserialize_with = "filled")]
    pub vpc: Option<Name>,
    /// The subnets of its nodes.
    #[serde(default)]
    pub subnets: Box<[Name]>,
    /// Its zones.
    #[serde(default, rename = "AvailabilityZones")]
    pub zones: Box<[Name]>,
    /// Its security groups.
    #[serde(default)]
    pub security_groups: Box<[Name]>,
    /// Its targets.
    #[serde(default)]
    pub instances: Box<[ClassicInstance]>,
    /// Its listeners.
    #[serde(default, rename = "ListenerDescriptions")]
    pub listeners: Box<[ClassicListener]>,
    /// Whether a node sends to other zones (L7); `None` when no file tells.
    #[serde(skip)]
    pub cross_zone: Option<bool>,
}

/// A target of a classic load balancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct ClassicInstance {
    /// The instance.
    #[serde(rename = "InstanceId")]
    pub id: Name,
}

/// A listener of a classic load balancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "ListenerDescription")]
pub struct ClassicListener {
    /// `HTTP`, `HTTPS`, `TCP` or `SSL`.
    pub protocol: Option<Name>,
    /// Where it listens.
    pub port: u16,
    /// Where its targets listen.
    pub instance_port: u16,
}

record!(ClassicBalancer);

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListenerDescription {
    listener: ListenerRecord,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListenerRecord {
    #[serde(default, deserialize_with = "filled")]
    protocol: Option<Name>,
    load_balancer_port: u16,
    instance_port: u16,
}

impl From<ListenerDescription> for ClassicListener {
    fn from(description: ListenerDescription) -> ClassicListener {
        let ListenerRecord { protocol, load_balancer_port, instance_port } = description.listener;
        ClassicListener { protocol, port: load_balancer_port, instance_port }
    }
}

/// The attributes of a classic load balancer.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ClassicAttributes {
    cross_zone_load_balancing: Option<CrossZone>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CrossZone {
    enabled: bool,
}

impl ClassicAttributes {
    pub(crate) fn cross_zone(&self) -> Option<bool> {
        self.cross_zone_load_balancing.as_ref().map(|cross_zone| cross_zone.enabled)
    }
}
