//! The tar archive of a bundle: written in one way only, and read by comparing with what would have been written.
//!
//! So there is no parser for someone to find a hole in: no links, no folders, no extended names, no sizes but those that
//! the signed list states. Only the two members before the signature is known have their size read from the header.

use std::io::{self, Read, Write};

pub(super) const BLOCK: usize = 512;

/// Midnight of 2000-01-01, which counts as no time at all.
const MODIFIED: u64 = 946_684_800;

/// The one form that the header of a file of this name and size has; absent for a name that is too long.
pub(super) fn header(name: &str, bytes: u64) -> Option<[u8; BLOCK]> {
    let mut block = [0; BLOCK];
    let is_name = (1..100).contains(&name.len());
    let mut put = |at: usize, text: &[u8]| -> Option<()> {
        block.get_mut(at..at.checked_add(text.len())?)?.copy_from_slice(text);
        Some(())
    };
    put(0, name.as_bytes())?;
    put(100, b"0000644\x000000000\x000000000\x00")?;
    let size = format!("{bytes:011o}\0");
    put(124, size.as_bytes())?;
    put(136, format!("{MODIFIED:011o}\0").as_bytes())?;
    put(148, b"        0")?;
    put(257, b"ustar\x0000")?;
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    let sum = format!("{sum:06o}\0 ");
    block.get_mut(148..156)?.copy_from_slice(sum.as_bytes());
    (is_name && size.len() == 12).then_some(block)
}

/// How many bytes follow a content up to the next block.
fn padding(bytes: u64) -> usize {
    let last = usize::try_from(bytes % BLOCK as u64).unwrap_or_default();
    (BLOCK - last) % BLOCK
}

/// What follows the last file.
const END: [u8; 2 * BLOCK] = [0; 2 * BLOCK];

/// Writes a small file.
pub(super) fn write_small(out: &mut impl Write, name: &str, content: &[u8]) -> io::Result<()> {
    write_file(out, name, content.len() as u64, &mut &*content).map(|_| ())
}

/// Writes a file of exactly so many bytes; what there is less of them is an error.
pub(super) fn write_file(out: &mut impl Write, name: &str, bytes: u64, content: &mut impl Read) -> io::Result<()> {
    let refused = || io::Error::new(io::ErrorKind::InvalidInput, format!("{name:?} does not fit into a tar archive"));
    out.write_all(&header(name, bytes).ok_or_else(refused)?)?;
    let copied = io::copy(&mut content.take(bytes), out)?;
    if copied != bytes {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, format!("{name} became shorter")));
    }
    out.write_all(END.get(..padding(bytes)).unwrap_or_default())
}

pub(super) fn write_end(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&END)
}

/// What is wrong with an archive.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is not what it should be, in words.
    Differs(&'static str),
    Io(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Fault::Differs("is cut off"),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Fault::Differs("is damaged"),
            _ => Fault::Io(error),
        }
    }
}

/// Reads a small file of this name and any size up to a limit.
pub(super) fn read_small(from: &mut impl Read, name: &str, limit: u64) -> Result<Vec<u8>, Fault> {
    let mut block = [0; BLOCK];
    from.read_exact(&mut block)?;
    let digits = block.get(124..135).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or_default();
    let bytes = u64::from_str_radix(digits, 8).map_err(|_| Fault::Differs("is not where it should be"))?;
    if header(name, bytes) != Some(block) {
        return Err(Fault::Differs("is not where it should be"));
    }
    if bytes > limit {
        return Err(Fault::Differs("is too large"));
    }
    let mut content = Vec::new();
    read_content(from, bytes, &mut |chunk| {
        content.extend_from_slice(chunk);
        Ok(())
    })?;
    Ok(content)
}

/// Reads a file of exactly this name and size, and gives its bytes to `take`.
pub(super) fn read_file(
    from: &mut impl Read,
    name: &str,
    bytes: u64,
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> Result<(), Fault> {
    let mut block = [0; BLOCK];
    from.read_exact(&mut block)?;
    if header(name, bytes) != Some(block) {
        return Err(Fault::Differs("is not where it should be"));
    }
    read_content(from, bytes, take)
}

fn read_content(from: &mut impl Read, bytes: u64, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<(), Fault> {
    let mut buffer = vec![0; 64 * 1024];
    let mut left = bytes;
    while left > 0 {
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let chunk = buffer.get_mut(..wanted).unwrap_or_default();
        from.read_exact(chunk)?;
        take(chunk).map_err(Fault::Io)?;
        left -= wanted as u64;
    }
    read_zeros(from, padding(bytes))
}

/// Reads the end, after which nothing more may come.
pub(super) fn read_end(from: &mut impl Read) -> Result<(), Fault> {
    read_zeros(from, END.len())?;
    if from.read(&mut [0])? != 0 {
        return Err(Fault::Differs("is followed by more"));
    }
    Ok(())
}

fn read_zeros(from: &mut impl Read, count: usize) -> Result<(), Fault> {
    let mut zeros = vec![0; count];
    from.read_exact(&mut zeros)?;
    if zeros.iter().any(|byte| *byte != 0) {
        return Err(Fault::Differs("has more in it than is listed"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive() -> Vec<u8> {
        let mut bytes = Vec::new();
        write_small(&mut bytes, "list", b"some words").unwrap();
        write_file(&mut bytes, "a/b c", 1000, &mut &[7; 1000][..]).unwrap();
        write_end(&mut bytes).unwrap();
        bytes
    }

    fn read(bytes: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Fault> {
        let mut from = bytes;
        let small = read_small(&mut from, "list", 10)?;
        let mut content = Vec::new();
        read_file(&mut from, "a/b c", 1000, &mut |chunk| {
            content.extend_from_slice(chunk);
            Ok(())
        })?;
        read_end(&mut from)?;
        Ok((small, content))
    }

    #[test]
    fn what_is_written_is_read() {
        let (small, content) = read(&archive()).unwrap();
        assert_eq!((small.as_slice(), content.as_slice()), (&b"some words"[..], &[7; 1000][..]));
        assert!(header(&"x".repeat(100), 1).is_none());
        assert!(header("", 1).is_none());
        assert!(header("x", u64::MAX).is_none());
        assert!(write_file(&mut Vec::new(), "x", 2, &mut &b"1"[..]).is_err());
    }

    #[test]
    fn nothing_but_contents_can_be_changed() {
        let whole = archive();
        let contents = [512..522, 1536..2536];
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x20;
            let is_content = contents.iter().any(|content| content.contains(&at));
            assert_eq!(read(&changed).is_ok(), is_content, "byte {at}");
        }
        for cut in [0, 1, 511, 512, 600, 1024, 2000, whole.len() - 1] {
            assert!(matches!(read(&whole[..cut]), Err(Fault::Differs(_))), "{cut}");
        }
        let mut longer = whole;
        longer.push(0);
        assert!(matches!(read(&longer), Err(Fault::Differs("is followed by more"))));
    }

    #[test]
    fn sizes_have_a_limit() {
        let mut bytes = Vec::new();
        write_small(&mut bytes, "list", b"eleven char").unwrap();
        assert!(matches!(read_small(&mut bytes.as_slice(), "list", 10), Err(Fault::Differs("is too large"))));
    }
}
