//! Tables: objects of one kind in the order of reading, found by id.

use std::collections::HashMap;
use std::ops::Deref;

use super::names::Name;
use super::record::Record;

/// All objects of one kind; a slice of them, and a search by id.
#[derive(Clone, Debug)]
pub struct Table<T> {
    rows: Vec<T>,
    by_id: HashMap<Name, u32>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table { rows: Vec::new(), by_id: HashMap::new() }
    }
}

impl<T> Table<T> {
    /// The object of that id.
    pub fn get(&self, id: Name) -> Option<&T> {
        self.rows.get(self.position(id)?)
    }

    /// Where the object of that id is.
    pub fn position(&self, id: Name) -> Option<usize> {
        self.by_id.get(&id).map(|row| *row as usize)
    }

    /// The object at that place in the order of reading.
    pub fn at(&self, position: usize) -> Option<&T> {
        self.rows.get(position)
    }

    pub(crate) fn get_mut(&mut self, id: Name) -> Option<&mut T> {
        let position = self.position(id)?;
        self.rows.get_mut(position)
    }
}

impl<T> Deref for Table<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.rows
    }
}

/// An id came twice.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Repeated {
    /// In one scope: an overlap of pages, or two files of one call.
    InScope(Name),
    /// In another scope: objects that two accounts or regions share are seen from both.
    Elsewhere,
}

impl<T> Table<T> {
    /// Adds an object; the first of an id stays.
    pub(crate) fn add(&mut self, row: T) -> Result<(), Repeated>
    where
        T: Record,
    {
        if let Some(known) = self.get(row.id()) {
            return Err(if known.scope() == row.scope() { Repeated::InScope(row.id()) } else { Repeated::Elsewhere });
        }
        if let Ok(position) = u32::try_from(self.rows.len()) {
            self.by_id.insert(row.id(), position);
            self.rows.push(row);
        }
        Ok(())
    }
}
