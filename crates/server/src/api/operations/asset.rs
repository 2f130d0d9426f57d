//! The host of a finding as the wire has it (reference §8.5 `assetAttributes`): what was known when the run started.

use std::collections::BTreeMap;

use assay_model::finding::Asset;
use assay_wire::{AssetAttributes, NetworkInterface, PrivateIp, SecurityGroup, Tag};
use serde::Deserialize;

use super::wire_finding::cut;

/// Most addresses that the model allows.
const MAX_ADDRESSES: usize = 50;
/// Longest host name, image id and name of an auto scaling group.
const MAX_NAME_CHARACTERS: usize = 256;
/// Longest agent id and key of a tag.
const MAX_KEY_CHARACTERS: usize = 128;

/// What is read of the JSON of a [`Member`](crate::store::Member). All of it may be missing: nothing is known of a host that
/// was assessed without a server.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Host {
    hostname: String,
    auto_scaling_group: Option<String>,
    tags: BTreeMap<String, String>,
    instance: Option<Ec2>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ec2 {
    image: Option<String>,
    private_dns: Option<String>,
    public_dns: Option<String>,
    interfaces: Vec<Interface>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Interface {
    id: String,
    subnet: Option<String>,
    vpc: Option<String>,
    private_addresses: Vec<String>,
    public_address: Option<String>,
    ipv6_addresses: Vec<String>,
    security_groups: Vec<(String, Option<String>)>,
}

/// The host: what it said itself, and what the inventory says of it.
pub(crate) fn asset_attributes(asset: &Asset, member: &str) -> AssetAttributes {
    let host: Host = serde_json::from_str(member).unwrap_or_default();
    let ec2 = host.instance.unwrap_or_default();
    // Clients count on a name.
    let names = [&host.hostname, &asset.hostname, &asset.agent_id];
    let name = names.into_iter().find(|name| !name.is_empty());
    let addresses = asset.ipv4_addresses.iter().filter(|address| (7..=15).contains(&address.len()));
    AssetAttributes {
        schema_version: 1,
        agent_id: Some(cut(&asset.agent_id, MAX_KEY_CHARACTERS)),
        auto_scaling_group: host.auto_scaling_group.map(|name| cut(&name, MAX_NAME_CHARACTERS)),
        ami_id: ec2.image.as_deref().map(|id| cut(id, MAX_NAME_CHARACTERS)),
        hostname: name.map(|name| cut(name, MAX_NAME_CHARACTERS)),
        ipv4_addresses: Some(addresses.take(MAX_ADDRESSES).cloned().collect()),
        tags: Some(host.tags.iter().filter_map(|(key, value)| tag(key, value)).collect()),
        network_interfaces: Some((0..).zip(&ec2.interfaces).map(|(index, it)| interface(index, it, &ec2)).collect()),
    }
}

fn tag(key: &str, value: &str) -> Option<Tag> {
    let value = (!value.is_empty()).then(|| cut(value, MAX_NAME_CHARACTERS));
    (!key.is_empty()).then(|| Tag { key: cut(key, MAX_KEY_CHARACTERS), value })
}

/// The names of an instance are those of its first interface.
fn interface(index: usize, interface: &Interface, ec2: &Ec2) -> NetworkInterface {
    let private_dns = ec2.private_dns.clone().filter(|_| index == 0);
    let private_ip = |(place, address): (usize, &String)| PrivateIp {
        private_dns_name: private_dns.clone().filter(|_| place == 0),
        private_ip_address: Some(address.clone()),
    };
    let group =
        |(id, name): &(String, Option<String>)| SecurityGroup { group_id: Some(id.clone()), group_name: name.clone() };
    NetworkInterface {
        network_interface_id: Some(interface.id.clone()),
        subnet_id: interface.subnet.clone(),
        vpc_id: interface.vpc.clone(),
        private_ip_address: interface.private_addresses.first().cloned(),
        private_ip_addresses: Some((0..).zip(&interface.private_addresses).map(private_ip).collect()),
        private_dns_name: private_dns.clone(),
        public_dns_name: ec2.public_dns.clone().filter(|_| index == 0),
        public_ip: interface.public_address.clone(),
        ipv6_addresses: Some(interface.ipv6_addresses.clone()),
        security_groups: Some(interface.security_groups.iter().map(group).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(hostname: &str) -> Asset {
        let ipv4_addresses = vec!["10.0.0.5".to_owned(), "long.text.that.is.no.address".to_owned()];
        Asset { agent_id: "i-0aa11bb22cc33dd44".to_owned(), hostname: hostname.to_owned(), ipv4_addresses }
    }

    #[test]
    fn a_host_always_has_a_name() {
        for (hostname, member, expected) in [
            ("web1", "{}", "web1"),
            ("", "{}", "i-0aa11bb22cc33dd44"),
            ("web1", "no JSON", "web1"),
            (
                "web1",
                r#"{"hostname":"ec2-198-51-100-7.compute.example","facts":null}"#,
                "ec2-198-51-100-7.compute.example",
            ),
        ] {
            let attributes = asset_attributes(&asset(hostname), member);
            assert_eq!(attributes.hostname.as_deref(), Some(expected));
            assert_eq!(attributes.ipv4_addresses, Some(vec!["10.0.0.5".to_owned()]));
            assert_eq!((attributes.schema_version, attributes.ami_id), (1, None));
        }
    }

    #[test]
    fn an_instance_has_its_interfaces() {
        let member = r#"{
            "hostname": "web1", "auto_scaling_group": "web", "tags": {"Name": "web1", "empty": ""},
            "instance": {"image": "ami-1", "private_dns": "ip-10-0-0-5.ec2.internal", "interfaces": [
                {"id": "eni-1", "subnet": "subnet-1", "vpc": "vpc-1", "private_addresses": ["10.0.0.5", "10.0.0.6"],
                 "security_groups": [["sg-1", "web"], ["sg-2", null]]},
                {"id": "eni-2", "private_addresses": ["10.0.1.5"]}]}}"#;
        let attributes = asset_attributes(&asset("web1"), member);
        let json = serde_json::to_string(&attributes).unwrap();
        assert_eq!(
            json,
            r#"{"schemaVersion":1,"agentId":"i-0aa11bb22cc33dd44","autoScalingGroup":"web","amiId":"ami-1","hostname":"web1","ipv4Addresses":["10.0.0.5"],"tags":[{"key":"Name","value":"web1"},{"key":"empty"}],"networkInterfaces":[{"networkInterfaceId":"eni-1","subnetId":"subnet-1","vpcId":"vpc-1","privateDnsName":"ip-10-0-0-5.ec2.internal","privateIpAddress":"10.0.0.5","privateIpAddresses":[{"privateDnsName":"ip-10-0-0-5.ec2.internal","privateIpAddress":"10.0.0.5"},{"privateIpAddress":"10.0.0.6"}],"ipv6Addresses":[],"securityGroups":[{"groupName":"web","groupId":"sg-1"},{"groupId":"sg-2"}]},{"networkInterfaceId":"eni-2","privateIpAddress":"10.0.1.5","privateIpAddresses":[{"privateIpAddress":"10.0.1.5"}],"ipv6Addresses":[],"securityGroups":[]}]}"#
        );
    }
}
