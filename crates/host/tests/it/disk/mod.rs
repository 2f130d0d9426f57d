//! Disk images made by the real tools, compared with the directory that they were made of.

mod answers;
mod equality;
mod hostile;
mod images;
mod layout;
mod tree;
mod xfs;
