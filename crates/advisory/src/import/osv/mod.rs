//! OSV records (schema 1.x, <https://ossf.github.io/osv-schema/>): one document, one a line, an array, or the
//! `all.zip` of the public database; GitHub's advisories, Go's, RustSec's, PyPA's and distributions' notices have this form.
//!
//! A record that is withdrawn yields nothing; neither do packages of ecosystems and releases that Assay has no scope
//! for, ranges of git commits, and a distribution's notice about no vulnerability (a bug fix).
//!
//! Surprising: what a package's name is differs by publisher whatever the schema says. AlmaLinux and Red Hat name
//! installed packages, Rocky source packages; SUSE names source packages and lists the installed ones beside.

mod ecosystem;
mod package;
mod ranges;
mod reader;
mod record;
mod translate;
mod vulnerability;

#[cfg(test)]
mod tests;

pub use reader::{read, read_zip};
