//! Items of the semantic checklist about load balancers: each is a change of a network load balancer in a public subnet whose
//! target lies in a private one, and what then becomes of the target.

use serde_json::{Value, json};

use crate::checklist::{route, table};
use crate::checklist_paths::{anyone, group, interface, rows};

type File = (&'static str, Value);

const BALANCER: &str = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/lb/1";
const TARGETS: &str = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/tg/1";

fn balancer(scheme: &str, groups: &[&str]) -> File {
    let zone = json!({"ZoneName": "us-east-1a", "SubnetId": "subnet-a"});
    let balancer = json!({"LoadBalancerArn": BALANCER, "LoadBalancerName": "lb", "Type": "network", "Scheme": scheme,
        "State": {"Code": "active"}, "VpcId": "vpc-a", "AvailabilityZones": [zone], "SecurityGroups": groups});
    ("elbv2-describe-load-balancers", json!({"LoadBalancers": [balancer]}))
}

fn health(targets: &[(&str, &str)]) -> File {
    let target =
        |(id, state): &(&str, &str)| json!({"Target": {"Id": id, "Port": 8080}, "TargetHealth": {"State": state}});
    let all: Vec<Value> = targets.iter().map(target).collect();
    ("elbv2-describe-target-health.tg", json!({"TargetHealthDescriptions": all}))
}

fn crosses_zones(does: &str) -> File {
    let attributes = json!([{"Key": "load_balancing.cross_zone.enabled", "Value": does},
        {"Key": "preserve_client_ip.enabled", "Value": "true"}]);
    ("elbv2-describe-target-group-attributes.tg", json!({"Attributes": attributes}))
}

/// The files of the network, but for those that are given.
fn files(changes: Vec<File>) -> Vec<File> {
    let mut node = interface("eni-lb", "10.0.1.50", Some("3.128.0.50"), "sg-none");
    node["Groups"] = json!([]);
    node["InterfaceType"] = json!("network_load_balancer");
    node["Description"] = json!("ELB net/lb/1");
    node["Attachment"] = json!({"AttachmentId": "ela-attach-1"});
    let mut target = interface("eni-b", "10.0.2.10", None, "sg-b");
    target["SubnetId"] = json!("subnet-b");
    target["Attachment"] = json!({"InstanceId": "i-b"});
    let first = interface("eni-a", "10.0.1.10", Some("3.128.0.10"), "sg-a");
    let subnet = |id: &str, block: &str, zone: &str| json!({"SubnetId": id, "VpcId": "vpc-a", "CidrBlock": block, "AvailabilityZone": zone});
    let instance = |id: &str, interface: &str, address: &str| {
        json!({"InstanceId": id, "State": {"Name": "running"}, "PrivateIpAddress": address,
            "NetworkInterfaces": [{"NetworkInterfaceId": interface}]})
    };
    let listener = json!({"ListenerArn": "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/net/lb/1/1",
        "LoadBalancerArn": BALANCER, "Port": 80, "Protocol": "TCP",
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": TARGETS}]});
    let group_of_targets = json!({"TargetGroupArn": TARGETS, "TargetGroupName": "tg", "Protocol": "TCP", "Port": 8080,
        "VpcId": "vpc-a", "TargetType": "instance", "LoadBalancerArns": [BALANCER]});
    let closed = json!({"GroupId": "sg-c", "VpcId": "vpc-a", "IpPermissions": []});
    let mut all: Vec<File> = vec![
        (
            "describe-subnets",
            json!({"Subnets": [subnet("subnet-a", "10.0.1.0/24", "us-east-1a"),
            subnet("subnet-b", "10.0.2.0/24", "us-east-1b")]}),
        ),
        (
            "describe-security-groups",
            json!({"SecurityGroups": [group("sg-a", "vpc-a", 22, anyone()),
            group("sg-b", "vpc-a", 8080, anyone()), closed]}),
        ),
        ("describe-network-interfaces", json!({"NetworkInterfaces": [first, node, target]})),
        (
            "describe-instances",
            json!({"Reservations": [{"Instances": [instance("i-a", "eni-a", "10.0.1.10"),
            instance("i-b", "eni-b", "10.0.2.10")]}]}),
        ),
        (
            "describe-route-tables",
            json!({"RouteTables": [
            table("rtb-a", json!([{"Main": true}]), json!([route("0.0.0.0/0", "igw-a")])),
            table("rtb-b", json!([{"SubnetId": "subnet-b"}]), json!([]))]}),
        ),
        balancer("internet-facing", &[]),
        ("elbv2-describe-listeners.lb", json!({"Listeners": [listener]})),
        ("elbv2-describe-target-groups", json!({"TargetGroups": [group_of_targets]})),
        health(&[("i-b", "healthy")]),
        crosses_zones("true"),
    ];
    for (name, content) in changes {
        all.retain(|(known, _)| *known != name);
        all.push((name, content));
    }
    all
}

const OPEN: &str = "internet 10.0.2.10 8080-8080 certain";

#[test]
fn network_load_balancers() {
    let entry = |number: u32, is_egress: bool, action: &str, ports: Value| {
        let mut json = json!({"RuleNumber": number, "Egress": is_egress, "Protocol": "-1", "RuleAction": action,
            "CidrBlock": "0.0.0.0/0"});
        if !ports.is_null() {
            json["Protocol"] = json!("6");
            json["PortRange"] = ports;
        }
        json
    };
    let closed_to_80 = json!({"NetworkAcls": [{"NetworkAclId": "acl-a", "VpcId": "vpc-a", "IsDefault": true,
        "Associations": [{"SubnetId": "subnet-a"}], "Entries": [entry(50, false, "deny", json!({"From": 80, "To": 80})),
        entry(100, false, "allow", Value::Null), entry(100, true, "allow", Value::Null)]}]});
    let latent = format!("{OPEN} target-unhealthy");
    for (id, changes, expected) in [
        // The target needs neither a public address nor a route to the internet.
        ("L6", vec![], vec![OPEN]),
        ("L1", vec![balancer("internal", &[])], vec![]),
        ("L7", vec![crosses_zones("false")], vec![]),
        ("L8", vec![health(&[("i-b", "unhealthy"), ("i-a", "healthy")])], vec![latent.as_str()]),
        ("L8: all are unhealthy", vec![health(&[("i-b", "unhealthy")])], vec![OPEN]),
        ("L10", vec![("describe-network-acls", closed_to_80)], vec![]),
        ("S12", vec![balancer("internet-facing", &["sg-c"])], vec![]),
    ] {
        let found: Vec<String> = rows(&files(changes)).into_iter().filter(|row| row.contains("10.0.2.10")).collect();
        assert_eq!(found, expected, "{id}");
    }
}
