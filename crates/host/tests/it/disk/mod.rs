//! Disk images made by the real tools, compared with the directory that they were made of.

mod answers;
mod equality;
mod images;
mod tree;
