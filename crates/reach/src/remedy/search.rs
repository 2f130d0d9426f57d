//! The search: all smallest sets of edits that close something, the fewest edits first.
//!
//! A tree of hitting sets: where a set of edits leaves a packet open, one of the settings that let it pass has to go. So every
//! smallest set is found, and by the order of the search each before the sets that contain it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use super::edit::Edit;

/// What a set of edits leaves.
pub(super) enum Left {
    /// Nothing.
    Closed,
    /// A packet, which each of these edits may stop.
    Open(Vec<Edit>),
}

/// What was found.
pub(super) struct Found {
    /// Smallest sets of edits, the fewest and cheapest first.
    pub(super) sets: Vec<Vec<Edit>>,
    /// Whether there are no others, of the edits that were offered.
    pub(super) is_complete: bool,
}

/// How far a search goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Sets that are found.
    pub(super) sets: usize,
    /// Questions that are asked.
    pub(super) questions: usize,
    /// Edits of a set.
    pub(super) edits: usize,
}

pub(super) fn search(bounds: Bounds, mut left: impl FnMut(&[Edit]) -> Left) -> Found {
    let mut edits: Vec<Edit> = Vec::new();
    let mut heap = BinaryHeap::from([Reverse((0_usize, 0_u32, Vec::<usize>::new()))]);
    let mut seen: HashSet<Vec<usize>> = HashSet::new();
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut is_complete = true;
    let mut questions = 0;
    while let Some(Reverse((count, cost, set))) = heap.pop() {
        let contains = |smaller: &Vec<usize>| smaller.iter().all(|edit| set.contains(edit));
        if found.iter().any(contains) {
            continue;
        }
        if found.len() >= bounds.sets || questions >= bounds.questions {
            is_complete = false;
            break;
        }
        questions += 1;
        let chosen: Vec<Edit> = set.iter().filter_map(|edit| edits.get(*edit).cloned()).collect();
        let offered = match left(&chosen) {
            Left::Closed => {
                found.push(set);
                continue;
            }
            Left::Open(_) if count >= bounds.edits => {
                is_complete = false;
                continue;
            }
            Left::Open(offered) => offered,
        };
        for edit in offered {
            let number = edits.iter().position(|known| *known == edit).unwrap_or_else(|| {
                edits.push(edit.clone());
                edits.len() - 1
            });
            let mut larger = set.clone();
            if larger.contains(&number) {
                continue;
            }
            larger.push(number);
            larger.sort_unstable();
            if seen.insert(larger.clone()) {
                heap.push(Reverse((count + 1, cost.saturating_add(edit.cost()), larger)));
            }
        }
    }
    let of = |set: Vec<usize>| set.into_iter().filter_map(|edit| edits.get(edit).cloned()).collect();
    Found { sets: found.into_iter().map(of).collect(), is_complete }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Name;

    /// Edits are listeners; a packet passes by all listeners of any of the lists.
    fn check(paths: &[&[u16]], expected: &[&[u16]]) {
        let mut names = crate::snapshot::Names::new(100);
        let balancer: Name = names.intern("balancer").unwrap();
        let edit = |port: u16| Edit::RemoveListener { balancer, port };
        let bounds = Bounds { sets: 100, questions: 1000, edits: 8 };
        let found = search(bounds, |edits| {
            let open = paths.iter().find(|path| !path.iter().any(|port| edits.contains(&edit(*port))));
            open.map_or(Left::Closed, |path| Left::Open(path.iter().copied().map(edit).collect()))
        });
        let mut sets: Vec<Vec<u16>> = found
            .sets
            .iter()
            .map(|set| {
                let ports = set.iter().map(|edit| match edit {
                    Edit::RemoveListener { port, .. } => *port,
                    _ => 0,
                });
                let mut ports: Vec<u16> = ports.collect();
                ports.sort_unstable();
                ports
            })
            .collect();
        sets.sort();
        assert_eq!(sets, expected, "{paths:?}");
        assert!(found.is_complete);
    }

    #[test]
    fn all_smallest_sets_are_found() {
        check(&[], &[&[]]);
        check(&[&[1, 2]], &[&[1], &[2]]);
        check(&[&[1, 2], &[2, 3]], &[&[1, 3], &[2]]);
        check(&[&[1, 2], &[3, 4]], &[&[1, 3], &[1, 4], &[2, 3], &[2, 4]]);
        check(&[&[1], &[2], &[3]], &[&[1, 2, 3]]);
        check(&[&[1], &[]], &[]);
    }
}
