//! A directory in memory: its entries sorted by name, with their names in one piece.

use super::error::{ReadError, damaged};
use super::filesystem::{FileSystem, Node, RawEntry};
use crate::view::FileKind;

/// Entries of one directory that are read at most.
const MAX_ENTRIES: usize = 1_000_000;

#[derive(Clone, Copy, Debug)]
struct Slot {
    inode: u64,
    start: u32,
    length: u8,
    kind: FileKind,
}

/// The entries of a directory.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    names: Vec<u8>,
    slots: Vec<Slot>,
}

impl Directory {
    /// Reads a directory whole.
    pub(crate) fn read(file_system: &dyn FileSystem, node: &Node) -> Result<Directory, ReadError> {
        let mut directory = Directory::default();
        file_system.entries(node, &mut |entry| directory.push(file_system, entry))?;
        let Directory { names, slots } = &mut directory;
        slots.sort_by(|left, right| left.name(names).cmp(right.name(names)));
        names.shrink_to_fit();
        slots.shrink_to_fit();
        Ok(directory)
    }

    fn push(&mut self, file_system: &dyn FileSystem, entry: RawEntry<'_>) -> Result<(), ReadError> {
        if self.slots.len() == MAX_ENTRIES {
            return Err(ReadError::TooManyEntries(MAX_ENTRIES));
        }
        let is_name = !entry.name.is_empty() && !entry.name.contains(&b'/') && !entry.name.contains(&0);
        let (Ok(length), true) = (u8::try_from(entry.name.len()), is_name) else {
            let name = String::from_utf8_lossy(entry.name);
            return Err(damaged!("a directory entry has the impossible name {name:?}"));
        };
        let kind = match entry.kind {
            Some(kind) => kind,
            None => file_system.node(entry.inode)?.node_type.kind(),
        };
        let start = u32::try_from(self.names.len()).map_err(|_| ReadError::TooManyEntries(self.slots.len()))?;
        self.names.extend_from_slice(entry.name);
        self.slots.push(Slot { inode: entry.inode, start, length, kind });
        Ok(())
    }

    /// The inode and kind of the entry with this name.
    pub(crate) fn find(&self, name: &[u8]) -> Option<(u64, FileKind)> {
        let found = self.slots.binary_search_by(|slot| slot.name(&self.names).cmp(name));
        let slot = self.slots.get(found.ok()?)?;
        Some((slot.inode, slot.kind))
    }

    /// Names and kinds, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], FileKind)> {
        self.slots.iter().map(|slot| (slot.name(&self.names), slot.kind))
    }

    /// Bytes in memory.
    pub(crate) fn weight(&self) -> usize {
        self.names.capacity() + self.slots.capacity() * size_of::<Slot>() + size_of::<Directory>()
    }
}

impl Slot {
    fn name<'a>(&self, names: &'a [u8]) -> &'a [u8] {
        let start = usize::try_from(self.start).unwrap_or(usize::MAX);
        names.get(start..).and_then(|rest| rest.get(..usize::from(self.length))).unwrap_or_default()
    }
}
