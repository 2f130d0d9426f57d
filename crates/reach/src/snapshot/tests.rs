//! Tests of single files, each with something odd in it.

use super::*;

/// Loads files of literals.
fn load(files: &[(&str, &str)]) -> Snapshot {
    load_within(files, Limits::default())
}

fn load_within(files: &[(&str, &str)], limits: Limits) -> Snapshot {
    let mut loader = Loader::new(limits);
    for (name, json) in files {
        loader.read_file(name, json.as_bytes());
    }
    loader.finish()
}

/// Whether a problem of the subject says that.
fn says(snapshot: &Snapshot, subject: &str, detail: &str) -> bool {
    snapshot.problems.iter().any(|problem| problem.subject == subject && problem.detail.contains(detail))
}

#[track_caller]
fn check_says(snapshot: &Snapshot, subject: &str, detail: &str) {
    assert!(says(snapshot, subject, detail), "{subject}: {detail}, not in {:#?}", snapshot.problems);
}

#[test]
fn an_object_that_cannot_be_read_spoils_no_other() {
    let snapshot = load(&[(
        "describe-vpcs.json",
        r#"{"Vpcs": [{"VpcId": "vpc-a", "CidrBlock": "10.0.0.0/99"}, {"VpcId": 7}, {"VpcId": "vpc-b", "New": {"x": [1]}}]}"#,
    )]);
    assert_eq!(snapshot.vpcs.len(), 1);
    assert_eq!(snapshot.presence(ScopeId(0), Kind::Vpcs), Presence::Partial);
    check_says(&snapshot, "describe-vpcs.json", "vpc-a cannot be read: \"10.0.0.0/99\" is no block of addresses");
    check_says(&snapshot, "describe-vpcs.json", "an object cannot be read");
}

#[test]
fn text_that_is_not_utf8_spoils_no_other() {
    let mut json =
        br#"{"Subnets": [{"SubnetId": "subnet-?", "VpcId": "v"}, {"SubnetId": "subnet-b", "VpcId": "v"}]}"#.to_vec();
    *json.iter_mut().find(|byte| **byte == b'?').unwrap() = 0xff;
    let mut loader = Loader::new(Limits::default());
    loader.read_file("describe-subnets.json", json.as_slice());
    let snapshot = loader.finish();
    assert_eq!(snapshot.subnets.len(), 1);
    assert_eq!(snapshot.presence(ScopeId(0), Kind::Subnets), Presence::Partial);
}

#[test]
fn pages() {
    let first = ("describe-vpcs.1.json", r#"{"Vpcs": [{"VpcId": "vpc-a"}], "NextToken": "t"}"#);
    let last = ("describe-vpcs.2.json", r#"{"Vpcs": [{"VpcId": "vpc-b"}], "NextToken": null}"#);
    let whole = load(&[first, last]);
    assert_eq!((whole.vpcs.len(), whole.presence(ScopeId(0), Kind::Vpcs)), (2, Presence::Whole));
    let cut = load(&[first]);
    assert_eq!(cut.presence(ScopeId(0), Kind::Vpcs), Presence::Partial);
    check_says(&cut, "snapshot", "the last page of ec2 describe-vpcs is missing");
    let one_file = format!("{}{}", first.1, last.1);
    let concatenated = load(&[("describe-vpcs.json", &one_file)]);
    assert_eq!(concatenated.presence(ScopeId(0), Kind::Vpcs), Presence::Whole);
}

#[test]
fn a_cut_file_is_partial_and_what_came_before_is_read() {
    let snapshot = load(&[("describe-vpcs.json", r#"{"Vpcs": [{"VpcId": "vpc-a"}, {"VpcId": "#)]);
    assert_eq!((snapshot.vpcs.len(), snapshot.presence(ScopeId(0), Kind::Vpcs)), (1, Presence::Partial));
    check_says(&snapshot, "describe-vpcs.json", "ends within an object");
}

#[test]
fn what_is_not_told_is_named() {
    let snapshot = load(&[
        ("describe-vpcs.json", r#"{"Vpcs": []}"#),
        ("describe-toasters.json", "{}"),
        ("describe-subnets.json", r#"{"Toast": []}"#),
    ]);
    assert_eq!(snapshot.presence(ScopeId(0), Kind::Vpcs), Presence::Whole, "a list of none is whole");
    assert!(snapshot.missing().any(|(_, kind)| kind == Kind::NatGateways));
    check_says(&snapshot, "snapshot", "no file tells of ec2 describe-nat-gateways");
    check_says(&snapshot, "describe-toasters.json", "not used");
    check_says(&snapshot, "describe-subnets.json", "it has no member \"Subnets\"");
    assert_eq!(snapshot.presence(ScopeId(0), Kind::Subnets), Presence::Partial);
}

#[test]
fn words_of_tomorrow_are_kept_and_named() {
    let snapshot = load(&[(
        "describe-instances.json",
        r#"{"Reservations": [{"OwnerId": "1", "Instances": [{"InstanceId": "i-a", "State": {"Name": "dreaming"},
            "LaunchTime": "soon"}]}]}"#,
    )]);
    let state = snapshot.instances[0].state.unwrap();
    assert!(matches!(state, Word::Unknown(name) if snapshot.text(name) == "dreaming"));
    check_says(&snapshot, "describe-instances.json", "\"dreaming\" is not known as a state of an instance");
    check_says(&snapshot, "describe-instances.json", "\"soon\" is not known as a Timestamp");
}

#[test]
fn references_that_lead_nowhere() {
    let snapshot = load(&[
        ("describe-vpcs.json", r#"{"Vpcs": [{"VpcId": "vpc-a"}]}"#),
        ("describe-subnets.json", r#"{"Subnets": [{"SubnetId": "subnet-a", "VpcId": "vpc-x"}]}"#),
        ("describe-internet-gateways.json", r#"{"InternetGateways": []}"#),
        (
            "describe-route-tables.json",
            r#"{"RouteTables": [{"RouteTableId": "rtb-a", "VpcId": "vpc-a", "Routes": [
                {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-x", "State": "active"},
                {"DestinationCidrBlock": "1.0.0.0/8", "GatewayId": "igw-y", "State": "blackhole"},
                {"DestinationCidrBlock": "2.0.0.0/8", "NatGatewayId": "nat-x", "State": "active"}]}]}"#,
        ),
        (
            "describe-security-groups.json",
            r#"{"SecurityGroups": [{"GroupId": "sg-a", "OwnerId": "1", "IpPermissions": [{"IpProtocol": "-1",
                "UserIdGroupPairs": [{"GroupId": "sg-x", "UserId": "1"}, {"GroupId": "sg-y", "UserId": "2"}]}]}]}"#,
        ),
    ]);
    check_says(&snapshot, "subnet-a", "its VPC vpc-x is not in the snapshot");
    check_says(&snapshot, "subnet-a", "neither it nor its VPC has a route table");
    check_says(&snapshot, "rtb-a", "igw-x");
    assert!(!says(&snapshot, "rtb-a", "igw-y"), "a blackhole leads nowhere by itself");
    assert!(!says(&snapshot, "rtb-a", "nat-x"), "that NAT gateways are missing is said once");
    check_says(&snapshot, "sg-a", "its security group sg-x is not in the snapshot");
    check_says(&snapshot, "sg-a", "the security group sg-y of another account is unknown");
}

#[test]
fn interfaces_of_instances_stand_in() {
    let instances = (
        "describe-instances.json",
        r#"{"Reservations": [{"Instances": [{"InstanceId": "i-a", "NetworkInterfaces": [{"NetworkInterfaceId": "eni-a",
            "Groups": [{"GroupId": "sg-b"}, {"GroupId": "sg-a"}, {"GroupId": "sg-b"}], "PrivateIpAddress": "10.0.0.1",
            "Association": {"PublicIp": "3.0.0.1"}}]}]}]}"#,
    );
    let alone = load(&[instances]);
    let interface = &alone.interfaces[0];
    assert_eq!(alone.presence(ScopeId(0), Kind::NetworkInterfaces), Presence::Partial);
    assert_eq!(interface.instance.map(|id| alone.text(id)), Some("i-a"));
    let groups: Vec<&str> = alone.interfaces.groups(interface).iter().map(|group| alone.text(*group)).collect();
    assert_eq!(groups.len(), 2);
    let address = alone.interfaces.addresses(interface)[0];
    assert_eq!((address.public.unwrap().to_string().as_str(), address.is_primary), ("3.0.0.1", true));
    let both = load(&[
        ("describe-network-interfaces.json", r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-a"}]}"#),
        instances,
    ]);
    assert_eq!(both.interfaces.len(), 1);
    assert_eq!(both.presence(ScopeId(0), Kind::NetworkInterfaces), Presence::Whole);
    let lacking = load(&[("describe-network-interfaces.json", r#"{"NetworkInterfaces": []}"#), instances]);
    check_says(&lacking, "eni-a", "does not tell of it");
}

#[test]
fn tags_select_any_of_the_pairs_and_running_instances_only() {
    let instance = |id: &str, state: &str, tags: &str| {
        format!(r#"{{"InstanceId": "{id}", "State": {{"Name": "{state}"}}, "Tags": [{tags}]}}"#)
    };
    let tag = |key: &str, value: &str| format!(r#"{{"Key": "{key}", "Value": "{value}"}}"#);
    let json = format!(
        r#"{{"Reservations": [{{"Instances": [{}, {}, {}, {}]}}]}}"#,
        instance("i-web", "running", &format!("{}, {}", tag("role", "web"), tag("aws:autoscaling:groupName", "g1"))),
        instance("i-db", "running", &tag("role", "db")),
        instance("i-bare", "running", &tag("env", "")),
        instance("i-off", "stopped", &tag("role", "web")),
    );
    let snapshot = load(&[("describe-instances.json", &json)]);
    let pair = |key: &str, value: Option<&str>| TagSelector { key: key.to_owned(), value: value.map(str::to_owned) };
    for (selectors, expected) in [
        (vec![pair("role", Some("web"))], "i-web"),
        (vec![pair("role", Some("web")), pair("env", Some(""))], "i-web i-bare"),
        (vec![pair("role", None)], "i-web i-db"),
        (vec![pair("role", Some("web")), pair("role", Some("db"))], "i-web i-db"),
        (vec![pair("Role", None)], ""),
        (vec![pair("role", Some("WEB"))], ""),
        (vec![pair("role", Some("nowhere"))], ""),
        (vec![], ""),
    ] {
        let found: Vec<&str> = snapshot.instances(Some(&selectors)).map(|found| snapshot.text(found.id)).collect();
        assert_eq!(found.join(" "), expected, "{selectors:?}");
    }
    assert_eq!(snapshot.instances(None).count(), 3);
    let group = snapshot.auto_scaling_group(&snapshot.instances[0]);
    assert_eq!(group.map(|name| snapshot.text(name)), Some("g1"));
}

#[test]
fn limits_are_problems() {
    let json = r#"{"Vpcs": [{"VpcId": "vpc-a"}, {"VpcId": "vpc-b"}, {"VpcId": "vpc-c"}]}"#;
    let files = [("describe-vpcs.json", json)];
    for (limits, kept, detail) in [
        (Limits { objects: 2, ..Limits::default() }, 2, "more than 2 objects"),
        (Limits { name_bytes: 10, ..Limits::default() }, 2, "names of the snapshot are over the limit"),
        (Limits { object_bytes: 12, ..Limits::default() }, 0, "over the limit of 12 for the bytes of an object"),
    ] {
        let snapshot = load_within(&files, limits);
        assert_eq!(snapshot.vpcs.len(), kept, "{limits:?}");
        assert_eq!(snapshot.presence(ScopeId(0), Kind::Vpcs), Presence::Partial);
        check_says(&snapshot, "describe-vpcs.json", detail);
    }
    let few = load_within(&files, Limits { problems: 3, ..Limits::default() });
    assert_eq!(few.problems.len(), 4);
    check_says(&few, "snapshot", "more problems are not listed");
}

#[test]
fn rules_get_their_ids() {
    let snapshot = load(&[
        (
            "describe-security-groups.json",
            r#"{"SecurityGroups": [{"GroupId": "sg-a", "IpPermissions": [
                {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "0.0.0.0/0"}]},
                {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-a"}]}]}]}"#,
        ),
        (
            "describe-security-group-rules.json",
            r#"{"SecurityGroupRules": [
                {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-a", "IsEgress": false, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0"},
                {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-a", "IsEgress": false, "IpProtocol": "-1", "FromPort": -1, "ToPort": -1, "ReferencedGroupInfo": {"GroupId": "sg-a"}},
                {"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-a", "IsEgress": true, "IpProtocol": "-1", "CidrIpv4": "0.0.0.0/0"}]}"#,
        ),
    ]);
    let ids: Vec<Option<&str>> =
        snapshot.security_groups[0].ingress.iter().map(|rule| rule.id.map(|id| snapshot.text(id))).collect();
    assert_eq!(ids, [None, Some("sgr-1"), Some("sgr-2")]);
    check_says(&snapshot, "sg-a", "describe-security-group-rules has a rule");
}
