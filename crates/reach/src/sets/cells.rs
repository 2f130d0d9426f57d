//! Sets of (port, address) pairs of one protocol and family.
//!
//! A cell is a range of ports with the addresses that hold for each of them. Of ICMP, the port is type × 256 + code.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::addresses::AddressSet;
use super::family::Family;
use super::ports::Ports;

/// A range of ports with the same addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// The first port.
    pub from: u16,
    /// The last port.
    pub to: u16,
    /// The addresses; never none.
    pub addresses: AddressSet,
}

/// A set of (port, address) pairs: disjoint cells by port, neighbours differ in their addresses. Cheap to copy.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cells(Arc<[Cell]>);

impl Default for Cells {
    fn default() -> Cells {
        Cells(Arc::from([]))
    }
}

/// What the first line of a list that matches says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may pass.
    Allow,
    /// It may not.
    Deny,
}

impl Cells {
    /// Every pair of a family.
    pub fn all(family: Family) -> Cells {
        Cells::one(0, u16::MAX, AddressSet::all(family))
    }

    /// Some ports with the same addresses.
    pub fn one(from: u16, to: u16, addresses: AddressSet) -> Cells {
        Cells::canonical([Cell { from, to, addresses }])
    }

    /// What is in any of these (S1: groups only allow, in no order).
    pub fn union_of(parts: impl IntoIterator<Item = (u16, u16, AddressSet)>) -> Cells {
        let mut by_range: BTreeMap<(u16, u16), Vec<AddressSet>> = BTreeMap::new();
        for (from, to, addresses) in parts {
            if from <= to && !addresses.is_empty() {
                by_range.entry((from, to)).or_default().push(addresses);
            }
        }
        let lines: Vec<Cell> = by_range
            .into_iter()
            .map(|((from, to), sets)| Cell { from, to, addresses: AddressSet::union_of(&sets) })
            .collect();
        if lines.len() < 2 {
            return Cells::canonical(lines);
        }
        let pieces = pieces(lines.iter().map(|line| (line.from, line.to)));
        Cells::canonical(pieces.into_iter().map(|(from, to)| {
            let here = lines.iter().filter(|line| line.from <= from && to <= line.to);
            Cell { from, to, addresses: AddressSet::union_of(here.map(|line| &line.addresses)) }
        }))
    }

    /// What the first matching line allows; what no line matches is denied (A1).
    pub fn first_match(family: Family, lines: &[(Verdict, u16, u16, AddressSet)]) -> Cells {
        let pieces = pieces(lines.iter().filter(|line| line.1 <= line.2).map(|line| (line.1, line.2)));
        Cells::canonical(pieces.into_iter().map(|(from, to)| {
            let mut open = AddressSet::all(family);
            let mut allowed = Vec::new();
            for (verdict, _, _, addresses) in lines.iter().filter(|line| line.1 <= from && to <= line.2) {
                if *verdict == Verdict::Allow {
                    allowed.push(open.intersection(addresses));
                }
                open = open.difference(addresses);
                if open.is_empty() {
                    break;
                }
            }
            Cell { from, to, addresses: AddressSet::union_of(&allowed) }
        }))
    }

    /// The cells, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Cell> {
        self.0.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The addresses that hold for a port.
    pub fn at(&self, port: u16) -> AddressSet {
        let cell = self.0.iter().find(|cell| cell.from <= port && port <= cell.to);
        cell.map(|cell| cell.addresses.clone()).unwrap_or_default()
    }

    /// The ports that hold for an address.
    pub fn ports_of(&self, number: u128) -> Ports {
        let here = self.0.iter().filter(|cell| cell.addresses.contains_number(number));
        Ports::of_ranges(here.map(|cell| (cell.from, cell.to)).collect())
    }

    /// The addresses that hold for any port.
    pub fn addresses(&self) -> AddressSet {
        AddressSet::union_of(self.0.iter().map(|cell| &cell.addresses))
    }

    /// What is in both.
    pub fn intersection(&self, other: &Cells) -> Cells {
        if Arc::ptr_eq(&self.0, &other.0) {
            return self.clone();
        }
        let (mut mine, mut others) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = Vec::new();
        while let (Some(a), Some(b)) = (mine.peek(), others.peek()) {
            let (from, to) = (a.from.max(b.from), a.to.min(b.to));
            if from <= to {
                common.push(Cell { from, to, addresses: a.addresses.intersection(&b.addresses) });
            }
            if a.to <= b.to {
                mine.next()
            } else {
                others.next()
            };
        }
        Cells::canonical(common)
    }

    /// What is left for those addresses.
    pub fn within(&self, addresses: &AddressSet) -> Cells {
        let cut = |cell: &Cell| Cell { addresses: cell.addresses.intersection(addresses), ..*cell };
        Cells::canonical(self.0.iter().map(cut))
    }

    /// What is left for those ports.
    pub fn on(&self, ports: &Ports) -> Cells {
        let cells = self.0.iter().flat_map(|cell| {
            let cut = move |(from, to): &(u16, u16)| (cell.from.max(*from), cell.to.min(*to));
            let some = ports.ranges().iter().map(cut).filter(|(from, to)| from <= to);
            some.map(|(from, to)| Cell { from, to, addresses: cell.addresses.clone() })
        });
        Cells::canonical(cells)
    }

    /// What is in this one only.
    pub fn difference(&self, other: &Cells) -> Cells {
        if Arc::ptr_eq(&self.0, &other.0) {
            return Cells::default();
        }
        let ranges = self.0.iter().chain(other.0.iter()).map(|cell| (cell.from, cell.to));
        Cells::canonical(pieces(ranges).into_iter().map(|(from, to)| Cell {
            from,
            to,
            addresses: self.at(from).difference(&other.at(from)),
        }))
    }

    /// The addresses, divided by which ports hold for them; those for which none does are left out.
    pub fn by_ports(&self) -> Vec<(AddressSet, Ports)> {
        let mut parts: Vec<(AddressSet, Vec<(u16, u16)>)> = vec![(self.addresses(), Vec::new())];
        for cell in self.0.iter() {
            let mut divided = Vec::with_capacity(parts.len() + 1);
            for (addresses, ports) in parts {
                let inside = addresses.intersection(&cell.addresses);
                let outside = addresses.difference(&cell.addresses);
                if !inside.is_empty() {
                    let ports = ports.iter().copied().chain([(cell.from, cell.to)]).collect();
                    divided.push((inside, ports));
                }
                if !outside.is_empty() {
                    divided.push((outside, ports));
                }
            }
            parts = divided;
        }
        let some = parts.into_iter().filter(|(addresses, _)| !addresses.is_empty());
        some.map(|(addresses, ports)| (addresses, Ports::of_ranges(ports))).collect()
    }

    fn canonical(cells: impl IntoIterator<Item = Cell>) -> Cells {
        let mut merged: Vec<Cell> = Vec::new();
        for cell in cells.into_iter().filter(|cell| !cell.addresses.is_empty()) {
            match merged.last_mut() {
                Some(before) if before.to.checked_add(1) == Some(cell.from) && before.addresses == cell.addresses => {
                    before.to = cell.to;
                }
                _ => merged.push(cell),
            }
        }
        Cells(merged.into())
    }
}

/// The ranges, cut at each other's ends, in order.
fn pieces(ranges: impl Iterator<Item = (u16, u16)>) -> Vec<(u16, u16)> {
    let mut begins = BTreeSet::new();
    let mut last = None;
    for (from, to) in ranges {
        begins.insert(from);
        begins.extend(to.checked_add(1));
        last = last.max(Some(to));
    }
    let Some(last) = last else { return Vec::new() };
    let ends = begins.iter().skip(1).map(|next| next - 1).chain([last]);
    begins.iter().copied().zip(ends).filter(|(from, to)| from <= to && *to <= last).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(first: u128, last: u128) -> AddressSet {
        AddressSet::of_ranges(vec![(first, last)])
    }

    #[test]
    fn overlapping_rules_are_divided() {
        let cells = Cells::union_of([(10, 30, addresses(0, 5)), (20, 40, addresses(3, 9)), (41, 50, addresses(3, 9))]);
        let written: Vec<_> = cells.iter().map(|cell| (cell.from, cell.to, cell.addresses.ranges()[0])).collect();
        assert_eq!(written, [(10, 19, (0, 5)), (20, 30, (0, 9)), (31, 50, (3, 9))]);
        assert_eq!(Cells::union_of([(0, u16::MAX, addresses(1, 1)), (0, u16::MAX, addresses(2, 2))]).iter().count(), 1);
    }

    #[test]
    fn the_first_line_that_matches_decides() {
        let all = AddressSet::all(Family::V4);
        let lines = [
            (Verdict::Deny, 5500, 5600, all.clone()),
            (Verdict::Allow, 5000, 6000, addresses(0, 9)),
            (Verdict::Deny, 0, u16::MAX, addresses(5, 7)),
            (Verdict::Allow, 22, 22, all),
        ];
        let cells = Cells::first_match(Family::V4, &lines);
        assert_eq!(cells.ports_of(6).ranges(), [(5000, 5499), (5601, 6000)]);
        assert_eq!(cells.ports_of(8).ranges(), [(22, 22), (5000, 5499), (5601, 6000)]);
        assert_eq!(cells.at(22).ranges(), [(0, 4), (8, u128::from(u32::MAX))]);
        assert!(Cells::first_match(Family::V4, &[]).is_empty());
    }

    #[test]
    fn operations() {
        let a = Cells::union_of([(0, 100, addresses(0, 9)), (200, 300, addresses(0, 9))]);
        let b = Cells::union_of([(50, 250, addresses(5, 20))]);
        let both = a.intersection(&b);
        let written: Vec<_> = both.iter().map(|cell| (cell.from, cell.to, cell.addresses.ranges()[0])).collect();
        assert_eq!(written, [(50, 100, (5, 9)), (200, 250, (5, 9))]);
        let rest = a.difference(&b);
        assert_eq!(rest.at(60).ranges(), [(0, 4)]);
        assert_eq!(rest.at(251).ranges(), [(0, 9)]);
        assert!(a.difference(&a.clone()).is_empty() && a.difference(&Cells::all(Family::V4)).is_empty());
        assert_eq!(a.on(&Ports::of_ranges(vec![(90, 210)])).ports_of(0).ranges(), [(90, 100), (200, 210)]);
    }

    #[test]
    fn addresses_by_their_ports() {
        let cells = Cells::union_of([(80, 80, AddressSet::all(Family::V4)), (1024, u16::MAX, addresses(5, 9))]);
        let parts = cells.by_ports();
        let of = |number| parts.iter().find(|part| part.0.contains_number(number)).map(|part| part.1.to_string());
        assert_eq!(of(6).as_deref(), Some("80-80,1024-65535"));
        assert_eq!(of(10).as_deref(), Some("80-80"));
        assert_eq!(parts.len(), 2);
        assert!(Cells::default().by_ports().is_empty());
    }
}
