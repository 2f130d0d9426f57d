//! Archives and images that tests write: good ones, and ones that no tool would make.

mod tar;

pub(crate) use tar::{Member, Tar, octal, sign};
