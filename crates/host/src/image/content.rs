//! Where the contents of an image's files are, in 16 bytes for each file, and how they are read.

use std::io::{self, Read, Seek, SeekFrom};

use super::extent::Extent;
use super::tar::{Data, Piece};
use crate::view::position_after;

/// Where the content of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// In a layer, from a byte on.
    Run { source: u32, offset: u64 },
    /// In a layer, in pieces: the number of the list of them.
    Sparse { source: u32, pieces: u32 },
}

/// The layers that files are in, and the lists of pieces of sparse ones.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    sources: Vec<Extent>,
    pieces: Vec<Box<[Piece]>>,
}

impl Contents {
    /// Adds a layer; gives its number.
    pub(crate) fn add_source(&mut self, source: Extent) -> u32 {
        self.sources.push(source);
        number(self.sources.len())
    }

    /// Adds the content of a file in a layer.
    pub(crate) fn add(&mut self, source: u32, data: &Data) -> Content {
        match data {
            Data::Run(offset) => Content::Run { source, offset: *offset },
            Data::Sparse(pieces) => {
                self.pieces.push(pieces.as_slice().into());
                Content::Sparse { source, pieces: number(self.pieces.len()) }
            }
        }
    }

    /// A reader of a file's content, which has `size` bytes.
    pub(crate) fn reader(&self, content: Content, size: u64) -> ContentReader<'_> {
        let (source, pieces) = match content {
            Content::Run { source, offset } => (source, Pieces::One(Piece { at: 0, size, offset })),
            Content::Sparse { source, pieces } => {
                let pieces = self.pieces.get(pieces as usize).map(AsRef::as_ref);
                (source, Pieces::Many(pieces.unwrap_or_default()))
            }
        };
        ContentReader { source: self.sources.get(source as usize), pieces, next: 0, position: 0, size }
    }
}

/// The number of the last of so many; limits keep their number far below what fits.
fn number(count: usize) -> u32 {
    u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX)
}

#[derive(Debug)]
enum Pieces<'a> {
    One(Piece),
    Many(&'a [Piece]),
}

impl Pieces<'_> {
    fn get(&self, index: usize) -> Option<Piece> {
        match self {
            Pieces::One(piece) => Some(*piece).filter(|_| index == 0),
            Pieces::Many(pieces) => pieces.get(index).copied(),
        }
    }
}

/// Reads a file of an image; holes are zeros.
#[derive(Debug)]
pub(crate) struct ContentReader<'a> {
    source: Option<&'a Extent>,
    pieces: Pieces<'a>,
    /// The piece that is read, or comes next.
    next: usize,
    position: u64,
    size: u64,
}

impl Read for ContentReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let piece = self.pieces.get(self.next);
        let inside = piece.and_then(|piece| Some((piece, self.position.checked_sub(piece.at)?)));
        let end = match (piece, inside) {
            (_, Some((piece, done))) => self.position + piece.size.saturating_sub(done),
            (Some(piece), None) => piece.at,
            (None, None) => self.size,
        };
        let left = usize::try_from(end.min(self.size).saturating_sub(self.position)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        let buffer = buffer.get_mut(..wanted).unwrap_or_default();
        if buffer.is_empty() {
            return Ok(0);
        }
        let count = match inside {
            Some((piece, done)) => {
                let source = self.source.ok_or(io::ErrorKind::NotFound)?;
                let count = source.read_at(buffer, piece.offset.saturating_add(done))?;
                if count == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                count
            }
            None => {
                buffer.fill(0);
                buffer.len()
            }
        };
        self.position += count as u64;
        if inside.is_some() && self.position >= end {
            self.next += 1;
        }
        Ok(count)
    }
}

impl Seek for ContentReader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = position_after(to, self.position, self.size)?;
        let is_behind = |piece: &Piece| piece.at.saturating_add(piece.size) <= self.position;
        self.next = match self.pieces {
            Pieces::One(piece) => usize::from(is_behind(&piece)),
            Pieces::Many(pieces) => pieces.partition_point(is_behind),
        };
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::extent::tests::extent_of;

    fn read(data: Data, size: u64) -> String {
        let mut contents = Contents::default();
        contents.add_source(extent_of(b"other"));
        let source = contents.add_source(extent_of(b"..abcdefgh"));
        let content = contents.add(source, &data);
        let mut bytes = Vec::new();
        contents.reader(content, size).read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap().replace('\0', "_")
    }

    #[test]
    fn holes_are_zeros() {
        let piece = |at, size, offset| Piece { at, size, offset };
        assert_eq!(read(Data::Run(2), 5), "abcde");
        assert_eq!(read(Data::Run(2), 0), "");
        assert_eq!(read(Data::Sparse(vec![piece(0, 2, 2), piece(2, 2, 4), piece(7, 1, 6)]), 10), "abcd___e__");
        assert_eq!(read(Data::Sparse(vec![piece(3, 2, 2)]), 5), "___ab");
        assert_eq!(read(Data::Sparse(Vec::new()), 3), "___");
        assert_eq!(read(Data::Sparse(Vec::new()), 0), "");
        let mut contents = Contents::default();
        let source = contents.add_source(extent_of(b"short"));
        let content = contents.add(source, &Data::Run(3));
        assert!(contents.reader(content, 10).read_to_end(&mut Vec::new()).is_err());
    }

    #[test]
    fn reading_goes_on_from_any_place() {
        let piece = |at, size, offset| Piece { at, size, offset };
        for data in [Data::Run(2), Data::Sparse(vec![piece(0, 2, 2), piece(3, 2, 5), piece(7, 1, 9)])] {
            let whole = read(data.clone(), 8);
            let mut contents = Contents::default();
            let source = contents.add_source(extent_of(b"..abcdefgh"));
            let content = contents.add(source, &data);
            let mut reader = contents.reader(content, 8);
            for start in [7, 0, 2, 3, 8, 5, 20] {
                let mut bytes = Vec::new();
                assert_eq!(reader.seek(SeekFrom::Start(start as u64)).unwrap(), start as u64);
                reader.read_to_end(&mut bytes).unwrap();
                let expected = whole.get(start..).unwrap_or_default();
                assert_eq!(String::from_utf8(bytes).unwrap().replace('\0', "_"), expected, "{start}");
            }
            assert_eq!(reader.seek(SeekFrom::End(-1)).unwrap(), 7);
            assert!(reader.seek(SeekFrom::Current(-8)).is_err());
        }
    }

    #[test]
    fn a_place_is_small() {
        assert_eq!(size_of::<Content>(), 16);
    }
}
