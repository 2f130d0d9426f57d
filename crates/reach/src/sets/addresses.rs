//! Sets of addresses of one family, as ranges. Which family is known from where the set is.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::family::Family;
use crate::snapshot::Cidr;

/// A set of addresses: inclusive ranges of numbers, sorted, disjoint and not touching. Cheap to copy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AddressSet(Arc<[(u128, u128)]>);

impl Default for AddressSet {
    fn default() -> AddressSet {
        AddressSet(Arc::from([]))
    }
}

impl AddressSet {
    /// Every address of a family.
    pub fn all(family: Family) -> AddressSet {
        AddressSet(Arc::from([(0, family.last())]))
    }

    /// The addresses of a block.
    pub fn block(cidr: Cidr) -> AddressSet {
        let net = cidr.net();
        AddressSet(Arc::from([(Family::number(net.network()), Family::number(net.broadcast()))]))
    }

    /// One address.
    pub fn one(address: IpAddr) -> AddressSet {
        let number = Family::number(address);
        AddressSet(Arc::from([(number, number)]))
    }

    /// The addresses of all these ranges.
    pub fn of_ranges(mut ranges: Vec<(u128, u128)>) -> AddressSet {
        ranges.retain(|(first, last)| first <= last);
        ranges.sort_unstable();
        let mut merged: Vec<(u128, u128)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
                _ => merged.push((first, last)),
            }
        }
        AddressSet(merged.into())
    }

    /// The addresses of all these blocks that are of the family.
    pub fn blocks_of(family: Family, cidrs: impl IntoIterator<Item = Cidr>) -> AddressSet {
        let of_family = cidrs.into_iter().filter(|cidr| cidr.is_ipv6() == (family == Family::V6));
        AddressSet::of_ranges(of_family.flat_map(|cidr| AddressSet::block(cidr).0.to_vec()).collect())
    }

    /// The addresses of all these sets.
    pub fn union_of<'a>(sets: impl IntoIterator<Item = &'a AddressSet>) -> AddressSet {
        let mut sets = sets.into_iter();
        let Some(first) = sets.next() else { return AddressSet::default() };
        let Some(second) = sets.next() else { return first.clone() };
        let rest = sets.flat_map(|set| set.0.iter());
        AddressSet::of_ranges(first.0.iter().chain(second.0.iter()).chain(rest).copied().collect())
    }

    /// The ranges.
    pub fn ranges(&self) -> &[(u128, u128)] {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the address is one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.contains_number(Family::number(address))
    }

    /// Whether the address of that number is one of them.
    pub fn contains_number(&self, number: u128) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= number);
        after.checked_sub(1).and_then(|place| self.0.get(place)).is_some_and(|(_, last)| number <= *last)
    }

    /// Whether all of `other` is in it.
    pub fn covers(&self, other: &AddressSet) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || other.difference(self).is_empty()
    }

    /// Whether both have an address in common.
    pub fn overlaps(&self, other: &AddressSet) -> bool {
        !self.intersection(other).is_empty()
    }

    /// What is in either.
    pub fn union(&self, other: &AddressSet) -> AddressSet {
        if other.is_empty() || Arc::ptr_eq(&self.0, &other.0) {
            return self.clone();
        }
        AddressSet::union_of([self, other])
    }

    /// What is in both.
    pub fn intersection(&self, other: &AddressSet) -> AddressSet {
        if Arc::ptr_eq(&self.0, &other.0) {
            return self.clone();
        }
        let (mut mine, mut others) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = Vec::new();
        while let (Some(a), Some(b)) = (mine.peek(), others.peek()) {
            let (first, last) = (a.0.max(b.0), a.1.min(b.1));
            if first <= last {
                common.push((first, last));
            }
            if a.1 <= b.1 {
                mine.next()
            } else {
                others.next()
            };
        }
        if *common == *self.0 {
            return self.clone();
        }
        if *common == *other.0 {
            return other.clone();
        }
        AddressSet(common.into())
    }

    /// What is in this one only.
    pub fn difference(&self, other: &AddressSet) -> AddressSet {
        let mut rest = Vec::new();
        let mut others = other.0.iter().peekable();
        for (first, last) in self.0.iter().copied() {
            let mut from = Some(first);
            while let (Some(begin), Some((cut_first, cut_last))) = (from, others.peek().copied()) {
                if *cut_last < begin {
                    others.next();
                    continue;
                }
                if *cut_first > last {
                    break;
                }
                if *cut_first > begin {
                    rest.push((begin, cut_first - 1));
                }
                from = cut_last.checked_add(1).filter(|next| *next <= last);
                if from.is_some() {
                    others.next();
                }
            }
            rest.extend(from.map(|begin| (begin, last)));
        }
        AddressSet(rest.into())
    }

    /// The fewest blocks that are exactly these addresses, in order.
    pub fn cidrs(&self, family: Family) -> Vec<Cidr> {
        let mut blocks = Vec::new();
        for (first, last) in self.0.iter().copied() {
            let mut from = Some(first);
            while let Some(begin) = from {
                let aligned = begin.trailing_zeros().min(u32::from(family.bits()));
                // A block of 2^bits addresses that begins here and does not go past the end.
                let room = match (last - begin).checked_add(1) {
                    Some(count) => count.ilog2(),
                    None => u32::from(family.bits()),
                };
                let bits = aligned.min(room);
                blocks.extend(block_at(family, begin, bits));
                from = match 1_u128.checked_shl(bits) {
                    Some(size) => begin.checked_add(size).filter(|next| *next <= last),
                    None => None,
                };
            }
        }
        blocks
    }
}

fn block_at(family: Family, first: u128, bits: u32) -> Option<Cidr> {
    let length = u8::try_from(u32::from(family.bits()) - bits).ok()?;
    let net: IpNet = match family.address(first) {
        IpAddr::V4(address) => Ipv4Net::new(address, length).ok()?.into(),
        IpAddr::V6(address) => Ipv6Net::new(address, length).ok()?.into(),
    };
    Some(Cidr::from(net))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ranges: &[(u128, u128)]) -> AddressSet {
        AddressSet::of_ranges(ranges.to_vec())
    }

    #[test]
    fn ranges_are_canonical() {
        assert_eq!(set(&[(5, 9), (1, 4), (20, 30), (25, 26)]).ranges(), [(1, 9), (20, 30)]);
        assert_eq!(set(&[(0, u128::MAX), (3, 4)]), AddressSet::all(Family::V6));
        assert!(set(&[(4, 3)]).is_empty());
    }

    #[test]
    fn operations() {
        let a = set(&[(0, 10), (20, 30), (40, 50)]);
        let b = set(&[(5, 25), (45, 45), (50, 60)]);
        assert_eq!(a.intersection(&b).ranges(), [(5, 10), (20, 25), (45, 45), (50, 50)]);
        assert_eq!(a.difference(&b).ranges(), [(0, 4), (26, 30), (40, 44), (46, 49)]);
        assert_eq!(b.difference(&a).ranges(), [(11, 19), (51, 60)]);
        assert_eq!(a.union(&b).ranges(), [(0, 30), (40, 60)]);
        let all = AddressSet::all(Family::V6);
        assert!(all.difference(&all).is_empty());
        assert_eq!(all.difference(&set(&[(0, 0), (u128::MAX, u128::MAX)])).ranges(), [(1, u128::MAX - 1)]);
        assert!(a.contains_number(30) && !a.contains_number(31) && !set(&[]).contains_number(0));
        assert!(a.covers(&set(&[(41, 42)])) && !a.covers(&b));
    }

    #[test]
    fn sets_are_written_as_the_fewest_blocks() {
        for (family, cidrs, expected) in [
            (Family::V4, vec!["0.0.0.0/1", "128.0.0.0/1"], "0.0.0.0/0"),
            (Family::V6, vec!["::/0"], "::/0"),
            (Family::V4, vec!["10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/32"], "10.0.0.1/32 10.0.0.2/31 10.0.0.4/32"),
            (Family::V4, vec!["255.255.255.255/32", "2001::/16"], "255.255.255.255/32"),
        ] {
            let cidrs = cidrs.into_iter().map(|cidr| cidr.parse().unwrap());
            let written = AddressSet::blocks_of(family, cidrs).cidrs(family);
            assert_eq!(written.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "), expected);
        }
    }
}
