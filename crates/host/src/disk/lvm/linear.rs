//! A linear logical volume as a source of bytes: pieces of physical volumes, one behind the other.

use std::sync::Arc;

use super::super::bytes::sum;
use super::super::error::{ReadError, damaged};
use super::super::source::{Source, require_inside};

/// A piece of a physical volume.
#[derive(Debug)]
struct Piece {
    /// Where it begins in the logical volume.
    start: u64,
    size: u64,
    /// Where it begins on the physical volume.
    place: u64,
    physical: Arc<dyn Source>,
}

/// A logical volume.
#[derive(Debug, Default)]
pub(super) struct Linear {
    pieces: Vec<Piece>,
    size: u64,
}

impl Linear {
    /// Adds bytes at its end.
    pub(super) fn add(&mut self, physical: &Arc<dyn Source>, place: u64, size: u64) -> Result<(), ReadError> {
        self.pieces.push(Piece { start: self.size, size, place, physical: Arc::clone(physical) });
        self.size = sum(self.size, size)?;
        Ok(())
    }

    /// Whether all of it lies within the physical volumes, as far as these are there.
    pub(super) fn is_whole(&self) -> bool {
        self.pieces.iter().all(|piece| sum(piece.place, piece.size).is_ok_and(|end| end <= piece.physical.size()))
    }
}

impl Source for Linear {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        require_inside(offset, buffer.len(), self.size)?;
        let mut index = self.pieces.partition_point(|piece| piece.start <= offset).saturating_sub(1);
        let mut offset = offset;
        let mut rest = buffer;
        while !rest.is_empty() {
            let piece = self.pieces.get(index).ok_or_else(|| damaged!("{offset} lies beyond the end"))?;
            let within = offset.saturating_sub(piece.start);
            let there = usize::try_from(piece.size.saturating_sub(within)).unwrap_or(usize::MAX);
            let (now, later) = rest.split_at_mut(there.min(rest.len()));
            piece.physical.read_at(sum(piece.place, within)?, now)?;
            offset += now.len() as u64;
            rest = later;
            index += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::source::MemorySource;
    use super::*;

    #[test]
    fn pieces_are_read_one_behind_the_other() {
        let memory = |from: u8| Arc::new(MemorySource((from..from + 100).collect())) as Arc<dyn Source>;
        let (first, second) = (memory(0), memory(100));
        let mut linear = Linear::default();
        for (physical, place, size) in [(&first, 50, 10), (&second, 0, 20), (&first, 0, 5)] {
            linear.add(physical, place, size).unwrap();
        }
        let expected: Vec<u8> = (50..60).chain(100..120).chain(0..5).collect();
        for start in 0..=35 {
            for end in start..=35 {
                let read = linear.bytes_at(start as u64, end - start).unwrap();
                assert_eq!(read, expected[start..end], "{start} to {end}");
            }
        }
        assert!(linear.bytes_at(30, 6).is_err() && linear.bytes_at(36, 0).is_err());
        assert!(linear.is_whole());
        linear.add(&second, 90, 20).unwrap();
        assert!(!linear.is_whole());
        assert_eq!(linear.bytes_at(35, 10).unwrap(), (190..200).collect::<Vec<u8>>());
        assert!(linear.bytes_at(40, 10).is_err(), "the part that is cut off");
        assert!(linear.add(&second, 0, u64::MAX).is_err());
    }
}
