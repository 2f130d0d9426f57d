//! A writer of tar archives that refuses nothing.

const BLOCK: usize = 512;

/// One entry, as its header has it.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: Vec<u8>,
    pub(crate) link: Vec<u8>,
    pub(crate) flag: u8,
    pub(crate) mode: u32,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) modified: u64,
    /// The header's field, when it is not the content's size.
    pub(crate) size: Option<[u8; 12]>,
    pub(crate) content: Vec<u8>,
}

impl Member {
    pub(crate) fn new(name: impl AsRef<[u8]>, flag: u8) -> Member {
        Member {
            name: name.as_ref().to_vec(),
            link: Vec::new(),
            flag,
            mode: if flag == b'5' { 0o755 } else { 0o644 },
            uid: 0,
            gid: 0,
            modified: 1_700_000_000,
            size: None,
            content: Vec::new(),
        }
    }

    /// The header's block, in the dialect that `magic` says.
    pub(crate) fn header(&self, magic: &[u8; 8]) -> [u8; BLOCK] {
        let mut block = [0; BLOCK];
        let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &self.name[..self.name.len().min(100)]);
        put(100, format!("{:07o}", self.mode).as_bytes());
        put(108, format!("{:07o}", self.uid).as_bytes());
        put(116, format!("{:07o}", self.gid).as_bytes());
        put(124, &self.size.unwrap_or_else(|| octal(self.content.len() as u64)));
        put(136, format!("{:011o}", self.modified).as_bytes());
        put(156, &[self.flag]);
        put(157, &self.link[..self.link.len().min(100)]);
        put(257, magic);
        sign(&mut block);
        block
    }
}

pub(crate) fn octal(number: u64) -> [u8; 12] {
    let mut field = [0; 12];
    field[..11].copy_from_slice(format!("{number:011o}").as_bytes());
    field
}

/// Puts the right check sum into a header.
pub(crate) fn sign(block: &mut [u8; BLOCK]) {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

/// An archive in the making.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tar {
    bytes: Vec<u8>,
}

impl Tar {
    pub(crate) const POSIX: &'static [u8; 8] = b"ustar\x0000";
    pub(crate) const GNU: &'static [u8; 8] = b"ustar  \0";

    pub(crate) fn new() -> Tar {
        Tar::default()
    }

    pub(crate) fn file(self, name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Tar {
        self.member(Member { content: content.as_ref().to_vec(), ..Member::new(name, b'0') })
    }

    pub(crate) fn directory(self, name: impl AsRef<[u8]>) -> Tar {
        self.member(Member::new(name, b'5'))
    }

    pub(crate) fn link(self, name: impl AsRef<[u8]>, to: impl AsRef<[u8]>) -> Tar {
        self.member(Member { link: to.as_ref().to_vec(), ..Member::new(name, b'2') })
    }

    pub(crate) fn hard_link(self, name: impl AsRef<[u8]>, to: impl AsRef<[u8]>) -> Tar {
        self.member(Member { link: to.as_ref().to_vec(), ..Member::new(name, b'1') })
    }

    /// A member; a long name or link goes into a PAX header before it.
    pub(crate) fn member(self, member: Member) -> Tar {
        let mut records: Vec<(&str, &[u8])> = Vec::new();
        if member.name.len() > 100 {
            records.push(("path", &member.name));
        }
        if member.link.len() > 100 {
            records.push(("linkpath", &member.link));
        }
        let tar = if records.is_empty() { self } else { self.pax(b'x', &records) };
        tar.raw(member.header(Tar::POSIX)).padded(&member.content)
    }

    /// A PAX header, for the next entry (`x`) or for all (`g`).
    pub(crate) fn pax(self, flag: u8, records: &[(&str, &[u8])]) -> Tar {
        let content = records.iter().flat_map(|(key, value)| record(key, value)).collect();
        let member = Member { content, ..Member::new("pax", flag) };
        self.raw(member.header(Tar::POSIX)).padded(&member.content)
    }

    /// GNU's long name (`L`) or long link (`K`) of the next entry.
    pub(crate) fn gnu_long(self, flag: u8, text: impl AsRef<[u8]>) -> Tar {
        let content = [text.as_ref(), b"\0"].concat();
        let member = Member { content, ..Member::new("././@LongLink", flag) };
        self.raw(member.header(Tar::GNU)).padded(&member.content)
    }

    /// Bytes as they are.
    pub(crate) fn raw(mut self, bytes: impl AsRef<[u8]>) -> Tar {
        self.bytes.extend_from_slice(bytes.as_ref());
        self
    }

    /// Bytes, filled up with zeros to a whole block.
    pub(crate) fn padded(mut self, content: &[u8]) -> Tar {
        self.bytes.extend_from_slice(content);
        self.bytes.resize(self.bytes.len().next_multiple_of(BLOCK), 0);
        self
    }

    /// The archive with its end.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.raw([0; 2 * BLOCK]).bytes
    }

    /// The archive so far, which has no end.
    pub(crate) fn unfinished(self) -> Vec<u8> {
        self.bytes
    }
}

fn record(key: &str, value: &[u8]) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut length = rest + 1;
    while length != rest + length.to_string().len() {
        length += 1;
    }
    [length.to_string().as_bytes(), b" ", key.as_bytes(), b"=", value, b"\n"].concat()
}
