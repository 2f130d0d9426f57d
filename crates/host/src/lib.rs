//! A read-only view of a machine: the only way in which Assay looks at a target.
//!
//! Nothing else opens a file of the target. Every path is absolute in the target and is resolved inside its root,
//! symbolic links and `..` included; every read has a limit; a FIFO or a device is refused instead of waited for.

#![deny(unsafe_code)]

mod error;
mod image;
mod memory;
mod resolve;
mod rooted;
mod tree;
mod view;
mod walk;

pub mod disk;
pub mod sys;

pub use error::HostError;
pub use image::{ImageDescription, ImageError, ImageHost, ImageLimits, ImageOptions, NoPlatform, Platform};
pub use memory::MemoryHost;
pub use rooted::RootedHost;
pub use view::{DirectoryEntry, FileKind, FileReader, Host, Metadata};
pub use walk::{Directory, WalkLimits, Walked, walk_directories};
