//! Breaks: the addresses at which some answer may change. Between two of them, all addresses are treated alike.

use crate::sets::AddressSet;

/// Addresses of one family, in order, each the first of a segment.
#[derive(Clone, Debug, Default)]
pub(super) struct Breaks(Vec<u128>);

impl Breaks {
    /// Adds the ends of a set.
    pub(super) fn add(&mut self, addresses: &AddressSet) {
        for (first, last) in addresses.ranges() {
            self.0.push(*first);
            self.0.extend(last.checked_add(1));
        }
    }

    /// Adds those of another.
    pub(super) fn add_all(&mut self, other: &Breaks) {
        self.0.extend(&other.0);
    }

    /// Brings them into order; needed before [`Breaks::segment`].
    pub(super) fn settle(&mut self) {
        self.0.sort_unstable();
        self.0.dedup();
    }

    /// The number of the segment that an address is in.
    pub(super) fn segment(&self, number: u128) -> usize {
        self.0.partition_point(|first| *first <= number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_ends_where_a_set_begins_or_ends() {
        let mut breaks = Breaks::default();
        breaks.add(&AddressSet::of_ranges(vec![(10, 19), (30, u128::MAX)]));
        breaks.add(&AddressSet::of_ranges(vec![(15, 15)]));
        breaks.settle();
        let segments: Vec<usize> =
            [0, 9, 10, 14, 15, 16, 19, 20, 29, 30, u128::MAX].map(|number| breaks.segment(number)).to_vec();
        assert_eq!(segments, [0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 5]);
        assert_eq!(Breaks::default().segment(7), 0);
    }
}
