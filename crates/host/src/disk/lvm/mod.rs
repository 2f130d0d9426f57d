//! Logical volumes of LVM2: labels, metadata areas, the text in them, and the linear volumes that it describes.
//!
//! Read as `lib/format_text/layout.h` and `lib/label/label.h` of LVM2 lay it down. What is not linear (thin, RAID, mirrors,
//! caches, snapshots, several stripes), and what lies on a physical volume of another disk, is told and left out.

mod area;
mod checksum;
mod find;
mod group;
mod label;
mod linear;
mod text;

pub(crate) use find::{LogicalVolume, find};
