//! Distinct: a list of values, each kept once.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

/// Values in the order in which they first came. Hashed with a random key: the values are what hosts say.
#[derive(Clone, Debug)]
pub(super) struct Distinct<T> {
    values: Vec<T>,
    /// The places of the values of a hash.
    places: HashMap<u64, Vec<usize>>,
    state: RandomState,
}

impl<T> Default for Distinct<T> {
    fn default() -> Distinct<T> {
        Distinct { values: Vec::new(), places: HashMap::new(), state: RandomState::new() }
    }
}

impl<T> Distinct<T> {
    /// The place of the value with such content, and whether it is new: one that is not there yet is made.
    pub(super) fn place(
        &mut self,
        content: impl Hash,
        is_same: impl Fn(&T) -> bool,
        make: impl FnOnce() -> T,
    ) -> (usize, bool) {
        let places = self.places.entry(self.state.hash_one(content)).or_default();
        let known = places.iter().copied().find(|&place| self.values.get(place).is_some_and(&is_same));
        if let Some(place) = known {
            return (place, false);
        }
        let place = self.values.len();
        self.values.push(make());
        places.push(place);
        (place, true)
    }

    pub(super) fn get(&self, place: usize) -> Option<&T> {
        self.values.get(place)
    }

    pub(super) fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        self.values.get_mut(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every value has the hash of every other.
    struct Alike;

    impl Hash for Alike {
        fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
    }

    #[test]
    fn values_of_one_hash_are_told_apart() {
        let mut distinct = Distinct::default();
        let mut place = |value: u8| distinct.place(Alike, |known| *known == value, || value);
        assert_eq!([place(7), place(8), place(7), place(8)], [(0, true), (1, true), (0, false), (1, false)]);
        assert_eq!([distinct.get(0), distinct.get(1), distinct.get(2)], [Some(&7), Some(&8), None]);
    }
}
