//! Items of the semantic checklist about interfaces, routes and gateways: each is a change of the plain public network, and the
//! rows that are then exposed.

use assay_reach::exposure::{Mode, exposures};
use assay_reach::network::{Network, Protocol};
use assay_reach::path::{PathQuery, Verdict, path};
use assay_reach::snapshot::{Limits, Loader, Snapshot};
use serde_json::{Value, json};

use crate::checklist::{groups, plain, route, table};

/// The plain network with files replaced, added, or with `null` left out.
fn changed(changes: &[(&'static str, Value)]) -> Snapshot {
    let mut files = plain();
    for (name, content) in changes {
        files.retain(|(known, _)| known != name);
        if !content.is_null() {
            files.push((name, content.clone()));
        }
    }
    let mut loader = Loader::new(Limits::default());
    for (name, json) in files {
        loader.read_file(&format!("{name}.json"), json.to_string().as_bytes());
    }
    loader.finish()
}

/// Origin, address, ports and certainty of each row, with the reason where it is latent.
pub(crate) fn rows(changes: &[(&'static str, Value)]) -> Vec<String> {
    let snapshot = changed(changes);
    let network = Network::new(&snapshot);
    let answer = serde_json::to_value(exposures(&network, Mode::EndToEnd)).unwrap();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let each = |list: &str| answer[list].as_array().unwrap().clone();
    let all = each("exposures").into_iter().chain(each("latent"));
    let row = |row: Value| {
        let words = ["origin", "address", "ports", "certainty", "latent"].map(|key| text(&row, key));
        words.join(" ").trim_end().to_owned()
    };
    all.map(row).collect()
}

pub(crate) fn interface(id: &str, address: &str, public: Option<&str>, group: &str) -> Value {
    let mut json = json!({"NetworkInterfaceId": id, "VpcId": "vpc-a", "SubnetId": "subnet-a", "Groups": [{"GroupId": group}],
        "PrivateIpAddress": address, "Status": "in-use", "Attachment": {"InstanceId": "i-a"}});
    if let Some(public) = public {
        json["Association"] = json!({"PublicIp": public});
    }
    json
}

fn interfaces(all: &[Value]) -> (&'static str, Value) {
    ("describe-network-interfaces", json!({"NetworkInterfaces": all}))
}

pub(crate) fn group(id: &str, vpc: &str, port: u16, peer: Value) -> Value {
    let mut rule = json!({"IpProtocol": "tcp", "FromPort": port, "ToPort": port});
    rule.as_object_mut().unwrap().extend(peer.as_object().unwrap().clone());
    json!({"GroupId": id, "VpcId": vpc, "IpPermissions": [rule]})
}

pub(crate) fn anyone() -> Value {
    json!({"IpRanges": [{"CidrIp": "0.0.0.0/0"}]})
}

fn tables(routes: Value) -> (&'static str, Value) {
    ("describe-route-tables", json!({"RouteTables": [table("rtb-a", json!([{"Main": true}]), routes)]}))
}

const PLAIN: &str = "internet 10.0.1.10 22-22 certain";

#[test]
fn interfaces_are_judged_one_by_one() {
    let two = json!({"SecurityGroups": [group("sg-a", "vpc-a", 22, anyone()), group("sg-b", "vpc-a", 80, anyone())]});
    let second = interface("eni-b", "10.0.1.11", Some("3.128.0.11"), "sg-b");
    let first = interface("eni-a", "10.0.1.10", Some("3.128.0.10"), "sg-a");
    // E1: the groups of one interface say nothing of another.
    let found = rows(&[("describe-security-groups", two), interfaces(&[first.clone(), second])]);
    assert_eq!(found, [PLAIN, "internet 10.0.1.11 80-80 certain"]);
    // E5: an interface of no instance is there too.
    let mut service = first.clone();
    service["Attachment"] = json!({"AttachmentId": "eni-attach-1"});
    assert_eq!(rows(&[interfaces(&[service])]), [PLAIN]);
    // E6: an instance that is stopped has lost its automatic public address; an elastic one stays.
    let stopped = json!({"Reservations": [{"Instances": [{"InstanceId": "i-a", "State": {"Name": "stopped"}}]}]});
    let bare = interface("eni-a", "10.0.1.10", None, "sg-a");
    assert!(rows(&[("describe-instances", stopped.clone()), interfaces(&[bare])]).is_empty());
    assert_eq!(rows(&[("describe-instances", stopped)]), [format!("{PLAIN} instance-not-running")]);
    // S13: a group of another VPC that is shared with this one.
    let shared = json!({"SecurityGroups": [group("sg-a", "vpc-other", 22, anyone())]});
    assert_eq!(rows(&[("describe-security-groups", shared)]), [PLAIN]);
    // X4: in a shared subnet, the interface is another account's.
    let mut foreign = first;
    foreign["OwnerId"] = json!("444455556666");
    assert_eq!(rows(&[interfaces(&[foreign])]), [PLAIN]);
}

/// X2: what tomorrow brings is named, and does not close.
#[test]
fn what_is_not_known_yet_is_named() {
    let mut odd = interface("eni-a", "10.0.1.10", Some("3.128.0.10"), "sg-a");
    odd["InterfaceType"] = json!("quantum_link");
    let snapshot = changed(&[interfaces(&[odd.clone()])]);
    assert!(snapshot.problems.iter().any(|problem| problem.detail.contains("quantum_link")), "{:?}", snapshot.problems);
    assert_eq!(rows(&[interfaces(&[odd])]), [PLAIN]);
}

#[test]
fn routes_decide_by_their_targets() {
    // R7, N1, N2, N3, N4, N5: answers that leave by anything but the internet gateway reach no client of it.
    for (member, target) in [
        ("NatGatewayId", "nat-1"),
        ("TransitGatewayId", "tgw-1"),
        ("VpcPeeringConnectionId", "pcx-1"),
        ("NetworkInterfaceId", "eni-x"),
        ("InstanceId", "i-x"),
        ("CarrierGatewayId", "cagw-1"),
        ("LocalGatewayId", "lgw-1"),
        ("CoreNetworkArn", "arn:aws:networkmanager::111122223333:core-network/core-network-1"),
        ("GatewayId", "vgw-1"),
        ("GatewayId", "vpce-1"),
    ] {
        let routes = json!([{"DestinationCidrBlock": "0.0.0.0/0", "State": "active", member: target}]);
        let found = rows(&[tables(routes)]);
        assert!(!found.iter().any(|row| row.starts_with("internet")), "{member} {target}: {found:?}");
    }
    // R3: a static route before a propagated one of the same block.
    let propagated = json!({"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "vgw-1", "State": "active",
        "Origin": "EnableVgwRoutePropagation"});
    let both = json!([propagated, {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-a", "State": "active",
        "Origin": "CreateRoute"}]);
    assert_eq!(rows(&[tables(both)]), [PLAIN]);
    // K1: addresses of a service whose gateway endpoint takes them get their answers there, not over the internet.
    let endpoint = json!([route("0.0.0.0/0", "igw-a"),
        {"DestinationPrefixListId": "pl-a", "GatewayId": "vpce-s3", "State": "active"}]);
    let service = groups(json!([{"CidrIp": "198.51.0.0/16"}]));
    assert!(rows(&[tables(endpoint), ("describe-security-groups", service)]).is_empty());
}

/// R2: the local route holds for all blocks of the VPC, also where a file does not list it.
#[test]
fn local_routes_need_not_be_listed() {
    let subnets = json!({"Subnets": [{"SubnetId": "subnet-a", "VpcId": "vpc-a", "CidrBlock": "10.0.1.0/24"},
        {"SubnetId": "subnet-b", "VpcId": "vpc-a", "CidrBlock": "100.65.0.0/24"}]});
    let vpcs = json!({"Vpcs": [{"VpcId": "vpc-a", "CidrBlock": "10.0.0.0/16", "CidrBlockAssociationSet": [
        {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
        {"CidrBlock": "100.65.0.0/16", "CidrBlockState": {"State": "associated"}}]}]});
    let mut second = interface("eni-b", "100.65.0.5", None, "sg-b");
    second["SubnetId"] = json!("subnet-b");
    second["Attachment"] = json!({"InstanceId": "i-b"});
    let first = interface("eni-a", "10.0.1.10", Some("3.128.0.10"), "sg-a");
    let mut sender = group("sg-b", "vpc-a", 1, anyone());
    sender["IpPermissionsEgress"] = json!([{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]);
    let both = json!({"SecurityGroups": [group("sg-a", "vpc-a", 22, anyone()), sender]});
    let instances = json!({"Reservations": [{"Instances": [{"InstanceId": "i-a", "State": {"Name": "running"}},
        {"InstanceId": "i-b", "State": {"Name": "running"}}]}]});
    let entry = |is_egress| json!({"RuleNumber": 100, "Egress": is_egress, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"});
    let acl = json!({"NetworkAcls": [{"NetworkAclId": "acl-a", "VpcId": "vpc-a", "IsDefault": true,
        "Associations": [{"SubnetId": "subnet-a"}, {"SubnetId": "subnet-b"}], "Entries": [entry(false), entry(true)]}]});
    let snapshot = changed(&[
        ("describe-subnets", subnets),
        ("describe-vpcs", vpcs),
        interfaces(&[first, second]),
        ("describe-security-groups", both),
        ("describe-instances", instances),
        ("describe-network-acls", acl),
    ]);
    let ask = |from: &str, to: &str| {
        let query = PathQuery {
            from: from.to_owned(),
            to: to.to_owned(),
            protocol: Protocol::Tcp,
            port: 22,
            source_port: 49152,
        };
        path(&Network::new(&snapshot), &query).unwrap()
    };
    let answer = ask("100.65.0.5", "10.0.1.10");
    assert_eq!(answer.verdict, Verdict::Reachable, "{answer:#?}");
    // I5: to the public address of a neighbour it goes by the internet gateway, for which the sender has no public address.
    let answer = ask("100.65.0.5", "3.128.0.10");
    assert_eq!(answer.verdict, Verdict::Blocked);
    assert!(
        answer.blockers.iter().any(|blocker| blocker.code == "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"),
        "{answer:#?}"
    );
}

/// P3: two peers with the same block: identity decides, not the address.
#[test]
fn peers_with_the_same_addresses_are_told_apart() {
    let side = |vpc: &str, block: &str| json!({"VpcId": vpc, "CidrBlock": block, "Region": "us-east-1"});
    let peering = |id: &str, far: &str| {
        json!({"VpcPeeringConnectionId": id, "RequesterVpcInfo": side("vpc-a", "10.0.0.0/16"),
            "AccepterVpcInfo": side(far, "10.9.0.0/16"), "Status": {"Code": "active"}})
    };
    let peerings = json!({"VpcPeeringConnections": [peering("pcx-b", "vpc-b"), peering("pcx-c", "vpc-c")]});
    let routes = json!([{"DestinationCidrBlock": "10.9.0.0/16", "VpcPeeringConnectionId": "pcx-b", "State": "active"}]);
    let found = rows(&[("describe-vpc-peering-connections", peerings), tables(routes)]);
    assert_eq!(found, ["peered pcx-b 10.0.1.10 22-22 may"]);
}

/// F1, F2: what an appliance or a firewall behind an endpoint stands before arrives only if that permits.
#[test]
fn what_appliances_stand_before_may_be_reachable() {
    let main = table("rtb-a", json!([{"Main": true}]), json!([route("0.0.0.0/0", "vpce-f")]));
    let edge = table("rtb-i", json!([{"GatewayId": "igw-a"}]), json!([route("10.0.1.0/24", "vpce-f")]));
    let endpoint = json!({"VpcEndpoints": [{"VpcEndpointId": "vpce-f", "VpcId": "vpc-a",
        "VpcEndpointType": "GatewayLoadBalancer", "State": "available"}]});
    let found =
        rows(&[("describe-route-tables", json!({"RouteTables": [main, edge]})), ("describe-vpc-endpoints", endpoint)]);
    assert_eq!(found, ["internet 10.0.1.10 22-22 may"]);
}

/// V2: a deleted VPN is none, and one whose tunnels are down carries nothing at this moment. V3: Direct Connect does instead.
#[test]
fn what_lies_behind_a_private_gateway() {
    let gateway = json!({"VpnGateways": [{"VpnGatewayId": "vgw-a", "State": "available",
        "VpcAttachments": [{"VpcId": "vpc-a", "State": "attached"}]}]});
    let vpn = |state: &str, tunnel: &str| {
        json!({"VpnConnections": [{"VpnConnectionId": "vpn-1", "VpnGatewayId": "vgw-a", "State": state,
            "VgwTelemetry": [{"Status": tunnel, "OutsideIpAddress": "203.0.113.1"}]}]})
    };
    let direct = json!({"virtualInterfaces": [{"virtualInterfaceId": "dxvif-1", "virtualGatewayId": "vgw-a",
        "virtualInterfaceState": "available", "virtualInterfaceType": "private"}]});
    let none = json!({"virtualInterfaces": []});
    for (id, vpn, direct, latent) in [
        ("V1", vpn("available", "UP"), none.clone(), ""),
        ("V2", vpn("deleted", "UP"), none.clone(), " nothing-beyond"),
        ("V2", vpn("available", "DOWN"), none, " tunnels-down"),
        ("V3", vpn("available", "DOWN"), direct, ""),
    ] {
        let found = rows(&[
            ("describe-vpn-gateways", gateway.clone()),
            tables(json!([route("0.0.0.0/0", "vgw-a")])),
            ("describe-vpn-connections", vpn),
            ("directconnect-describe-virtual-interfaces", direct),
        ]);
        assert_eq!(found, [format!("vgw vgw-a 10.0.1.10 22-22 certain{latent}")], "{id}");
    }
}

/// Overlapping ranges, a route table that nobody owns, and a prefix list that names itself spoil nothing else.
#[test]
fn odd_input_is_named_and_the_rest_is_analysed() {
    let overlapping = groups(json!([{"CidrIp": "0.0.0.0/1"}, {"CidrIp": "0.0.0.0/0"}, {"CidrIp": "64.0.0.0/2"}]));
    assert_eq!(rows(&[("describe-security-groups", overlapping)]), [PLAIN]);
    let main = table("rtb-a", json!([{"Main": true}]), json!([route("0.0.0.0/0", "igw-a")]));
    let orphan = json!({"RouteTableId": "rtb-x", "VpcId": "vpc-gone", "Associations": [{"SubnetId": "subnet-gone"}],
        "Routes": [route("0.0.0.0/0", "igw-gone")]});
    let orphaned = [("describe-route-tables", json!({"RouteTables": [orphan, main]}))];
    assert_eq!(rows(&orphaned), [PLAIN]);
    let problems = changed(&orphaned).problems;
    assert!(
        problems.iter().any(|problem| problem.subject == "rtb-x" || problem.detail.contains("rtb-x")),
        "{problems:?}"
    );
    let rule = json!({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": "pl-a"}]});
    let listed = json!({"SecurityGroups": [{"GroupId": "sg-a", "VpcId": "vpc-a", "IpPermissions": [rule]}]});
    let cyclic = [
        ("get-managed-prefix-list-entries.pl-a", json!({"Entries": [{"Cidr": "pl-a"}, {"Cidr": "198.51.0.0/16"}]})),
        ("describe-security-groups", listed),
    ];
    assert!(!rows(&cyclic).is_empty(), "what could be read of the list still opens");
    let problems = changed(&cyclic).problems;
    assert!(problems.iter().any(|problem| problem.detail.contains("pl-a")), "{problems:?}");
}
