//! ZIP archives of many small files, as feeds are published: stored or deflated members, ZIP64 for more than 65,535.
//!
//! The central directory says what there is; nothing is ever written, so a member's name is only a label.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;

use crate::Limits;
use crate::packed::OverLimit;

const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
const LOCATOR: &[u8] = b"PK\x06\x07";
const LOCATOR_BYTES: usize = 20;
const END64: &[u8] = b"PK\x06\x06";
const END64_BYTES: usize = 56;
const ENTRY: &[u8] = b"PK\x01\x02";
const LOCAL: &[u8] = b"PK\x03\x04";
/// Id of the extra field that holds sizes and offset of more than four bytes.
const ZIP64_FIELD: u16 = 1;
const ENCRYPTED: u16 = 1;
/// Longer names are cut; they are only shown.
const NAME_CHARS: usize = 128;

/// One file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    flags: u16,
    method: u16,
    crc: u32,
    packed_bytes: u64,
    unpacked_bytes: u64,
    header_at: u64,
}

/// An archive that is open.
pub(crate) struct Archive<R> {
    reader: BufReader<R>,
    length: u64,
}

impl<R: Read + Seek> Archive<R> {
    /// Opens it and reads its central directory; folders are left out.
    pub(crate) fn open(reader: R, limits: &Limits) -> io::Result<(Archive<R>, Vec<Member>)> {
        let mut reader = BufReader::with_capacity(64 << 10, reader);
        let length = reader.seek(SeekFrom::End(0))?;
        let mut archive = Archive { reader, length };
        let (count, offset) = archive.find_directory()?;
        if count > limits.records {
            return Err(OverLimit { what: "number of files", limit: limits.records }.into_error());
        }
        archive.seek(offset)?;
        let mut members = Vec::new();
        for _ in 0..count {
            let member = archive.read_entry()?;
            if !member.name.ends_with('/') {
                members.push(member);
            }
        }
        Ok((archive, members))
    }

    /// The content of a member, of at most so many bytes.
    pub(crate) fn content(&mut self, member: &Member, most: u64) -> io::Result<Vec<u8>> {
        if member.flags & ENCRYPTED != 0 {
            return Err(damaged("it is encrypted"));
        }
        if member.unpacked_bytes > most {
            return Err(OverLimit { what: "size of a file in bytes", limit: most }.into_error());
        }
        self.seek(member.header_at)?;
        let header: [u8; 30] = self.take()?;
        if !header.starts_with(LOCAL) {
            return Err(damaged("a file is not where the directory says"));
        }
        let skipped = i64::from(number16(&header, 26)) + i64::from(number16(&header, 28));
        self.reader.seek_relative(skipped)?;
        let packed = self.reader.by_ref().take(member.packed_bytes);
        let mut content = Vec::new();
        // One more than the directory says, to notice that there is more.
        let wanted = member.unpacked_bytes.saturating_add(1);
        match member.method {
            0 => packed.take(wanted).read_to_end(&mut content)?,
            8 => DeflateDecoder::new(packed).take(wanted).read_to_end(&mut content)?,
            _ => return Err(damaged("it is packed by another method than deflate")),
        };
        let mut crc = Crc::new();
        crc.update(&content);
        if content.len() as u64 != member.unpacked_bytes || crc.sum() != member.crc {
            return Err(damaged("its size or checksum is not what the directory says"));
        }
        Ok(content)
    }

    /// How many entries the central directory has, and where it begins.
    fn find_directory(&mut self) -> io::Result<(u64, u64)> {
        let tail_bytes = self.length.min(u64::from(u16::MAX) + (END_BYTES + LOCATOR_BYTES) as u64);
        self.seek(self.length - tail_bytes)?;
        let mut tail = Vec::new();
        self.reader.by_ref().take(tail_bytes).read_to_end(&mut tail)?;
        let is_end = |at: &usize| {
            let comment = tail.get(*at..).filter(|end| end.len() >= END_BYTES && end.starts_with(END));
            comment.is_some_and(|end| usize::from(number16(end, 20)) == end.len() - END_BYTES)
        };
        let end_at = (0..tail.len()).rev().find(is_end).ok_or_else(|| damaged("it is no ZIP archive, or cut short"))?;
        let end = tail.get(end_at..).unwrap_or_default();
        let (count, offset) = (number16(end, 10), number32(end, 16));
        let locator = end_at.checked_sub(LOCATOR_BYTES).and_then(|at| tail.get(at..end_at));
        match locator.filter(|locator| locator.starts_with(LOCATOR)) {
            Some(locator) => {
                self.seek(number64(locator, 8))?;
                let end64: [u8; END64_BYTES] = self.take()?;
                if !end64.starts_with(END64) {
                    return Err(damaged("its ZIP64 end is not where it says"));
                }
                Ok((number64(&end64, 32), number64(&end64, 48)))
            }
            None => Ok((u64::from(count), u64::from(offset))),
        }
    }

    fn read_entry(&mut self) -> io::Result<Member> {
        let header: [u8; 46] = self.take()?;
        if !header.starts_with(ENTRY) {
            return Err(damaged("its directory is damaged"));
        }
        let name = self.take_many(number16(&header, 28))?;
        let extra = self.take_many(number16(&header, 30))?;
        self.reader.seek_relative(i64::from(number16(&header, 32)))?;
        let name = String::from_utf8_lossy(&name);
        let is_folder = name.ends_with('/');
        let mut member = Member {
            name: if is_folder { "/".to_owned() } else { name.chars().take(NAME_CHARS).collect() },
            flags: number16(&header, 8),
            method: number16(&header, 10),
            crc: number32(&header, 16),
            packed_bytes: u64::from(number32(&header, 20)),
            unpacked_bytes: u64::from(number32(&header, 24)),
            header_at: u64::from(number32(&header, 42)),
        };
        let mut wide = zip64_field(&extra).chunks_exact(8).map(|bytes| number64(bytes, 0));
        // The field has only those that do not fit, in this order.
        for value in [&mut member.unpacked_bytes, &mut member.packed_bytes, &mut member.header_at] {
            if *value == u64::from(u32::MAX) {
                *value = wide.next().ok_or_else(|| damaged("a ZIP64 field is missing"))?;
            }
        }
        Ok(member)
    }

    fn seek(&mut self, at: u64) -> io::Result<()> {
        if at > self.length {
            return Err(damaged("an offset lies behind its end"));
        }
        let current = self.reader.stream_position()?;
        // Within the buffer where possible: files lie one behind the other.
        match at.checked_signed_diff(current) {
            Some(distance) => self.reader.seek_relative(distance),
            None => self.reader.seek(SeekFrom::Start(at)).map(|_| ()),
        }
    }

    fn take<const BYTES: usize>(&mut self) -> io::Result<[u8; BYTES]> {
        let mut bytes = [0; BYTES];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn take_many(&mut self, count: u16) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; usize::from(count)];
        self.reader.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

fn damaged(detail: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, detail)
}

fn zip64_field(mut extra: &[u8]) -> &[u8] {
    while let Some((head, rest)) = extra.split_at_checked(4) {
        let Some((content, rest)) = rest.split_at_checked(usize::from(number16(head, 2))) else { break };
        if number16(head, 0) == ZIP64_FIELD {
            return content;
        }
        extra = rest;
    }
    &[]
}

fn number64(bytes: &[u8], at: usize) -> u64 {
    let number = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
    u64::from_le_bytes(number.copied().unwrap_or_default())
}

fn number32(bytes: &[u8], at: usize) -> u32 {
    let number = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
    u32::from_le_bytes(number.copied().unwrap_or_default())
}

fn number16(bytes: &[u8], at: usize) -> u16 {
    let number = bytes.get(at..).and_then(|bytes| bytes.first_chunk());
    u16::from_le_bytes(number.copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::DeflateEncoder;

    use super::*;

    /// An archive of one deflated file, as `zip` writes it.
    fn archive(name: &str, content: &[u8], unpacked_bytes: u32) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        let packed = encoder.finish().unwrap();
        let mut crc = Crc::new();
        crc.update(content);
        let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
        for number in [crc.sum(), packed.len() as u32, unpacked_bytes] {
            common.extend(number.to_le_bytes());
        }
        common.extend([name.len() as u8, 0, 0, 0]);
        let local = [LOCAL, &common, name.as_bytes(), &packed].concat();
        let entry = [ENTRY, &[20, 0], &common, &[0; 14], name.as_bytes()].concat();
        let end = [END, &[0, 0, 0, 0, 1, 0, 1, 0], &(entry.len() as u32).to_le_bytes()].concat();
        [local.clone(), entry, end, (local.len() as u32).to_le_bytes().to_vec(), vec![0, 0]].concat()
    }

    fn read(bytes: Vec<u8>, most: u64) -> Result<(String, Vec<u8>), String> {
        let read = || {
            let (mut archive, members) = Archive::open(Cursor::new(bytes), &Limits::default())?;
            let content = archive.content(&members[0], most)?;
            Ok((members[0].name.clone(), content))
        };
        read().map_err(|error: io::Error| error.to_string())
    }

    #[test]
    fn members_are_unpacked_and_checked() {
        let whole = archive("a.json", b"{}", 2);
        assert_eq!(read(whole.clone(), 2), Ok(("a.json".to_owned(), b"{}".to_vec())));
        assert_eq!(read(whole.clone(), 1).unwrap_err(), "size of a file in bytes is over the limit of 1");
        let more = archive("a.json", &[b' '; 100_000], 2);
        assert_eq!(read(more, 2).unwrap_err(), "its size or checksum is not what the directory says");
        for end in 0..whole.len() {
            assert!(read(whole[..end].to_vec(), 2).is_err(), "{end}");
        }
        let mut elsewhere = whole;
        let offset = elsewhere.len() - 6;
        elsewhere[offset] = 0xff;
        assert!(read(elsewhere, 2).is_err());
    }
}
