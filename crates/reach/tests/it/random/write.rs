//! Plain networks as the JSON of the AWS command line.

use assay_reach::snapshot::{Limits, Loader, Snapshot};
use serde_json::{Value, json};

use super::plain::{Block, Peer, Plain, Target};

impl Block {
    fn text(self) -> String {
        format!("{}/{}", self.0, self.1)
    }

    /// The block under the key of its family.
    fn keyed(self, v4: &str, v6: &str, into: &mut Value) {
        into[if self.0.is_ipv4() { v4 } else { v6 }] = self.text().into();
    }
}

impl Plain {
    pub(super) fn snapshot(&self) -> Snapshot {
        let mut loader = Loader::new(Limits::default());
        for (name, json) in self.files() {
            loader.read_file(&format!("{name}.json"), json.to_string().as_bytes());
        }
        loader.finish()
    }

    fn files(&self) -> Vec<(String, Value)> {
        let mut files: Vec<(String, Value)> = vec![
            (
                "describe-vpcs".into(),
                json!({"Vpcs": self.vpcs.iter().enumerate().map(|(vpc, _)| vpc_json(vpc)).collect::<Vec<_>>()}),
            ),
            ("describe-subnets".into(), json!({"Subnets": self.subnets_json()})),
            ("describe-security-groups".into(), json!({"SecurityGroups": self.groups_json()})),
            ("describe-network-interfaces".into(), json!({"NetworkInterfaces": self.interfaces_json()})),
            ("describe-instances".into(), json!({"Reservations": [{"Instances": self.instances_json()}]})),
            ("describe-route-tables".into(), json!({"RouteTables": self.tables_json()})),
            ("describe-network-acls".into(), json!({"NetworkAcls": self.acls_json()})),
            (
                "describe-internet-gateways".into(),
                json!({"InternetGateways": self.gateways("igw", "InternetGatewayId", "available")}),
            ),
            ("describe-vpn-gateways".into(), json!({"VpnGateways": self.gateways("vgw", "VpnGatewayId", "attached")})),
            ("describe-vpc-peering-connections".into(), json!({"VpcPeeringConnections": self.peerings_json()})),
        ];
        let mode = if self.blocks_ingress { "block-bidirectional" } else { "off" };
        let options = json!({"VpcBlockPublicAccessOptions": {"InternetGatewayBlockMode": mode}});
        files.push(("describe-vpc-block-public-access-options".into(), options));
        files.push((
            "describe-vpc-block-public-access-exclusions".into(),
            json!({"VpcBlockPublicAccessExclusions": self.exclusions()}),
        ));
        self.transit_files(&mut files);
        files
    }

    fn subnets_json(&self) -> Vec<Value> {
        let subnets = self.subnets.iter().enumerate();
        subnets
            .map(|(place, subnet)| {
                json!({"SubnetId": format!("subnet-{place}"), "VpcId": format!("vpc-{}", subnet.vpc),
                    "CidrBlock": self.subnet_block(place).text(), "AvailabilityZone": format!("us-east-1{}", ["a", "b"][subnet.zone])})
            })
            .collect()
    }

    fn groups_json(&self) -> Vec<Value> {
        let rule = |rule: &super::plain::Rule| {
            let mut json = json!({"IpProtocol": rule.protocol.to_string()});
            if rule.protocol != -1 {
                json["FromPort"] = rule.from.into();
                json["ToPort"] = rule.to.into();
            }
            match rule.peer {
                Peer::Block(block) if block.0.is_ipv4() => json["IpRanges"] = json!([{"CidrIp": block.text()}]),
                Peer::Block(block) => json["Ipv6Ranges"] = json!([{"CidrIpv6": block.text()}]),
                Peer::Group(group) => json["UserIdGroupPairs"] = json!([{"GroupId": format!("sg-{group}")}]),
            }
            json
        };
        let groups = self.groups.iter().enumerate();
        groups
            .map(|(place, (vpc, rules))| {
                let of =
                    |is_egress| rules.iter().filter(|one| one.is_egress == is_egress).map(rule).collect::<Vec<_>>();
                json!({"GroupId": format!("sg-{place}"), "VpcId": format!("vpc-{vpc}"),
                    "IpPermissions": of(false), "IpPermissionsEgress": of(true)})
            })
            .collect()
    }

    fn interfaces_json(&self) -> Vec<Value> {
        let hosts = self.hosts.iter().enumerate();
        hosts
            .map(|(place, host)| {
                let subnet = &self.subnets[host.subnet];
                let addresses = self.addresses(place);
                let v4 = addresses.iter().filter(|one| one.0.is_ipv4()).enumerate().map(|(number, (private, public))| {
                    let mut json = json!({"Primary": number == 0, "PrivateIpAddress": private});
                    if let Some(public) = public {
                        json["Association"] = json!({"PublicIp": public});
                    }
                    json
                });
                let v6 = addresses.iter().filter(|one| one.0.is_ipv6()).map(|one| json!({"Ipv6Address": one.0}));
                json!({"NetworkInterfaceId": format!("eni-{place}"), "SubnetId": format!("subnet-{}", host.subnet),
                    "VpcId": format!("vpc-{}", subnet.vpc), "InterfaceType": "interface", "Status": "in-use",
                    "Attachment": {"InstanceId": format!("i-{place}")},
                    "Groups": host.groups.iter().map(|group| json!({"GroupId": format!("sg-{group}")})).collect::<Vec<_>>(),
                    "PrivateIpAddress": addresses[0].0, "PrivateIpAddresses": v4.collect::<Vec<_>>(),
                    "Ipv6Addresses": v6.collect::<Vec<_>>()})
            })
            .collect()
    }

    fn instances_json(&self) -> Vec<Value> {
        let hosts = self.hosts.iter().enumerate();
        let state = |is_running| if is_running { "running" } else { "stopped" };
        hosts
            .map(|(place, host)| json!({"InstanceId": format!("i-{place}"), "State": {"Name": state(host.is_running)}}))
            .collect()
    }

    fn tables_json(&self) -> Vec<Value> {
        let mut all = Vec::new();
        for (vpc, view) in self.vpcs.iter().enumerate() {
            for (place, table) in view.tables.iter().enumerate() {
                let mut routes: Vec<Value> = Plain::vpc_blocks(vpc)
                    .map(|block| {
                        let mut json = json!({"GatewayId": "local", "State": "active", "Origin": "CreateRouteTable"});
                        block.keyed("DestinationCidrBlock", "DestinationIpv6CidrBlock", &mut json);
                        json
                    })
                    .into();
                routes.extend(table.iter().map(|route| {
                    let mut json = json!({"State": "active", "Origin": if route.is_propagated { "EnableVgwRoutePropagation" } else { "CreateRoute" }});
                    route.block.keyed("DestinationCidrBlock", "DestinationIpv6CidrBlock", &mut json);
                    match route.target {
                        Target::Igw => json["GatewayId"] = format!("igw-{vpc}").into(),
                        Target::Vgw => json["GatewayId"] = format!("vgw-{vpc}").into(),
                        Target::Peering(peering) => json["VpcPeeringConnectionId"] = format!("pcx-{peering}").into(),
                        Target::Tgw => json["TransitGatewayId"] = "tgw-0".into(),
                        Target::Blackhole => {
                            json["State"] = "blackhole".into();
                            json["GatewayId"] = "igw-gone".into();
                        }
                    }
                    json
                }));
                let subnets = self
                    .subnets
                    .iter()
                    .enumerate()
                    .filter(|(_, subnet)| subnet.vpc == vpc && subnet.table == Some(place));
                let mut associations: Vec<Value> =
                    subnets.map(|(subnet, _)| json!({"SubnetId": format!("subnet-{subnet}")})).collect();
                if place == 0 {
                    associations.push(json!({"Main": true}));
                }
                all.push(json!({"RouteTableId": format!("rtb-{vpc}-{place}"), "VpcId": format!("vpc-{vpc}"),
                    "Associations": associations, "Routes": routes}));
            }
        }
        all
    }

    fn acls_json(&self) -> Vec<Value> {
        let mut all = Vec::new();
        for (vpc, view) in self.vpcs.iter().enumerate() {
            for (place, acl) in view.acls.iter().enumerate() {
                let entries = acl.iter().map(|entry| {
                    let mut json = json!({"RuleNumber": entry.number, "Egress": entry.is_egress, "Protocol": entry.protocol.to_string(),
                        "RuleAction": if entry.allows { "allow" } else { "deny" }});
                    entry.block.keyed("CidrBlock", "Ipv6CidrBlock", &mut json);
                    match entry.protocol {
                        -1 => {}
                        1 => json["IcmpTypeCode"] = json!({"Type": entry.from, "Code": entry.to}),
                        _ => json["PortRange"] = json!({"From": entry.from, "To": entry.to}),
                    }
                    json
                });
                let entries: Vec<Value> = entries.collect();
                let subnets =
                    self.subnets.iter().enumerate().filter(|(_, subnet)| subnet.vpc == vpc && subnet.acl == place);
                let associations: Vec<Value> =
                    subnets.map(|(subnet, _)| json!({"SubnetId": format!("subnet-{subnet}")})).collect();
                all.push(json!({"NetworkAclId": format!("acl-{vpc}-{place}"), "VpcId": format!("vpc-{vpc}"),
                    "Associations": associations, "Entries": entries}));
            }
        }
        all
    }

    fn gateways(&self, kind: &str, id: &str, state: &str) -> Vec<Value> {
        let has = |vpc: &super::plain::Vpc| if kind == "igw" { vpc.has_igw } else { vpc.has_vgw };
        let vpcs = self.vpcs.iter().enumerate().filter(|(_, vpc)| has(vpc));
        vpcs.map(|(vpc, _)| {
            let attachments = json!([{"VpcId": format!("vpc-{vpc}"), "State": state}]);
            let list = if kind == "igw" { "Attachments" } else { "VpcAttachments" };
            json!({id: format!("{kind}-{vpc}"), "State": "available", list: attachments})
        })
        .collect()
    }

    fn peerings_json(&self) -> Vec<Value> {
        let side = |vpc: usize| {
            let [v4, v6] = Plain::vpc_blocks(vpc);
            json!({"VpcId": format!("vpc-{vpc}"), "CidrBlock": v4.text(), "CidrBlockSet": [{"CidrBlock": v4.text()}],
                "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": v6.text()}], "Region": "us-east-1"})
        };
        let peerings = self.peerings.iter().enumerate();
        peerings
            .map(|(place, peering)| {
                json!({"VpcPeeringConnectionId": format!("pcx-{place}"), "RequesterVpcInfo": side(peering.ends[0]),
                    "AccepterVpcInfo": side(peering.ends[1]), "Status": {"Code": if peering.is_active { "active" } else { "deleted" }}})
            })
            .collect()
    }

    fn exclusions(&self) -> Vec<Value> {
        let vpcs = self.vpcs.iter().enumerate().filter(|(_, vpc)| vpc.exclusion > 0);
        vpcs.map(|(vpc, view)| {
            let mode = ["", "allow-bidirectional", "allow-egress"][view.exclusion];
            json!({"ExclusionId": format!("exclusion-{vpc}"), "InternetGatewayExclusionMode": mode, "State": "create-complete",
                "ResourceArn": format!("arn:aws:ec2:us-east-1:111122223333:vpc/vpc-{vpc}")})
        })
        .collect()
    }

    fn transit_files(&self, files: &mut Vec<(String, Value)>) {
        let keeps = if self.keeps_groups { "enable" } else { "disable" };
        let gateway = json!({"TransitGatewayId": "tgw-0", "State": "available", "Options": {"SecurityGroupReferencingSupport": keeps}});
        files.push(("describe-transit-gateways".into(), json!({"TransitGateways": [gateway]})));
        let attached: Vec<_> =
            self.vpcs.iter().enumerate().filter_map(|(vpc, view)| Some((vpc, view.attachment.as_ref()?))).collect();
        let attachments: Vec<Value> = attached
            .iter()
            .map(|(vpc, attachment)| {
                json!({"TransitGatewayAttachmentId": format!("tgw-attach-{vpc}"), "TransitGatewayId": "tgw-0", "VpcId": format!("vpc-{vpc}"),
                    "State": "available", "SubnetIds": [format!("subnet-{}", attachment.subnet)]})
            })
            .collect();
        files.push((
            "describe-transit-gateway-vpc-attachments".into(),
            json!({"TransitGatewayVpcAttachments": attachments}),
        ));
        let link = |vpc: usize| json!({"TransitGatewayAttachmentId": format!("tgw-attach-{vpc}"), "ResourceId": format!("vpc-{vpc}"), "ResourceType": "vpc"});
        let mut tables = Vec::new();
        for (place, routes) in self.transit.iter().enumerate() {
            let id = format!("tgw-rtb-{place}");
            tables.push(json!({"TransitGatewayRouteTableId": id, "TransitGatewayId": "tgw-0", "State": "available"}));
            let here = attached.iter().filter(|(_, attachment)| attachment.table == Some(place));
            let associations: Vec<Value> = here
                .map(|(vpc, _)| {
                    let mut link = link(*vpc);
                    link["State"] = "associated".into();
                    link
                })
                .collect();
            files.push((
                format!("get-transit-gateway-route-table-associations.{id}"),
                json!({"Associations": associations}),
            ));
            files.push((
                format!("get-transit-gateway-route-table-propagations.{id}"),
                json!({"TransitGatewayRouteTablePropagations": []}),
            ));
            let routes: Vec<Value> = routes
                .iter()
                .map(|route| {
                    json!({"DestinationCidrBlock": route.block.text(), "Type": if route.is_static { "static" } else { "propagated" },
                        "State": if route.vpc.is_some() { "active" } else { "blackhole" },
                        "TransitGatewayAttachments": route.vpc.map(link).into_iter().collect::<Vec<_>>()})
                })
                .collect();
            files.push((
                format!("search-transit-gateway-routes.{id}"),
                json!({"Routes": routes, "AdditionalRoutesAvailable": false}),
            ));
        }
        files.push(("describe-transit-gateway-route-tables".into(), json!({"TransitGatewayRouteTables": tables})));
    }
}

fn vpc_json(vpc: usize) -> Value {
    let [v4, v6] = Plain::vpc_blocks(vpc);
    json!({"VpcId": format!("vpc-{vpc}"), "CidrBlock": v4.text(),
        "CidrBlockAssociationSet": [{"CidrBlock": v4.text(), "CidrBlockState": {"State": "associated"}}],
        "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": v6.text(), "Ipv6CidrBlockState": {"State": "associated"}}]})
}
