//! Evidence: what was seen on a host, as an immutable, serialisable value.
//!
//! It holds no secrets: no password hashes, no private keys, no environment, no command lines. A section says what was
//! read *and* what could not be read; [`Collected::facts`] is absent when the section was not collected.

pub mod account;
pub mod kernel;
pub mod library;
pub mod mount;
pub mod operating_system;
pub mod package;
pub mod pam;
pub mod path;
pub mod problem;
pub mod process;
pub mod request;
pub mod setting;
pub mod socket;
pub mod sshd;
pub mod sysctl;

mod document;

pub use document::{Collected, Evidence, HostIdentity, OLDEST_SCHEMA, SCHEMA, Section, SourceKind};
pub use problem::{Problem, ProblemKind};
