//! Archives and images that tests write: good ones, and ones that no tool would make.

mod image;
mod tar;

pub(crate) use image::{Layout, Packed, docker_archive};
pub(crate) use tar::{Member, Tar, octal, sign};
