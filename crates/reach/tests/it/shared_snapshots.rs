//! Every network of the shared data is read; what is read is compared with the files, counted in another way.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use assay_reach::snapshot::{
    Kind, Limits, Peer, Presence, Protocol, RouteTarget, ScopeId, Snapshot, TagSelector, TargetState, Word,
};

pub(crate) fn shared(path: &str) -> PathBuf {
    let root = std::env::var_os("ASSAY_SHARED").map(PathBuf::from);
    let root = root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let path = root.join("data/network").join(path);
    assert!(path.exists(), "{} is missing; set ASSAY_SHARED", path.display());
    path
}

fn read(folder: &Path) -> Snapshot {
    Snapshot::read(folder, Limits::default())
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    all.sort();
    all
}

/// The ids in all lists of that name under a folder, found by walking plain JSON.
fn ids(folder: &Path, list: &str, id: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "json") && !path.starts_with("_") {
            let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap_or_default();
            for object in json.get(list).and_then(|list| list.as_array()).into_iter().flatten() {
                let inner =
                    object.get("Instances").filter(|_| list == "Reservations").and_then(|inner| inner.as_array());
                for object in inner.unwrap_or(&vec![object.clone()]) {
                    found.extend(object.get(id).and_then(|id| id.as_str()).map(str::to_owned));
                }
            }
        }
    }
    found
}

#[track_caller]
fn check_complete(folder: &Path, snapshot: &Snapshot) {
    let name = |id| snapshot.text(id).to_owned();
    let from_instances = |subject: &str| {
        let said = |detail: &str| detail.starts_with("an instance has it");
        snapshot.problems.iter().any(|problem| problem.subject == subject && said(&problem.detail))
    };
    macro_rules! same {
        ($($table:ident $list:literal $id:literal),+ $(,)?) => {$(
            let read: BTreeSet<String> = snapshot.$table.iter().map(|row| name(row.id)).filter(|id| !from_instances(id)).collect();
            assert_eq!(read, ids(folder, $list, $id), "{} of {}", $list, folder.display());
        )+};
    }
    same!(
        vpcs "Vpcs" "VpcId",
        subnets "Subnets" "SubnetId",
        security_groups "SecurityGroups" "GroupId",
        interfaces "NetworkInterfaces" "NetworkInterfaceId",
        instances "Reservations" "InstanceId",
        route_tables "RouteTables" "RouteTableId",
        network_acls "NetworkAcls" "NetworkAclId",
        prefix_lists "PrefixLists" "PrefixListId",
        addresses "Addresses" "PublicIp",
        internet_gateways "InternetGateways" "InternetGatewayId",
        egress_only_gateways "EgressOnlyInternetGateways" "EgressOnlyInternetGatewayId",
        nat_gateways "NatGateways" "NatGatewayId",
        vpn_gateways "VpnGateways" "VpnGatewayId",
        customer_gateways "CustomerGateways" "CustomerGatewayId",
        vpn_connections "VpnConnections" "VpnConnectionId",
        peering_connections "VpcPeeringConnections" "VpcPeeringConnectionId",
        transit_gateways "TransitGateways" "TransitGatewayId",
        transit_route_tables "TransitGatewayRouteTables" "TransitGatewayRouteTableId",
        vpc_endpoints "VpcEndpoints" "VpcEndpointId",
        load_balancers "LoadBalancers" "LoadBalancerArn",
        target_groups "TargetGroups" "TargetGroupArn",
        classic_balancers "LoadBalancerDescriptions" "LoadBalancerName",
        connect_gateways "DirectConnectGateways" "DirectConnectGatewayId",
        connect_associations "DirectConnectGatewayAssociations" "AssociationId",
        virtual_interfaces "VirtualInterfaces" "VirtualInterfaceId",
    );
}

/// The problems but for kinds of which no file tells.
fn odd_problems(snapshot: &Snapshot) -> Vec<String> {
    let is_odd = |detail: &str| !detail.starts_with("no file tells of");
    let odd = snapshot.problems.iter().filter(|problem| is_odd(&problem.detail));
    odd.map(|problem| format!("{}: {}", problem.subject, problem.detail)).collect()
}

#[test]
fn every_small_network_is_read_whole() {
    let all: Vec<PathBuf> = [folders(&shared("mini")), folders(&shared("scenarios"))].concat();
    assert_eq!(all.len(), 30);
    for folder in all {
        let snapshot = read(&folder);
        check_complete(&folder, &snapshot);
        // moto writes the state of a block of version 6 as a Python literal.
        let odd: Vec<String> = odd_problems(&snapshot)
            .into_iter()
            .filter(|problem| !problem.contains("{'State': 'associated'}"))
            .collect();
        assert_eq!(odd, [""; 0], "{}", folder.display());
        assert_eq!(snapshot.presence(ScopeId(0), Kind::Instances), Presence::Whole);
        assert!(snapshot.scope(ScopeId(0)).region.is_some(), "{}", folder.display());
    }
}

#[test]
fn details_find_their_objects() {
    let snapshot = read(&shared("scenarios/nlb-clb"));
    let balancer = &snapshot.load_balancers[0];
    assert_eq!(balancer.listeners.as_ref().unwrap().len(), 2);
    assert!(balancer.attributes.as_ref().is_some_and(|attributes| !attributes.is_empty()));
    for listener in balancer.listeners.as_ref().unwrap() {
        assert_eq!(listener.rules.as_ref().map(Vec::len), Some(1));
    }
    for group in snapshot.target_groups.iter() {
        let targets = group.targets.as_ref().unwrap();
        assert!(!targets.is_empty());
        assert!(targets.iter().all(|target| target.health.is_some_and(|health| health.state.is(TargetState::Healthy))));
    }
    let transit = read(&shared("scenarios/tgw-multi-table"));
    for table in transit.transit_route_tables.iter() {
        assert!(table.routes.is_some() && table.associations.is_some() && table.propagations.is_some());
    }
    let lists = read(&shared("scenarios/ipv6-prefixlist"));
    assert!(lists.prefix_lists.iter().all(|list| list.entries.as_ref().is_some_and(|entries| !entries.is_empty())));
    let access = read(&shared("mini/m87-bpa-egress-exclusion"));
    assert_eq!((access.public_access.len(), access.public_access_exclusions.len()), (1, 1));
    let service = read(&shared("mini/m97-privatelink-service"));
    let principals = service.endpoint_services[0].principals.as_ref().unwrap();
    assert_eq!(service.text(principals[0].principal), "*");
}

#[test]
fn a_plain_network() {
    let snapshot = read(&shared("mini/m01-plain"));
    let find = |text: &str| snapshot.names.find(text).unwrap();
    let interface = snapshot.interfaces.get(find("eni-a")).unwrap();
    let address = snapshot.interfaces.addresses(interface)[0];
    assert_eq!(
        (address.private.to_string(), address.public.unwrap().to_string()),
        ("10.0.1.10".into(), "3.128.0.10".into())
    );
    assert_eq!(interface.instance, Some(find("i-a")));
    assert_eq!(interface.source_dest_check, Some(true));
    let group = snapshot.security_groups.get(find("sg-a")).unwrap();
    let rule = group.ingress[0];
    assert_eq!((rule.protocol, rule.from, rule.to), (Protocol::Number(6), Some(22), Some(22)));
    assert!(matches!(rule.peer, Peer::Cidr(cidr) if cidr.to_string() == "0.0.0.0/0"));
    let routes = &snapshot.route_tables.get(find("rtb-pub")).unwrap().routes;
    assert!(routes.iter().any(|route| route.target == RouteTarget::Local));
    assert!(routes.iter().any(|route| route.target == RouteTarget::InternetGateway(find("igw-a"))));
    assert_eq!(snapshot.scope_text(ScopeId(0)), "111122223333 us-east-2");
}

#[test]
fn tags_select_instances_of_the_workshop() {
    let snapshot = read(&shared("scenarios/inspector-workshop"));
    let selector = |key: &str, value: Option<&str>| TagSelector { key: key.into(), value: value.map(str::to_owned) };
    let all = snapshot.instances(None).count();
    assert_eq!(all, snapshot.instances.len());
    assert_eq!(snapshot.instances(Some(&[selector("Name", None)])).count(), all);
    let web = [selector("Name", Some("WebAppServerAZ1")), selector("Name", Some("WebAppServerAZ2"))];
    assert_eq!(snapshot.instances(Some(&web)).count(), 2);
    let instance = snapshot.instances(Some(&web)).next().unwrap();
    assert!(instance.launched_at.is_some() && instance.image.is_some() && instance.private_dns.is_some());
}

#[test]
fn cloudmappers_layout_lacks_what_is_named() {
    let folder = shared("cloudmapper-demo");
    let snapshot = read(&folder);
    check_complete(&folder, &snapshot);
    let missing: BTreeSet<Kind> = snapshot.missing().map(|(_, kind)| kind).collect();
    for kind in [Kind::RouteTables, Kind::NetworkAcls, Kind::InternetGateways, Kind::TargetGroups] {
        assert!(missing.contains(&kind), "{kind:?}");
    }
    for kind in [Kind::Instances, Kind::SecurityGroups, Kind::LoadBalancers, Kind::ClassicBalancers, Kind::Vpcs] {
        assert!(!missing.contains(&kind), "{kind:?}");
    }
    assert!(odd_problems(&snapshot).iter().any(|problem| problem.starts_with("eni-00000000: an instance has it")));
    assert_eq!(snapshot.classic_balancers[0].cross_zone, Some(true));
    assert!(snapshot.load_balancers[0].attributes.is_some());
    let unused: Vec<&str> = snapshot.problems.iter().map(|problem| problem.subject.as_str()).collect();
    for file in ["us-east-1/rds-describe-db-instances.json", "us-east-1/es-describe-elasticsearch-domain"] {
        assert!(unused.contains(&file), "{file} is not named");
    }
}

#[test]
fn batfishs_layout_is_read_whole() {
    let folder = tempfile::TempDir::new().unwrap();
    let archive = shared("batfish-layout.tar.xz");
    let status = Command::new("tar").arg("-C").arg(folder.path()).arg("-xf").arg(archive).status().unwrap();
    assert!(status.success());
    let all = folders(&folder.path().join("snapshots"));
    assert_eq!(all.len(), 22);
    let mut odd: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for snapshot_folder in &all {
        let name = snapshot_folder.file_name().unwrap().to_string_lossy().into_owned();
        let snapshot = read(snapshot_folder);
        check_complete(&snapshot_folder.join("aws_configs"), &snapshot);
        odd.insert(name, odd_problems(&snapshot));
        for group in snapshot.security_groups.iter() {
            assert!(group.ingress.iter().all(|rule| !matches!(rule.protocol, Protocol::Unknown(_))));
        }
        let is_known = |word: Option<Word<_>>| word.is_none_or(|word| matches!(word, Word::Known(_)));
        assert!(snapshot.interfaces.iter().all(|interface| is_known(interface.kind)));
    }
    let peering = read(&folder.path().join("snapshots/test-vpc-peering-multi-account"));
    assert_eq!(peering.scopes.len(), 2);
    let accounts: BTreeSet<String> =
        peering.scopes.iter().map(|scope| peering.text(scope.account.unwrap()).to_owned()).collect();
    assert_eq!(accounts.into_iter().collect::<Vec<_>>(), ["123456789012", "123456789013"]);
    let balancers = read(&folder.path().join("snapshots/test-load-balancer"));
    assert!(balancers.load_balancers.iter().all(|balancer| balancer.listeners.is_some()));
    let readable = odd.values().flatten().all(|problem| !problem.contains("cannot be read"));
    assert!(readable, "{odd:#?}");
}
