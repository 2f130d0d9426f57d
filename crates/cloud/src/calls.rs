//! Calls: what is asked of AWS for a snapshot of a network. All of them only read.
//!
//! The names of files are those that `assay_reach::snapshot` knows. Calls that tell of one object each follow the list that
//! names the objects.

/// A service of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    /// Elastic Compute Cloud: instances, networks, gateways.
    Ec2,
    /// Load balancers of the second generation.
    Elbv2,
    /// Classic load balancers.
    Elb,
    /// Direct Connect.
    DirectConnect,
    /// Security Token Service, which tells whose the credentials are.
    Sts,
}

/// How a service is asked, and how it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// A form, answered in XML.
    Query {
        /// The version of the API.
        version: &'static str,
    },
    /// JSON 1.1.
    Json {
        /// What stands before the action in `X-Amz-Target`.
        target: &'static str,
    },
}

impl Service {
    /// As one writes it after `aws`.
    pub fn command(self) -> &'static str {
        match self {
            Service::Ec2 => "ec2",
            Service::Elbv2 => "elbv2",
            Service::Elb => "elb",
            Service::DirectConnect => "directconnect",
            Service::Sts => "sts",
        }
    }

    /// What stands before the region in the name of its endpoint, and what requests to it are signed for.
    pub fn endpoint_prefix(self) -> &'static str {
        match self {
            Service::Elbv2 | Service::Elb => "elasticloadbalancing",
            other => other.command(),
        }
    }

    /// How it is asked.
    pub fn protocol(self) -> Protocol {
        match self {
            Service::Ec2 => Protocol::Query { version: "2016-11-15" },
            Service::Elbv2 => Protocol::Query { version: "2015-12-01" },
            Service::Elb => Protocol::Query { version: "2012-06-01" },
            Service::Sts => Protocol::Query { version: "2011-06-15" },
            Service::DirectConnect => Protocol::Json { target: "OvertureService" },
        }
    }
}

/// How a list that is long comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// At once.
    Whole,
    /// In pages: the answer's member goes back as the request's.
    Pages {
        /// The member of the request.
        input: &'static str,
        /// The member of the answer.
        output: &'static str,
    },
}

/// The objects that a call is made for, one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Each {
    /// The call that lists them: its name on the command line, of the same service.
    pub of: &'static str,
    /// The member of each listed object that identifies it.
    pub id: &'static str,
    /// The parameter that takes it, as the API writes it.
    pub parameter: &'static str,
    /// The parameter as the command line writes it.
    pub option: &'static str,
}

/// A call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// The service.
    pub service: Service,
    /// As one writes it after the service: `describe-vpcs`.
    pub name: &'static str,
    /// The member of the answer that holds what is listed.
    pub result: &'static str,
    /// How much comes at once.
    pub paging: Paging,
    /// Parameters that are always there: as the API takes them.
    pub parameters: &'static [(&'static str, &'static str)],
    /// The same for the command line.
    pub options: &'static str,
    /// The objects that it is made for; none where it is made once.
    pub each: Option<Each>,
}

impl Call {
    /// The action, as the API names it.
    pub fn action(&self) -> String {
        let words = self.name.split('-').filter_map(|word| {
            let mut letters = word.chars();
            Some(letters.next()?.to_uppercase().chain(letters).collect::<String>())
        });
        words.collect()
    }

    /// The permission that it needs.
    pub fn permission(&self) -> String {
        format!("{}:{}", self.service.endpoint_prefix(), self.action())
    }

    /// The name of the file that it goes to, without what follows the first dot.
    pub(crate) fn stem(&self) -> String {
        match self.service {
            Service::Ec2 => self.name.to_owned(),
            other => format!("{}-{}", other.command(), self.name),
        }
    }

    /// The file that it goes to; for an object, with what identifies it.
    pub fn file(&self, id: Option<&str>) -> String {
        match id {
            // A name of a file holds no slash; what reads it decodes this again.
            Some(id) => format!("{}.{}.json", self.stem(), id.replace('%', "%25").replace('/', "%2F")),
            None => format!("{}.json", self.stem()),
        }
    }
}

const TOKENS: Paging = Paging::Pages { input: "NextToken", output: "NextToken" };
const SMALL_TOKENS: Paging = Paging::Pages { input: "nextToken", output: "nextToken" };
const MARKERS: Paging = Paging::Pages { input: "Marker", output: "NextMarker" };

const fn call(service: Service, name: &'static str, result: &'static str, paging: Paging) -> Call {
    Call { service, name, result, paging, parameters: &[], options: "", each: None }
}

const fn each(of: &'static str, id: &'static str, parameter: &'static str, option: &'static str) -> Each {
    Each { of, id, parameter, option }
}

impl Call {
    const fn for_each(self, each: Each) -> Call {
        Call { each: Some(each), ..self }
    }

    const fn with(self, parameters: &'static [(&'static str, &'static str)], options: &'static str) -> Call {
        Call { parameters, options, ..self }
    }
}

/// The routes of a table that are in use; without a filter the call is refused.
const ACTIVE: &[(&str, &str)] =
    &[("Filter.1.Name", "state"), ("Filter.1.Value.1", "active"), ("Filter.1.Value.2", "blackhole")];

/// Of what there may be much: without it, an account that is large enough is refused.
const THOUSAND: &[(&str, &str)] = &[("MaxResults", "1000")];

/// What is read of a VPN. Its tunnels' pre-shared keys are in the answer, too, and stay out of the file.
const VPN_WITHOUT_KEYS: &str = "--query '{VpnConnections: VpnConnections[].{VpnConnectionId: VpnConnectionId, State: State, \
    Type: Type, CustomerGatewayId: CustomerGatewayId, VpnGatewayId: VpnGatewayId, TransitGatewayId: TransitGatewayId, \
    Routes: Routes || `[]`, Options: {StaticRoutesOnly: Options.StaticRoutesOnly}, VgwTelemetry: VgwTelemetry || `[]`, \
    Tags: Tags || `[]`}}'";

/// What is read of a virtual interface. Its BGP keys are in the answer, too, and stay out of the file.
const INTERFACES_WITHOUT_KEYS: &str = "--query '{virtualInterfaces: virtualInterfaces[].{virtualInterfaceId: \
    virtualInterfaceId, virtualInterfaceType: virtualInterfaceType, virtualInterfaceState: virtualInterfaceState, \
    virtualGatewayId: virtualGatewayId, directConnectGatewayId: directConnectGatewayId, routeFilterPrefixes: \
    routeFilterPrefixes || `[]`}}'";

const TABLE: Each = each(
    "describe-transit-gateway-route-tables",
    "TransitGatewayRouteTableId",
    "TransitGatewayRouteTableId",
    "--transit-gateway-route-table-id",
);

/// Every call, in the order in which they are made.
pub const CALLS: &[Call] = &[
    call(Service::Ec2, "describe-vpcs", "Vpcs", TOKENS).with(THOUSAND, "--page-size 1000"),
    call(Service::Ec2, "describe-subnets", "Subnets", TOKENS).with(THOUSAND, "--page-size 1000"),
    call(Service::Ec2, "describe-security-groups", "SecurityGroups", TOKENS).with(THOUSAND, "--page-size 1000"),
    call(Service::Ec2, "describe-security-group-rules", "SecurityGroupRules", TOKENS)
        .with(THOUSAND, "--page-size 1000"),
    call(Service::Ec2, "describe-network-interfaces", "NetworkInterfaces", TOKENS).with(THOUSAND, "--page-size 1000"),
    call(Service::Ec2, "describe-instances", "Reservations", TOKENS).with(THOUSAND, "--page-size 1000"),
    call(Service::Ec2, "describe-route-tables", "RouteTables", TOKENS),
    call(Service::Ec2, "describe-network-acls", "NetworkAcls", TOKENS).with(THOUSAND, "--page-size 1000"),
    call(Service::Ec2, "describe-addresses", "Addresses", Paging::Whole),
    call(Service::Ec2, "describe-internet-gateways", "InternetGateways", TOKENS),
    call(Service::Ec2, "describe-egress-only-internet-gateways", "EgressOnlyInternetGateways", TOKENS),
    call(Service::Ec2, "describe-nat-gateways", "NatGateways", TOKENS),
    call(Service::Ec2, "describe-vpn-gateways", "VpnGateways", Paging::Whole),
    call(Service::Ec2, "describe-customer-gateways", "CustomerGateways", Paging::Whole),
    call(Service::Ec2, "describe-vpn-connections", "VpnConnections", Paging::Whole).with(&[], VPN_WITHOUT_KEYS),
    call(Service::Ec2, "describe-vpc-peering-connections", "VpcPeeringConnections", TOKENS),
    call(Service::Ec2, "describe-managed-prefix-lists", "PrefixLists", TOKENS),
    call(Service::Ec2, "get-managed-prefix-list-entries", "Entries", TOKENS).for_each(each(
        "describe-managed-prefix-lists",
        "PrefixListId",
        "PrefixListId",
        "--prefix-list-id",
    )),
    call(Service::Ec2, "describe-transit-gateways", "TransitGateways", TOKENS),
    call(Service::Ec2, "describe-transit-gateway-attachments", "TransitGatewayAttachments", TOKENS),
    call(Service::Ec2, "describe-transit-gateway-vpc-attachments", "TransitGatewayVpcAttachments", TOKENS),
    call(Service::Ec2, "describe-transit-gateway-peering-attachments", "TransitGatewayPeeringAttachments", TOKENS),
    call(Service::Ec2, "describe-transit-gateway-route-tables", "TransitGatewayRouteTables", TOKENS),
    call(Service::Ec2, "search-transit-gateway-routes", "Routes", TOKENS)
        .with(ACTIVE, "--filters Name=state,Values=active,blackhole")
        .for_each(TABLE),
    call(Service::Ec2, "get-transit-gateway-route-table-associations", "Associations", TOKENS).for_each(TABLE),
    call(Service::Ec2, "get-transit-gateway-route-table-propagations", "TransitGatewayRouteTablePropagations", TOKENS)
        .for_each(TABLE),
    call(Service::Ec2, "describe-vpc-endpoints", "VpcEndpoints", TOKENS),
    call(Service::Ec2, "describe-vpc-endpoint-service-configurations", "ServiceConfigurations", TOKENS),
    call(Service::Ec2, "describe-vpc-endpoint-service-permissions", "AllowedPrincipals", TOKENS).for_each(each(
        "describe-vpc-endpoint-service-configurations",
        "ServiceId",
        "ServiceId",
        "--service-id",
    )),
    call(Service::Ec2, "describe-vpc-block-public-access-options", "VpcBlockPublicAccessOptions", Paging::Whole),
    call(Service::Ec2, "describe-vpc-block-public-access-exclusions", "VpcBlockPublicAccessExclusions", TOKENS),
    call(Service::Elbv2, "describe-load-balancers", "LoadBalancers", MARKERS),
    call(Service::Elbv2, "describe-load-balancer-attributes", "Attributes", Paging::Whole).for_each(BALANCER),
    call(Service::Elbv2, "describe-listeners", "Listeners", MARKERS).for_each(BALANCER),
    call(Service::Elbv2, "describe-rules", "Rules", MARKERS).for_each(each(
        "describe-listeners",
        "ListenerArn",
        "ListenerArn",
        "--listener-arn",
    )),
    call(Service::Elbv2, "describe-target-groups", "TargetGroups", MARKERS),
    call(Service::Elbv2, "describe-target-group-attributes", "Attributes", Paging::Whole).for_each(TARGET_GROUP),
    call(Service::Elbv2, "describe-target-health", "TargetHealthDescriptions", Paging::Whole).for_each(TARGET_GROUP),
    call(Service::Elb, "describe-load-balancers", "LoadBalancerDescriptions", MARKERS),
    call(Service::Elb, "describe-load-balancer-attributes", "LoadBalancerAttributes", Paging::Whole).for_each(each(
        "describe-load-balancers",
        "LoadBalancerName",
        "LoadBalancerName",
        "--load-balancer-name",
    )),
    call(Service::DirectConnect, "describe-virtual-interfaces", "virtualInterfaces", SMALL_TOKENS)
        .with(&[], INTERFACES_WITHOUT_KEYS),
    call(Service::DirectConnect, "describe-direct-connect-gateways", "directConnectGateways", SMALL_TOKENS),
    call(
        Service::DirectConnect,
        "describe-direct-connect-gateway-associations",
        "directConnectGatewayAssociations",
        SMALL_TOKENS,
    )
    .for_each(each(
        "describe-direct-connect-gateways",
        "directConnectGatewayId",
        "directConnectGatewayId",
        "--direct-connect-gateway-id",
    )),
];

const BALANCER: Each = each("describe-load-balancers", "LoadBalancerArn", "LoadBalancerArn", "--load-balancer-arn");
const TARGET_GROUP: Each = each("describe-target-groups", "TargetGroupArn", "TargetGroupArn", "--target-group-arn");

/// Members of answers that are secrets. They are left out of what is written.
pub const SECRETS: &[&str] = &["CustomerGatewayConfiguration", "PreSharedKey", "authKey", "customerRouterConfig"];

impl Call {
    /// The call that lists the objects which this one is made for.
    pub fn parent(&self) -> Option<&'static Call> {
        let each = self.each?;
        CALLS.iter().find(|call| call.service == self.service && call.name == each.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_only_read_and_know_their_lists() {
        for (index, call) in CALLS.iter().enumerate() {
            let verbs = ["describe-", "get-", "search-"];
            assert!(verbs.iter().any(|verb| call.name.starts_with(verb)), "{}", call.name);
            assert_eq!(call.parent().is_some(), call.each.is_some(), "{}", call.name);
            if let Some(parent) = call.parent() {
                let position = CALLS.iter().position(|other| other == parent).unwrap();
                assert!(position < index, "{} comes before its list", call.name);
            }
            let same = CALLS.iter().filter(|other| other.file(None) == call.file(None)).count();
            assert_eq!(same, 1, "{}", call.name);
        }
    }

    #[test]
    fn names() {
        let rules = CALLS.iter().find(|call| call.name == "describe-rules").unwrap();
        assert_eq!(rules.action(), "DescribeRules");
        assert_eq!(rules.permission(), "elasticloadbalancing:DescribeRules");
        assert_eq!(rules.file(Some("arn:a/b%")), "elbv2-describe-rules.arn:a%2Fb%25.json");
        let classic = CALLS.iter().find(|call| call.service == Service::Elb).unwrap();
        assert_eq!(classic.file(None), "elb-describe-load-balancers.json");
    }
}
