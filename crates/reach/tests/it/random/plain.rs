//! Plain networks: what the generator makes, the interpreter walks and [`super::write`] writes as JSON.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A block of addresses: one address of it and its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block(pub(super) IpAddr, pub(super) u8);

impl Block {
    pub(super) fn has(self, address: IpAddr) -> bool {
        match (self.0, address) {
            (IpAddr::V4(net), IpAddr::V4(address)) => (0..self.1).all(|bit| {
                let mask = 1_u32 << (31 - bit);
                u32::from(net) & mask == u32::from(address) & mask
            }),
            (IpAddr::V6(net), IpAddr::V6(address)) => (0..self.1).all(|bit| {
                let mask = 1_u128 << (127 - bit);
                u128::from(net) & mask == u128::from(address) & mask
            }),
            _ => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Igw,
    Vgw,
    Peering(usize),
    Tgw,
    Blackhole,
}

#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) block: Block,
    pub(super) target: Target,
    pub(super) is_propagated: bool,
}

/// −1 is any; of ICMP, from is the type and to the code.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) number: u32,
    pub(super) is_egress: bool,
    pub(super) allows: bool,
    pub(super) protocol: i32,
    pub(super) from: i32,
    pub(super) to: i32,
    pub(super) block: Block,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Peer {
    Block(Block),
    Group(usize),
}

#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) is_egress: bool,
    pub(super) protocol: i32,
    pub(super) from: i32,
    pub(super) to: i32,
    pub(super) peer: Peer,
}

#[derive(Clone, Debug)]
pub(super) struct Vpc {
    pub(super) has_igw: bool,
    pub(super) has_vgw: bool,
    /// 0 nothing, 1 bidirectional, 2 egress.
    pub(super) exclusion: usize,
    pub(super) tables: Vec<Vec<Route>>,
    pub(super) acls: Vec<Vec<Entry>>,
    pub(super) attachment: Option<Attachment>,
}

#[derive(Clone, Debug)]
pub(super) struct Attachment {
    pub(super) subnet: usize,
    pub(super) table: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) struct Subnet {
    pub(super) vpc: usize,
    /// Of its VPC; `None` uses the first, which is the main one.
    pub(super) table: Option<usize>,
    pub(super) acl: usize,
    pub(super) zone: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Host {
    pub(super) subnet: usize,
    pub(super) groups: Vec<usize>,
    /// Whether the first and second private address have a public one.
    pub(super) public: [bool; 2],
    pub(super) has_ipv6: bool,
    pub(super) is_running: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Peering {
    pub(super) ends: [usize; 2],
    pub(super) is_active: bool,
}

/// A route of a transit gateway's table.
#[derive(Clone, Debug)]
pub(super) struct TransitRoute {
    pub(super) block: Block,
    /// The VPC that it leads to; `None` is a blackhole.
    pub(super) vpc: Option<usize>,
    pub(super) is_static: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Plain {
    pub(super) blocks_ingress: bool,
    pub(super) keeps_groups: bool,
    pub(super) vpcs: Vec<Vpc>,
    pub(super) subnets: Vec<Subnet>,
    pub(super) groups: Vec<(usize, Vec<Rule>)>,
    pub(super) hosts: Vec<Host>,
    pub(super) peerings: Vec<Peering>,
    pub(super) transit: Vec<Vec<TransitRoute>>,
}

pub(super) fn v4(a: u8, b: u8, c: u8, d: u8) -> IpAddr {
    Ipv4Addr::new(a, b, c, d).into()
}

pub(super) fn v6(vpc: usize, subnet: usize, host: usize) -> IpAddr {
    let part = |number: usize| u16::try_from(number).unwrap();
    Ipv6Addr::new(0x2600, 0x1f16, part(vpc), part(subnet), 0, 0, 0, part(host)).into()
}

impl Plain {
    pub(super) fn vpc_blocks(vpc: usize) -> [Block; 2] {
        [Block(v4(10, u8::try_from(vpc).unwrap(), 0, 0), 16), Block(v6(vpc, 0, 0), 48)]
    }

    pub(super) fn subnet_block(&self, subnet: usize) -> Block {
        let (vpc, subnet) = (u8::try_from(self.subnets[subnet].vpc).unwrap(), u8::try_from(subnet).unwrap());
        Block(v4(10, vpc, subnet, 0), 24)
    }

    /// Private addresses of a host with their public ones: two of version 4, perhaps one of version 6.
    pub(super) fn addresses(&self, host: usize) -> Vec<(IpAddr, Option<IpAddr>)> {
        let Host { subnet, public, has_ipv6, .. } = self.hosts[host];
        let vpc = self.subnets[subnet].vpc;
        let byte = |number: usize| u8::try_from(number).unwrap();
        let mut all: Vec<(IpAddr, Option<IpAddr>)> = (0..2)
            .map(|place| {
                let private = v4(10, byte(vpc), byte(subnet), byte(10 + host * 2 + place));
                (private, public[place].then(|| v4(3, 128, byte(host), byte(place + 1))))
            })
            .collect();
        if has_ipv6 {
            let address = v6(vpc, subnet, 16 + host);
            all.push((address, Some(address)));
        }
        all
    }

    /// A network out of choices; where they end, the first possibility is taken, which is the plainest.
    pub(super) fn of(choices: &[u16]) -> Plain {
        let mut choose = Choices(choices.iter());
        let count = 1 + choose.below(3);
        let mut vpcs: Vec<Vpc> = Vec::new();
        let mut subnets = Vec::new();
        let mut groups = Vec::new();
        for vpc in 0..count {
            let acls = (0..1 + choose.below(2)).map(|_| choose.acl()).collect::<Vec<_>>();
            let tables = (0..1 + choose.below(2)).map(|_| choose.table(count)).collect::<Vec<_>>();
            for _ in 0..1 + choose.below(2) {
                let table = (choose.below(2) == 1).then(|| choose.below(tables.len()));
                subnets.push(Subnet { vpc, table, acl: choose.below(acls.len()), zone: choose.below(2) });
            }
            for _ in 0..2 {
                let rules = (0..1 + choose.below(4)).map(|_| choose.rule(count * 2)).collect();
                groups.push((vpc, rules));
            }
            let (has_igw, has_vgw) = (choose.below(8) != 7, choose.below(4) == 3);
            vpcs.push(Vpc { has_igw, has_vgw, exclusion: choose.below(3), tables, acls, attachment: None });
        }
        let mut hosts = Vec::new();
        for _ in 0..1 + choose.below(4) {
            let subnet = choose.below(subnets.len());
            let own = subnets[subnet].vpc * 2;
            let groups = [vec![own], vec![own + 1], vec![own, own + 1]][choose.below(3)].clone();
            let public = [choose.below(4) != 3, choose.below(4) == 3];
            let (has_ipv6, is_running) = (choose.below(2) == 1, choose.below(8) != 7);
            hosts.push(Host { subnet, groups, public, has_ipv6, is_running });
        }
        let pairs = (0..count).flat_map(|a| (a + 1..count).map(move |b| [a, b]));
        let peerings = pairs.map(|ends| Peering { ends, is_active: choose.below(6) != 5 }).collect();
        for (vpc, view) in vpcs.iter_mut().enumerate() {
            if choose.below(3) != 2 {
                let own: Vec<usize> = (0..subnets.len()).filter(|subnet| subnets[*subnet].vpc == vpc).collect();
                let table = (choose.below(8) != 7).then(|| choose.below(2));
                view.attachment = Some(Attachment { subnet: own[choose.below(own.len())], table });
            }
        }
        let attached: Vec<bool> = vpcs.iter().map(|vpc| vpc.attachment.is_some()).collect();
        let transit = (0..2).map(|_| choose.transit(&attached)).collect();
        let (blocks_ingress, keeps_groups) = (choose.below(6) == 5, choose.below(2) == 1);
        Plain { blocks_ingress, keeps_groups, vpcs, subnets, groups, hosts, peerings, transit }
    }
}

/// Choices, in order.
pub(super) struct Choices<'a>(pub(super) std::slice::Iter<'a, u16>);

/// Blocks that rules name.
fn named() -> Vec<Block> {
    let mut all = vec![
        Block(v4(0, 0, 0, 0), 0),
        Block("::".parse().unwrap(), 0),
        Block(v4(8, 0, 0, 0), 7),
        Block(v4(8, 8, 8, 0), 24),
        Block(v4(10, 0, 0, 0), 8),
        Block(v4(128, 0, 0, 0), 1),
        Block("2001:db8::".parse().unwrap(), 32),
        Block("2600:1f16::".parse().unwrap(), 32),
    ];
    for vpc in 0..3 {
        all.extend(Plain::vpc_blocks(vpc));
        all.push(Block(v4(10, vpc.try_into().unwrap(), 0, 0), 20));
        all.push(Block(v4(10, vpc.try_into().unwrap(), 1, 12), 31));
    }
    all
}

impl Choices<'_> {
    pub(super) fn below(&mut self, count: usize) -> usize {
        self.0.next().map_or(0, |choice| usize::from(*choice) % count)
    }

    fn block(&mut self) -> Block {
        let all = named();
        // The first block of each family is the likeliest.
        match self.below(3) {
            0 => all[0],
            1 => all[1],
            _ => all[self.below(all.len())],
        }
    }

    fn ports(&mut self) -> (i32, i32, i32) {
        match self.below(8) {
            0 => (-1, -1, -1),
            1 => (6, 22, 22),
            2 => (6, 20, 80),
            3 => (6, 0, 65535),
            4 => (17, 53, 4000),
            5 => (1, -1, -1),
            6 => (1, 8, -1),
            _ => (6, 1024, 65535),
        }
    }

    fn acl(&mut self) -> Vec<Entry> {
        let mut entries = Vec::new();
        if self.below(3) == 0 {
            for is_egress in [false, true] {
                for block in [Block(v4(0, 0, 0, 0), 0), Block("::".parse().unwrap(), 0)] {
                    let number = if block.1 == 0 && block.0.is_ipv4() { 100 } else { 101 };
                    entries.push(Entry { number, is_egress, allows: true, protocol: -1, from: -1, to: -1, block });
                }
            }
        }
        for place in 0..self.below(6) {
            let (protocol, from, to) = self.ports();
            let number = 10 + 30 * u32::try_from(place).unwrap() + u32::try_from(self.below(9)).unwrap();
            let (is_egress, allows) = (self.below(2) == 1, self.below(3) != 2);
            entries.push(Entry { number, is_egress, allows, protocol, from, to, block: self.block() });
        }
        entries
    }

    fn rule(&mut self, groups: usize) -> Rule {
        let (protocol, from, to) = self.ports();
        let is_egress = self.below(2) == 1;
        let peer = match self.below(4) {
            3 => Peer::Group(self.below(groups)),
            _ => Peer::Block(self.block()),
        };
        Rule { is_egress, protocol, from, to, peer }
    }

    fn table(&mut self, vpcs: usize) -> Vec<Route> {
        let mut routes: Vec<Route> = Vec::new();
        for _ in 0..self.below(6) {
            let block = self.block();
            let pairs = vpcs * (vpcs - 1) / 2;
            let target = match self.below(6) {
                0 | 1 => Target::Igw,
                2 => Target::Vgw,
                3 if pairs > 0 => Target::Peering(self.below(pairs)),
                4 => Target::Tgw,
                _ => Target::Blackhole,
            };
            let is_propagated = target == Target::Vgw && self.below(2) == 1;
            // EC2 keeps one static route a block, and none for what is local or within it.
            let is_new = routes.iter().all(|route| route.block != block || route.is_propagated != is_propagated);
            let is_local = (0..3).any(|vpc| {
                Plain::vpc_blocks(vpc).contains(&block)
                    || Plain::vpc_blocks(vpc).iter().any(|own| own.1 < block.1 && own.has(block.0))
            });
            if is_new && (!is_local || self.below(2) == 0) {
                routes.push(Route { block, target, is_propagated });
            }
        }
        routes
    }

    fn transit(&mut self, attached: &[bool]) -> Vec<TransitRoute> {
        let mut routes: Vec<TransitRoute> = Vec::new();
        for (vpc, _) in attached.iter().enumerate().filter(|(_, is_attached)| **is_attached) {
            if self.below(4) != 3 {
                routes.extend(Plain::vpc_blocks(vpc).map(|block| TransitRoute {
                    block,
                    vpc: Some(vpc),
                    is_static: false,
                }));
            }
        }
        for _ in 0..self.below(3) {
            let (block, vpc) = (self.block(), self.below(attached.len()));
            let vpc = (self.below(4) != 3 && attached[vpc]).then_some(vpc);
            if routes.iter().all(|route| !route.is_static || route.block != block) {
                routes.push(TransitRoute { block, vpc, is_static: true });
            }
        }
        routes
    }
}
