//! The interpreter: one packet and its answer, gate by gate, by the plain words of the semantic checklist.

use std::net::IpAddr;

use super::plain::{Block, Peer, Plain, Target, v4};

/// A packet to a host.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packet {
    pub(super) source: IpAddr,
    pub(super) target: IpAddr,
    /// 6, 17 or 1.
    pub(super) protocol: i32,
    /// Of ICMP, the type.
    pub(super) port: i32,
    pub(super) source_port: i32,
}

/// Whether the request arrives, and whether the answer comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fate {
    pub(super) request: bool,
    pub(super) answer: bool,
}

impl Fate {
    pub(super) fn works(self) -> bool {
        self.request && self.answer
    }
}

/// Where a route table sends an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Local,
    To(Target),
    Nowhere,
}

fn ports_fit((protocol, from, to): (i32, i32, i32), packet: (i32, i32)) -> bool {
    if protocol == -1 {
        return true;
    }
    if protocol != packet.0 {
        return false;
    }
    if protocol == 1 {
        return from == -1 || from == packet.1;
    }
    from == -1 || (from <= packet.1 && packet.1 <= to)
}

impl Plain {
    fn acl(&self, subnet: usize, is_egress: bool, far: IpAddr, packet: (i32, i32)) -> bool {
        let subnet = &self.subnets[subnet];
        let mut entries: Vec<_> =
            self.vpcs[subnet.vpc].acls[subnet.acl].iter().filter(|entry| entry.is_egress == is_egress).collect();
        entries.sort_by_key(|entry| entry.number);
        // A1, A4: the first that matches decides, and a block of one family never matches the other.
        let first = entries.into_iter().find(|entry| {
            entry.block.has(far)
                && ports_fit((entry.protocol, entry.from, entry.to), packet)
                && (entry.protocol != 1 || far.is_ipv4())
        });
        first.is_some_and(|entry| entry.allows)
    }

    /// S1, S2: any rule of any group admits a request, and answers need none. `far_groups`: the groups of the far end, where they are told on.
    fn group(&self, host: usize, is_egress: bool, far: IpAddr, far_groups: &[usize], packet: (i32, i32)) -> bool {
        let rules = self.hosts[host].groups.iter().flat_map(|group| &self.groups[*group].1);
        rules.filter(|rule| rule.is_egress == is_egress).any(|rule| {
            let is_peer = match rule.peer {
                Peer::Block(block) => block.has(far),
                Peer::Group(group) => far_groups.contains(&group),
            };
            is_peer && ports_fit((rule.protocol, rule.from, rule.to), packet) && (rule.protocol != 1 || far.is_ipv4())
        })
    }

    pub(super) fn next(&self, subnet: usize, address: IpAddr) -> Next {
        let subnet = &self.subnets[subnet];
        let table = &self.vpcs[subnet.vpc].tables[subnet.table.unwrap_or(0)];
        let local = Plain::vpc_blocks(subnet.vpc).map(|block| (block, Next::Local, 0));
        let routes = table.iter().map(|route| {
            let next = if route.target == Target::Blackhole { Next::Nowhere } else { Next::To(route.target) };
            (route.block, next, if route.is_propagated { 2 } else { 1 })
        });
        let all = local.into_iter().chain(routes).filter(|(block, ..)| block.has(address));
        // R1, R3, R5: the longest block, then a static route before a propagated one; a blackhole swallows its block.
        let best = all.min_by_key(|(block, _, rank)| (200 - block.1, *rank));
        best.map_or(Next::Nowhere, |(_, next, _)| next)
    }

    /// The host that has a private address.
    pub(super) fn host_of(&self, address: IpAddr) -> Option<usize> {
        (0..self.hosts.len()).find(|host| self.addresses(*host).iter().any(|one| one.0 == address))
    }

    fn vpc_of(&self, host: usize) -> usize {
        self.subnets[self.hosts[host].subnet].vpc
    }

    fn is_own(&self, vpc: usize, address: IpAddr) -> bool {
        Plain::vpc_blocks(vpc).iter().any(|block| block.has(address))
    }

    /// What arrives at the border of the target's subnet is judged by its ACL and groups, and so is the answer.
    fn delivered(&self, host: usize, far_groups: &[usize], packet: &Packet) -> Fate {
        let subnet = self.hosts[host].subnet;
        let (asked, answered) = packet.ports();
        let request = self.hosts[host].is_running
            && self.acl(subnet, false, packet.source, asked)
            && self.group(host, false, packet.source, far_groups, asked);
        Fate { request, answer: self.acl(subnet, true, packet.source, answered) }
    }

    pub(super) fn internet_fate(&self, packet: &Packet) -> Fate {
        let Some(host) = self.host_of(packet.target) else { return Fate { request: false, answer: false } };
        let vpc = self.vpc_of(host);
        let view = &self.vpcs[vpc];
        let has_public = self.addresses(host).iter().any(|one| one.0 == packet.target && one.1.is_some());
        let is_blocked = self.blocks_ingress && view.exclusion != 1;
        let is_let_in = !is_special(packet.source) && !self.is_own(vpc, packet.source);
        let fate = self.delivered(host, &[], packet);
        // I3, R8: an address of version 6 is public by itself; routes are asked for what leaves, which is the answer.
        let goes_back = self.next(self.hosts[host].subnet, packet.source) == Next::To(Target::Igw);
        Fate {
            request: view.has_igw && has_public && !is_blocked && is_let_in && fate.request,
            answer: view.has_igw && goes_back && fate.answer,
        }
    }

    pub(super) fn vpn_fate(&self, packet: &Packet) -> Fate {
        let Some(host) = self.host_of(packet.target) else { return Fate { request: false, answer: false } };
        let vpc = self.vpc_of(host);
        let fate = self.delivered(host, &[], packet);
        let goes_back = self.next(self.hosts[host].subnet, packet.source) == Next::To(Target::Vgw);
        let is_there = self.vpcs[vpc].has_vgw && !self.is_own(vpc, packet.source);
        Fate { request: is_there && fate.request, answer: is_there && goes_back && fate.answer }
    }

    /// Whatever lies at the far end of a peering connection may send.
    pub(super) fn peer_edge_fate(&self, peering: usize, packet: &Packet) -> Fate {
        let no = Fate { request: false, answer: false };
        let Some(host) = self.host_of(packet.target) else { return no };
        let vpc = self.vpc_of(host);
        let link = &self.peerings[peering];
        let Some(far) = link.ends.iter().copied().find(|end| link.ends.contains(&vpc) && *end != vpc) else {
            return no;
        };
        // P1, P2: an active one carries addresses of its two VPCs only.
        if !link.is_active || !self.is_own(far, packet.source) {
            return no;
        }
        let fate = self.delivered(host, &self.groups_at(far, packet.source), packet);
        let goes_back = self.next(self.hosts[host].subnet, packet.source) == Next::To(Target::Peering(peering));
        Fate { answer: fate.answer && goes_back, ..fate }
    }

    fn groups_at(&self, vpc: usize, address: IpAddr) -> Vec<usize> {
        let host = self.host_of(address).filter(|host| self.vpc_of(*host) == vpc);
        host.map(|host| self.hosts[host].groups.clone()).unwrap_or_default()
    }

    /// Where a transit gateway sends what enters from a VPC.
    fn transit(&self, enters: usize, address: IpAddr) -> Option<usize> {
        let table = self.vpcs[enters].attachment.as_ref()?.table?;
        let routes = self.transit[table].iter().filter(|route| route.block.has(address));
        // T2: the longest block, then a static route.
        let best = routes.min_by_key(|route| (200 - route.block.1, !route.is_static))?;
        best.vpc.filter(|vpc| self.vpcs[*vpc].attachment.is_some() && *vpc != enters)
    }

    /// The ACL of the attachment's subnet in a VPC, asked about an address of that VPC.
    fn attachment_acl(&self, vpc: usize, subnet: usize, is_egress: bool, address: IpAddr, packet: (i32, i32)) -> bool {
        let own = self.vpcs[vpc].attachment.as_ref().unwrap().subnet;
        own == subnet || self.acl(own, is_egress, address, packet)
    }

    pub(super) fn transit_edge_fate(&self, far: usize, packet: &Packet) -> Fate {
        let no = Fate { request: false, answer: false };
        let Some(host) = self.host_of(packet.target) else { return no };
        let vpc = self.vpc_of(host);
        let subnet = self.hosts[host].subnet;
        let (Some(here), Some(_)) = (&self.vpcs[vpc].attachment, &self.vpcs[far].attachment) else { return no };
        if far == vpc || !self.is_own(far, packet.source) {
            return no;
        }
        let (asked, answered) = packet.ports();
        // S7: groups are told on only where the gateway says so.
        let groups = if self.keeps_groups { self.groups_at(far, packet.source) } else { Vec::new() };
        let fate = self.delivered(host, &groups, packet);
        // T3, T4, T5: the ACL of the attachment's subnet has a say, the sender's zone needs a subnet of the attachment, and
        // the answer is routed on its own.
        let request = fate.request
            && self.transit(far, packet.target) == Some(vpc)
            && self.attachment_acl(vpc, subnet, true, packet.target, asked);
        let answer = fate.answer
            && self.next(subnet, packet.source) == Next::To(Target::Tgw)
            && self.subnets[here.subnet].zone == self.subnets[subnet].zone
            && self.attachment_acl(vpc, subnet, false, packet.target, answered)
            && self.transit(vpc, packet.source) == Some(far);
        Fate { request, answer }
    }

    /// From one host to another, all the way.
    pub(super) fn host_fate(&self, packet: &Packet) -> Fate {
        let no = Fate { request: false, answer: false };
        let (Some(sender), Some(host)) = (self.host_of(packet.source), self.host_of(packet.target)) else { return no };
        let (near, far) = (self.vpc_of(host), self.vpc_of(sender));
        let (subnet, from) = (self.hosts[host].subnet, self.hosts[sender].subnet);
        let (asked, answered) = packet.ports();
        let runs = self.hosts[sender].is_running && self.hosts[host].is_running;
        let out = |groups: &[usize]| runs && self.group(sender, true, packet.target, groups, asked);
        let (own, others) = (&self.hosts[host].groups, &self.hosts[sender].groups);
        if near == far {
            if subnet == from {
                return Fate {
                    request: out(own) && self.group(host, false, packet.source, others, asked),
                    answer: true,
                };
            }
            // A7: two ACLs on the way, and two on the way back.
            let is_local = self.next(from, packet.target) == Next::Local;
            let fate = self.delivered(host, others, packet);
            return Fate {
                request: out(own) && self.acl(from, true, packet.target, asked) && is_local && fate.request,
                answer: fate.answer
                    && self.next(subnet, packet.source) == Next::Local
                    && self.acl(from, false, packet.target, answered),
            };
        }
        let leaves = self.acl(from, true, packet.target, asked);
        let returns = self.acl(from, false, packet.target, answered);
        match self.next(from, packet.target) {
            Next::To(Target::Peering(peering)) => {
                let fate = self.peer_edge_fate(peering, packet);
                Fate { request: out(own) && leaves && fate.request, answer: returns && fate.answer }
            }
            Next::To(Target::Tgw) if self.vpcs[far].attachment.is_some() => {
                let there = self.vpcs[far].attachment.as_ref().unwrap().subnet;
                let fate = self.transit_edge_fate(far, packet);
                let told: &[usize] = if self.keeps_groups { own } else { &[] };
                Fate {
                    request: out(told)
                        && leaves
                        && self.subnets[there].zone == self.subnets[from].zone
                        && self.attachment_acl(far, from, false, packet.source, asked)
                        && fate.request,
                    answer: returns && self.attachment_acl(far, from, true, packet.source, answered) && fate.answer,
                }
            }
            _ => no,
        }
    }
}

impl Packet {
    /// Protocol and port of the request, and of its answer.
    fn ports(&self) -> ((i32, i32), (i32, i32)) {
        match self.protocol {
            1 => ((1, self.port), (1, 0)),
            _ => ((self.protocol, self.port), (self.protocol, self.source_port)),
        }
    }
}

/// Addresses that the internet has not.
fn is_special(address: IpAddr) -> bool {
    let blocks = [
        Block(v4(0, 0, 0, 0), 8),
        Block(v4(10, 0, 0, 0), 8),
        Block(v4(100, 64, 0, 0), 10),
        Block(v4(127, 0, 0, 0), 8),
        Block(v4(169, 254, 0, 0), 16),
        Block(v4(172, 16, 0, 0), 12),
        Block(v4(192, 168, 0, 0), 16),
        Block(v4(224, 0, 0, 0), 3),
    ];
    blocks.iter().any(|block| block.has(address))
}
