//! Items of the semantic checklist (`network.md` §5) that the shared networks and the random ones do not reach: each is one
//! change of a plain public network, and what becomes of its one exposure.

use assay_reach::exposure::{Mode, exposures};
use assay_reach::network::Network;
use assay_reach::snapshot::{Limits, Loader};
use serde_json::{Value, json};

/// A VPC with one public instance that is open on port 22, as files.
pub(crate) fn plain() -> Vec<(&'static str, Value)> {
    let open = |is_egress, action: &str| json!({"RuleNumber": 100, "Egress": is_egress, "Protocol": "-1", "RuleAction": action, "CidrBlock": "0.0.0.0/0"});
    vec![
        ("describe-vpcs", json!({"Vpcs": [{"VpcId": "vpc-a", "CidrBlock": "10.0.0.0/16"}]})),
        (
            "describe-subnets",
            json!({"Subnets": [{"SubnetId": "subnet-a", "VpcId": "vpc-a", "CidrBlock": "10.0.1.0/24"}]}),
        ),
        ("describe-security-groups", groups(json!([{"CidrIp": "0.0.0.0/0"}]))),
        (
            "describe-network-interfaces",
            json!({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-a", "VpcId": "vpc-a",
            "SubnetId": "subnet-a", "Groups": [{"GroupId": "sg-a"}], "PrivateIpAddress": "10.0.1.10", "Status": "in-use",
            "Attachment": {"InstanceId": "i-a"}, "Association": {"PublicIp": "3.128.0.10"}}]}),
        ),
        (
            "describe-instances",
            json!({"Reservations": [{"Instances": [{"InstanceId": "i-a", "State": {"Name": "running"}}]}]}),
        ),
        (
            "describe-route-tables",
            json!({"RouteTables": [table("rtb-a", json!([{"Main": true}]), json!([route("0.0.0.0/0", "igw-a")]))]}),
        ),
        (
            "describe-network-acls",
            json!({"NetworkAcls": [{"NetworkAclId": "acl-a", "VpcId": "vpc-a", "IsDefault": true,
            "Associations": [{"SubnetId": "subnet-a"}], "Entries": [open(false, "allow"), open(true, "allow")]}]}),
        ),
        (
            "describe-internet-gateways",
            json!({"InternetGateways": [{"InternetGatewayId": "igw-a",
            "Attachments": [{"VpcId": "vpc-a", "State": "available"}]}]}),
        ),
        ("describe-managed-prefix-lists", json!({"PrefixLists": [{"PrefixListId": "pl-a"}, {"PrefixListId": "pl-b"}]})),
        (
            "get-managed-prefix-list-entries.pl-a",
            json!({"Entries": [{"Cidr": "198.51.0.0/16"}, {"Cidr": "2001:db8::/32"}]}),
        ),
    ]
}

pub(crate) fn groups(ranges: Value) -> Value {
    let rule = json!({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": ranges});
    json!({"SecurityGroups": [{"GroupId": "sg-a", "VpcId": "vpc-a", "IpPermissions": [rule]}]})
}

fn listed(list: &str) -> Value {
    let rule = json!({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": list}]});
    json!({"SecurityGroups": [{"GroupId": "sg-a", "VpcId": "vpc-a", "IpPermissions": [rule]}]})
}

pub(crate) fn table(id: &str, associations: Value, routes: Value) -> Value {
    json!({"RouteTableId": id, "VpcId": "vpc-a", "Associations": associations, "Routes": routes})
}

pub(crate) fn route(block: &str, gateway: &str) -> Value {
    json!({"DestinationCidrBlock": block, "GatewayId": gateway, "State": "active"})
}

/// Certainty and sources of an exposure.
type Row = (String, Vec<String>);

/// Replaces a file, or with `null` leaves it out; what is then exposed: certainty, sources, and what is latent.
fn answer(file: &str, content: &Value) -> (Vec<Row>, usize, Vec<String>) {
    let mut loader = Loader::new(Limits::default());
    let mut files: Vec<(&str, Value)> = plain().into_iter().filter(|(name, _)| *name != file).collect();
    if !content.is_null() {
        files.push((file, content.clone()));
    }
    for (name, json) in files {
        loader.read_file(&format!("{name}.json"), json.to_string().as_bytes());
    }
    let snapshot = loader.finish();
    let network = Network::new(&snapshot);
    let answer = serde_json::to_value(exposures(&network, Mode::EndToEnd)).unwrap();
    let rows = answer["exposures"].as_array().unwrap().iter();
    let rows = rows.map(|row| {
        let sources = row["sources"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned());
        (row["certainty"].as_str().unwrap().to_owned(), sources.collect())
    });
    let assumptions = answer["assumptions"].as_array().unwrap().iter();
    let assumptions = assumptions.map(|one| format!("{}: {}", one["subject"], one["detail"])).collect();
    (rows.collect(), answer["latent"].as_array().unwrap().len(), assumptions)
}

#[test]
fn what_is_not_known_is_never_closed() {
    for (id, file, content, certainty, named) in [
        ("plain", "describe-none", Value::Null, "certain", ""),
        ("A8", "describe-network-acls", Value::Null, "may", "its network ACL is not in the snapshot"),
        ("R6", "describe-route-tables", Value::Null, "may", "its route table is not in the snapshot"),
        ("X1", "describe-security-groups", json!({"SecurityGroups": []}), "may", "its rules are unknown"),
        ("I1", "describe-internet-gateways", Value::Null, "may", "not known whether this internet gateway is attached"),
        ("S10", "describe-security-groups", listed("pl-b"), "may", "names the prefix list pl-b, which is not known"),
    ] {
        let (rows, latent, assumptions) = answer(file, &content);
        let certainties: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
        assert!(!certainties.is_empty() && certainties.iter().all(|one| *one == certainty), "{id}: {rows:?}");
        assert_eq!(latent, 0, "{id}");
        assert!(assumptions.iter().any(|one| one.contains(named)), "{id}: {assumptions:?}");
    }
}

#[test]
fn single_rules() {
    let stopped = json!({"Reservations": [{"Instances": [{"InstanceId": "i-a", "State": {"Name": "stopped"}}]}]});
    let main = table("rtb-a", json!([{"Main": true}]), json!([route("0.0.0.0/0", "igw-a")]));
    let diverting = table(
        "rtb-i",
        json!([{"GatewayId": "igw-a"}]),
        json!([{"DestinationCidrBlock": "10.0.1.0/24",
        "NetworkInterfaceId": "eni-x", "State": "active"}]),
    );
    let narrow = table("rtb-a", json!([{"Main": true}]), json!([route("198.51.100.7/32", "igw-a")]));
    let odd = json!({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": "sg-a"}]});
    for (id, file, content, expected, latent) in [
        ("S10", "describe-security-groups", listed("pl-a"), vec![("certain", "198.51.0.0/16")], 0),
        ("I1", "describe-route-tables", json!({"RouteTables": [narrow]}), vec![("certain", "198.51.100.7/32")], 0),
        ("E4", "describe-instances", stopped, vec![], 1),
        (
            "S4",
            "describe-security-groups",
            json!({"SecurityGroups": [{"GroupId": "sg-a", "IpPermissions": [odd]}]}),
            vec![],
            0,
        ),
        ("I4", "describe-security-groups", groups(json!([{"CidrIp": "100.64.0.0/10"}])), vec![], 0),
        ("I6", "describe-security-groups", groups(json!([{"CidrIp": "10.0.0.0/16"}])), vec![], 0),
        (
            "X3",
            "describe-internet-gateways",
            json!({"InternetGateways": [{"InternetGatewayId": "igw-a",
            "Attachments": [{"VpcId": "vpc-a", "State": "detaching"}]}]}),
            vec![],
            0,
        ),
    ] {
        let (rows, latents, _) = answer(file, &content);
        let rows: Vec<(&str, &str)> = rows.iter().map(|row| (row.0.as_str(), row.1[0].as_str())).collect();
        assert_eq!((rows, latents), (expected, latent), "{id}");
    }
    // R9, E3: what the gateway diverts to an appliance arrives only if that permits.
    let (rows, _, assumptions) = answer("describe-route-tables", &json!({"RouteTables": [main, diverting]}));
    assert!(rows.iter().all(|row| row.0 == "may") && !rows.is_empty(), "{rows:?}");
    assert!(assumptions.iter().any(|one| one.contains("only if this appliance permits")), "{assumptions:?}");
}
