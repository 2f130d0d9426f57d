//! Names: every id, name and tag of a snapshot is stored once and is a number of four bytes everywhere else.

use std::hash::{BuildHasher, RandomState};
use std::num::NonZeroU32;

use hashbrown::HashTable;

/// A text of a snapshot. Equal names are equal texts of the same snapshot; their order is that of reading, not of the alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(NonZeroU32);

impl Name {
    /// From 1 in the order of reading; for tables that are indexed by name.
    pub fn number(self) -> u32 {
        self.0.get()
    }

    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// All texts of a snapshot, each once.
#[derive(Clone, Debug, Default)]
pub struct Names {
    text: String,
    /// Where each name ends in `text`; it begins where the one before ends.
    ends: Vec<u32>,
    table: HashTable<Name>,
    /// Random, so that ids chosen by an enemy do not collide.
    hasher: RandomState,
    limit: usize,
}

impl Names {
    pub(crate) fn new(limit: usize) -> Names {
        Names { limit: limit.min(u32::MAX as usize), ..Names::default() }
    }

    /// The text of a name; empty if the name is of another snapshot.
    pub fn text(&self, name: Name) -> &str {
        text_of(&self.text, &self.ends, name)
    }

    /// The name of a text, if the snapshot has it.
    pub fn find(&self, text: &str) -> Option<Name> {
        self.table.find(self.hasher.hash_one(text), |name| self.text(*name) == text).copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The name of a text; `None` when that would go over the limit.
    pub(crate) fn intern(&mut self, text: &str) -> Option<Name> {
        let hash = self.hasher.hash_one(text);
        let Names { text: all, ends, table, hasher, limit } = self;
        if let Some(known) = table.find(hash, |name| text_of(all, ends, *name) == text) {
            return Some(*known);
        }
        let end = all.len().checked_add(text.len()).filter(|end| end <= limit)?;
        let name = Name(u32::try_from(ends.len() + 1).ok().and_then(NonZeroU32::new)?);
        all.push_str(text);
        ends.push(u32::try_from(end).ok()?);
        table.insert_unique(hash, name, |name| hasher.hash_one(text_of(all, ends, *name)));
        Some(name)
    }
}

fn text_of<'a>(text: &'a str, ends: &[u32], name: Name) -> &'a str {
    let index = name.index();
    let begin = index.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let end = ends.get(index).copied().unwrap_or(begin);
    text.get(begin as usize..end as usize).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one_name() {
        let mut names = Names::new(1 << 20);
        let all: Vec<Name> = (0..1000).map(|number| names.intern(&format!("eni-{}", number % 500)).unwrap()).collect();
        assert_eq!(names.len(), 500);
        assert_eq!(all[3], all[503]);
        assert_eq!(names.text(all[499]), "eni-499");
        assert_eq!(names.find("eni-7"), Some(all[7]));
        assert_eq!(names.find("eni-500"), None);
        let empty = names.intern("").unwrap();
        assert_eq!(names.text(empty), "");
    }

    #[test]
    fn what_is_over_the_limit_is_refused() {
        let mut names = Names::new(5);
        assert!(names.intern("four").is_some());
        assert!(names.intern("two").is_none());
        assert!(names.intern("four").is_some(), "known texts need no room");
    }
}
