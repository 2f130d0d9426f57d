//! A cache of a bounded weight, in two generations.
//!
//! What is used moves to the young generation; when that holds half of the limit it becomes the old one and what was old
//! is dropped. So nothing is ordered on a hit, and what is used often stays.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A cache of values by key, of at most a given weight in all.
pub(crate) struct Cache<K, V: ?Sized> {
    limit: usize,
    generations: Mutex<Generations<K, V>>,
}

struct Generations<K, V: ?Sized> {
    young: HashMap<K, (Arc<V>, usize)>,
    old: HashMap<K, (Arc<V>, usize)>,
    young_weight: usize,
}

impl<K: Hash + Eq + Copy, V: ?Sized> Cache<K, V> {
    /// An empty cache; weights are of the caller's unit, usually bytes.
    pub(crate) fn new(limit: usize) -> Cache<K, V> {
        let generations = Generations { young: HashMap::new(), old: HashMap::new(), young_weight: 0 };
        Cache { limit, generations: Mutex::new(generations) }
    }

    /// The value, if it is still there.
    pub(crate) fn get(&self, key: K) -> Option<Arc<V>> {
        let mut generations = self.lock();
        if let Some((value, _)) = generations.young.get(&key) {
            return Some(Arc::clone(value));
        }
        let (value, weight) = generations.old.remove(&key)?;
        generations.insert(key, Arc::clone(&value), weight, self.limit);
        Some(value)
    }

    /// Puts a value in; what is heavier than half of the limit is not kept.
    pub(crate) fn insert(&self, key: K, value: Arc<V>, weight: usize) {
        self.lock().insert(key, value, weight, self.limit);
    }

    fn lock(&self) -> MutexGuard<'_, Generations<K, V>> {
        // Nothing below panics half-way, and a cache that lost an entry is still a cache.
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq + Copy, V: ?Sized> Generations<K, V> {
    fn insert(&mut self, key: K, value: Arc<V>, weight: usize, limit: usize) {
        if weight > limit / 2 {
            return;
        }
        if self.young_weight + weight > limit / 2 {
            self.old = std::mem::take(&mut self.young);
            self.young_weight = 0;
        }
        self.young_weight += weight;
        if let Some((_, before)) = self.young.insert(key, (value, weight)) {
            self.young_weight = self.young_weight.saturating_sub(before);
        }
    }
}

impl<K, V: ?Sized> fmt::Debug for Cache<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Cache").field("limit", &self.limit).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_the_weight_is_bounded() {
        let cache: Cache<u32, [u8]> = Cache::new(100);
        for key in 0..1000 {
            cache.insert(key, Arc::from([0; 10]), 10);
            assert!(cache.get(0).is_some(), "the key that is always used is gone after {key}");
        }
        let kept = (0..1000).filter(|key| cache.get(*key).is_some()).count();
        assert!((5..=10).contains(&kept), "{kept}");
        cache.insert(5000, Arc::from([0; 10]), 51);
        assert!(cache.get(5000).is_none());
    }
}
