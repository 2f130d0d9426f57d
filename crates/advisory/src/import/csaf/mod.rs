//! CSAF 2.0 documents of distributions that ship rpm packages: Red Hat's and SUSE's, VEX documents and advisories alike
//! (<https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html>).
//!
//! A document's products are packages *as components of* platforms. Platforms that Assay has no scope for (OpenShift,
//! middleware, containers) are passed over with everything on them.
//!
//! Surprising: a fix is listed once for each minor release and architecture that got it. Of several versions for one
//! package, channel and module the lowest counts, since each of them has the fix.

mod document;
mod package;
mod platform;
mod product_tree;
mod reader;
mod translate;

#[cfg(test)]
mod tests;

pub use reader::{read, read_vex};
