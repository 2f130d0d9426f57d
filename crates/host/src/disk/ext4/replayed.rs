//! A device with the blocks of a journal put over it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::error::ReadError;
use super::super::source::{Source, require_inside};

/// Where the newer content of a block is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Newer {
    /// Its place on the device, in the journal.
    pub(super) place: u64,
    /// Its first four bytes were the journal's magic number, and are zero in the journal.
    pub(super) is_escaped: bool,
}

/// A device with newer blocks over it.
#[derive(Debug)]
pub(crate) struct Replayed {
    pub(super) inner: Arc<dyn Source>,
    pub(super) block_size: u64,
    pub(super) newer: BTreeMap<u64, Newer>,
    pub(super) magic: [u8; 4],
}

impl Source for Replayed {
    fn size(&self) -> u64 {
        self.inner.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        require_inside(offset, buffer.len(), self.size())?;
        self.inner.read_at(offset, buffer)?;
        let end = offset + buffer.len() as u64;
        let blocks = offset / self.block_size..end.div_ceil(self.block_size);
        if blocks.is_empty() {
            return Ok(());
        }
        for (block, newer) in self.newer.range(blocks) {
            let start = block * self.block_size;
            let from = start.max(offset);
            let to = (start + self.block_size).min(end);
            let index = |place: u64| usize::try_from(place - offset).unwrap_or(usize::MAX);
            let Some(part) = buffer.get_mut(index(from)..index(to)) else { continue };
            self.inner.read_at(newer.place + (from - start), part)?;
            if newer.is_escaped {
                let within = usize::try_from(from - start).unwrap_or(usize::MAX);
                let magic = self.magic.get(within..).unwrap_or_default();
                part.iter_mut().zip(magic).for_each(|(byte, magic)| *byte = *magic);
            }
        }
        Ok(())
    }
}
