//! Times the analysis of made-up networks of some size; `bench/run network` prints what this prints.
//!
//! Usage: `scale INTERFACES internet|whole`. One rule of a security group for ten interfaces, five a group; a group for fifty
//! interfaces, up to three an interface; a VPC for 10,000 interfaces with 50 subnets, 20 network ACLs and half of its subnets
//! public. `whole` adds version 6, a ring of peering connections, and an application and a network load balancer a VPC. The
//! files are made while they are read, so that no disk is measured.

// An example prints, and a wrong argument may end it.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;
use std::io::Read;
use std::time::Instant;

use assay_reach::exposure::{Mode, exposures};
use assay_reach::network::Network;
use assay_reach::snapshot::{Limits, Loader};

const HOSTS: usize = 10_000;
const SUBNETS: usize = 50;
const ACLS: usize = 20;
const GROUPS: usize = 200;
const RULES: usize = 5;
const TARGETS: usize = 20;

/// A file whose objects are made one by one.
struct Made<F> {
    next: F,
    number: usize,
    count: usize,
    list: &'static str,
    ready: Vec<u8>,
    place: usize,
}

impl<F: FnMut(usize, &mut String)> Made<F> {
    fn new(list: &'static str, count: usize, next: F) -> Made<F> {
        Made { next, number: 0, count, list, ready: Vec::new(), place: 0 }
    }

    fn more(&mut self) {
        let mut text = String::new();
        if self.number == 0 {
            write!(text, "{{\"{}\":[", self.list).unwrap();
        }
        let until = (self.number + 200).min(self.count);
        while self.number < until {
            if self.number > 0 {
                text.push(',');
            }
            (self.next)(self.number, &mut text);
            self.number += 1;
        }
        if self.number == self.count {
            text.push_str("]}");
            self.number += 1;
        }
        (self.ready, self.place) = (text.into_bytes(), 0);
    }
}

impl<F: FnMut(usize, &mut String)> Read for Made<F> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.place == self.ready.len() {
            if self.number > self.count {
                return Ok(0);
            }
            self.more();
        }
        let rest = self.ready.get(self.place..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer.get_mut(..count).unwrap().copy_from_slice(rest.get(..count).unwrap());
        self.place += count;
        Ok(count)
    }
}

/// Numbers that look like chance and are the same each time.
fn chance(seed: usize, below: usize) -> usize {
    let mut x = (seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((x ^ (x >> 31)) % below as u64).unwrap()
}

struct Size {
    interfaces: usize,
    vpcs: usize,
    groups: usize,
    is_whole: bool,
}

impl Size {
    fn group_of(&self, vpc: usize, number: usize) -> usize {
        vpc * self.groups + number
    }

    fn load(&self, loader: &mut Loader) {
        let mut file = |name: &str, reader: &mut dyn Read| loader.read_file(&format!("{name}.json"), reader);
        let vpcs = self.vpcs;
        file("describe-vpcs", &mut Made::new("Vpcs", vpcs, |vpc, text| self.vpc(vpc, text)));
        file("describe-subnets", &mut Made::new("Subnets", vpcs * SUBNETS, subnet));
        let groups = vpcs * self.groups;
        file(
            "describe-security-groups",
            &mut Made::new("SecurityGroups", groups, |group, text| self.group(group, text)),
        );
        let interfaces = self.interfaces;
        let mut made = Made::new("NetworkInterfaces", interfaces, |number, text| self.interface(number, text));
        file("describe-network-interfaces", &mut made);
        let mut made = Made::new("Reservations", interfaces, |number, text| {
            let own = format!(r#"[{{"NetworkInterfaceId":"eni-{number}"}}]"#);
            let running = r#""State":{"Name":"running"}"#;
            write!(text, r#"{{"Instances":[{{"InstanceId":"i-{number}",{running},"NetworkInterfaces":{own}}}]}}"#)
                .unwrap();
        });
        file("describe-instances", &mut made);
        file("describe-route-tables", &mut Made::new("RouteTables", vpcs * 2, |table, text| self.table(table, text)));
        file("describe-network-acls", &mut Made::new("NetworkAcls", vpcs * ACLS, acl));
        let mut made = Made::new("InternetGateways", vpcs, |vpc, text| {
            let attached = format!(r#"[{{"VpcId":"vpc-{vpc}","State":"available"}}]"#);
            write!(text, r#"{{"InternetGatewayId":"igw-{vpc}","Attachments":{attached}}}"#).unwrap();
        });
        file("describe-internet-gateways", &mut made);
        file("describe-vpn-gateways", &mut Made::new("VpnGateways", 0, |_, _| {}));
        let ring = if self.is_whole && vpcs > 1 { vpcs } else { 0 };
        let mut made = Made::new("VpcPeeringConnections", ring, |one, text| {
            let side =
                |vpc: usize| format!(r#"{{"VpcId":"vpc-{vpc}","CidrBlock":"10.{vpc}.0.0/16","Region":"eu-west-1"}}"#);
            let (near, far) = (side(one), side((one + 1) % vpcs));
            write!(
                text,
                r#"{{"VpcPeeringConnectionId":"pcx-{one}","RequesterVpcInfo":{near},"AccepterVpcInfo":{far},"#
            )
            .unwrap();
            text.push_str(r#""Status":{"Code":"active"}}"#);
        });
        file("describe-vpc-peering-connections", &mut made);
        if self.is_whole {
            self.balancers(&mut file);
        }
    }

    fn vpc(&self, vpc: usize, text: &mut String) {
        write!(text, r#"{{"VpcId":"vpc-{vpc}","CidrBlock":"10.{vpc}.0.0/16""#).unwrap();
        if self.is_whole {
            let block = format!(
                r#"{{"Ipv6CidrBlock":"2600:1f00:0:{vpc:x}00::/56","Ipv6CidrBlockState":{{"State":"associated"}}}}"#
            );
            write!(text, r#","Ipv6CidrBlockAssociationSet":[{block}]"#).unwrap();
        }
        text.push('}');
    }

    fn group(&self, group: usize, text: &mut String) {
        let vpc = group / self.groups;
        write!(text, r#"{{"GroupId":"sg-{group}","VpcId":"vpc-{vpc}","IpPermissions":["#).unwrap();
        for rule in 0..RULES {
            let seed = (group * RULES + rule) * 16;
            let known = [22, 80, 443, 3306, 5432, 8080];
            let from = match chance(seed, 2) {
                0 => *known.get(chance(seed + 1, known.len())).unwrap(),
                _ => chance(seed + 2, 60_000),
            };
            let to = if chance(seed + 3, 4) == 0 { from + chance(seed + 4, 1000) } else { from };
            let protocol = if chance(seed + 5, 5) == 0 { "udp" } else { "tcp" };
            let comma = if rule == 0 { "" } else { "," };
            write!(text, r#"{comma}{{"IpProtocol":"{protocol}","FromPort":{from},"ToPort":{to},"#).unwrap();
            let (a, b, c, bits) =
                (1 + chance(seed + 9, 220), chance(seed + 10, 256), chance(seed + 11, 256), 12 + chance(seed + 12, 13));
            let peer = match chance(seed + 6, 10) {
                0 => r#""IpRanges":[{"CidrIp":"0.0.0.0/0"}]}"#.to_owned(),
                1 if self.is_whole => r#""Ipv6Ranges":[{"CidrIpv6":"::/0"}]}"#.to_owned(),
                2 => r#""IpRanges":[{"CidrIp":"10.0.0.0/8"}]}"#.to_owned(),
                3 => format!(
                    r#""UserIdGroupPairs":[{{"GroupId":"sg-{}"}}]}}"#,
                    self.group_of(vpc, chance(seed + 7, self.groups))
                ),
                4 if self.is_whole => {
                    format!(r#""Ipv6Ranges":[{{"CidrIpv6":"2a00:{:x}::/32"}}]}}"#, chance(seed + 8, 65_536))
                }
                _ => format!(r#""IpRanges":[{{"CidrIp":"{a}.{b}.{c}.0/{bits}"}}]}}"#),
            };
            text.push_str(&peer);
        }
        text.push_str(r#"],"IpPermissionsEgress":[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}],"#);
        text.push_str(r#""Ipv6Ranges":[{"CidrIpv6":"::/0"}]}]}"#);
    }

    fn interface(&self, number: usize, text: &mut String) {
        let (vpc, host) = (number / HOSTS, number % HOSTS);
        let (subnet, own) = (host % SUBNETS, 10 + host / SUBNETS);
        let address = format!("10.{vpc}.{subnet}.{own}");
        write!(
            text,
            r#"{{"NetworkInterfaceId":"eni-{number}","VpcId":"vpc-{vpc}","SubnetId":"subnet-{}","#,
            vpc * SUBNETS + subnet
        )
        .unwrap();
        write!(text, r#""InterfaceType":"interface","Status":"in-use","Attachment":{{"InstanceId":"i-{number}"}},"#)
            .unwrap();
        write!(
            text,
            r#""PrivateIpAddress":"{address}","PrivateIpAddresses":[{{"Primary":true,"PrivateIpAddress":"{address}""#
        )
        .unwrap();
        if chance(number, 2) == 0 {
            let public = std::net::Ipv4Addr::from(0x2000_0000 + u32::try_from(number).unwrap());
            write!(text, r#","Association":{{"PublicIp":"{public}"}}"#).unwrap();
        }
        text.push_str(r#"}],"Groups":["#);
        // Few sets are borne by many interfaces, and many by few.
        let set = if chance(number + 1, 10) < 6 { chance(number + 2, self.groups * 3) } else { number };
        let groups = (0..=chance(set + 3, 3)).map(|one| self.group_of(vpc, chance(set * 3 + one, self.groups)));
        let groups: Vec<String> = groups.map(|group| format!(r#"{{"GroupId":"sg-{group}"}}"#)).collect();
        text.push_str(&groups.join(","));
        text.push(']');
        if self.is_whole {
            write!(text, r#","Ipv6Addresses":[{{"Ipv6Address":"2600:1f00:0:{vpc:x}{subnet:02x}::{own:x}"}}]"#).unwrap();
        }
        text.push('}');
    }

    fn table(&self, table: usize, text: &mut String) {
        let (vpc, is_public) = (table / 2, table % 2 == 1);
        write!(text, r#"{{"RouteTableId":"rtb-{table}","VpcId":"vpc-{vpc}","Associations":["#).unwrap();
        if is_public {
            let own =
                (0..SUBNETS).step_by(2).map(|subnet| format!(r#"{{"SubnetId":"subnet-{}"}}"#, vpc * SUBNETS + subnet));
            text.push_str(&own.collect::<Vec<_>>().join(","));
        } else {
            text.push_str(r#"{"Main":true}"#);
        }
        write!(
            text,
            r#"],"Routes":[{{"DestinationCidrBlock":"10.{vpc}.0.0/16","GatewayId":"local","State":"active"}}"#
        )
        .unwrap();
        let mut route = |kind: &str, block: &str, target: &str, id: String| {
            write!(text, r#",{{"{kind}":"{block}","{target}":"{id}","State":"active"}}"#).unwrap();
        };
        if is_public {
            route("DestinationCidrBlock", "0.0.0.0/0", "GatewayId", format!("igw-{vpc}"));
        }
        if is_public && self.is_whole {
            route("DestinationIpv6CidrBlock", "::/0", "GatewayId", format!("igw-{vpc}"));
        }
        if self.is_whole && self.vpcs > 1 {
            let (after, before) = ((vpc + 1) % self.vpcs, (vpc + self.vpcs - 1) % self.vpcs);
            route(
                "DestinationCidrBlock",
                &format!("10.{after}.0.0/16"),
                "VpcPeeringConnectionId",
                format!("pcx-{vpc}"),
            );
            if after != before {
                route(
                    "DestinationCidrBlock",
                    &format!("10.{before}.0.0/16"),
                    "VpcPeeringConnectionId",
                    format!("pcx-{before}"),
                );
            }
        }
        text.push_str("]}");
    }

    /// Two load balancers a VPC, each with one listener, one target group, and targets by instance.
    fn balancers(&self, file: &mut dyn FnMut(&str, &mut dyn Read)) {
        let root = "arn:aws:elasticloadbalancing:eu-west-1:111122223333";
        let count = self.vpcs * 2;
        let is_network = |number: usize| number % 2 == 1;
        let mut made = Made::new("LoadBalancers", count, |number, text| {
            let (vpc, kind) = (number / 2, if is_network(number) { "network" } else { "application" });
            write!(text, r#"{{"LoadBalancerArn":"{root}:loadbalancer/lb{number}","LoadBalancerName":"lb{number}","Type":"{kind}","#).unwrap();
            write!(
                text,
                r#""Scheme":"internet-facing","State":{{"Code":"active"}},"VpcId":"vpc-{vpc}","AvailabilityZones":["#
            )
            .unwrap();
            write!(text, r#"{{"ZoneName":"eu-west-1a","SubnetId":"subnet-{}"}},"#, vpc * SUBNETS).unwrap();
            write!(text, r#"{{"ZoneName":"eu-west-1c","SubnetId":"subnet-{}"}}],"#, vpc * SUBNETS + 2).unwrap();
            write!(text, r#""SecurityGroups":["sg-{}"]}}"#, self.group_of(vpc, 0)).unwrap();
        });
        file("elbv2-describe-load-balancers", &mut made);
        let mut made = Made::new("TargetGroups", count, |number, text| {
            let protocol = if is_network(number) { "TCP" } else { "HTTP" };
            write!(text, r#"{{"TargetGroupArn":"{root}:targetgroup/tg{number}","TargetGroupName":"tg{number}","#)
                .unwrap();
            write!(text, r#""Protocol":"{protocol}","Port":80,"VpcId":"vpc-{}","TargetType":"instance","#, number / 2)
                .unwrap();
            write!(text, r#""LoadBalancerArns":["{root}:loadbalancer/lb{number}"]}}"#).unwrap();
        });
        file("elbv2-describe-target-groups", &mut made);
        for number in 0..count {
            let protocol = if is_network(number) { "TCP" } else { "HTTP" };
            let mut made = Made::new("Listeners", 1, |_, text| {
                write!(
                    text,
                    r#"{{"ListenerArn":"{root}:listener/{number}","LoadBalancerArn":"{root}:loadbalancer/lb{number}","#
                )
                .unwrap();
                write!(text, r#""Port":80,"Protocol":"{protocol}","DefaultActions":[{{"Type":"forward","#).unwrap();
                write!(text, r#""TargetGroupArn":"{root}:targetgroup/tg{number}"}}]}}"#).unwrap();
            });
            file(&format!("elbv2-describe-listeners.lb{number}"), &mut made);
            let mut made = Made::new("TargetHealthDescriptions", TARGETS, |target, text| {
                let id = (number / 2) * HOSTS + target;
                write!(text, r#"{{"Target":{{"Id":"i-{id}","Port":80}},"TargetHealth":{{"State":"healthy"}}}}"#)
                    .unwrap();
            });
            file(&format!("elbv2-describe-target-health.tg{number}"), &mut made);
        }
    }
}

fn subnet(number: usize, text: &mut String) {
    let (vpc, own) = (number / SUBNETS, number % SUBNETS);
    let zone = ["a", "b", "c"].get(own % 3).unwrap();
    write!(text, r#"{{"SubnetId":"subnet-{number}","VpcId":"vpc-{vpc}","CidrBlock":"10.{vpc}.{own}.0/24","#).unwrap();
    write!(text, r#""AvailabilityZone":"eu-west-1{zone}"}}"#).unwrap();
}

fn acl(number: usize, text: &mut String) {
    let vpc = number / ACLS;
    write!(text, r#"{{"NetworkAclId":"acl-{number}","VpcId":"vpc-{vpc}","Associations":["#).unwrap();
    let own = (0..SUBNETS).filter(|subnet| subnet % ACLS == number % ACLS);
    let own: Vec<String> = own.map(|subnet| format!(r#"{{"SubnetId":"subnet-{}"}}"#, vpc * SUBNETS + subnet)).collect();
    text.push_str(&own.join(","));
    let (denied, port) = (chance(number, 200) + 1, 1 + chance(number + 7, 60_000));
    write!(text, r#"],"Entries":[{{"RuleNumber":10,"Egress":false,"Protocol":"-1","RuleAction":"deny","CidrBlock":"{denied}.0.0.0/8"}},"#).unwrap();
    write!(text, r#"{{"RuleNumber":20,"Egress":false,"Protocol":"6","RuleAction":"deny","CidrBlock":"0.0.0.0/0","#)
        .unwrap();
    write!(text, r#""PortRange":{{"From":{port},"To":{}}}}}"#, port + 100).unwrap();
    for egress in [false, true] {
        for (number, block) in [(100, r#""CidrBlock":"0.0.0.0/0""#), (101, r#""Ipv6CidrBlock":"::/0""#)] {
            write!(
                text,
                r#",{{"RuleNumber":{number},"Egress":{egress},"Protocol":"-1","RuleAction":"allow",{block}}}"#
            )
            .unwrap();
        }
    }
    text.push_str("]}");
}

/// Mebibytes that the process has now, and the most that it had.
fn memory() -> (usize, usize) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let of = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key));
        line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok()).unwrap_or(0) / 1024
    };
    (of("VmRSS:"), of("VmHWM:"))
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let interfaces: usize = arguments.next().unwrap().parse().unwrap();
    let is_whole = match arguments.next().unwrap().as_str() {
        "internet" => false,
        "whole" => true,
        other => panic!("{other} is neither internet nor whole"),
    };
    let vpcs = interfaces.div_ceil(HOSTS);
    let size = Size { interfaces, vpcs, groups: (interfaces / 50 / vpcs).clamp(4, GROUPS), is_whole };
    let start = Instant::now();
    let mut loader = Loader::new(Limits::default());
    size.load(&mut loader);
    let snapshot = loader.finish();
    let loaded = start.elapsed();
    let (held, _) = memory();
    let start = Instant::now();
    let network = Network::new(&snapshot);
    let resolved = start.elapsed();
    let found = exposures(&network, Mode::EndToEnd);
    let analysed = start.elapsed();
    let exposed: std::collections::HashSet<_> = found.reachable().map(|row| row.interface).collect();
    let rules: usize = snapshot.security_groups.iter().map(|group| group.ingress.len()).sum();
    assert_eq!(snapshot.interfaces.len(), interfaces, "every interface was read");
    let seconds = [loaded, resolved, analysed].map(|time| format!("{:.3}", time.as_secs_f64())).join(" ");
    let (count, open, all) = (snapshot.interfaces.len(), exposed.len(), found.len());
    println!("{count} {rules} {seconds} {open} {all} {held} {}", memory().1);
}
