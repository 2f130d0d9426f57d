//! QEMU's qcow2 format, versions 2 and 3 (`docs/interop/qcow2.rst` of QEMU).

mod header;
mod image;

pub(crate) use header::MAGIC;
pub(crate) use image::Qcow2;
