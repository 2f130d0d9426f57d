//! Kinds: what a file of a snapshot lists, by the call of the command line or the entity of Batfish's layout.

/// A kind of object, or of detail of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the call that it is named after")]
pub enum Kind {
    // What others refer to comes first: files are read in this order.
    Vpcs,
    Subnets,
    SecurityGroups,
    NetworkInterfaces,
    Instances,
    RouteTables,
    NetworkAcls,
    PrefixLists,
    Addresses,
    InternetGateways,
    EgressOnlyInternetGateways,
    NatGateways,
    VpnGateways,
    CustomerGateways,
    VpnConnections,
    PeeringConnections,
    TransitGateways,
    TransitAttachments,
    TransitVpcAttachments,
    TransitPeeringAttachments,
    TransitRouteTables,
    VpcEndpoints,
    EndpointServices,
    PublicAccess,
    PublicAccessExclusions,
    LoadBalancers,
    TargetGroups,
    ClassicBalancers,
    ConnectGateways,
    ConnectAssociations,
    VirtualInterfaces,
    // Details: one file an object, or one for all in Batfish's layout.
    SecurityGroupRules,
    PrefixListEntries,
    TransitRoutes,
    TransitAssociations,
    TransitPropagations,
    EndpointPermissions,
    Listeners,
    ListenerRules,
    BalancerAttributes,
    TargetGroupAttributes,
    TargetHealth,
    ClassicAttributes,
}

/// How a kind appears in files.
pub(crate) struct Form {
    pub(crate) kind: Kind,
    /// The service of the command line.
    pub(crate) service: &'static str,
    /// The call.
    pub(crate) call: &'static str,
    /// The member that holds the objects.
    pub(crate) member: &'static str,
    /// The file and member in Batfish's layout, and the member there that says which object a detail belongs to.
    pub(crate) entity: &'static str,
    pub(crate) owner: &'static str,
    /// The id of an object, to name one that cannot be read.
    pub(crate) id: &'static str,
}

const fn form(
    kind: Kind,
    call: (&'static str, &'static str),
    member: &'static str,
    entity: &'static str,
    id: &'static str,
) -> Form {
    Form { kind, service: call.0, call: call.1, member, entity, owner: "", id }
}

const fn detail(
    kind: Kind,
    call: (&'static str, &'static str),
    member: &'static str,
    entity: &'static str,
    owner: &'static str,
) -> Form {
    Form { kind, service: call.0, call: call.1, member, entity, owner, id: "" }
}

const EC2: &str = "ec2";
const ELB: &str = "elbv2";
const CLASSIC: &str = "elb";
const CONNECT: &str = "directconnect";

/// Every kind.
pub(crate) const FORMS: &[Form] = &[
    form(Kind::Vpcs, (EC2, "describe-vpcs"), "Vpcs", "Vpcs", "VpcId"),
    form(Kind::Subnets, (EC2, "describe-subnets"), "Subnets", "Subnets", "SubnetId"),
    form(Kind::SecurityGroups, (EC2, "describe-security-groups"), "SecurityGroups", "SecurityGroups", "GroupId"),
    form(
        Kind::NetworkInterfaces,
        (EC2, "describe-network-interfaces"),
        "NetworkInterfaces",
        "NetworkInterfaces",
        "NetworkInterfaceId",
    ),
    form(Kind::Instances, (EC2, "describe-instances"), "Reservations", "Reservations", "ReservationId"),
    form(Kind::RouteTables, (EC2, "describe-route-tables"), "RouteTables", "RouteTables", "RouteTableId"),
    form(Kind::NetworkAcls, (EC2, "describe-network-acls"), "NetworkAcls", "NetworkAcls", "NetworkAclId"),
    form(Kind::PrefixLists, (EC2, "describe-managed-prefix-lists"), "PrefixLists", "PrefixLists", "PrefixListId"),
    form(Kind::PrefixLists, (EC2, "describe-prefix-lists"), "PrefixLists", "", "PrefixListId"),
    form(Kind::Addresses, (EC2, "describe-addresses"), "Addresses", "Addresses", "PublicIp"),
    form(
        Kind::InternetGateways,
        (EC2, "describe-internet-gateways"),
        "InternetGateways",
        "InternetGateways",
        "InternetGatewayId",
    ),
    form(
        Kind::EgressOnlyInternetGateways,
        (EC2, "describe-egress-only-internet-gateways"),
        "EgressOnlyInternetGateways",
        "EgressOnlyInternetGateways",
        "EgressOnlyInternetGatewayId",
    ),
    form(Kind::NatGateways, (EC2, "describe-nat-gateways"), "NatGateways", "NatGateways", "NatGatewayId"),
    form(Kind::VpnGateways, (EC2, "describe-vpn-gateways"), "VpnGateways", "VpnGateways", "VpnGatewayId"),
    form(
        Kind::CustomerGateways,
        (EC2, "describe-customer-gateways"),
        "CustomerGateways",
        "CustomerGateways",
        "CustomerGatewayId",
    ),
    form(
        Kind::VpnConnections,
        (EC2, "describe-vpn-connections"),
        "VpnConnections",
        "VpnConnections",
        "VpnConnectionId",
    ),
    form(
        Kind::PeeringConnections,
        (EC2, "describe-vpc-peering-connections"),
        "VpcPeeringConnections",
        "VpcPeeringConnections",
        "VpcPeeringConnectionId",
    ),
    form(
        Kind::TransitGateways,
        (EC2, "describe-transit-gateways"),
        "TransitGateways",
        "TransitGateways",
        "TransitGatewayId",
    ),
    form(
        Kind::TransitAttachments,
        (EC2, "describe-transit-gateway-attachments"),
        "TransitGatewayAttachments",
        "TransitGatewayAttachments",
        "TransitGatewayAttachmentId",
    ),
    form(
        Kind::TransitVpcAttachments,
        (EC2, "describe-transit-gateway-vpc-attachments"),
        "TransitGatewayVpcAttachments",
        "TransitGatewayVpcAttachments",
        "TransitGatewayAttachmentId",
    ),
    form(
        Kind::TransitPeeringAttachments,
        (EC2, "describe-transit-gateway-peering-attachments"),
        "TransitGatewayPeeringAttachments",
        "TransitGatewayPeeringAttachments",
        "TransitGatewayAttachmentId",
    ),
    form(
        Kind::TransitRouteTables,
        (EC2, "describe-transit-gateway-route-tables"),
        "TransitGatewayRouteTables",
        "TransitGatewayRouteTables",
        "TransitGatewayRouteTableId",
    ),
    form(Kind::VpcEndpoints, (EC2, "describe-vpc-endpoints"), "VpcEndpoints", "VpcEndpoints", "VpcEndpointId"),
    form(
        Kind::EndpointServices,
        (EC2, "describe-vpc-endpoint-service-configurations"),
        "ServiceConfigurations",
        "VpcEndpointServiceConfigurations",
        "ServiceId",
    ),
    form(
        Kind::PublicAccess,
        (EC2, "describe-vpc-block-public-access-options"),
        "VpcBlockPublicAccessOptions",
        "VpcBlockPublicAccessOptions",
        "AwsAccountId",
    ),
    form(
        Kind::PublicAccessExclusions,
        (EC2, "describe-vpc-block-public-access-exclusions"),
        "VpcBlockPublicAccessExclusions",
        "VpcBlockPublicAccessExclusions",
        "ExclusionId",
    ),
    form(Kind::LoadBalancers, (ELB, "describe-load-balancers"), "LoadBalancers", "LoadBalancers", "LoadBalancerArn"),
    form(Kind::TargetGroups, (ELB, "describe-target-groups"), "TargetGroups", "TargetGroups", "TargetGroupArn"),
    form(
        Kind::ClassicBalancers,
        (CLASSIC, "describe-load-balancers"),
        "LoadBalancerDescriptions",
        "LoadBalancerDescriptions",
        "LoadBalancerName",
    ),
    form(
        Kind::ConnectGateways,
        (CONNECT, "describe-direct-connect-gateways"),
        "directConnectGateways",
        "DirectConnectGateways",
        "directConnectGatewayId",
    ),
    form(
        Kind::ConnectAssociations,
        (CONNECT, "describe-direct-connect-gateway-associations"),
        "directConnectGatewayAssociations",
        "DirectConnectGatewayAssociations",
        "associationId",
    ),
    form(
        Kind::VirtualInterfaces,
        (CONNECT, "describe-virtual-interfaces"),
        "virtualInterfaces",
        "VirtualInterfaces",
        "virtualInterfaceId",
    ),
    form(
        Kind::SecurityGroupRules,
        (EC2, "describe-security-group-rules"),
        "SecurityGroupRules",
        "SecurityGroupRules",
        "SecurityGroupRuleId",
    ),
    detail(Kind::PrefixListEntries, (EC2, "get-managed-prefix-list-entries"), "Entries", "", ""),
    detail(
        Kind::TransitRoutes,
        (EC2, "search-transit-gateway-routes"),
        "Routes",
        "TransitGatewayStaticRoutes",
        "TransitGatewayRouteTableId",
    ),
    detail(Kind::TransitAssociations, (EC2, "get-transit-gateway-route-table-associations"), "Associations", "", ""),
    detail(
        Kind::TransitPropagations,
        (EC2, "get-transit-gateway-route-table-propagations"),
        "TransitGatewayRouteTablePropagations",
        "TransitGatewayPropagations",
        "TransitGatewayRouteTableId",
    ),
    detail(Kind::EndpointPermissions, (EC2, "describe-vpc-endpoint-service-permissions"), "AllowedPrincipals", "", ""),
    detail(Kind::Listeners, (ELB, "describe-listeners"), "Listeners", "LoadBalancerListeners", "LoadBalancerArn"),
    detail(Kind::ListenerRules, (ELB, "describe-rules"), "Rules", "", ""),
    detail(
        Kind::BalancerAttributes,
        (ELB, "describe-load-balancer-attributes"),
        "Attributes",
        "LoadBalancerAttributes",
        "LoadBalancerArn",
    ),
    detail(
        Kind::TargetGroupAttributes,
        (ELB, "describe-target-group-attributes"),
        "Attributes",
        "TargetGroupAttributes",
        "TargetGroupArn",
    ),
    detail(
        Kind::TargetHealth,
        (ELB, "describe-target-health"),
        "TargetHealthDescriptions",
        "LoadBalancerTargetHealth",
        "TargetGroupArn",
    ),
    detail(Kind::ClassicAttributes, (CLASSIC, "describe-load-balancer-attributes"), "LoadBalancerAttributes", "", ""),
];

/// Calls and entities that tell nothing of reachability, or nothing that another kind does not tell.
pub(crate) const HARMLESS: &[&str] = &[
    "AvailabilityZones",
    "DhcpOptions",
    "InstanceStatuses",
    "MovingAddressStatuses",
    "PlacementGroups",
    "Tags",
    "VpcEndpointServices",
    "describe-availability-zones",
    "describe-regions",
    "describe-snapshots",
    "describe-dhcp-options",
    "describe-tags",
    "describe-vpc-endpoint-services",
    "describe-account-attributes",
    "describe-volumes",
    "describe-images",
    "describe-key-pairs",
    "describe-instance-status",
];

impl Kind {
    /// Every kind once, in the order of reading.
    pub fn all() -> impl Iterator<Item = Kind> {
        let mut last = None;
        FORMS.iter().map(|form| form.kind).filter(move |kind| last.replace(*kind) != Some(*kind))
    }

    /// The call that tells of it, as one writes it after `aws`: for example `ec2 describe-vpcs`.
    pub fn call(self) -> String {
        let form = FORMS.iter().find(|form| form.kind == self);
        form.map(|form| format!("{} {}", form.service, form.call)).unwrap_or_default()
    }

    /// Whether it tells details of objects of another kind, one file an object.
    pub fn is_detail(self) -> bool {
        self >= Kind::SecurityGroupRules
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_in_the_order_of_their_forms() {
        let all: Vec<Kind> = Kind::all().collect();
        assert!(all.is_sorted());
        assert_eq!(all.len(), 43);
        assert_eq!(Kind::Instances.call(), "ec2 describe-instances");
        assert!(!Kind::VirtualInterfaces.is_detail() && Kind::ClassicAttributes.is_detail());
    }
}
