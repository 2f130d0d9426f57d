//! The program that is sent: this one, or a build for another machine.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};

use camino::{Utf8Path, Utf8PathBuf};

use super::error::SshError;

/// The running program, also where its file was replaced meanwhile.
const THIS_PROGRAM: &str = "/proc/self/exe";

/// Largest program that is sent, in bytes; a build with debugging information has some 60 MB.
const MAX_BYTES: u64 = 1 << 30;

/// Machines by the numbers of the ELF specification (`e_machine`), and patterns of what `uname -m` calls them there.
const MACHINES: [(u16, &str); 6] =
    [(3, "i?86"), (21, "ppc64le"), (22, "s390x"), (62, "x86_64"), (183, "aarch64"), (243, "riscv64")];

/// A program, open for reading from its beginning.
#[derive(Debug)]
pub(super) struct Collector {
    /// The file.
    pub(super) file: File,
    /// Its size, in bytes.
    pub(super) size: u64,
    /// Pattern of what `uname -m` says where it runs.
    pub(super) machine: &'static str,
}

impl Collector {
    /// Opens the program at `path`, or this one.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is too large, or is no program for Linux of a known machine.
    pub(super) fn open(path: Option<&Utf8Path>) -> Result<Collector, SshError> {
        let path = path.map_or_else(|| Utf8PathBuf::from(THIS_PROGRAM), Utf8Path::to_owned);
        let failed = |cause: io::Error| SshError::Collector { path: path.clone(), cause };
        let unusable = |reason: &'static str| SshError::NoCollector { path: path.clone(), reason };
        let mut file = File::open(&path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(unusable("it is no regular file"));
        }
        if metadata.len() > MAX_BYTES {
            return Err(unusable("it is over the limit of 1 GiB"));
        }
        let mut header = [0; 20];
        file.read_exact(&mut header).map_err(|_| unusable("it is no ELF program"))?;
        file.rewind().map_err(failed)?;
        let machine = machine(&header).ok_or_else(|| unusable("it is no ELF program for a machine that is known"))?;
        Ok(Collector { file, size: metadata.len(), machine })
    }
}

/// What `uname -m` says on the machine that a little-endian ELF file is for, or a big-endian one for s390x.
fn machine(header: &[u8; 20]) -> Option<&'static str> {
    let [0x7f, b'E', b'L', b'F', _, order, .., low, high] = *header else {
        return None;
    };
    let number = match order {
        1 => u16::from_le_bytes([low, high]),
        2 => u16::from_be_bytes([low, high]),
        _ => return None,
    };
    MACHINES.iter().find(|(known, _)| *known == number).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_program_is_for_this_machine() {
        let collector = Collector::open(None).unwrap();
        assert_eq!(collector.machine, std::env::consts::ARCH);
        assert!(collector.size > 1 << 20);
    }

    #[test]
    fn what_is_no_program_is_refused() {
        for path in ["/", "/dev/null", "/etc/passwd", "/missing"] {
            let error = Collector::open(Some(Utf8Path::new(path))).unwrap_err();
            assert!(error.to_string().contains(path), "{error}");
        }
        assert_eq!(machine(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\xb7\0"), Some("aarch64"));
        assert_eq!(machine(b"\x7fELF\x02\x02\x01\0\0\0\0\0\0\0\0\0\0\x02\0\x16"), Some("s390x"));
        assert_eq!(machine(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\xff\xff"), None);
        assert_eq!(machine(b"\x7fELF\x02\x03\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0"), None);
    }
}
