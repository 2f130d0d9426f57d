//! `assay serve`, as typed.

use std::net::SocketAddr;

/// Serve the API of Inspector Classic, and agents.
#[derive(Debug, clap::Args)]
pub struct ServeArguments {
    /// Where the API listens; plain HTTP, so only on a loopback address
    #[arg(long, env = "ASSAY_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8440")]
    pub listen: SocketAddr,
}
