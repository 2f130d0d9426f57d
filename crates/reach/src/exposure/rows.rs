//! Rows, kept compactly: addresses of one class share the list of what is open, and exposures are made when they are asked for.

use std::cmp::Ordering;
use std::net::IpAddr;
use std::sync::Arc;

use super::edge::Edge;
use super::origin::Origin;
use super::row::{Certainty, Exposure, Latent, sources};
use crate::network::{Network, Protocol};
use crate::sets::{AddressSet, Ports};
use crate::snapshot::{Interface, Name, Snapshot};

/// Some ports that are open to some sources by an edge, at whatever address.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    pub(super) edge: Arc<Edge>,
    pub(super) addresses: AddressSet,
    pub(super) client_ports: Ports,
    pub(super) protocol: Protocol,
    pub(super) from: u16,
    pub(super) to: u16,
    pub(super) certainty: Certainty,
    /// Why nothing comes by the edge now.
    pub(super) latent: Option<Latent>,
}

/// The number of a list of what is open.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListId(u32);

/// An address, and what is open of it.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// The place of its interface in the snapshot.
    interface: u32,
    list: ListId,
    address: IpAddr,
    /// Why its interface cannot be used now.
    latent: Option<Latent>,
}

/// What an analysis found.
#[derive(Debug, Default)]
pub(super) struct Rows {
    lists: Vec<Box<[Opening]>>,
    lines: Vec<Line>,
    /// What is open through load balancers: each is a case of its own.
    balanced: Vec<Exposure>,
}

impl Rows {
    /// Keeps what is open of a class; `None` is nothing.
    pub(super) fn list(&mut self, snapshot: &Snapshot, mut openings: Vec<Opening>) -> Option<ListId> {
        if openings.is_empty() {
            return None;
        }
        openings.sort_by(|a, b| {
            origin_key(snapshot, a.edge.origin)
                .cmp(&origin_key(snapshot, b.edge.origin))
                .then_with(|| (a.protocol, a.from, a.to).cmp(&(b.protocol, b.from, b.to)))
                .then_with(|| (a.certainty, a.latent).cmp(&(b.certainty, b.latent)))
                .then_with(|| a.addresses.cmp(&b.addresses))
                .then_with(|| a.client_ports.cmp(&b.client_ports))
        });
        let number = u32::try_from(self.lists.len()).ok()?;
        self.lists.push(openings.into());
        Some(ListId(number))
    }

    /// Adds an address of the interface at that place of the snapshot.
    pub(super) fn add(&mut self, interface: u32, address: IpAddr, latent: Option<Latent>, list: ListId) {
        self.lines.push(Line { interface, list, address, latent });
    }

    /// Adds what is open through a load balancer.
    pub(super) fn add_balanced(&mut self, exposure: Exposure) {
        self.balanced.push(exposure);
    }

    /// Brings the rows into their order: by instance, interface and address.
    pub(super) fn sort(&mut self, snapshot: &Snapshot) {
        let interfaces: &[Interface] = &snapshot.interfaces;
        let text = |name: Option<Name>| name.map(|name| snapshot.text(name)).unwrap_or_default();
        let texts = |line: &Line| match interfaces.get(line.interface as usize) {
            Some(interface) => (text(interface.instance), snapshot.text(interface.id)),
            None => ("", ""),
        };
        // Texts lie far apart; their beginnings nearly always decide.
        let mut keyed: Vec<(u128, Line)> = self.lines.drain(..).map(|line| (beginning(texts(&line).0), line)).collect();
        keyed.sort_unstable_by(|(begins, line), (others, other)| {
            begins
                .cmp(others)
                .then_with(|| texts(line).cmp(&texts(other)))
                .then_with(|| line.address.cmp(&other.address))
        });
        self.lines = keyed.into_iter().map(|(_, line)| line).collect();
        self.balanced.sort_by(|a, b| order(snapshot, a, b));
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        let of_line = |line: &Line| self.openings(line.list).len();
        self.lines.iter().map(of_line).sum::<usize>() + self.balanced.len()
    }

    /// The rows in order.
    pub(super) fn iter<'a>(&'a self, network: &'a Network<'_>) -> impl Iterator<Item = Exposure> + 'a {
        let snapshot = network.snapshot;
        let mut direct = self.lines.iter().flat_map(move |line| self.exposures(snapshot, line)).peekable();
        let mut balanced = self.balanced.iter().peekable();
        std::iter::from_fn(move || match (direct.peek(), balanced.peek()) {
            (Some(one), Some(other)) if order(snapshot, one, other) == Ordering::Greater => balanced.next().cloned(),
            (Some(_), _) => direct.next(),
            (None, _) => balanced.next().cloned(),
        })
    }

    fn openings(&self, list: ListId) -> &[Opening] {
        self.lists.get(list.0 as usize).map(|list| &**list).unwrap_or_default()
    }

    fn exposures<'a>(&'a self, snapshot: &'a Snapshot, line: &'a Line) -> impl Iterator<Item = Exposure> + 'a {
        let interfaces: &[Interface] = &snapshot.interfaces;
        let interface = interfaces.get(line.interface as usize);
        interface.into_iter().flat_map(move |interface| {
            self.openings(line.list).iter().map(move |opening| Exposure {
                origin: opening.edge.origin,
                instance: interface.instance,
                interface: interface.id,
                address: line.address,
                protocol: opening.protocol,
                from: opening.from,
                to: opening.to,
                sources: sources(opening.edge.family, &opening.addresses, &opening.edge.delivered),
                client_ports: opening.client_ports.clone(),
                via: None,
                certainty: opening.certainty,
                latent: line.latent.or(opening.latent),
                edge: Arc::clone(&opening.edge),
            })
        })
    }
}

/// The first bytes of a text as a number of the same order.
fn beginning(text: &str) -> u128 {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(text.bytes()).for_each(|(to, byte)| *to = byte);
    u128::from_be_bytes(bytes)
}

fn origin_key(snapshot: &Snapshot, origin: Origin) -> (u8, &str, &str) {
    match origin {
        Origin::Internet => (0, "", ""),
        Origin::Peered(id) => (1, snapshot.text(id), ""),
        Origin::Vpn(id) => (2, snapshot.text(id), ""),
        Origin::Transit { gateway, from } => (3, snapshot.text(gateway), snapshot.text(from)),
        Origin::PrivateLink(id) => (4, snapshot.text(id), ""),
    }
}

/// The order of rows.
fn order(snapshot: &Snapshot, a: &Exposure, b: &Exposure) -> Ordering {
    let texts = |row: &Exposure| {
        let instance = row.instance.map(|name| snapshot.text(name)).unwrap_or_default();
        (instance, snapshot.text(row.interface))
    };
    let ports = |row: &Exposure| (row.protocol, row.from, row.to, row.certainty, row.latent);
    let via = |row: &Exposure| row.via.as_ref().map(|via| (via.text.clone(), via.listener));
    texts(a)
        .cmp(&texts(b))
        .then_with(|| a.address.cmp(&b.address))
        .then_with(|| origin_key(snapshot, a.origin).cmp(&origin_key(snapshot, b.origin)))
        .then_with(|| ports(a).cmp(&ports(b)))
        .then_with(|| via(a).cmp(&via(b)))
        .then_with(|| a.sources.cmp(&b.sources))
        .then_with(|| a.client_ports.cmp(&b.client_ports))
}
