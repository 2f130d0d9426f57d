//! ext2, ext3 and ext4 (`Documentation/filesystems/ext4` of Linux), read by inode number.

mod block_map;
mod directory;
mod extent;
mod inline;
mod inode;
mod journal;
mod replayed;
mod superblock;
mod volume;

pub(crate) use volume::Ext4;
