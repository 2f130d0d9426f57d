//! Feeds end to end: real files and hostile servers on 127.0.0.1, real folders, real crashes. No other network.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::string_slice,
    reason = "clippy's exemption for tests does not reach the helpers of an integration test"
)]

mod bundle;
mod canaries;
mod child;
mod crash;
mod folder;
mod http;
mod patience;
mod reading;
mod server;
mod specimen;
mod tls;
mod trust;
mod world;
