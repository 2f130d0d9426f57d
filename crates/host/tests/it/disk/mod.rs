//! Disk images made by the real tools, compared with the directory that they were made of.

mod answers;
mod equality;
mod hostile;
mod images;
mod layout;
mod lvm;
mod physical_volume;
mod tree;
mod xfs;
