//! OVAL 5 definitions of patches and vulnerabilities: Red Hat, Oracle, SUSE, Ubuntu, AlmaLinux.
//!
//! A definition says when a host is vulnerable as a tree of tests. A host is not tested here: the tree is taken apart into
//! claims ("on RHEL 9 with module nodejs:18, nodejs earlier than …"), and claims become entries. Definitions come before
//! the tests, objects, states and variables that they refer to, so one document is held, each text once, until its end.
//!
//! Definitions of one file may contradict each other: a notice's says that a package is fixed, a CVE's that it is not.
//! Both are reported.

mod claim;
mod condition;
mod document;
mod feed;
mod parser;
mod publisher;
mod red_hat;
mod report;
mod ubuntu;

#[cfg(test)]
mod tests;

pub use feed::read;
