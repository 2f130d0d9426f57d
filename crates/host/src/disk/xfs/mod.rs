//! XFS, versions 4 and 5 (XFS Algorithms & Data Structures, 3rd edition), read by inode number.

mod directory;
mod extent;
mod inode;
mod log;
mod superblock;
mod volume;

pub(crate) use volume::Xfs;
