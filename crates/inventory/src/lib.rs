//! Collectors: what is on a host, without judging it.
//!
//! One folder (or file) per collector. Each is a function from a [`assay_host::Host`] to a
//! [`assay_model::evidence::Collected`] section: what it got, and what it could not get with the reason.

#![forbid(unsafe_code)]

pub mod accounts;
pub mod apk;
pub mod authentication;
mod collect;
pub mod dpkg;
pub mod identity;
pub mod kernel;
pub mod libraries;
pub mod mounts;
pub mod operating_system;
pub mod ownership;
pub mod packages;
pub mod pam;
pub mod paths;
pub mod processes;
pub mod processor;
pub mod repositories;
pub mod rpm;
pub mod sockets;
pub mod sshd;
pub mod sysctl;
pub mod text;

pub use collect::{CollectOptions, collect};
