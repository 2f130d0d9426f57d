//! Archives of feeds: a tar stream, its regular files one by one.
//!
//! POSIX and GNU long names are understood, links and the rest are passed over. An archive without its end mark was cut
//! short and is refused, even where it ends between two files.

use std::io::{ErrorKind, Read};

use crate::json::read_error;
use crate::{AdvisoryError, Limits};

const BLOCK: usize = 512;

/// The largest file of an archive, in bytes; what distributions put into theirs has fewer than 1 MiB.
const MAX_FILE: u64 = 16 << 20;

/// The longest name, in bytes.
const MAX_NAME: u64 = 4096;

/// Hands over each regular file: its name, and its content.
pub(crate) fn for_each_file<R: Read>(
    feed: &'static str,
    reader: R,
    limits: &Limits,
    mut each: impl FnMut(&str, &[u8]) -> Result<(), AdvisoryError>,
) -> Result<(), AdvisoryError> {
    let mut archive = Archive { feed, reader, total: 0, limit: limits.unpacked_bytes };
    let mut long_name: Option<Vec<u8>> = None;
    let mut members = 0;
    let mut content = Vec::new();
    loop {
        let mut block = [0; BLOCK];
        archive.fill(&mut block)?;
        if block.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        members += 1;
        if members > limits.records {
            return Err(archive.over_limit("number of files", limits.records));
        }
        let Some((size, kind)) = header(&block) else {
            return Err(archive.malformed(&format!("header {members} is none"), "its check sum or size is wrong"));
        };
        match kind {
            b'0' | 0 | b'7' => {
                archive.take(size, MAX_FILE, "size of a file in bytes", &mut content)?;
                let name = long_name.take().unwrap_or_else(|| name_of(&block));
                each(&String::from_utf8_lossy(&name), &content)?;
            }
            b'L' | b'x' => {
                archive.take(size, MAX_NAME, "length of a name in bytes", &mut content)?;
                long_name = if kind == b'L' { Some(up_to_nul(&content).to_vec()) } else { path_of_pax(&content) };
            }
            _ => {
                archive.skip(size)?;
                long_name = None;
            }
        }
    }
}

struct Archive<R> {
    feed: &'static str,
    reader: R,
    total: u64,
    limit: u64,
}

impl<R: Read> Archive<R> {
    fn over_limit(&self, what: &'static str, limit: u64) -> AdvisoryError {
        AdvisoryError::OverLimit { feed: self.feed.to_owned(), what, limit }
    }

    fn malformed(&self, place: &str, detail: &str) -> AdvisoryError {
        AdvisoryError::Malformed { feed: self.feed, place: place.to_owned(), detail: detail.to_owned() }
    }

    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), AdvisoryError> {
        self.total += buffer.len() as u64;
        if self.total > self.limit {
            return Err(self.over_limit("size in bytes", self.limit));
        }
        match self.reader.read_exact(buffer) {
            Ok(()) => Ok(()),
            Err(cause) if cause.kind() == ErrorKind::UnexpectedEof => {
                Err(self.malformed("the archive", "it breaks off"))
            }
            Err(cause) => Err(read_error(self.feed, cause)),
        }
    }

    /// Reads so many bytes of content, and what fills its last block.
    fn take(&mut self, size: u64, most: u64, what: &'static str, content: &mut Vec<u8>) -> Result<(), AdvisoryError> {
        if size > most {
            return Err(self.over_limit(what, most));
        }
        content.clear();
        content.resize(size as usize, 0);
        self.fill(content)?;
        self.skip_exactly((BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64)
    }

    fn skip(&mut self, size: u64) -> Result<(), AdvisoryError> {
        self.skip_exactly(size.div_ceil(BLOCK as u64).saturating_mul(BLOCK as u64))
    }

    fn skip_exactly(&mut self, mut size: u64) -> Result<(), AdvisoryError> {
        let mut block = [0; BLOCK];
        while size > 0 {
            let count = size.min(BLOCK as u64);
            self.fill(block.get_mut(..count as usize).unwrap_or_default())?;
            size -= count;
        }
        Ok(())
    }
}

/// Size and kind of a member.
fn header(block: &[u8; BLOCK]) -> Option<(u64, u8)> {
    let sum: u64 = block
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { u64::from(b' ') } else { u64::from(*byte) })
        .sum();
    let is_right = octal(block.get(148..156)?) == Some(sum);
    is_right.then_some((octal(block.get(124..136)?)?, *block.get(156)?))
}

/// A number in octal digits, which blanks and NULs may surround.
fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?.trim_matches([' ', '\0']);
    if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok() }
}

fn up_to_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

fn name_of(block: &[u8; BLOCK]) -> Vec<u8> {
    let name = up_to_nul(block.get(..100).unwrap_or_default());
    let prefix = up_to_nul(block.get(345..500).unwrap_or_default());
    let is_posix = block.get(257..263) == Some(b"ustar\0");
    if is_posix && !prefix.is_empty() { [prefix, b"/", name].concat() } else { name.to_vec() }
}

/// `path` of the records `LENGTH KEY=VALUE\n`.
fn path_of_pax(mut records: &[u8]) -> Option<Vec<u8>> {
    while !records.is_empty() {
        let end = records.iter().position(|byte| *byte == b' ')?;
        let length: usize = std::str::from_utf8(records.get(..end)?).ok()?.parse().ok()?;
        let record = records.get(end + 1..length)?.strip_suffix(b"\n")?;
        if let Some(path) = record.strip_prefix(b"path=") {
            return Some(path.to_vec());
        }
        records = records.get(length..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One member, as GNU tar writes it.
    pub(crate) fn member(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
        let mut block = vec![0; BLOCK];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        block[148..156].fill(b' ');
        block[156] = kind;
        block[257..263].copy_from_slice(b"ustar\0");
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block.extend_from_slice(content);
        block.resize(block.len().next_multiple_of(BLOCK), 0);
        block
    }

    fn check(archive: &[u8], expected: Result<&[&str], &str>) {
        let limits = Limits { records: 5, unpacked_bytes: 20 << 20, ..Limits::default() };
        let mut found = Vec::new();
        let read = for_each_file("feed", archive, &limits, |name, content| {
            found.push(format!("{name}={}", String::from_utf8_lossy(content)));
            Ok(())
        });
        let found = read.map(|()| found).map_err(|error| error.to_string());
        let expected = expected.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(found, expected.map_err(str::to_owned));
    }

    #[test]
    fn files_are_handed_over() {
        let end = [0; 2 * BLOCK].to_vec();
        let long = "x/".repeat(90);
        let pax = format!("{} path={long}\n", long.len() + 10);
        let archive = [
            member("active/", b'5', b""),
            member("active/a", b'0', b"text"),
            member("././@LongLink", b'L', format!("{long}\0").as_bytes()),
            member("x/", b'0', &[b'y'; 512]),
            end.clone(),
        ];
        check(&archive.concat(), Ok(&["active/a=text", &format!("{long}={}", "y".repeat(512))]));
        let archive = [member("pax", b'x', pax.as_bytes()), member("x", 0, b""), end.clone()];
        check(&archive.concat(), Ok(&[&format!("{long}=")]));
        check(&end, Ok(&[]));
    }

    #[test]
    fn hostile_archives_are_refused() {
        let one = member("a", b'0', b"text");
        check(&one, Err("feed: the archive: it breaks off"));
        check(&one[..700], Err("feed: the archive: it breaks off"));
        check(b"", Err("feed: the archive: it breaks off"));
        let mut damaged = one.clone();
        damaged[0] = b'b';
        check(&damaged, Err("feed: header 1 is none: its check sum or size is wrong"));
        check(&one.repeat(6), Err("feed: number of files is over the limit of 5"));
        let mut huge = member("a", b'0', b"");
        huge[124..135].copy_from_slice(b"77777777777");
        let sum = (0..BLOCK).map(|at| u64::from(if (148..156).contains(&at) { b' ' } else { huge[at] })).sum::<u64>();
        huge[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        check(&huge, Err("feed: size of a file in bytes is over the limit of 16777216"));
        huge[156] = b'5';
        let sum = sum - u64::from(b'0') + u64::from(b'5');
        huge[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        check(&[huge, vec![0; 21 << 20]].concat(), Err("feed: size in bytes is over the limit of 20971520"));
    }
}
