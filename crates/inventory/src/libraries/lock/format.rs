//! Which file is read by which parser, and within which limits.

use super::{cargo_lock, package_lock};
use crate::libraries::found::{ParseError, Parsed};

/// A format of lock files or manifests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockFormat {
    /// Rust's `Cargo.lock`.
    CargoLock,
    /// npm's `package-lock.json` and `npm-shrinkwrap.json`.
    PackageLock,
}

impl LockFormat {
    /// Every format.
    pub const ALL: &[LockFormat] = &[LockFormat::CargoLock, LockFormat::PackageLock];

    /// The largest file that is read, in bytes. A parsed TOML file takes many times its size, the others little.
    pub fn max_bytes(self) -> u64 {
        match self {
            LockFormat::CargoLock => 8 << 20,
            LockFormat::PackageLock => 64 << 20,
        }
    }

    /// A file beside it that is needed too, where there is one.
    pub fn companion(self) -> Option<&'static str> {
        match self {
            LockFormat::CargoLock | LockFormat::PackageLock => None,
        }
    }

    /// Reads a file; `companion` is the content of the file of that name beside it, where there is one.
    pub fn parse(self, bytes: &[u8], companion: Option<&[u8]>) -> Parsed {
        self.read(bytes, companion).unwrap_or_else(Parsed::failed).finish()
    }

    fn read(self, bytes: &[u8], _companion: Option<&[u8]>) -> Result<Parsed, ParseError> {
        match self {
            LockFormat::CargoLock => cargo_lock::parse(bytes),
            LockFormat::PackageLock => package_lock::parse(bytes),
        }
    }
}

/// The format of a file by its name and the name of the directory that it lies in.
pub fn parser_of(file_name: &str, _parent: &str) -> Option<LockFormat> {
    match file_name {
        "Cargo.lock" => Some(LockFormat::CargoLock),
        "package-lock.json" | "npm-shrinkwrap.json" => Some(LockFormat::PackageLock),
        _ => None,
    }
}
