//! Load balancers of the second generation: application, network and gateway (L1–L12, F1).

use serde::Deserialize;

use super::names::Name;
use super::reading::filled;
use super::record::record;
use super::scope::ScopeId;
use super::word::{Word, words};

words! {
    /// The type of a load balancer.
    BalancerKind, "type of a load balancer":
    Application = "application", Network = "network", Gateway = "gateway",
}

words! {
    /// Whether a load balancer has public addresses (L1).
    BalancerScheme, "scheme of a load balancer":
    InternetFacing = "internet-facing", Internal = "internal",
}

words! {
    /// The state of a load balancer.
    BalancerState, "state of a load balancer":
    Active = "active", Provisioning = "provisioning", ActiveImpaired = "active_impaired", Failed = "failed",
}

words! {
    /// What a listener or rule does with a request (L2).
    ActionKind, "type of a listener's action":
    Forward = "forward", Redirect = "redirect", FixedResponse = "fixed-response", AuthenticateOidc = "authenticate-oidc",
    AuthenticateCognito = "authenticate-cognito", JwtValidation = "jwt-validation",
}

words! {
    /// What the targets of a group are (L3).
    TargetKind, "type of a target group":
    Instance = "instance", Ip = "ip", Lambda = "lambda", Alb = "alb",
}

words! {
    /// Whether a target gets requests (L8).
    TargetState, "health of a target":
    Initial = "initial", Healthy = "healthy", Unhealthy = "unhealthy", UnhealthyDraining = "unhealthy.draining",
    Unused = "unused", Draining = "draining", Unavailable = "unavailable",
}

/// A load balancer.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LoadBalancer {
    /// Its ARN.
    #[serde(rename = "LoadBalancerArn")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Its name.
    #[serde(default, rename = "LoadBalancerName", deserialize_with = "filled")]
    pub name: Option<Name>,
    /// Its DNS name.
    #[serde(default, rename = "DNSName", deserialize_with = "filled")]
    pub dns_name: Option<Name>,
    /// Its type.
    #[serde(rename = "Type")]
    pub kind: Word<BalancerKind>,
    /// Whether it has public addresses; gateway load balancers have no scheme.
    pub scheme: Option<Word<BalancerScheme>>,
    /// Its state.
    pub state: Option<BalancerStateOf>,
    /// Its VPC.
    #[serde(default, rename = "VpcId", deserialize_with = "filled")]
    pub vpc: Option<Name>,
    /// Where its nodes are.
    #[serde(default, rename = "AvailabilityZones")]
    pub zones: Box<[BalancerZone]>,
    /// Its security groups; a network load balancer may have none (S12).
    #[serde(default)]
    pub security_groups: Box<[Name]>,
    /// `ipv4` or `dualstack` (L11).
    #[serde(default, rename = "IpAddressType", deserialize_with = "filled")]
    pub address_type: Option<Name>,
    /// Whether its groups apply to PrivateLink (L12): `on` or `off`.
    #[serde(default, rename = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", deserialize_with = "filled")]
    pub enforces_groups_on_private_link: Option<Name>,
    /// Its attributes; `None` when no file tells of them.
    #[serde(skip)]
    pub attributes: Option<Vec<BalancerAttribute>>,
    /// Its listeners; `None` when no file tells of them.
    #[serde(skip)]
    pub listeners: Option<Vec<Listener>>,
}

/// The state of a load balancer, with a reason that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct BalancerStateOf {
    /// The state.
    #[serde(rename = "Code")]
    pub code: Word<BalancerState>,
}

/// A node of a load balancer.
#[derive(Clone, Debug, Deserialize)]
pub struct BalancerZone {
    /// The availability zone.
    #[serde(default, rename = "ZoneName", deserialize_with = "filled")]
    pub zone: Option<Name>,
    /// The subnet of the node.
    #[serde(default, rename = "SubnetId", deserialize_with = "filled")]
    pub subnet: Option<Name>,
}

/// An attribute of a load balancer or a target group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BalancerAttribute {
    /// For example `load_balancing.cross_zone.enabled` (L7) or `preserve_client_ip.enabled` (L5).
    pub key: Name,
    /// For example `true`.
    pub value: Name,
}

/// A listener.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Listener {
    /// Its ARN.
    #[serde(rename = "ListenerArn")]
    pub id: Name,
    /// Its load balancer.
    #[serde(rename = "LoadBalancerArn")]
    pub balancer: Name,
    /// Its port; those of gateway load balancers have none.
    pub port: Option<u16>,
    /// `HTTP`, `HTTPS`, `TCP`, `TLS`, `UDP`, `TCP_UDP`, `GENEVE` …
    #[serde(default, deserialize_with = "filled")]
    pub protocol: Option<Name>,
    /// What it does when no rule fits.
    #[serde(default)]
    pub default_actions: Box<[ListenerAction]>,
    /// Its rules; `None` when no file tells of them.
    #[serde(skip)]
    pub rules: Option<Vec<ListenerRule>>,
}

/// A rule of a listener.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListenerRule {
    /// Its ARN.
    #[serde(rename = "RuleArn")]
    pub id: Name,
    /// Its place, or `default`.
    #[serde(default, deserialize_with = "filled")]
    pub priority: Option<Name>,
    /// When it fits.
    #[serde(default)]
    pub conditions: Box<[RuleCondition]>,
    /// What it does.
    #[serde(default)]
    pub actions: Box<[ListenerAction]>,
}

/// A condition of a rule; of all of them, only the source narrows who can satisfy it (L2).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RuleCondition {
    /// `source-ip`, `host-header`, `path-pattern` …
    pub field: Name,
    /// The blocks of a `source-ip`.
    #[serde(rename = "SourceIpConfig")]
    pub source: Option<SourceBlocks>,
}

/// The blocks of a condition on the source.
#[derive(Clone, Debug, Deserialize)]
pub struct SourceBlocks {
    /// One of them has to contain the source.
    #[serde(default, rename = "Values")]
    pub cidrs: Box<[super::cidr::Cidr]>,
}

/// An action.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListenerAction {
    /// What it does.
    #[serde(rename = "Type")]
    pub kind: Word<ActionKind>,
    /// The target group, when there is one only.
    #[serde(default, rename = "TargetGroupArn", deserialize_with = "filled")]
    pub target_group: Option<Name>,
    /// The target groups with their weights.
    #[serde(rename = "ForwardConfig")]
    pub forward: Option<Forward>,
}

impl ListenerAction {
    /// Every target group that it may forward to, each once.
    pub fn target_groups(&self) -> impl Iterator<Item = Name> {
        let weighted = self.forward.as_ref().map(|forward| &*forward.groups).unwrap_or_default();
        let single = self.target_group.filter(|single| weighted.iter().all(|group| group.target_group != *single));
        let takes_some = |group: &&WeightedGroup| group.weight != Some(0);
        single.into_iter().chain(weighted.iter().filter(takes_some).map(|group| group.target_group))
    }
}

/// Target groups with weights.
#[derive(Clone, Debug, Deserialize)]
pub struct Forward {
    /// The groups.
    #[serde(default, rename = "TargetGroups")]
    pub groups: Box<[WeightedGroup]>,
}

/// A target group and its share of the requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct WeightedGroup {
    /// The group.
    #[serde(rename = "TargetGroupArn")]
    pub target_group: Name,
    /// Its share; zero gets none.
    #[serde(rename = "Weight")]
    pub weight: Option<u32>,
}

/// A target group.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TargetGroup {
    /// Its ARN.
    #[serde(rename = "TargetGroupArn")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Its name.
    #[serde(default, rename = "TargetGroupName", deserialize_with = "filled")]
    pub name: Option<Name>,
    /// The protocol to its targets.
    #[serde(default, deserialize_with = "filled")]
    pub protocol: Option<Name>,
    /// The port of targets that name none.
    pub port: Option<u16>,
    /// Its VPC.
    #[serde(default, rename = "VpcId", deserialize_with = "filled")]
    pub vpc: Option<Name>,
    /// What its targets are.
    #[serde(rename = "TargetType")]
    pub kind: Option<Word<TargetKind>>,
    /// The load balancers that use it.
    #[serde(default, rename = "LoadBalancerArns")]
    pub balancers: Box<[Name]>,
    /// Its attributes; `None` when no file tells of them.
    #[serde(skip)]
    pub attributes: Option<Vec<BalancerAttribute>>,
    /// Its targets; `None` when no file tells of them.
    #[serde(skip)]
    pub targets: Option<Vec<TargetHealth>>,
}

/// A target and its health.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TargetHealth {
    /// The target.
    pub target: Target,
    /// Whether it gets requests; absent when not told.
    #[serde(rename = "TargetHealth")]
    pub health: Option<HealthOf>,
}

/// A target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Target {
    /// An instance, an address or an ARN.
    pub id: Name,
    /// Its port, when it is not the group's.
    pub port: Option<u16>,
    /// Its zone; `all` of addresses outside the VPC.
    #[serde(default, rename = "AvailabilityZone", deserialize_with = "filled")]
    pub zone: Option<Name>,
}

/// The health of a target, with a reason that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct HealthOf {
    /// The health.
    #[serde(rename = "State")]
    pub state: Word<TargetState>,
}

record!(LoadBalancer, TargetGroup);
